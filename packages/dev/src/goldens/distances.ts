/** Checks `distances.json`: every divergence and transport distance of `tsgan/distances` against its reference. */
import {
  type Cost,
  chiSquaredNeyman,
  chiSquaredPearson,
  costMatrix,
  energyDistanceSquared,
  energyDistanceSquared1d,
  exactTransport,
  frechetDistance,
  type Gaussian,
  gaussianJensenShannon1d,
  gaussianKl,
  gaussianW2Squared,
  hellingerSquared,
  jensenShannon,
  type Kernel,
  kl,
  linearKernel,
  type Matrix,
  matrix,
  mmdSquared,
  parallelLines,
  polynomialKernel,
  rbfKernel,
  rbfMixtureKernel,
  reverseKl,
  type Sinkhorn,
  sinkhornDivergence,
  slicedWasserstein,
  type Transport,
  totalVariation,
  wasserstein1d,
  wasserstein1dPower,
} from "tsgan/distances";
import {
  allClose,
  type CaseResult,
  type CaseRules,
  type Check,
  type Checks,
  caseId,
  cases,
  checkCases,
  checkFile,
  close,
  errorOf,
  fields,
  group,
  type JsonRecord,
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

/** Points [n, d] or a matrix. */
export const matrixOf = (value: unknown): Matrix => {
  const { shape, data } = tensor(value);
  return matrix(shape[0], shape[1], data);
};

const TRANSPORT: Tolerance = { relative: 1e-9, absolute: 1e-9 };
const SINKHORN: Tolerance = { relative: 1e-7, absolute: 1e-8 };
const KERNEL: Tolerance = { relative: 1e-9, absolute: 1e-9 };

const discrete: CaseRules = {
  inputs: ["name", "p", "q"],
  checks: (golden) => {
    const [p, q] = [tensor(golden.p).data, tensor(golden.q).data];
    const tolerance = { relative: 1e-9, absolute: 1e-11 };
    return {
      kl: close(kl(p, q), tolerance),
      reverse_kl: close(reverseKl(p, q), tolerance),
      js: close(jensenShannon(p, q), tolerance),
      tv: close(totalVariation(p, q), tolerance),
      hellinger2: close(hellingerSquared(p, q), tolerance),
      chi2_pearson: close(chiSquaredPearson(p, q), tolerance),
      chi2_neyman: close(chiSquaredNeyman(p, q), tolerance),
    };
  },
};

const gaussianOf = (mean: unknown, covariance: unknown): Gaussian => ({
  mean: tensor(mean).data,
  covariance: matrixOf(covariance),
});

const closedForm: CaseRules = {
  inputs: ["name", "mu1", "cov1", "mu2", "cov2"],
  checks: (golden) => {
    const p = gaussianOf(golden.mu1, golden.cov1);
    const q = gaussianOf(golden.mu2, golden.cov2);
    const singular = String(golden.name).startsWith("singular_");
    const tolerance = { relative: 1e-8, absolute: singular ? 1e-6 : 1e-8 };
    const w2Squared = gaussianW2Squared(p, q);
    return {
      kl: close(gaussianKl(p, q), tolerance),
      reverse_kl: close(gaussianKl(q, p), tolerance),
      w2_squared: close(w2Squared, tolerance),
      w2: close(Math.sqrt(w2Squared), tolerance),
      frechet: close(frechetDistance(p, q), tolerance),
    };
  },
};

const gaussianJs: CaseRules = {
  inputs: ["mu1", "sigma1", "mu2", "sigma2"],
  checks: ({ mu1, sigma1, mu2, sigma2 }) => ({
    js: close(gaussianJensenShannon1d(number(mu1), number(sigma1), number(mu2), number(sigma2)), {
      relative: 1e-8,
      absolute: 1e-9,
    }),
  }),
};

interface TransportCase {
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly cost: Matrix;
  readonly transport: Transport;
}

const solveTransport = (golden: JsonRecord): TransportCase => {
  const [a, b] = [tensor(golden.a).data, tensor(golden.b).data];
  if (golden.metric === "given") {
    const cost = matrixOf(golden.cost_matrix);
    return { a, b, cost, transport: exactTransport(a, b, cost) };
  }
  const [x, y, cost] = [matrixOf(golden.x), matrixOf(golden.y), golden.metric as Cost];
  return { a, b, cost: costMatrix(x, y, cost), transport: exactTransport(a, b, { x, y, cost }) };
};

/** Violation of u_i + v_j ≤ C_ij, of the gauge u_0 = 0, and of the dual value, in units of what is allowed. */
const dualError = ({ a, b, cost, transport: { u, v, cost: value } }: TransportCase): number => {
  const errors = [errorOf(u[0], 0, TRANSPORT)];
  let dual = 0;
  for (let i = 0; i < a.length; i++) {
    dual += a[i] * u[i];
    for (let j = 0; j < b.length; j++) {
      const bound = cost.data[i * b.length + j];
      errors.push(errorOf(Math.max(u[i] + v[j], bound), bound, TRANSPORT));
    }
  }
  for (let j = 0; j < b.length; j++) dual += b[j] * v[j];
  errors.push(errorOf(dual, value, TRANSPORT));
  return largest(errors);
};

/** Entries ≥ −1e-12, marginals within 1e-10, ⟨P, C⟩ = cost. */
const planError = ({ a, b, cost, transport: { plan, cost: value } }: TransportCase): number => {
  const rows = new Float64Array(a.length);
  const columns = new Float64Array(b.length);
  let total = 0;
  let lowest = 0;
  plan.mass.forEach((mass, k) => {
    rows[plan.from[k]] += mass;
    columns[plan.to[k]] += mass;
    total += mass * cost.data[plan.from[k] * b.length + plan.to[k]];
    lowest = Math.min(lowest, mass);
  });
  const marginal = { relative: 0, absolute: 1e-10 };
  return largest([
    -lowest / 1e-12,
    ...Array.from(a, (mass, i) => errorOf(rows[i], mass, marginal)),
    ...Array.from(b, (mass, j) => errorOf(columns[j], mass, marginal)),
    errorOf(total, value, TRANSPORT),
  ]);
};

/** A unique plan, entry by entry: what the reference does not list is 0. */
const planClose =
  ({ b, transport: { plan } }: TransportCase): Check =>
  (want) => {
    const left = new Map(Array.from(plan.mass, (mass, k) => [plan.from[k] * b.length + plan.to[k], mass]));
    const errors = list(want).map((entry) => {
      const [i, j, mass] = numbers(entry);
      const got = left.get(i * b.length + j) ?? 0;
      left.delete(i * b.length + j);
      return errorOf(got, mass, TRANSPORT);
    });
    return largest([...errors, ...[...left.values()].map((mass) => errorOf(mass, 0, TRANSPORT))]);
  };

const optimalTransport: CaseRules = {
  inputs: ["name", "a", "b", "x", "y", "cost_matrix", "metric", "plan_unique"],
  checks: (golden) => {
    const solved = solveTransport(golden);
    const { cost, dualValue } = solved.transport;
    return {
      cost: (want) => largest([errorOf(cost, want, TRANSPORT), planError(solved)]),
      dual_value: close(dualValue, TRANSPORT),
      // The reference potentials are one optimal pair of many: ours are tested by feasibility and value.
      dual_u: () => dualError(solved),
      dual_v: () => dualError(solved),
      plan: planClose(solved),
    };
  },
};

const wassersteinOneDimensional: CaseRules = {
  inputs: ["name", "x", "y", "wx", "wy"],
  checks: (golden) => {
    const [x, y] = [tensor(golden.x).data, tensor(golden.y).data];
    const weights = {
      ...(golden.wx === undefined ? {} : { xWeights: tensor(golden.wx).data }),
      ...(golden.wy === undefined ? {} : { yWeights: tensor(golden.wy).data }),
    };
    const energy = energyDistanceSquared1d(x, y, weights);
    return {
      w1: close(wasserstein1d(x, y, weights), TRANSPORT),
      w2_squared: close(wasserstein1dPower(x, y, { p: 2, ...weights }), TRANSPORT),
      w2: close(wasserstein1d(x, y, { p: 2, ...weights }), TRANSPORT),
      // The root magnifies the rounding of a distance near 0.
      energy_distance: close(Math.sqrt(energy), { relative: 1e-9, absolute: energy < 1e-9 ? 1e-6 : 1e-9 }),
      energy_distance_squared: close(energy, TRANSPORT),
    };
  },
};

const energyNd: CaseRules = {
  inputs: ["x", "y"],
  checks: (golden) => {
    const [x, y] = [matrixOf(golden.x), matrixOf(golden.y)];
    return {
      energy_squared_v: close(energyDistanceSquared(x, y, "biased"), TRANSPORT),
      energy_squared_u: close(energyDistanceSquared(x, y, "unbiased"), TRANSPORT),
    };
  },
};

const sliced: CaseRules = {
  inputs: ["name", "x", "y", "projections"],
  checks: (golden) => {
    const [x, y, directions] = [matrixOf(golden.x), matrixOf(golden.y), matrixOf(golden.projections)];
    const sw1 = slicedWasserstein(x, y, directions, 1);
    const sw2 = slicedWasserstein(x, y, directions, 2);
    return {
      sw1: close(sw1.distance, TRANSPORT),
      sw2: close(sw2.distance, TRANSPORT),
      max_sw1: close(sw1.maximum, TRANSPORT),
      max_sw2: close(sw2.maximum, TRANSPORT),
      per_projection_w1_pow1: allClose(sw1.perDirection, TRANSPORT),
      per_projection_w2_pow2: allClose(sw2.perDirection, TRANSPORT),
    };
  },
};

const sinkhornTerms = ({ cost, regularisedKl }: Sinkhorn): Checks => ({
  transport_cost: close(cost, SINKHORN),
  regularised_kl: close(regularisedKl, SINKHORN),
});

/** The unregularised cost as one case, and each ε as another. */
const sinkhornSection: Section = (section, value) => {
  const measures = (golden: JsonRecord) => ({
    x: { points: matrixOf(golden.x), weights: tensor(golden.a).data },
    y: { points: matrixOf(golden.y), weights: tensor(golden.b).data },
    cost: golden.metric as Cost,
  });
  const unregularised = checkCases(section, value, {
    inputs: ["name", "x", "y", "a", "b", "metric", "values"],
    checks: (golden) => {
      const { x, y, cost } = measures(golden);
      const transport = exactTransport(x.weights, y.weights, { x: x.points, y: y.points, cost });
      return { unregularised_cost: close(transport.cost, TRANSPORT) };
    },
  });
  const regularised = (golden: JsonRecord): CaseRules => ({
    inputs: ["eps"],
    checks: ({ eps }) => {
      const { x, y, cost } = measures(golden);
      const got = sinkhornDivergence(x, y, cost, { epsilon: number(eps) });
      return {
        ...sinkhornTerms(got.pair),
        regularised_entropy: close(got.pair.regularisedEntropy, SINKHORN),
        self_x: fields(sinkhornTerms(got.selfX)),
        self_y: fields(sinkhornTerms(got.selfY)),
        divergence: close(got.divergence, SINKHORN),
        divergence_sharp: close(got.sharp, SINKHORN),
        plan: tensorClose(got.pair.plan.data, SINKHORN),
      };
    },
  });
  if (!Array.isArray(value)) return unregularised;
  return unregularised.concat(
    value.flatMap((golden: JsonRecord, i) =>
      checkCases(`${caseId(section, golden, i)}/values`, golden.values, regularised(golden)),
    ),
  );
};

const mmd: CaseRules = {
  inputs: ["name", "x", "y", "bandwidths"],
  checks: (golden) => {
    const [x, y, bandwidths] = [matrixOf(golden.x), matrixOf(golden.y), numbers(golden.bandwidths)];
    const both = (kernel: Kernel) =>
      fields({
        biased: close(mmdSquared(x, y, kernel, "biased"), KERNEL),
        unbiased: close(mmdSquared(x, y, kernel, "unbiased"), KERNEL),
      });
    return {
      rbf: (want) => {
        const each = list(want);
        if (each.length !== bandwidths.length) return Number.POSITIVE_INFINITY;
        return largest(each.map((entry, i) => both(rbfKernel(bandwidths[i]))(entry)));
      },
      rbf_mixture_sum: both(rbfMixtureKernel(bandwidths, "sum")),
      rbf_mixture_mean: both(rbfMixtureKernel(bandwidths, "mean")),
      polynomial: both(polynomialKernel(3)),
      linear: both(linearKernel()),
    };
  },
};

/** Each θ by the formulas, and by transport between the lines sampled at the given heights. */
const parallelLinesSection: Section = (section, value) => {
  const sample = (x: number): Matrix => {
    const { data } = tensor(record(record(value).heights));
    return matrix(
      data.length,
      2,
      Array.from(data).flatMap((height) => [x, height]),
    );
  };
  const lines: CaseRules = {
    inputs: ["theta"],
    checks: (golden) => {
      const got = parallelLines(number(golden.theta));
      const [x, y] = [sample(0), sample(number(golden.theta))];
      const weights = new Float64Array(x.rows).fill(1 / x.rows);
      const { cost } = exactTransport(weights, weights, { x, y, cost: "euclidean" });
      return {
        kl: close(got.kl, TRANSPORT),
        reverse_kl: close(got.reverseKl, TRANSPORT),
        js: close(got.jensenShannon, TRANSPORT),
        tv: close(got.totalVariation, TRANSPORT),
        w1: (want) => largest([errorOf(got.w1, want, TRANSPORT), errorOf(cost, want, TRANSPORT)]),
        w2: close(got.w2, TRANSPORT),
      };
    },
  };
  return group({ heights: () => [], cases: cases(lines) })(section, value);
};

/** Checks every case of a parsed `distances.json`. */
export const checkDistances = (json: unknown): CaseResult[] =>
  checkFile(json, "tsgan-golden-distances/1", {
    discrete: cases(discrete),
    gaussian: group({ closed_form: cases(closedForm), js_quadrature_1d: cases(gaussianJs) }),
    optimal_transport: cases(optimalTransport),
    wasserstein_1d: cases(wassersteinOneDimensional),
    energy_nd: cases(energyNd),
    sliced_wasserstein: cases(sliced),
    sinkhorn: sinkhornSection,
    mmd: cases(mmd),
    parallel_lines: parallelLinesSection,
  });
