/** Linear models of tables, as scikit-learn's: logistic regression (C = 1), of several classes by a softmax, and least squares. */
import { type MinimiseOptions, minimise } from "./lbfgs.ts";
import { addProducts, type Design, products, type Scaling, scaled, scalingOf } from "./table-design.ts";

/** Scores [classes][rows] of a linear model: logits, or the predicted numbers. */
export type Predict = (design: Design) => readonly Float64Array[];

const predictor =
  (scaling: Scaling, weights: Float64Array, outputs: number): Predict =>
  (design) => {
    const own = scaled(design, scaling);
    const stride = scaling.size + 1;
    return Array.from({ length: outputs }, (_, k) => {
      const out = new Float64Array(own.rows);
      products(own, scaling, weights, k * stride, out);
      return out.map((value) => value + weights[k * stride + scaling.size]);
    });
  };

/**
 * Logistic regression: minimises ½ |w|² + Σ aᵢ log(1 + exp(−yᵢ zᵢ)), z = w · x + b, the intercept b free; of more classes
 * ½ |W|² − Σ aᵢ log softmax(zᵢ)[yᵢ]. Two classes have one score, the logit of the second.
 *
 * @param classes the class of each row, from 0 on
 * @param balanced whether a class counts by n / (classes · rows of it) instead of by its rows
 */
export const logisticRegression = (
  design: Design,
  classes: Int32Array,
  count: number,
  { balanced = false, ...options }: MinimiseOptions & { readonly balanced?: boolean } = {},
): Predict => {
  const scaling = scalingOf(design);
  const own = scaled(design, scaling);
  const { rows } = own;
  const sizes = new Float64Array(count);
  for (const each of classes) sizes[each]++;
  const share = (each: number): number => (balanced ? rows / (count * sizes[each]) : 1);
  const outputs = count === 2 ? 1 : count;
  const stride = scaling.size + 1;
  const scores = Array.from({ length: outputs }, () => new Float64Array(rows));
  const weights = minimise(
    outputs * stride,
    (at, gradient) => {
      gradient.fill(0);
      let value = 0;
      for (let k = 0; k < outputs; k++) {
        products(own, scaling, at, k * stride, scores[k]);
        for (let j = 0; j < scaling.size; j++) {
          const weight = at[k * stride + j];
          value += (weight * weight) / 2;
          gradient[k * stride + j] += weight;
        }
      }
      // The scores become the derivatives by them.
      for (let row = 0; row < rows; row++) {
        const own = classes[row];
        const factor = share(own);
        if (outputs === 1) {
          const sign = own === 1 ? 1 : -1;
          const margin = sign * (scores[0][row] + at[scaling.size]);
          value +=
            factor * (margin > 0 ? Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin)) - margin);
          scores[0][row] = (-sign * factor) / (1 + Math.exp(margin));
          continue;
        }
        let most = Number.NEGATIVE_INFINITY;
        for (let k = 0; k < outputs; k++) {
          scores[k][row] += at[k * stride + scaling.size];
          most = Math.max(most, scores[k][row]);
        }
        let sum = 0;
        for (let k = 0; k < outputs; k++) sum += Math.exp(scores[k][row] - most);
        value += factor * (Math.log(sum) + most - scores[own][row]);
        for (let k = 0; k < outputs; k++) {
          scores[k][row] = factor * (Math.exp(scores[k][row] - most) / sum - (k === own ? 1 : 0));
        }
      }
      for (let k = 0; k < outputs; k++) {
        addProducts(own, scaling, scores[k], k * stride, gradient);
        for (let row = 0; row < rows; row++) gradient[k * stride + scaling.size] += scores[k][row];
      }
      return value;
    },
    options,
  );
  return predictor(scaling, weights, outputs);
};

/** Squared length of the weights that costs as much as one row's squared error: only so that one of several solutions is taken. */
const RIDGE = 1e-9;

/** Linear regression by least squares. */
export const leastSquares = (
  design: Design,
  target: Float64Array,
  options: MinimiseOptions = {},
): Predict => {
  const scaling = scalingOf(design);
  const own = scaled(design, scaling);
  const { rows } = own;
  const errors = new Float64Array(rows);
  const centre = target.reduce((sum, value) => sum + value / rows, 0);
  const spread = Math.sqrt(target.reduce((sum, value) => sum + (value - centre) ** 2 / rows, 0)) || 1;
  const { size } = scaling;
  const weights = minimise(
    size + 1,
    (at, gradient) => {
      products(own, scaling, at, 0, errors);
      let value = 0;
      let sum = 0;
      for (let row = 0; row < rows; row++) {
        errors[row] += at[size] - (target[row] - centre) / spread;
        value += errors[row] ** 2 / 2;
        sum += errors[row];
      }
      gradient.fill(0);
      gradient[size] = sum;
      for (let j = 0; j < size; j++) {
        value += (RIDGE * at[j] ** 2) / 2;
        gradient[j] = RIDGE * at[j];
      }
      addProducts(own, scaling, errors, 0, gradient);
      return value;
    },
    options,
  );
  const predict = predictor(scaling, weights, 1);
  return (rowsOf) => predict(rowsOf).map((values) => values.map((value) => value * spread + centre));
};
