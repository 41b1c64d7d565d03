/** The earth mover's distance between two rows of piles: by hand, as a linear programme, and by its dual. */
import { UsageError } from "tsgan";
import { numbers, type ResolvedOptions } from "tsgan/define";
import { exactTransport, matrix } from "tsgan/distances";
import type { Mark, Panel } from "tsgan/figure";
import { defineExperiment } from "./experiment.ts";
import { wassersteinGan } from "./papers.ts";

const piles = (usual: readonly number[], means: string) =>
  numbers({ default: usual, least: 0, length: { least: 2, most: 8 }, means });

const options = {
  p: piles([3, 2, 1, 4], "heights of the piles, one unit of distance apart"),
  q: piles([1, 2, 4, 3], "heights that they should have; the same sum"),
};

export interface EarthMoverData {
  p: readonly number[];
  q: readonly number[];
  /** Pile i is brought to its height by what pile i + 1 gives or takes. */
  steps: {
    /** δ_{i+1} = δ_i + p_i − q_i: earth carried from pile i to pile i + 1, negative for the other direction. */
    carried: number;
    /** Heights after the step. */
    piles: readonly number[];
  }[];
  /** Σ |δ| */
  distance: number;
  /** Primal: min ⟨γ, C⟩ over plans γ ≥ 0 with row sums p and column sums q, C_ij = |i − j|. */
  primal: { cost: number; plan: number[][] };
  /** Dual (Kantorovich–Rubinstein): max Σ f (p − q) over f with |f_i − f_j| ≤ |i − j|; f_0 = 0. */
  dual: { value: number; potential: number[] };
}

const name = "earth-mover";
const title = "The earth mover's distance of two rows of piles";

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const run = ({ p, q }: ResolvedOptions<typeof options>): EarthMoverData => {
  if (p.length !== q.length) {
    throw new UsageError(
      `${name}: p and q must have the same number of piles; got ${p.length} and ${q.length}`,
    );
  }
  if (!(sum(p) > 0 && Math.abs(sum(p) - sum(q)) <= 1e-9 * sum(p))) {
    throw new UsageError(
      `${name}: p and q must hold the same amount of earth, above 0; got ${sum(p)} and ${sum(q)}`,
    );
  }

  const steps: EarthMoverData["steps"] = [];
  let piles = p;
  for (let i = 0; i + 1 < p.length; i++) {
    const carried = piles[i] - q[i];
    piles = piles.map((height, j) => (j === i ? q[i] : j === i + 1 ? height + carried : height));
    steps.push({ carried, piles });
  }

  const costs = p.flatMap((_, i) => q.map((_, j) => Math.abs(i - j)));
  const solution = exactTransport(p, q, matrix(p.length, q.length, costs));
  const plan = p.map(() => q.map(() => 0));
  solution.plan.from.forEach((i, k) => {
    plan[i][solution.plan.to[k]] += solution.plan.mass[k];
  });
  // For a metric cost one potential does for both sides: f_i = min_j (C_ij − v_j) is 1-Lipschitz and no worse than (u, v).
  const best = p.map((_, i) => Math.min(...q.map((_, j) => Math.abs(i - j) - solution.v[j])));
  const potential = best.map((value) => value - best[0]);
  return {
    p,
    q,
    steps,
    distance: sum(steps.map((step) => Math.abs(step.carried))),
    primal: { cost: solution.cost, plan },
    dual: { value: sum(potential.map((f, i) => f * (p[i] - q[i]))), potential },
  };
};

const number = (value: number): string => String(Math.round(value * 1000) / 1000);

/** Flat strokes at the target heights; null leaves a gap. */
const targets = (q: readonly number[]): Mark => ({
  type: "line",
  x: q.flatMap((_, i) => [i + 1 - 0.42, i + 1 + 0.42, Number.NaN]),
  y: q.flatMap((height) => [height, height, Number.NaN]),
  label: "target Q",
  color: 1,
  width: 3,
});

const stepPanel = (data: EarthMoverData, i: number, top: number, frame: Pick<Panel, "x" | "y">): Panel => {
  const { carried, piles } = data.steps[i];
  const [from, to] = carried < 0 ? [i + 2, i + 1] : [i + 1, i + 2];
  const amount = number(Math.abs(carried));
  return {
    ...frame,
    title: `Step ${i + 1}: ${carried === 0 ? "nothing to carry" : `carry ${amount} from pile ${from} to pile ${to}`}`,
    marks: [
      { type: "bars", x: piles.map((_, j) => j + 1), y: piles, width: 0.7, label: "piles", color: 0 },
      targets(data.q),
      ...(carried === 0
        ? []
        : ([
            {
              type: "arrows",
              x: [from],
              y: [top * 1.08],
              toX: [to],
              toY: [top * 1.08],
              color: "ink",
              width: 2,
            },
            { type: "text", x: (from + to) / 2, y: top * 1.08, text: amount, offset: [0, -13] },
          ] satisfies Mark[])),
    ],
  };
};

/**
 * Piles of earth made into others: the plan step by step, the linear programme and its dual (Rubner et al. 2000;
 * Arjovsky et al. 2017, eq. 1 and 2).
 */
export const earthMover = defineExperiment({
  name,
  title,
  description:
    "Piles 3, 2, 1, 4 made into 1, 2, 4, 3: step by step, the plan, the linear programme and its dual",
  papers: [
    {
      authors: "Rubner et al.",
      year: 2000,
      title: "The earth mover's distance as a metric for image retrieval",
    },
    { ...wassersteinGan, where: "eq. 1 and 2" },
    { authors: "Weng", year: 2019, title: "From GAN to WGAN", arxiv: "1904.08994", where: "the piles" },
  ],
  explanation:
    "The distance is the least work, earth times way, that turns the piles P into the piles Q. In one dimension it can be read " +
    "off: go from left to right, and let each pile pass on what it has too much of, or take what it lacks. The amounts carried " +
    "over the gaps add up to the distance. The transport plan says the same as a table: entry (i, j) is the earth that goes " +
    "from pile i to place j, and the work is the sum of entry times |i − j|. The dual asks for no plan at all: it looks for " +
    "heights f that change by at most one from pile to pile and make Σ f (P − Q) as large as possible. Its value is the same " +
    "distance. That f is what the critic of a Wasserstein GAN learns, and the bound on its slope is why the critic must be 1-Lipschitz.",
  options,
  run,
  figure: (data) => {
    const { p, q, steps, primal, dual } = data;
    const places = p.map((_, i) => i + 1);
    const top = Math.max(...p, ...q, ...steps.flatMap((step) => step.piles));
    const bottom = Math.min(0, ...steps.flatMap((step) => step.piles)) * 1.1;
    const ticks = places.map((place) => ({ value: place, label: String(place) }));
    const frame = {
      x: { label: "pile", ticks, domain: [0.4, p.length + 0.6] as const },
      y: { label: "earth", domain: [bottom, top * 1.3] as const },
      aspect: 0.6,
    };
    const edges = [0.5, p.length + 0.5] as const;
    return {
      title: `${title}: ${number(data.distance)}`,
      panels: [
        {
          ...frame,
          title: "Start",
          marks: [{ type: "bars", x: places, y: p, width: 0.7, label: "piles", color: 0 }, targets(q)],
        },
        ...steps.map((_, i) => stepPanel(data, i, top, frame)),
        {
          title: `Plan: work ${number(primal.cost)}`,
          x: { label: "to place", ticks },
          y: { label: "from pile", ticks },
          aspect: "equal",
          marks: [
            { type: "heatmap", x: edges, y: edges, values: primal.plan, label: "earth", annotate: true },
          ],
        },
        {
          title: `Dual: Σ f (P − Q) = ${number(dual.value)}`,
          x: frame.x,
          y: { label: "f, slope at most 1" },
          marks: [
            { type: "line", x: places, y: dual.potential, label: "potential f", color: 2 },
            { type: "scatter", x: places, y: dual.potential, color: 2, radius: 5 },
          ],
        },
      ],
    };
  },
});
