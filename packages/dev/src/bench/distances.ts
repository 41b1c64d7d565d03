/** Exact and entropic transport against POT, and the Fréchet distance of 10,000 examples against NumPy, on the same numbers. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type Cost,
  costMatrix,
  exactTransport,
  frechetTermsAsync,
  type Matrix,
  matrix,
  sinkhorn,
} from "tsgan/distances";
import { version } from "tsgan/node";
import { randomStream } from "tsgan/random";
import { openProduct } from "tsgan/runtime";
import type { Contest, Measured } from "./compare.ts";
import { run, type Variant } from "./peers.ts";

interface Problem {
  readonly solver: "emd" | "sinkhorn" | "frechet";
  readonly count: number;
  readonly dimension: number;
  /** Of transport. */
  readonly metric?: Cost;
  /** Sinkhorn only: ε in units of the largest cost. */
  readonly epsilon?: number;
}

/** Clouds of normal points with uniform weights; the features of FID are as many as the own classifier's, and Inception's. */
const problems: Readonly<Record<string, Problem>> = {
  "emd-1000-2d-squared": { solver: "emd", count: 1000, dimension: 2, metric: "sqeuclidean" },
  "emd-1000-2d": { solver: "emd", count: 1000, dimension: 2, metric: "euclidean" },
  "emd-1000-16d": { solver: "emd", count: 1000, dimension: 16, metric: "euclidean" },
  "emd-5000-2d-squared": { solver: "emd", count: 5000, dimension: 2, metric: "sqeuclidean" },
  "emd-5000-16d": { solver: "emd", count: 5000, dimension: 16, metric: "euclidean" },
  "sinkhorn-1000-0.05": {
    solver: "sinkhorn",
    count: 1000,
    dimension: 2,
    metric: "sqeuclidean",
    epsilon: 0.05,
  },
  "sinkhorn-1000-0.01": {
    solver: "sinkhorn",
    count: 1000,
    dimension: 2,
    metric: "sqeuclidean",
    epsilon: 0.01,
  },
  "fid-10000-128": { solver: "frechet", count: 10_000, dimension: 128 },
  "fid-10000-2048": { solver: "frechet", count: 10_000, dimension: 2048 },
};

export const distanceNames: readonly string[] = Object.keys(problems);

/** Both sides stop at this error of the marginals: POT by the L2 norm, tsgan by the L1 norm, which is not smaller. */
const TOLERANCE = 1e-9;

const PEER = fileURLToPath(new URL("../../bench/peer_pot.py", import.meta.url));

/** Two clouds, the second half a step away from the first. */
const clouds = ({ count, dimension }: Problem): readonly [Float64Array, Float64Array] => {
  const data = new Float64Array(2 * count * dimension);
  randomStream(1, "transport benchmark").fillNormal(data);
  const half = data.length / 2;
  for (let k = half; k < data.length; k++) data[k] += 0.5;
  return [data.subarray(0, half), data.subarray(half)];
};

/** The clock starts when points are there, and for transport when the matrix of costs is. */
const ours = async (problem: Problem, points: readonly [Matrix, Matrix]) => {
  const { solver, metric = "euclidean", epsilon = 0 } = problem;
  if (solver === "frechet") {
    const product = await openProduct();
    const start = performance.now();
    const { value } = await frechetTermsAsync(...points, (a, b) => product.multiply(a, b));
    const ms = performance.now() - start;
    await product.dispose();
    return { ms, value };
  }
  const cost = costMatrix(...points, metric);
  const weights = new Float64Array(cost.rows).fill(1 / cost.rows);
  const largest = cost.data.reduce((most, each) => Math.max(most, each), 0);
  const start = performance.now();
  const { cost: value } =
    solver === "emd"
      ? exactTransport(weights, weights, cost)
      : sinkhorn(weights, weights, cost, { epsilon: epsilon * largest, tolerance: TOLERANCE });
  return { ms: performance.now() - start, value };
};

const theirs = (python: string, problem: Problem, points: readonly [Matrix, Matrix]): Measured => {
  const { solver, count, dimension, metric = "euclidean", epsilon } = problem;
  const folder = mkdtempSync(join(tmpdir(), "tsgan-bench-"));
  try {
    const file = join(folder, "points.f64");
    writeFileSync(
      file,
      Buffer.concat(points.map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength))),
    );
    const entropy = epsilon === undefined ? [] : [String(epsilon), String(TOLERANCE)];
    const { stdout, failure } = run(python, [
      PEER,
      solver,
      file,
      String(count),
      String(dimension),
      metric,
      ...entropy,
    ]);
    if (failure !== undefined) return failure;
    const { milliseconds: ms, value, version: of } = JSON.parse(stdout);
    return { figure: { ms, min: ms, iterations: 1, value }, version: of };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/** A problem for both sides; `python` has POT and SciPy. */
export const distanceContest = (name: string, python: string): Contest => {
  const problem = problems[name];
  const points = () =>
    clouds(problem).map((data) => matrix(problem.count, problem.dimension, data)) as unknown as [
      Matrix,
      Matrix,
    ];
  const peer: Variant = { name: "POT, NumPy", engine: "pot", command: python, args: [] };
  return {
    name,
    variants: [peer],
    ours: async () => {
      const { ms, value } = await ours(problem, points());
      return { figure: { ms, min: ms, iterations: 1, value }, version: `tsgan ${version}` };
    },
    theirs: () => theirs(python, problem, points()),
  };
};
