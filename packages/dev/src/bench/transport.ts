/**
 * Exact and entropic transport against POT, alternated run by run on the same points:
 *
 *   node packages/dev/dist/bench/transport.js [--repeats N] [--python PATH] [--json]
 *
 * Clouds of normal points with uniform weights; the cost matrix is made before the clock starts, on both sides.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Cost, costMatrix, exactTransport, type Matrix, matrix, sinkhorn } from "tsgan/distances";
import { randomStream } from "tsgan/random";
import { median } from "tsgan/statistics";

interface Problem {
  readonly solver: "emd" | "sinkhorn";
  readonly count: number;
  readonly dimension: number;
  readonly metric: Cost;
  /** Sinkhorn only: ε in units of the largest cost. */
  readonly epsilon?: number;
  /** Runs of each side; the option `--repeats` without. */
  readonly repeats?: number;
}

const PROBLEMS: readonly Problem[] = [
  { solver: "emd", count: 1000, dimension: 2, metric: "sqeuclidean" },
  { solver: "emd", count: 1000, dimension: 2, metric: "euclidean" },
  { solver: "emd", count: 1000, dimension: 16, metric: "euclidean" },
  { solver: "emd", count: 5000, dimension: 2, metric: "sqeuclidean", repeats: 1 },
  { solver: "emd", count: 5000, dimension: 16, metric: "euclidean", repeats: 1 },
  { solver: "sinkhorn", count: 1000, dimension: 2, metric: "sqeuclidean", epsilon: 0.05 },
  { solver: "sinkhorn", count: 1000, dimension: 2, metric: "sqeuclidean", epsilon: 0.01 },
];

/** Both sides stop at this error of the marginals: POT by the L2 norm, tsgan by the L1 norm, which is not smaller. */
const TOLERANCE = 1e-9;

const PEER = fileURLToPath(new URL("../../bench/peer_pot.py", import.meta.url));

interface Run {
  readonly milliseconds: number;
  readonly cost: number;
  readonly iterations?: number;
}

const runOurs = ({ solver, epsilon = 0 }: Problem, cost: Matrix): Run => {
  const weights = new Float64Array(cost.rows).fill(1 / cost.rows);
  const largest = cost.data.reduce((most, value) => Math.max(most, value), 0);
  const start = performance.now();
  if (solver === "emd") {
    const result = exactTransport(weights, weights, cost);
    return { milliseconds: performance.now() - start, cost: result.cost };
  }
  const result = sinkhorn(weights, weights, cost, { epsilon: epsilon * largest, tolerance: TOLERANCE });
  return {
    milliseconds: performance.now() - start,
    cost: result.cost,
    iterations: result.iterations,
  };
};

const runPeer = (
  python: string,
  { solver, count, dimension, metric, epsilon }: Problem,
  points: string,
): Run => {
  const size = [String(count), String(dimension), metric];
  const entropy = epsilon === undefined ? [] : [String(epsilon), String(TOLERANCE)];
  return JSON.parse(
    execFileSync(python, [PEER, solver, points, ...size, ...entropy], { encoding: "utf8" }),
  ) as Run;
};

const millisecondsOf = (runs: readonly Run[]): number => median(runs.map(({ milliseconds }) => milliseconds));

const bench = (problem: Problem, repeats: number, python: string, folder: string) => {
  const { solver, count, dimension, metric, epsilon } = problem;
  const data = new Float64Array(2 * count * dimension);
  randomStream(1, "transport benchmark").fillNormal(data);
  const half = data.length / 2;
  for (let k = half; k < data.length; k++) data[k] += 0.5;
  const points = join(folder, "points.f64");
  writeFileSync(points, data);
  const cost = costMatrix(
    matrix(count, dimension, data.subarray(0, half)),
    matrix(count, dimension, data.subarray(half)),
    metric,
  );
  const ours: Run[] = [];
  const peer: Run[] = [];
  for (let k = 0; k < (problem.repeats ?? repeats); k++) {
    ours.push(runOurs(problem, cost));
    peer.push(runPeer(python, problem, points));
  }
  return {
    problem: `${solver} ${count}x${count} ${dimension}d ${metric}${epsilon === undefined ? "" : ` eps=${epsilon}max`}`,
    tsgan: millisecondsOf(ours),
    pot: millisecondsOf(peer),
    ratio: millisecondsOf(ours) / millisecondsOf(peer),
    iterations: ours[0].iterations === undefined ? "" : `${ours[0].iterations}/${peer[0].iterations}`,
    difference: Math.abs(ours[0].cost - peer[0].cost) / peer[0].cost,
    peakMiB: Math.round(process.resourceUsage().maxRSS / 1024),
  };
};

const { values } = parseArgs({
  options: {
    repeats: { type: "string", default: "7" },
    python: { type: "string", default: "python3" },
    json: { type: "boolean", default: false },
  },
});
const folder = mkdtempSync(join(tmpdir(), "tsgan-bench-"));
try {
  if (!values.json) {
    console.log(
      "medians in ms; ratio tsgan/pot; iterations tsgan/pot; difference of the cost; peak memory of tsgan",
    );
  }
  for (const problem of PROBLEMS) {
    const row = bench(problem, Number(values.repeats), values.python, folder);
    console.log(
      values.json
        ? JSON.stringify(row)
        : `${row.problem.padEnd(48)} ${row.tsgan.toFixed(0).padStart(6)} ${row.pot.toFixed(0).padStart(6)} ` +
            `${row.ratio.toFixed(2).padStart(5)} ${row.iterations.padStart(9)} ${row.difference.toExponential(0)} ` +
            `${row.peakMiB} MiB`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
