/** Gradient play in the game of x·y. */
import { UsageError } from "tsgan";
import { integer, number, type ResolvedOptions } from "tsgan/define";
import { formatFixed, type Mark, seriesColor } from "tsgan/figure";
import { defineExperiment } from "./experiment.ts";

const options = {
  learningRate: number({
    default: 0.1,
    above: 0,
    below: 2,
    means: "learning rate of both players",
    symbol: "η",
  }),
  steps: integer({ default: 200, least: 1, most: 100_000, means: "steps from the start on" }),
  x: number({ default: 1, means: "where the player who minimises begins" }),
  y: number({ default: 1, means: "where the player who maximises begins" }),
  consensus: number({ default: 0.2, least: 0, means: "weight of the consensus term", symbol: "γ" }),
};

export interface Trajectory {
  x: number[];
  y: number[];
  /** Distance from the equilibrium (0, 0). */
  distance: number[];
  growth: {
    /** Factor of the last step, in the norm that the rule scales by a constant (see `rulesOf`). */
    measured: number;
    /** Modulus of the dominant eigenvalue of the step. */
    expected: number;
  };
}

export interface NashOscillationData {
  learningRate: number;
  simultaneous: Trajectory;
  alternating: Trajectory;
  optimistic: Trajectory;
  consensus: Trajectory;
}

const name = "nash-oscillation";
const title = "The game x·y: gradient steps that never meet";

interface Point {
  x: number;
  y: number;
}

interface Rule {
  step(now: Point, before: Point): Point;
  expected: number;
  /** Squared norm for the measured growth; default x² + y². */
  energy?(point: Point): number;
}

/** Player one minimises x·y over x, player two maximises it over y: the gradients are y and x. */
const rulesOf = (
  eta: number,
  gamma: number,
): Record<"simultaneous" | "alternating" | "optimistic" | "consensus", Rule> => ({
  simultaneous: {
    step: ({ x, y }) => ({ x: x - eta * y, y: y + eta * x }),
    // In the plane of x + iy a step is a factor 1 + iη.
    expected: Math.hypot(1, eta),
  },
  alternating: {
    step({ x, y }) {
      const moved = x - eta * y;
      return { x: moved, y: y + eta * moved };
    },
    // The determinant is 1 and the eigenvalues are conjugate for η < 2: it turns along an ellipse.
    expected: 1,
    energy: ({ x, y }) => x * x + y * y - eta * x * y,
  },
  optimistic: {
    step: ({ x, y }, before) => ({
      x: x - eta * (2 * y - before.y),
      y: y + eta * (2 * x - before.x),
    }),
    // λ² − (1 + 2iη) λ + iη = 0, whose discriminant is 1 − 4η².
    expected:
      eta <= 0.5
        ? Math.sqrt((1 + Math.sqrt(1 - 4 * eta * eta)) / 2)
        : Math.hypot(1, 2 * eta + Math.sqrt(4 * eta * eta - 1)) / 2,
  },
  consensus: {
    // Both descend the squared gradient norm ½ (x² + y²) too, with weight γ.
    step: ({ x, y }) => ({ x: x - eta * (y + gamma * x), y: y + eta * (x - gamma * y) }),
    expected: Math.hypot(1 - eta * gamma, eta),
  },
});

const follow = (rule: Rule, start: Point, steps: number, label: string): Trajectory => {
  const energy = rule.energy ?? (({ x, y }) => x * x + y * y);
  const points = [start];
  for (let t = 0; t < steps; t++) {
    const next = rule.step(points[t], points[Math.max(0, t - 1)]);
    const size = energy(next);
    if (!(size > Number.MIN_VALUE && size < Number.MAX_VALUE)) {
      throw new UsageError(
        `${name}: the ${label} updates leave the range of numbers after ${t + 1} steps; ` +
          "take fewer steps or a smaller learningRate",
      );
    }
    points.push(next);
  }
  return {
    x: points.map((point) => point.x),
    y: points.map((point) => point.y),
    distance: points.map((point) => Math.hypot(point.x, point.y)),
    growth: {
      measured: Math.sqrt(energy(points[steps]) / energy(points[steps - 1])),
      expected: rule.expected,
    },
  };
};

const run = ({
  learningRate,
  steps,
  x,
  y,
  consensus,
}: ResolvedOptions<typeof options>): NashOscillationData => {
  if (x === 0 && y === 0) {
    throw new UsageError(
      `${name}: x and y must not both be 0, the equilibrium, where nothing moves; got [0, 0]`,
    );
  }
  const rules = rulesOf(learningRate, consensus);
  return {
    learningRate,
    simultaneous: follow(rules.simultaneous, { x, y }, steps, "simultaneous"),
    alternating: follow(rules.alternating, { x, y }, steps, "alternating"),
    optimistic: follow(rules.optimistic, { x, y }, steps, "optimistic"),
    consensus: follow(rules.consensus, { x, y }, steps, "consensus"),
  };
};

/**
 * Simultaneous, alternating, optimistic and consensus updates around the equilibrium of x·y (Salimans et al. 2016, §3).
 */
export const nashOscillation = defineExperiment({
  name,
  title,
  description: "Simultaneous, alternating, optimistic and consensus updates around the equilibrium of x·y",
  papers: [
    {
      authors: "Salimans et al.",
      year: 2016,
      title: "Improved techniques for training GANs",
      arxiv: "1606.03498",
      where: "§3",
    },
    { authors: "Daskalakis et al.", year: 2018, title: "Training GANs with optimism", arxiv: "1711.00141" },
    { authors: "Mescheder et al.", year: 2017, title: "The numerics of GANs", arxiv: "1705.10461" },
    {
      authors: "Gidel et al.",
      year: 2019,
      title: "Negative momentum for improved game dynamics",
      arxiv: "1807.04740",
    },
  ],
  explanation:
    "One player moves x to make x·y small, the other moves y to make it large; the only equilibrium is (0, 0). When both step " +
    "at once along their gradients, each step turns the point around the equilibrium and pushes it outwards by the factor " +
    "√(1 + η^{2}), whatever the learning rate η: the oscillation grows for ever. Stepping in turn keeps the point on a closed " +
    "curve: it neither converges nor diverges. Two remedies do converge: optimistic steps extrapolate with the previous " +
    "gradient, and consensus steps also descend the norm of the gradient. Nothing here is about networks: the rotation " +
    "belongs to games, and a GAN is one.",
  options,
  run,
  figure: (data) => {
    const { simultaneous } = data;
    const kinds = ["simultaneous", "alternating", "optimistic", "consensus"] as const;
    const steps = simultaneous.x.map((_, t) => t);
    const ends = kinds.map(
      (kind): Mark => ({
        type: "scatter",
        x: [data[kind].x.at(-1)!],
        y: [data[kind].y.at(-1)!],
        radius: 5,
        color: seriesColor(kinds.indexOf(kind)),
      }),
    );
    return {
      title,
      panels: [
        {
          wide: true,
          aspect: 0.34,
          title: `Simultaneous steps, η = ${data.learningRate}: the amplitude grows by ${formatFixed(simultaneous.growth.measured, 5)} a step`,
          x: { label: "step" },
          y: { label: "value" },
          marks: [
            { type: "line", x: steps, y: simultaneous.x, label: "x", color: 1 },
            { type: "line", x: steps, y: simultaneous.y, label: "y", color: 2 },
            {
              type: "line",
              x: steps,
              y: simultaneous.x.map((x, t) => x * simultaneous.y[t]),
              label: "x·y",
              color: "muted",
              dash: "dashed",
            },
          ],
        },
        {
          title: "Paths around the equilibrium",
          x: { label: "x" },
          y: { label: "y" },
          aspect: "equal",
          marks: [
            ...kinds.map(
              (kind, k): Mark => ({
                type: "line",
                x: data[kind].x,
                y: data[kind].y,
                label: kind,
                color: seriesColor(k),
                width: 1.6,
              }),
            ),
            ...ends,
            { type: "scatter", x: [0], y: [0], symbol: "cross", radius: 5, color: "muted" },
          ],
        },
        {
          title: "Distance from the equilibrium",
          x: { label: "step" },
          y: { label: "distance", scale: "log" },
          aspect: 1,
          marks: kinds.map(
            (kind, k): Mark => ({
              type: "line",
              x: steps,
              y: data[kind].distance,
              label: kind,
              color: seriesColor(k),
            }),
          ),
        },
      ],
    };
  },
});
