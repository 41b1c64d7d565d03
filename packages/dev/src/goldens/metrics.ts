/** Checks `metrics.json`: every metric of `tsgan/metrics` against its reference. */
import {
  costMatrix,
  type FrechetTerms,
  frechetTerms,
  type Matrix,
  matrix,
  mmdSquared,
  moments,
  polynomialKernel,
} from "tsgan/distances";
import {
  countModes,
  fid,
  type ImageShape,
  inceptionScore,
  kid,
  msSsim,
  msSsimWeights,
  nearestInSet,
  pairwiseMsSsim,
  prdCurve,
  prdFScore,
  precisionRecall,
  precisionRecallF1,
  rasterise,
  ssim,
} from "tsgan/metrics";
import {
  allClose,
  type CaseResult,
  type CaseRules,
  type Check,
  type Checks,
  cases,
  checkCase,
  checkFile,
  close,
  EXACT,
  errorOfAll,
  fields,
  group,
  largest,
  list,
  number,
  numbers,
  record,
  type Section,
  type Tolerance,
  tensor,
  tensorClose,
} from "./case.ts";
import { matrixOf } from "./distances.ts";

const COUNT: Tolerance = { relative: 1e-9, absolute: 1e-9 };
const SIMILARITY: Tolerance = { relative: 1e-8, absolute: 1e-8 };

const frechet: CaseRules = {
  inputs: ["name", "real", "fake", "rank_deficient"],
  checks: (golden) => {
    const [real, fake] = [matrixOf(golden.real), matrixOf(golden.fake)];
    const tolerance: Tolerance = golden.rank_deficient
      ? { relative: 1e-6, absolute: 1e-5 }
      : { relative: 1e-7, absolute: 1e-7 };
    const terms: FrechetTerms = fid(real, fake);
    const [momentsReal, momentsFake] = [moments(real), moments(fake)];
    return {
      value: close(terms.value, tolerance),
      // The reference's own matrix root errs where a covariance is singular, within the tolerance of that case.
      value_sqrtm: close(terms.value, tolerance),
      "value_eps_1e-6": close(frechetTerms(real, fake, { rootEpsilon: 1e-6 }).value, tolerance),
      mean_term: close(terms.meanTerm, tolerance),
      trace_real: close(terms.traceReal, tolerance),
      trace_fake: close(terms.traceFake, tolerance),
      trace_sqrt_product: close(terms.traceSqrtProduct, tolerance),
      mu_real: tensorClose(momentsReal.mean, tolerance),
      mu_fake: tensorClose(momentsFake.mean, tolerance),
      cov_real: tensorClose(momentsReal.covariance.data, tolerance),
      cov_fake: tensorClose(momentsFake.covariance.data, tolerance),
    };
  },
};

const inception: CaseRules = {
  inputs: ["name", "probs", "splits"],
  checks: (golden) => {
    const tolerance = { relative: 1e-9, absolute: 1e-10 };
    const got = inceptionScore(matrixOf(golden.probs), number(golden.splits));
    return {
      scores: allClose(got.scores, tolerance),
      mean: close(got.mean, tolerance),
      std: close(got.std, tolerance),
    };
  },
};

/** The rows of an index tensor [S, size]. */
const indexRows = (value: unknown): Float64Array[] => {
  const { rows, columns, data } = matrixOf(value);
  return Array.from({ length: rows }, (_, s) => data.subarray(s * columns, (s + 1) * columns));
};

const kernelDistance: CaseRules = {
  inputs: ["name", "real", "fake", "real_indices", "fake_indices"],
  checks: (golden) => {
    const [real, fake] = [matrixOf(golden.real), matrixOf(golden.fake)];
    const fakeRows = indexRows(golden.fake_indices);
    const subsets = indexRows(golden.real_indices).map((rows, s) => ({ real: rows, fake: fakeRows[s] }));
    const got = kid(real, fake, { subsets });
    return {
      per_subset: allClose(got.perSubset, COUNT),
      mean: close(got.mean, COUNT),
      std: close(got.std, COUNT),
      all_samples_unbiased: close(kid(real, fake).mean, COUNT),
      all_samples_biased: close(mmdSquared(real, fake, polynomialKernel(3), "biased"), COUNT),
    };
  },
};

type Boundary = NonNullable<Parameters<typeof precisionRecall>[2]>["boundary"];

const manifoldChecks = (real: Matrix, fake: Matrix, k: number, boundary: Boundary): Checks => {
  const got = precisionRecall(real, fake, { k, boundary });
  return {
    precision: close(got.precision, COUNT),
    recall: close(got.recall, COUNT),
    density: close(got.density, COUNT),
    coverage: close(got.coverage, COUNT),
  };
};

/** Results under each k, which are the keys of the record. */
const forEachK =
  (check: (k: number) => Check): Check =>
  (want) =>
    largest(Object.entries(record(want)).map(([k, result]) => check(Number(k))(result)));

const manifold: CaseRules = {
  inputs: ["name", "real", "fake"],
  checks: (golden) => {
    const [real, fake] = [matrixOf(golden.real), matrixOf(golden.fake)];
    return { k: forEachK((k) => fields(manifoldChecks(real, fake, k, "published"))) };
  },
};

/** With ties both conventions are given, and tsgan's default is one for precision and recall, the other for the rest. */
const manifoldTies: CaseRules = {
  inputs: ["name", "real", "fake"],
  checks: (golden) => {
    const [real, fake] = [matrixOf(golden.real), matrixOf(golden.fake)];
    return {
      k: forEachK((k) => (want) => {
        const { precision, recall, density, coverage } = manifoldChecks(real, fake, k, "published");
        const { inclusive, strict } = record(want);
        const { precision: p, recall: r } = record(inclusive);
        const { density: d, coverage: c } = record(strict);
        return largest([
          fields({
            inclusive: fields(manifoldChecks(real, fake, k, "inclusive")),
            strict: fields(manifoldChecks(real, fake, k, "strict")),
          })(want),
          precision(p),
          recall(r),
          density(d),
          coverage(c),
        ]);
      }),
    };
  },
};

const modeCounting: CaseRules = {
  inputs: ["name", "samples", "centres", "std", "n_std"],
  checks: (golden) => {
    const [samples, centres] = [matrixOf(golden.samples), matrixOf(golden.centres)];
    const got = countModes(samples, centres, number(golden.std), number(golden.n_std));
    return {
      high_quality: close(got.highQuality, EXACT),
      high_quality_fraction: close(got.highQualityFraction, COUNT),
      modes_covered: close(got.modesCovered, EXACT),
      counts: allClose(got.counts, EXACT),
      counts_all: allClose(got.countsAll, EXACT),
      kl_to_uniform: close(got.klToUniform, COUNT),
      kl_to_uniform_all: close(got.klToUniformAll, COUNT),
    };
  },
};

const imageShape = ([channels, height, width]: readonly number[]): ImageShape => [channels, height, width];

const structuralSimilarity: CaseRules = {
  inputs: ["name", "x", "y", "data_range"],
  checks: (golden) => {
    const [x, y] = [tensor(golden.x), tensor(golden.y)];
    return { ssim: close(ssim(x.data, y.data, imageShape(x.shape), number(golden.data_range)), SIMILARITY) };
  },
};

const multiScaleSimilarity: CaseRules = {
  inputs: ["name", "x", "y", "data_range", "scales"],
  checks: (golden) => {
    const [x, y, scales] = [tensor(golden.x), tensor(golden.y), number(golden.scales)];
    const got = msSsim(x.data, y.data, imageShape(x.shape), { dataRange: number(golden.data_range), scales });
    return {
      weights: allClose(msSsimWeights(scales), SIMILARITY),
      per_scale: tensorClose(got.perScale.flat(), SIMILARITY),
      ms_ssim: close(got.value, SIMILARITY),
    };
  },
};

const pairwiseDiversity: CaseRules = {
  inputs: ["images", "data_range", "scales"],
  checks: (golden) => {
    const { shape, data } = tensor(golden.images);
    const options = { dataRange: number(golden.data_range), scales: number(golden.scales) };
    const got = pairwiseMsSsim(data, imageShape(shape.slice(1)), options);
    return {
      pairs: (want) => errorOfAll(got.pairs.flat(), list(want).flatMap(numbers), EXACT),
      per_pair: allClose(got.perPair, SIMILARITY),
      mean: close(got.mean, SIMILARITY),
    };
  },
};

const rasters: CaseRules = {
  inputs: ["name", "vertices", "size"],
  checks: (golden) => ({
    image: tensorClose(rasterise(tensor(golden.vertices).data, number(golden.size)), COUNT),
  }),
};

const nearestPolygon: CaseRules = {
  inputs: ["set_vertices", "size", "queries"],
  checks: (golden) => {
    const size = number(golden.size);
    const { shape, data } = tensor(golden.set_vertices);
    const [count, length] = [shape[0], shape[1] * shape[2]];
    const images = Array.from({ length: count }, (_, t) => [
      ...rasterise(data.subarray(t * length, (t + 1) * length), size),
    ]);
    const set = matrix(count, size * size, images.flat());
    const queries = tensor(golden.queries);
    const points = matrix(queries.shape[0], size * size, queries.data);
    const { indices, squaredDistances } = nearestInSet(points, set);
    return {
      squared_distances: tensorClose(costMatrix(points, set, "sqeuclidean").data, COUNT),
      nearest: allClose(indices, EXACT),
      min_squared_distance: allClose(squaredDistances, COUNT),
    };
  },
};

const polygonScores: CaseRules = {
  inputs: ["name", "generated_to_manifold_sq", "test_to_generator_sq", "delta"],
  checks: (golden) => {
    const scores = (boundary: "inclusive" | "strict"): Check => {
      const got = precisionRecallF1(
        tensor(golden.generated_to_manifold_sq).data,
        tensor(golden.test_to_generator_sq).data,
        number(golden.delta),
        boundary,
      );
      return fields({
        precision: close(got.precision, COUNT),
        recall: close(got.recall, COUNT),
        f1: close(got.f1, COUNT),
      });
    };
    return { inclusive: scores("inclusive"), strict: scores("strict") };
  },
};

const prd: CaseRules = {
  inputs: ["name", "eval_dist", "ref_dist", "num_angles"],
  checks: (golden) => {
    const [evaluated, reference] = [tensor(golden.eval_dist).data, tensor(golden.ref_dist).data];
    const { precision, recall } = prdCurve(evaluated, reference, number(golden.num_angles));
    const curve = prdCurve(evaluated, reference, 1001);
    return {
      precision: allClose(precision, COUNT),
      recall: allClose(recall, COUNT),
      f8_1001_angles: close(prdFScore(curve, 8), COUNT),
      f1_8_1001_angles: close(prdFScore(curve, 1 / 8), COUNT),
    };
  },
};

/** A section that is one case. */
const single =
  (rules: CaseRules): Section =>
  (section, value) => [checkCase(section, value, rules)];

/** Checks every case of a parsed `metrics.json`. */
export const checkMetrics = (json: unknown): CaseResult[] =>
  checkFile(json, "tsgan-golden-metrics/1", {
    frechet: cases(frechet),
    inception_score: cases(inception),
    kid: cases(kernelDistance),
    precision_recall_density_coverage: group({ cases: cases(manifold), tie_cases: cases(manifoldTies) }),
    mode_counting: cases(modeCounting),
    image_similarity: group({
      ssim: cases(structuralSimilarity),
      ms_ssim: cases(multiScaleSimilarity),
      pairwise_diversity: single(pairwiseDiversity),
    }),
    triangles: group({
      rasters: cases(rasters),
      nearest_in_finite_set: single(nearestPolygon),
      precision_recall_f1: cases(polygonScores),
    }),
    prd_curves: cases(prd),
  });
