/** Normal laws, their moments and distances, and the linear algebra below them. */
import {
  frechetDistance,
  frechetTerms,
  gaussianJensenShannon1d,
  gaussianKl,
  gaussianW2Squared,
  type Matrix,
  matmul,
  moments,
  symmetricEigenvalues,
} from "tsgan/distances";
import type { RandomStream } from "tsgan/random";
import { exponentOf, given, pairOf, pick, pointsNear1, scaled, shift, sizeOf } from "./inputs.ts";
import { jacobi, largest, matrixFunction, momentsOf, product, transposed } from "./reference.ts";
import { close, holds, type Property } from "./trial.ts";

type Law = ReturnType<typeof momentsOf>;

const trace = ({ rows, data }: Matrix): number => {
  let sum = 0;
  for (let i = 0; i < rows; i++) sum += data[i * rows + i];
  return sum;
};

const frechetOf = (p: Law, q: Law): { value: number; size: number } => {
  const root = matrixFunction(p.covariance, (value) => Math.sqrt(Math.max(0, value)));
  const { values } = jacobi(product(product(root, q.covariance), root));
  const nuclear = values.reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0);
  const means = p.mean.reduce((sum, value, k) => sum + (value - q.mean[k]) ** 2, 0);
  const size = means + trace(p.covariance) + trace(q.covariance);
  return { value: size - 2 * nuclear, size };
};

const scaledLaw = ({ mean, covariance }: Law, exponent: number) => ({
  mean: [...mean.map((value) => shift(value, exponent))],
  covariance: scaled(covariance, 2 * exponent),
});

/** A covariance with a condition of at most some thousands, and a mean. */
const lawOf = (random: RandomStream, d: number): Law => {
  const factor = Float64Array.from({ length: d * d }, () => random.normal());
  for (let k = 0; k < d; k++) factor[k * d + k] += 3;
  const a = { rows: d, columns: d, data: factor };
  return {
    mean: Float64Array.from({ length: d }, () => 2 * random.normal()),
    covariance: product(a, transposed(a)),
  };
};

const klOf = (p: Law, q: Law): number => {
  const d = p.mean.length;
  const inverse = matrixFunction(q.covariance, (value) => 1 / value);
  const difference = { rows: d, columns: 1, data: q.mean.map((value, k) => value - p.mean[k]) };
  const means = product(product(transposed(difference), inverse), difference).data[0];
  const logDet = ({ covariance }: Law) =>
    jacobi(covariance).values.reduce((sum, value) => sum + Math.log(value), 0);
  return 0.5 * (trace(product(inverse, p.covariance)) + means - d + logDet(q) - logDet(p));
};

/** JS by the trapezoidal rule, which is exact to rounding for such smooth functions once they are resolved. */
const jsOf = (m1: number, s1: number, m2: number, s2: number): number => {
  const half = (m: number, s: number, other: number, width: number): number => {
    const steps = 40_000;
    let sum = 0;
    for (let k = 0; k <= steps; k++) {
      const u = -40 + (80 * k) / steps;
      const v = (m + s * u - other) / width;
      const odds = 0.5 * (u * u - v * v) + Math.log(s / width);
      const soft = Math.max(odds, 0) + Math.log1p(Math.exp(-Math.abs(odds)));
      sum += Math.exp(-0.5 * u * u) * (Math.LN2 - soft);
    }
    return (0.5 * sum * (80 / steps)) / Math.sqrt(2 * Math.PI);
  };
  return half(m1, s1, m2, s2) + half(m2, s2, m1, s1);
};

export const gaussianProperties: Readonly<Record<string, Property>> = {
  moments: (random) => {
    const { x, exponent, givenX, tried } = pairOf(random, { least: 2 });
    return {
      tried,
      mayRefuse: exponent > 490,
      check: () => {
        const [got, want] = [moments(givenX), momentsOf(x)];
        const size = largest(x.data);
        got.mean.forEach((value, k) => {
          close(`mean ${k}`, shift(value, -exponent), want.mean[k], 1e-9, 1e-13 * size);
        });
        got.covariance.data.forEach((value, k) => {
          if (exponent < -450) return;
          close(
            `covariance ${k}`,
            shift(value, -2 * exponent),
            want.covariance.data[k],
            1e-9,
            1e-13 * size * size,
          );
        });
      },
    };
  },
  "frechetTerms of samples": (random) => {
    const { x, y, exponent, givenX, givenY, tried } = pairOf(random, {
      least: 2,
      columns: sizeOf(random, 12),
    });
    return {
      tried,
      mayRefuse: exponent > 490,
      check: () => {
        const { value, size } = frechetOf(momentsOf(x), momentsOf(y));
        const got = frechetTerms(givenX, givenY);
        for (const term of Object.values(got)) holds("each term is a number", Number.isFinite(term));
        if (exponent < -450) return;
        close("the distance", shift(got.value, -2 * exponent), value, 1e-7, 1e-7 * size + 1e-25);
        holds("it is 0 of a set and itself", frechetDistance(givenX, givenX) === 0);
      },
    };
  },
  "frechetTerms of laws": (random) => {
    const d = sizeOf(random, 12);
    const [p, q] = [lawOf(random, d), lawOf(random, d)];
    const exponent = exponentOf(random, 400);
    return {
      tried: `normal laws in ${d} dimensions, times 2^${exponent}`,
      check: () => {
        const { value, size } = frechetOf(p, q);
        const [first, second] = [scaledLaw(p, exponent), scaledLaw(q, exponent)];
        close("W2²", shift(gaussianW2Squared(first, second), -2 * exponent), value, 1e-8, 1e-9 * size);
        holds("it is 0 of a law and itself", gaussianW2Squared(first, first) === 0);
      },
    };
  },
  gaussianKl: (random) => {
    const d = sizeOf(random, 8);
    const [p, q] = [lawOf(random, d), lawOf(random, d)];
    const exponent = exponentOf(random, 480);
    const between = random.uniform() < 0.5 ? 0 : exponentOf(random, 200);
    return {
      tried: `normal laws in ${d} dimensions, times 2^${exponent}, q wider by 2^${between}`,
      check: () => {
        const wide = { mean: q.mean, covariance: scaled(q.covariance, 2 * between) };
        const want = klOf(p, wide);
        const size = Math.abs(want) + 1;
        const fits = Math.abs(exponent + between) < 490;
        if (!fits) return;
        close("KL", gaussianKl(scaledLaw(p, exponent), scaledLaw(wide, exponent)), want, 1e-7, 1e-9 * size);
        const flat = {
          ...p.covariance,
          data: p.covariance.data.map((value, k) => (k % d === 0 || k < d ? 0 : value)),
        };
        const singular = scaledLaw({ mean: p.mean, covariance: flat }, exponent);
        holds(
          "it is infinite beside a law of fewer dimensions",
          gaussianKl(scaledLaw(p, exponent), singular) === Number.POSITIVE_INFINITY,
        );
        close("and 0 of a singular law and itself", gaussianKl(singular, singular), 0, 0, 1e-9);
      },
    };
  },
  gaussianJensenShannon1d: (random) => {
    const [m1, m2] = [3 * random.normal(), 3 * random.normal()];
    const s1 = 0.2 + random.uniform();
    const s2 = s1 * 10 ** (2 * random.uniform() - 1);
    const exponent = exponentOf(random, 1000);
    return {
      tried: `N(${m1}, ${s1}²) and N(${m2}, ${s2}²), times 2^${exponent}`,
      check: () => {
        const [a, b, c, d] = [m1, s1, m2, s2].map((value) => shift(value, exponent));
        const got = gaussianJensenShannon1d(a, b, c, d);
        close("JS", got, jsOf(m1, s1, m2, s2), 1e-8, 1e-10);
        close("it is symmetric", gaussianJensenShannon1d(c, d, a, b), got, 1e-10, 1e-12);
        holds("it is 0 of a law and itself", gaussianJensenShannon1d(a, b, a, b) < 1e-13);
        const far = gaussianJensenShannon1d(
          a,
          b,
          c,
          shift(s2, Math.max(-1000, Math.min(1000, exponent + pick(random, -900, 900)))),
        );
        holds(`it stays in [0, log 2]; got ${far}`, far >= 0 && far <= Math.LN2);
      },
    };
  },
  symmetricEigenvalues: (random) => {
    const n = sizeOf(random, 40);
    const half = pointsNear1(random, n, n);
    const a = {
      ...half,
      data: half.data.map((value, k) => value + half.data[(k % n) * n + Math.floor(k / n)]),
    };
    const exponent = exponentOf(random);
    return {
      tried: `${n} × ${n}, times 2^${exponent}`,
      mayRefuse: exponent > 980,
      check: () => {
        const got = symmetricEigenvalues(given(random, scaled(a, exponent))).map((value) =>
          shift(value, -exponent),
        );
        const want = jacobi(a).values.sort();
        const size = largest(want);
        got.sort().forEach((value, k) => {
          close(`eigenvalue ${k}`, value, want[k], 1e-9, 1e-12 * size);
        });
      },
    };
  },
  matmul: (random) => {
    const [n, k, m] = [sizeOf(random), sizeOf(random), sizeOf(random)];
    const [a, b] = [pointsNear1(random, n, k), pointsNear1(random, k, m)];
    return {
      tried: `${n} × ${k} by ${k} × ${m}`,
      check: () => {
        const [got, want] = [matmul(a, b), product(a, b)];
        const size = k * largest(a.data) * largest(b.data);
        got.data.forEach((value, i) => {
          close(`entry ${i}`, value, want.data[i], 1e-9, 1e-14 * size);
        });
      },
    };
  },
};
