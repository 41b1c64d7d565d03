/** Exact and entropic transport: each result carries the proof of its own optimality. */
import {
  costMatrix,
  exactTransport,
  type Matrix,
  type Sinkhorn,
  sinkhorn,
  sinkhornDivergence,
  takeRows,
} from "tsgan/distances";
import type { RandomStream } from "tsgan/random";
import {
  distributionOf,
  exponentOf,
  given,
  pairOf,
  pick,
  pointsNear1,
  scaled,
  sharesOf,
  shift,
  sizeOf,
  weightsOf,
} from "./inputs.ts";
import { largest } from "./reference.ts";
import { close, holds, type Property } from "./trial.ts";

const sumsOf = ({ rows, columns, data }: Matrix): { a: Float64Array; b: Float64Array } => {
  const a = new Float64Array(rows);
  const b = new Float64Array(columns);
  data.forEach((mass, k) => {
    a[Math.floor(k / columns)] += mass;
    b[k % columns] += mass;
  });
  return { a, b };
};

/** A cost table near 1: of points, or any numbers. */
const tableOf = (random: RandomStream, rows: number, columns: number): Matrix => {
  if (random.uniform() < 0.4) return pointsNear1(random, rows, columns);
  const d = sizeOf(random, 4);
  return costMatrix(
    pointsNear1(random, rows, d),
    pointsNear1(random, columns, d),
    pick(random, "euclidean", "sqeuclidean"),
  );
};

const exact: Property = (random) => {
  const [n, m] = [sizeOf(random), sizeOf(random)];
  const near = tableOf(random, n, m);
  const exponent = exponentOf(random, 1020);
  const isDistribution = random.uniform() < 0.5;
  const a = isDistribution ? distributionOf(random, n) : weightsOf(random, n);
  const sumOf = (weights: ArrayLike<number>) => Array.from(weights).reduce((sum, weight) => sum + weight, 0);
  const raw = isDistribution ? distributionOf(random, m) : weightsOf(random, m);
  const total = sumOf(a);
  const b = isDistribution ? raw : sharesOf(raw).map((share) => share * total);
  return {
    tried: `${n} × ${m} costs times 2^${exponent}, weights of sum ${total}`,
    // Denormal sums may differ by their own rounding; potentials and costs may be beyond the largest float.
    mayRefuse: exponent > 980 || exponent + Math.log2(total) > 1000 || total < 1e-290 || total > 1e307,
    check: () => {
      const cost = scaled(near, exponent);
      const got = exactTransport(a, b, given(random, cost));
      const [as, bs] = [sharesOf(a), sharesOf(b)];
      const size = largest(near.data);
      const rows = new Float64Array(n);
      const columns = new Float64Array(m);
      let primal = 0;
      got.plan.mass.forEach((mass, k) => {
        const [i, j] = [got.plan.from[k], got.plan.to[k]];
        rows[i] += mass / total;
        columns[j] += mass / total;
        primal += (mass / total) * near.data[i * m + j];
      });
      // Masses below the least normal number are rounded to whole multiples of the least one.
      const isWhole = total > 1e-290;
      for (let i = 0; i < n && isWhole; i++) close(`row ${i}`, rows[i], as[i], 0, 1e-12);
      for (let j = 0; j < m && isWhole; j++) close(`column ${j}`, columns[j], bs[j], 0, 1e-12);
      let dual = 0;
      for (let i = 0; i < n; i++) {
        dual += as[i] * shift(got.u[i], -exponent);
        for (let j = 0; j < m; j++) {
          const slack = near.data[i * m + j] - shift(got.u[i], -exponent) - shift(got.v[j], -exponent);
          holds(`u_${i} + v_${j} ≤ C_ij; got ${slack}`, slack >= -1e-11 * size);
        }
      }
      for (let j = 0; j < m; j++) dual += bs[j] * shift(got.v[j], -exponent);
      const allowed = 1e-11 * size;
      const lift = total < 1e-290 ? 900 : 0; // a denormal sum, or a cost times it, has few digits
      const unit = (value: number): number => shift(value / shift(total, lift), lift - exponent);
      holds("the cost is a number", Number.isFinite(got.cost));
      if (Math.log2(total) + exponent > -960) {
        close("the cost is the dual value", unit(got.cost), dual, 1e-9, allowed);
        close("and so is what is called so", unit(got.dualValue), dual, 1e-9, allowed);
      }
      if (isWhole) close("the duals prove the plan", dual, primal, 1e-9, allowed);
    },
  };
};

/** Largest entropy gain of a plan beside a⊗b: log of the smaller number of points. */
const entropyOf = (weights: Float64Array): number =>
  weights.reduce((sum, weight) => (weight > 0 ? sum - weight * Math.log(weight) : sum), 0);

/** Checks a result near 1 (costs and ε divided by their scale). */
const expectOptimal = (
  got: Sinkhorn,
  near: Matrix,
  a: Float64Array,
  b: Float64Array,
  epsilon: number,
  exponent: number,
): void => {
  const [n, m] = [near.rows, near.columns];
  for (const name of ["cost", "regularisedKl", "regularisedEntropy"] as const) {
    holds(`${name} is a number; got ${got[name]}`, Number.isFinite(got[name]));
  }
  for (const list of [got.f, got.g, got.plan.data]) {
    holds(
      "potentials and plan are numbers",
      list.every((value) => Number.isFinite(value)),
    );
  }
  holds(`it converges; got ${got.iterations} iterations`, got.converged);
  const sums = sumsOf(got.plan);
  let error = 0;
  for (let i = 0; i < n; i++) error += Math.abs(sums.a[i] - a[i]);
  for (let j = 0; j < m; j++) error += Math.abs(sums.b[j] - b[j]);
  holds(`marginals are met to 1e-9; got ${error}`, error < 1e-9);
  let cost = 0;
  let information = 0;
  got.plan.data.forEach((p, k) => {
    if (p <= 0) return;
    cost += p * near.data[k];
    const [i, j] = [Math.floor(k / m), k % m];
    information += p * (Math.log(p) - Math.log(a[i]) - Math.log(b[j]));
  });
  const size = largest(near.data) + 1e-300;
  const unit = (value: number): number => shift(value, -exponent);
  close("the cost is that of the plan", unit(got.cost), cost, 1e-9, 1e-9 * size);
  if (epsilon > 1e5 * size) {
    // The information of so loose a plan is below the rounding of logarithms.
    let independent = 0;
    near.data.forEach((value, k) => {
      independent += a[Math.floor(k / m)] * b[k % m] * value;
    });
    close("the value is that of a⊗b", unit(got.regularisedKl), independent, 1e-9, (size * size) / epsilon);
  } else {
    // Weak duality with equality: the plan is the optimum.
    const primal = cost + Math.max(0, information) * epsilon;
    close("the dual value is the primal one", unit(got.regularisedKl), primal, 1e-9, 2e-9 * size);
  }
  const exactCost = exactTransport(a, b, near).cost;
  holds("it is not below the exact cost", unit(got.regularisedKl) >= exactCost - 1e-9 * size);
  const most = exactCost + epsilon * Math.min(entropyOf(a), entropyOf(b)) + 1e-9 * size;
  holds("it is at most ε entropies above it", unit(got.regularisedKl) <= most);
};

const withMass = (weights: ArrayLike<number>): number[] =>
  Array.from(weights).flatMap((weight, i) => (weight > 0 ? [i] : []));

const epsilonOf = (random: RandomStream, size: number): number => {
  const range = random.uniform();
  if (range < 0.5) return size * 10 ** (2 - 6 * random.uniform());
  if (range < 0.8) return size * 10 ** (-14 * random.uniform());
  return size * shift(1, exponentOf(random, 990));
};

const entropic: Property = (random) => {
  const [n, m] = [sizeOf(random, 40), sizeOf(random, 40)];
  const near = tableOf(random, n, m);
  const exponent = exponentOf(random, 900);
  const [a, b] = [distributionOf(random, n), distributionOf(random, m)];
  const size = largest(near.data) || 1;
  const epsilon = epsilonOf(random, size);
  return {
    tried: `${n} × ${m} costs times 2^${exponent}, ε = ${(epsilon / size).toExponential(1)} of the largest, ${a.constructor.name}`,
    mayRefuse: Math.log2(epsilon) + exponent > 1000 || shift(epsilon, exponent) === 0,
    check: () => {
      const cost = scaled(near, exponent);
      const got = sinkhorn(a, b, given(random, cost), { epsilon: shift(epsilon, exponent) });
      const [as, bs] = [sharesOf(a), sharesOf(b)];
      expectOptimal(got, near, as, bs, epsilon, exponent);
      // Points without mass change nothing.
      const [rows, columns] = [withMass(a), withMass(b)];
      if (rows.length === n && columns.length === m) return;
      const fewer = takeRows(near, rows);
      const table = {
        rows: rows.length,
        columns: columns.length,
        data: Float64Array.from(rows.flatMap((_, i) => columns.map((j) => fewer.data[i * m + j]))),
      };
      const without = sinkhorn(
        rows.map((i) => as[i]),
        columns.map((j) => bs[j]),
        table,
        { epsilon },
      );
      const back = shift(got.regularisedKl, -exponent);
      close("the value without them", back, without.regularisedKl, 1e-9, 1e-9 * size);
    },
  };
};

const debiased: Property = (random) => {
  const { x, y, exponent, givenX, givenY, tried } = pairOf(random, { most: 30 });
  const cost = pick(random, "euclidean", "sqeuclidean");
  const degree = cost === "euclidean" ? 1 : 2;
  const size =
    largest(costMatrix(x, y, cost).data, costMatrix(x, x, cost).data, costMatrix(y, y, cost).data) || 1;
  const epsilon = size * 10 ** (2 - 8 * random.uniform());
  const weighted = random.uniform() < 0.5;
  const [a, b] = [distributionOf(random, x.rows), distributionOf(random, y.rows)];
  return {
    tried: `${tried}, ${cost}, ε = ${(epsilon / size).toExponential(1)} of the largest${weighted ? ", weighted" : ""}`,
    mayRefuse: Math.abs(exponent * degree) > 980,
    check: () => {
      const options = { epsilon: shift(epsilon, degree * exponent) };
      const [p, q] = weighted
        ? [
            { points: givenX, weights: a },
            { points: givenY, weights: b },
          ]
        : [givenX, givenY];
      const got = sinkhornDivergence(p, q, cost, options);
      const unit = (value: number): number => shift(value, -degree * exponent);
      for (const transport of [got.pair, got.selfX, got.selfY]) holds("each converges", transport.converged);
      if (degree * exponent < -950) return; // few digits are left
      holds(`it is not below 0; got ${unit(got.divergence) / size}`, unit(got.divergence) >= -4e-9 * size);
      holds("a set against itself is 0", sinkhornDivergence(p, p, cost, options).divergence === 0);
      const order = random.permutation(x.rows);
      const shuffled = {
        points: takeRows(scaled(x, exponent), order),
        weights: weighted ? Float64Array.from(order, (i) => a[i]) : undefined,
      };
      const same = sinkhornDivergence(p, shuffled, cost, options).divergence;
      close("and in another order", unit(same), 0, 0, 4e-9 * size);
      const swapped = sinkhornDivergence(q, p, cost, options).divergence;
      close("it is symmetric", unit(swapped), unit(got.divergence), 1e-9, 4e-9 * size);
    },
  };
};

export const transportProperties: Readonly<Record<string, Property>> = {
  exactTransport: exact,
  sinkhorn: entropic,
  sinkhornDivergence: debiased,
};
