/** What judges a generator: features, class probabilities, modes, neighbours, polygons. */
import type { Matrix } from "tsgan/distances";
import {
  countLabelModes,
  countModes,
  fid,
  inceptionScore,
  kid,
  klToUniform,
  nearestInSet,
  nearestOther,
  prdCurve,
  prdFScore,
  precisionRecall,
  precisionRecallF1,
  rasterise,
} from "tsgan/metrics";
import type { RandomStream } from "tsgan/random";
import { imageProperties } from "./image-metrics.ts";
import { distributionOf, given, pairOf, pick, scaled, sharesOf, shift, sizeOf, weightsOf } from "./inputs.ts";
import { distance, dot, indices, meanOverPairs, row } from "./reference.ts";
import { close, holds, type Property } from "./trial.ts";

/** Squared distances summed in the order of the library, so that ties are ties. */
const squared = (x: Float64Array, y: Float64Array): number => {
  let sum = 0;
  for (let k = 0; k < x.length; k++) sum += (x[k] - y[k]) * (x[k] - y[k]);
  return sum;
};

const radius = (points: Matrix, i: number, k: number): number => {
  const others = Array.from({ length: points.rows }, (_, j) => j).filter((j) => j !== i);
  const distances = others.map((j) => squared(row(points, i), row(points, j)));
  return distances.sort((a, b) => a - b)[k - 1];
};

const probabilitiesOf = (
  random: RandomStream,
): { readonly rows: number; readonly k: number; readonly data: number[] } => {
  const [rows, k] = [sizeOf(random), sizeOf(random, 12)];
  return { rows, k, data: indices(rows).flatMap(() => Array.from(distributionOf(random, k))) };
};

const kernel = (u: Float64Array, v: Float64Array): number => (dot(u, v) / u.length + 1) ** 3;

export const metricProperties: Readonly<Record<string, Property>> = {
  fid: (random) => {
    const { x, y, exponent, givenX, givenY, tried } = pairOf(random, { least: 2 });
    return {
      tried,
      mayRefuse: exponent > 490,
      check: () => {
        const got = fid(givenX, givenY);
        holds("it is a number of at least 0", got.value >= 0 && Number.isFinite(got.value));
        holds("it says how many", got.realCount === x.rows && got.fakeCount === y.rows);
        holds("it is 0 of a set and itself", fid(givenX, givenX).value === 0);
      },
    };
  },
  kid: (random) => {
    const { x, y, exponent, tried } = pairOf(random, { least: 2 });
    const small = Math.max(-300, Math.min(20, exponent));
    const [u, v] = [scaled(x, small), scaled(y, small)];
    return {
      tried: `${tried} (2^${small})`,
      check: () => {
        let most = 1;
        const value = (a: Float64Array, b: Float64Array): number => {
          const result = kernel(a, b);
          most = Math.max(most, Math.abs(result));
          return result;
        };
        const want =
          meanOverPairs(u, u, value, true) +
          meanOverPairs(v, v, value, true) -
          2 * meanOverPairs(u, v, value);
        close("KID", kid(given(random, u), given(random, v)).mean, want, 1e-9, 1e-12 * most);
        const size = Math.min(u.rows, v.rows);
        const drawn = kid(u, v, { subsets: 3, size, seed: random.integer(100) });
        holds(
          "subsets give numbers",
          drawn.perSubset.length === 3 && Number.isFinite(drawn.mean + drawn.std),
        );
      },
    };
  },
  inceptionScore: (random) => {
    const { rows, k, data } = probabilitiesOf(random);
    const splits = random.uniform() < 0.5 ? undefined : 1 + random.integer(rows);
    return {
      tried: `${rows} × ${k} probabilities, ${splits ?? "its own"} splits`,
      check: () => {
        const got = inceptionScore({ data, shape: [rows, k] }, splits);
        const count = splits ?? Math.min(10, Math.max(1, Math.floor(rows / 10)));
        holds(`${count} splits; got ${got.scores.length}`, got.scores.length === count);
        const all = indices(rows).map((i) => sharesOf(data.slice(i * k, (i + 1) * k)));
        got.scores.forEach((score, s) => {
          const own = all.slice(Math.floor((s * rows) / count), Math.floor(((s + 1) * rows) / count));
          const sums = indices(k).map((c) => own.reduce((sum, p) => sum + p[c], 0));
          let divergence = 0;
          for (const p of own) {
            p.forEach((value, c) => {
              if (value > 0)
                divergence += value * (Math.log(value) - Math.log(sums[c]) + Math.log(own.length));
            });
          }
          close(`split ${s}`, score, Math.exp(divergence / own.length), 1e-9, 1e-12);
          holds(`it is from 1 to ${got.bound}; got ${score}`, score >= 1 && score <= got.bound + 1e-9);
        });
      },
    };
  },
  countModes: (random) => {
    const { x, y, exponent, givenX, givenY, tried } = pairOf(random);
    const std = 0.2 + random.uniform();
    return {
      tried: `${tried}, σ = ${std}`,
      check: () => {
        const got = countModes(givenX, givenY, shift(std, exponent), 3);
        const nearest = indices(x.rows).map((i) => {
          const distances = indices(y.rows).map((j) => squared(row(x, i), row(y, j)));
          return distances.indexOf(Math.min(...distances));
        });
        const near = nearest.filter((j, i) => distance(row(x, i), row(y, j)) <= 3 * std);
        holds(`${near.length} of high quality; got ${got.highQuality}`, got.highQuality === near.length);
        holds("as many modes", got.modesCovered === new Set(near).size);
        holds("all samples are counted", got.countsAll.reduce((sum, count) => sum + count, 0) === x.rows);
      },
    };
  },
  countLabelModes: (random) => {
    const modes = sizeOf(random);
    const labels = indices(random.integer(50)).map(() => random.integer(modes));
    return {
      tried: `${labels.length} labels of ${modes}`,
      check: () => {
        const got = countLabelModes(labels, modes);
        holds("as many modes as labels", got.modesCovered === new Set(labels).size);
        holds("no labels, no divergence", (got.klToUniform === null) === (labels.length === 0));
      },
    };
  },
  klToUniform: (random) => {
    const counts = weightsOf(random, sizeOf(random));
    return {
      tried: `counts ${counts.slice(0, 3)} …`,
      check: () => {
        const shares = sharesOf(counts);
        const want = shares.reduce(
          (sum, share) => (share > 0 ? sum + share * (Math.log(share) + Math.log(shares.length)) : sum),
          0,
        );
        close("KL from even shares", klToUniform(counts) as number, want, 1e-9, 1e-12);
      },
    };
  },
  precisionRecall: (random) => {
    const k = 1 + random.integer(5);
    const { x, y, exponent, tried } = pairOf(random, { least: k + 1 });
    const boundary = pick(random, "published", "inclusive", "strict");
    const outlier = random.uniform() < 0.15 ? shift(1, pick(random, 300, 600, 990)) : undefined;
    const withOutlier = (points: Matrix): Matrix => {
      const { data } = scaled(points, outlier === undefined ? exponent : 0);
      if (outlier !== undefined) data[0] = outlier;
      return { ...points, data };
    };
    const [real, fake] = [withOutlier(x), withOutlier(y)];
    return {
      tried: `${tried}, k = ${k}, ${boundary}${outlier === undefined ? "" : `, an outlier at ${outlier}`}`,
      mayRefuse: outlier !== undefined,
      check: () => {
        const got = precisionRecall(given(random, real), given(random, fake), { k, boundary });
        // An outlier is far from all others, and so is any other far point.
        const [xs, ys] =
          outlier === undefined ? [x, y] : [x, y].map((p) => ({ ...p, data: p.data.with(0, 1e60) }));
        const inside = (d: number, r: number, inclusive: boolean) => (inclusive ? d <= r : d < r);
        const loose = boundary !== "strict";
        const inBall = boundary === "inclusive";
        const [reals, fakes] = [indices(xs.rows), indices(ys.rows)];
        const [rx, ry] = [reals.map((i) => radius(xs, i, k)), fakes.map((j) => radius(ys, j, k))];
        const d = reals.map((i) => fakes.map((j) => squared(row(xs, i), row(ys, j))));
        const share = (list: readonly number[], test: (i: number) => boolean): number =>
          list.filter(test).length / list.length;
        close(
          "precision",
          got.precision,
          share(fakes, (j) => reals.some((i) => inside(d[i][j], rx[i], loose))),
          0,
          1e-12,
        );
        close(
          "recall",
          got.recall,
          share(reals, (i) => fakes.some((j) => inside(d[i][j], ry[j], loose))),
          0,
          1e-12,
        );
        close(
          "coverage",
          got.coverage,
          share(reals, (i) => fakes.some((j) => inside(d[i][j], rx[i], inBall))),
          0,
          1e-12,
        );
        const pairs = reals.reduce(
          (sum, i) => sum + fakes.filter((j) => inside(d[i][j], rx[i], inBall)).length,
          0,
        );
        close("density", got.density, pairs / (k * ys.rows), 0, 1e-12);
      },
    };
  },
  nearestInSet: (random) => {
    const { x, y, exponent, givenX, givenY, tried } = pairOf(random);
    return {
      tried,
      mayRefuse: exponent > 490,
      check: () => {
        const got = nearestInSet(givenX, givenY);
        for (let i = 0; i < x.rows; i++) {
          const distances = indices(y.rows).map((j) => squared(row(x, i), row(y, j)));
          const least = Math.min(...distances);
          holds(
            `the nearest of ${i} is ${distances.indexOf(least)}`,
            got.indices[i] === distances.indexOf(least),
          );
          if (exponent > -450)
            close("its distance", shift(got.squaredDistances[i], -2 * exponent), least, 1e-12, 0);
        }
      },
    };
  },
  nearestOther: (random) => {
    const { x, exponent, givenX, tried } = pairOf(random, { least: 2 });
    return {
      tried,
      mayRefuse: exponent > 490,
      check: () => {
        if (exponent < -450) return;
        nearestOther(givenX).forEach((value, i) => {
          close(`the distance of ${i}`, shift(value, -2 * exponent), radius(x, i, 1), 1e-12, 0);
        });
      },
    };
  },
  "prdCurve and prdFScore": (random) => {
    const size = sizeOf(random);
    const [p, q] = [distributionOf(random, size), distributionOf(random, size)];
    return {
      tried: `histograms of ${size}`,
      check: () => {
        const [got, turned] = [prdCurve(p, q, 201), prdCurve(q, p, 201)];
        const overlap = sharesOf(p).reduce((sum, share, k) => sum + Math.min(share, sharesOf(q)[k]), 0);
        close("at slope 1 it is the overlap", got.precision[100], overlap, 1e-9, 1e-12);
        got.precision.forEach((value, a) => {
          holds("it stays in [0, 1]", value >= 0 && value <= 1 && got.recall[a] >= 0 && got.recall[a] <= 1);
          close("precision and recall change places", turned.recall[200 - a], value, 1e-6, 1e-9);
        });
        const beta = shift(1, pick(random, -200, -3, 0, 3, 200));
        const score = prdFScore(got, beta);
        holds(`F is from 0 to 1; got ${score}`, score >= 0 && score <= 1 + 1e-9);
      },
    };
  },
  ...imageProperties,
  precisionRecallF1: (random) => {
    const [a, b] = [weightsOf(random, sizeOf(random)), weightsOf(random, sizeOf(random))];
    const delta = pick(random, 0.75, 1e-300, 1e300, Number.MIN_VALUE);
    return {
      tried: `${a.length} and ${b.length} distances, δ = ${delta}`,
      check: () => {
        const got = precisionRecallF1(a, b, delta);
        close("precision", got.precision, a.filter((d) => d <= delta).length / a.length, 1e-12, 0);
        close("recall", got.recall, b.filter((d) => d <= delta).length / b.length, 1e-12, 0);
        holds("F1 is a number from 0 to 1", got.f1 >= 0 && got.f1 <= 1);
      },
    };
  },
  rasterise: (random) => {
    const size = sizeOf(random, 40);
    const count = 3 + random.integer(5);
    const reach = shift(size / 2, -random.integer(20));
    const angles = indices(count)
      .map(() => 2 * Math.PI * random.uniform())
      .sort((a, b) => a - b);
    const polygon = angles.flatMap((angle) => [
      size / 2 + reach * Math.cos(angle),
      size / 2 + reach * Math.sin(angle),
    ]);
    return {
      tried: `${count} vertices within ${reach} of the centre of ${size} × ${size}`,
      check: () => {
        let twice = 0;
        for (let i = 0; i < count; i++) {
          const j = (i + 1) % count;
          const [ax, ay] = [polygon[2 * i] - size / 2, polygon[2 * i + 1] - size / 2];
          const [bx, by] = [polygon[2 * j] - size / 2, polygon[2 * j + 1] - size / 2];
          twice += ax * by - ay * bx;
        }
        const image = rasterise(polygon, size);
        const covered = image.reduce((sum, value) => sum + value, 0);
        close("what is covered is the area", covered, Math.abs(twice) / 2, 1e-9, 1e-12 * size * size);
        holds(
          "each pixel is from 0 to 1",
          image.every((value) => value >= 0 && value <= 1 + 1e-12),
        );
      },
    };
  },
};
