/** Divergences of finite distributions, distances on the line, energy, MMD, sliced transport, tables of costs. */
import {
  chiSquaredNeyman,
  chiSquaredPearson,
  costMatrix,
  energyDistanceSquared,
  energyDistanceSquared1d,
  exactTransport,
  hellingerSquared,
  jensenShannon,
  type Kernel,
  kl,
  linearKernel,
  mmdSquared,
  parallelLines,
  polynomialKernel,
  randomDirections,
  rbfKernel,
  rbfMixtureKernel,
  reverseKl,
  slicedWasserstein,
  totalVariation,
  wasserstein1d,
  wasserstein1dPower,
} from "tsgan/distances";
import { type RandomStream, randomStream } from "tsgan/random";
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
import { distance, dot, largest, meanOverPairs, row, uniformOnLine } from "./reference.ts";
import { close, holds, type Property } from "./trial.ts";

/** Numbers below this have few digits left. */
const DENORMAL = 1e-300;
/** Powers of two beyond which a result of the given degree in the scale of its points may be no float. */
const tooLarge = (exponent: number, degree: number): boolean => exponent * degree > 960;

/** What a result near 1 is for points times 2^exponent. */
const expectScaled = (
  what: string,
  got: number,
  want: number,
  exponent: number,
  { relative = 1e-9, absolute = 1e-12 }: { relative?: number; absolute?: number } = {},
): void => {
  holds(`${what} must be a number; got ${got}`, Number.isFinite(got));
  close(what, got, shift(want, exponent), relative, shift(absolute, exponent) + DENORMAL);
};

type Term = (p: number, q: number) => number;

const klOf: Term = (p, q) =>
  p === 0 ? 0 : q === 0 ? Number.POSITIVE_INFINITY : p * (Math.log(p) - Math.log(q));
const chiOf: Term = (p, q) =>
  p === q ? 0 : q === 0 ? Number.POSITIVE_INFINITY : Math.exp(2 * Math.log(Math.abs(p - q)) - Math.log(q));

const divergence =
  (f: (p: ArrayLike<number>, q: ArrayLike<number>) => number, term: Term): Property =>
  (random) => {
    const size = sizeOf(random);
    const p = distributionOf(random, size);
    const q = random.uniform() < 0.1 ? p : distributionOf(random, size);
    return {
      tried: `${size} outcomes, ${p.constructor.name} and ${q.constructor.name}`,
      check: () => {
        const [ps, qs] = [sharesOf(p), sharesOf(q)];
        let sum = 0;
        let magnitude = 0;
        for (let i = 0; i < size; i++) {
          if (ps[i] === 0 && qs[i] === 0) continue;
          const value = term(ps[i], qs[i]);
          sum += value;
          magnitude += Math.abs(value);
        }
        close("the divergence", f(p, q), sum, 1e-9, 1e-14 * (1 + Math.min(1e300, magnitude)));
        holds("it is not below 0", f(p, q) >= 0);
        holds("it is 0 of equal distributions", f(p, p) === 0);
      },
    };
  };

/** Numbers with weights, near 1 and as given. */
const line = (random: RandomStream) => {
  const float32 = random.uniform() < 0.25;
  const exponent = exponentOf(random, float32 ? 100 : 997);
  const side = () => {
    const near = pointsNear1(random, sizeOf(random), 1, float32);
    const weights = random.uniform() < 0.5 ? weightsOf(random, near.rows) : undefined;
    const values = scaled(near, exponent).data;
    return { near, values: float32 ? Float32Array.from(values) : values, weights };
  };
  const x = side();
  const y = side();
  const tried =
    `${x.near.rows} and ${y.near.rows} numbers, times 2^${exponent}` +
    `${x.weights ? ", x weighted" : ""}${y.weights ? ", y weighted" : ""}`;
  const shares = ({ near, weights }: ReturnType<typeof side>): Float64Array =>
    sharesOf(weights ?? new Float64Array(near.rows).fill(1));
  return {
    exponent,
    x,
    y,
    tried,
    a: shares(x),
    b: shares(y),
    options: {
      ...(x.weights && { xWeights: x.weights }),
      ...(y.weights && { yWeights: y.weights }),
    },
  };
};

const onLine =
  (isPower: boolean): Property =>
  (random) => {
    const { exponent, x, y, a, b, options, tried } = line(random);
    const p = pick(random, 1, 1, 2, 1.5, 3, 10);
    return {
      tried: `${tried}, order ${p}`,
      mayRefuse: isPower && tooLarge(exponent, p),
      check: () => {
        const cost = costMatrix(x.near, y.near, "euclidean");
        const powers = { ...cost, data: cost.data.map((value) => value ** p) };
        const want = exactTransport(a, b, powers).cost;
        const allowed = 1e-11 * largest(powers.data);
        if (isPower) {
          const got = wasserstein1dPower(x.values, y.values, { ...options, p });
          if (exponent * p < -1000)
            return close("W_p^p", got, shift(want, Math.round(exponent * p)), 1, DENORMAL);
          const whole = Math.floor(exponent * p);
          const rest = 2 ** (exponent * p - whole);
          return expectScaled("W_p^p", got, want * rest, whole, { absolute: allowed * rest });
        }
        const got = wasserstein1d(x.values, y.values, { ...options, p });
        holds("W_p is a number", Number.isFinite(got));
        close("W_p, to its power, near 1", shift(got, -exponent) ** p, want, 1e-9, allowed);
      },
    };
  };

const kernels: Readonly<Record<string, Property>> = {
  "mmdSquared, rbf": (random) => {
    const estimator = pick(random, "biased", "unbiased");
    const pair = pairOf(random, { least: estimator === "unbiased" ? 2 : 1, columns: sizeOf(random, 20) });
    const bandwidths = Array.from({ length: sizeOf(random, 3) }, () => 0.1 + 3 * random.uniform());
    const combine = pick(random, "sum", "mean");
    const { x, y, exponent } = pair;
    return {
      tried: `${pair.tried}, ${estimator}, bandwidths ${bandwidths}`,
      mayRefuse: Math.abs(exponent) > 480,
      check: () => {
        const widths = bandwidths.map((width) => shift(width, exponent));
        const kernel = widths.length === 1 ? rbfKernel(widths[0]) : rbfMixtureKernel(widths, combine);
        const share = combine === "mean" && widths.length > 1 ? 1 / widths.length : 1;
        const value = (u: Float64Array, v: Float64Array): number =>
          share * bandwidths.reduce((sum, width) => sum + Math.exp(-((distance(u, v) / width) ** 2) / 2), 0);
        const distinct = estimator === "unbiased";
        const want =
          meanOverPairs(x, x, value, distinct) +
          meanOverPairs(y, y, value, distinct) -
          2 * meanOverPairs(x, y, value);
        close("MMD²", mmdSquared(pair.givenX, pair.givenY, kernel, estimator), want, 1e-9, 1e-12);
      },
    };
  },
  "mmdSquared, inner products": (random) => {
    const estimator = pick(random, "biased", "unbiased");
    const pair = pairOf(random, { least: estimator === "unbiased" ? 2 : 1, columns: sizeOf(random, 20) });
    const degree = random.integer(4);
    const kernel: Kernel = degree === 0 ? linearKernel() : polynomialKernel(degree);
    const { exponent } = pair;
    return {
      tried: `${pair.tried}, ${estimator}, degree ${degree}`,
      mayRefuse: exponent * 2 * Math.max(1, degree) > 960,
      check: () => {
        const [x, y] = [scaled(pair.x, exponent), scaled(pair.y, exponent)];
        let most = 0;
        const value = (u: Float64Array, v: Float64Array): number => {
          const product = dot(u, v);
          const result = degree === 0 ? product : (product / x.columns + 1) ** degree;
          most = Math.max(most, Math.abs(result));
          return result;
        };
        const distinct = estimator === "unbiased";
        const want =
          meanOverPairs(x, x, value, distinct) +
          meanOverPairs(y, y, value, distinct) -
          2 * meanOverPairs(x, y, value);
        const got = mmdSquared(pair.givenX, pair.givenY, kernel, estimator);
        holds("MMD² is a number", Number.isFinite(got));
        close("MMD²", got, want, 1e-9, 1e-11 * most + DENORMAL);
      },
    };
  },
};

export const distanceProperties: Readonly<Record<string, Property>> = {
  kl: divergence(kl, klOf),
  reverseKl: divergence(reverseKl, (p, q) => klOf(q, p)),
  jensenShannon: divergence(jensenShannon, (p, q) => {
    const log = Math.log(p + q) - Math.LN2;
    return 0.5 * ((p === 0 ? 0 : p * (Math.log(p) - log)) + (q === 0 ? 0 : q * (Math.log(q) - log)));
  }),
  totalVariation: divergence(totalVariation, (p, q) => Math.max(0, p - q)),
  hellingerSquared: divergence(hellingerSquared, (p, q) => 0.5 * (Math.sqrt(p) - Math.sqrt(q)) ** 2),
  chiSquaredPearson: divergence(chiSquaredPearson, chiOf),
  chiSquaredNeyman: divergence(chiSquaredNeyman, (p, q) => chiOf(q, p)),
  wasserstein1d: onLine(false),
  wasserstein1dPower: onLine(true),
  energyDistanceSquared1d: (random) => {
    const { exponent, x, y, a, b, options, tried } = line(random);
    return {
      tried,
      mayRefuse: tooLarge(exponent, 1),
      check: () => {
        const mean = (
          p: Float64Array,
          u: ArrayLike<number>,
          q: Float64Array,
          v: ArrayLike<number>,
        ): number => {
          let sum = 0;
          for (let i = 0; i < p.length; i++) {
            for (let j = 0; j < q.length; j++) sum += p[i] * q[j] * Math.abs(u[i] - v[j]);
          }
          return sum;
        };
        const [u, v] = [x.near.data, y.near.data];
        const want = 2 * mean(a, u, b, v) - mean(a, u, a, u) - mean(b, v, b, v);
        expectScaled("2 ∫ (F − G)²", energyDistanceSquared1d(x.values, y.values, options), want, exponent, {
          absolute: 1e-12 * largest(u, v),
        });
      },
    };
  },
  energyDistanceSquared: (random) => {
    const estimator = pick(random, "biased", "unbiased");
    const pair = pairOf(random, { least: estimator === "unbiased" ? 2 : 1 });
    const { x, y, exponent, givenX, givenY, tried } = pair;
    return {
      tried: `${tried}, ${estimator}`,
      mayRefuse: tooLarge(exponent, 1),
      check: () => {
        const distinct = estimator === "unbiased";
        const want =
          2 * meanOverPairs(x, y, distance) -
          meanOverPairs(x, x, distance, distinct) -
          meanOverPairs(y, y, distance, distinct);
        expectScaled(
          "the energy distance",
          energyDistanceSquared(givenX, givenY, estimator),
          want,
          exponent,
          {
            absolute: 1e-12 * largest(x.data, y.data),
          },
        );
        if (!distinct) holds("it is 0 of a set and itself", energyDistanceSquared(givenX, givenX) === 0);
      },
    };
  },
  ...kernels,
  slicedWasserstein: (random) => {
    const { x, y, exponent, givenX, givenY, tried } = pairOf(random);
    const p = pick(random, 1, 2, 2, 3);
    const slope = random.uniform() < 0.7 ? 0 : exponentOf(random, 300);
    const thetas = randomDirections(
      randomStream(random.integer(1000), "directions"),
      sizeOf(random, 10),
      x.columns,
    );
    return {
      tried: `${tried}, order ${p}, ${thetas.rows} directions times 2^${slope}`,
      mayRefuse: tooLarge(exponent + slope, p),
      check: () => {
        const along = (points: typeof x, l: number): number[] =>
          Array.from({ length: points.rows }, (_, i) => dot(row(points, i), row(thetas, l)));
        const powers = Array.from({ length: thetas.rows }, (_, l) =>
          uniformOnLine(along(x, l), along(y, l), p),
        );
        const got = slicedWasserstein(givenX, givenY, given(random, scaled(thetas, slope)), p);
        const size = (6 * largest(x.data, y.data)) ** p;
        const mean = powers.reduce((sum, power) => sum + power, 0) / powers.length;
        if (exponent + slope < -950) return; // few digits are left
        const near = (value: number) => shift(value, -exponent - slope) ** p;
        close("SW_p, to its power, near 1", near(got.distance), mean, 1e-9, 1e-12 * size);
        close("the largest, to its power", near(got.maximum), Math.max(...powers), 1e-9, 1e-12 * size);
        const degree = (exponent + slope) * p;
        powers.forEach((power, l) => {
          expectScaled(`W_p^p along ${l}`, got.perDirection[l], power, degree, { absolute: 1e-12 * size });
        });
      },
    };
  },
  randomDirections: (random) => {
    const [count, dimension] = [sizeOf(random), sizeOf(random, 200)];
    return {
      tried: `${count} directions of ${dimension}`,
      check: () => {
        const thetas = randomDirections(randomStream(random.integer(1000), "directions"), count, dimension);
        for (let l = 0; l < count; l++) {
          close("the length of a direction", Math.hypot(...row(thetas, l)), 1, 1e-12, 0);
        }
      },
    };
  },
  costMatrix: (random) => {
    const { x, y, exponent, givenX, givenY, tried } = pairOf(random);
    const cost = pick(random, "euclidean", "sqeuclidean");
    const degree = cost === "euclidean" ? 1 : 2;
    return {
      tried: `${tried}, ${cost}`,
      mayRefuse: tooLarge(exponent, degree),
      check: () => {
        const got = costMatrix(givenX, givenY, cost);
        for (let i = 0; i < x.rows; i++) {
          for (let j = 0; j < y.rows; j++) {
            const want = distance(row(x, i), row(y, j)) ** degree;
            expectScaled(`the cost of ${i} and ${j}`, got.data[i * y.rows + j], want, degree * exponent);
          }
        }
      },
    };
  },
  parallelLines: (random) => {
    const theta = pick(random, 1, -1) * shift(random.uniform(), exponentOf(random));
    return {
      tried: `θ = ${theta}`,
      check: () => {
        const got = parallelLines(theta);
        holds("W1 and W2 are |θ|", got.w1 === Math.abs(theta) && got.w2 === got.w1);
        holds("JS is log 2 apart", got.jensenShannon === (theta === 0 ? 0 : Math.LN2));
      },
    };
  },
};
