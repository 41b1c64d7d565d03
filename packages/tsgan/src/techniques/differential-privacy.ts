import { OVERFLOW } from "../data/poisson.ts";
import { number } from "../define/index.ts";
import { UsageError } from "../errors.ts";
import { defineTechnique, type Game, type GanParts } from "../game/index.ts";
import {
  abs,
  add,
  cast,
  div,
  exampleGrad,
  flatten,
  greater,
  maximum,
  minimum,
  mul,
  sum,
  type Tensor,
  topologicalOrder,
} from "../graph/index.ts";
import { epsilonOf, noiseFor } from "../statistics/index.ts";

/** What a run of differential privacy is accounted by. */
export interface PrivateSteps {
  /** Rows to learn from. */
  readonly size: number;
  /** Rows of a step on the average. */
  readonly expected: number;
  /** Moves of the whole run that see rows. */
  readonly moves: number;
}

export interface PrivacyTerms {
  readonly epsilon: number;
  readonly delta: number;
}

/** The part of δ that is left beside the chance that a batch has more rows than there is room for. */
const deltaOf = ({ delta }: Pick<PrivacyTerms, "delta">, moves: number): number => {
  const left = delta - moves * OVERFLOW;
  if (left > 0) return left;
  throw new UsageError(
    `differential-privacy: delta must exceed ${moves * OVERFLOW}, the chance that a batch of ${moves} is cut; got ${delta}`,
  );
};

const rateOf = ({ size, expected }: Pick<PrivateSteps, "size" | "expected">): number =>
  Math.min(1, expected / size);

const known = new Map<string, number>();

/**
 * Deviation of the noise, in units of the most that one row adds, which keeps ε over all moves.
 *
 * @param terms ε and δ
 * @param steps what all moves see of the rows
 */
export const privacyNoise = (terms: PrivacyTerms, steps: PrivateSteps): number => {
  const key = JSON.stringify([terms.epsilon, terms.delta, steps]);
  const before = known.get(key);
  if (before !== undefined) return before;
  const { moves } = steps;
  const noise = noiseFor(terms.epsilon, { rate: rateOf(steps), steps: moves, delta: deltaOf(terms, moves) });
  known.set(key, noise);
  return noise;
};

/**
 * ε after the first moves of a run.
 *
 * @param terms ε and δ of the whole run
 * @param steps what all its moves see of the rows
 * @param made moves so far
 */
export const privacySpent = (terms: PrivacyTerms, steps: PrivateSteps, made: number): number =>
  epsilonOf({
    rate: rateOf(steps),
    noise: privacyNoise(terms, steps),
    steps: made,
    delta: deltaOf(terms, steps.moves),
  });

/** Losses and penalties that are means of what each example gives by itself, and ask nothing of real rows for the generator. */
const LOSSES = ["wasserstein", "non-saturating", "minimax", "hinge", "least-squares"];
const PENALTIES = ["gradient-penalty", "r1"];
const TECHNIQUES = ["differential-privacy", "ema", "instance-noise"];
/** Seeds below can be tried one after the other; who knows the seed can take the noise away. */
const LEAST_SEED = 2 ** 32;

const refuse = (what: string, remedy: string): never => {
  throw new UsageError(`differential-privacy: ${what}; ${remedy}`);
};

const checkAmong = (kind: string, name: string, allowed: readonly string[]): void => {
  if (!allowed.includes(name)) {
    refuse(
      `${kind} ${name} does not take rows one by one, or shows the generator real ones`,
      `choose among ${allowed.join(", ")}`,
    );
  }
};

const checkParts = ({ model, loss, penalties, terms, techniques, seed, evaluates }: GanParts): void => {
  checkAmong("loss", loss, LOSSES);
  for (const { name, options } of penalties) {
    checkAmong("penalty", name, PENALTIES);
    if (options.at === "perturbed")
      refuse("perturbed points depend on the whole batch", 'take at: "interpolates"');
  }
  for (const name of techniques) checkAmong("technique", name, TECHNIQUES);
  if (terms.length > 0) refuse(`term ${terms[0]} may show the generator real rows`, "leave terms out");
  if ((model.packing ?? 1) !== 1) {
    refuse(
      `model ${model.name} judges ${model.packing} rows together, which would all be one`,
      "set packing to 1",
    );
  }
  if (evaluates) {
    refuse(
      "evaluateEvery chooses a checkpoint by the rows themselves, which ε does not cover",
      "leave it out",
    );
  }
  if (seed < LEAST_SEED) {
    refuse(
      `the seed must be a secret: who knows it can take the noise away, and ${seed} is soon guessed`,
      `draw one at random from ${LEAST_SEED} on (--private does)`,
    );
  }
};

const checkGame = ({ delta }: Pick<PrivacyTerms, "delta">, { streams, judges, variables }: Game): void => {
  const dataset = streams.real?.dataset;
  if (dataset?.alone === undefined) {
    refuse("the data must be rows of a table that training sees one by one", "take a table (--table)");
  }
  if (delta >= 1 / dataset.size) {
    refuse(
      `delta must be far below 1 over the ${dataset.size} rows, or a row may simply be given away; got ${delta}`,
      "choose a smaller one, or take a larger table",
    );
  }
  const mixing = judges.find((name) => variables[name].mixesExamples);
  if (mixing !== undefined)
    refuse(`network ${mixing} mixes the examples of a batch`, "choose a model that does not");
};

/** Length of gradients that count as nothing. */
const SMALLEST = 1e-12;
/** Keeps cut gradients within their limit in float32. */
const WITHIN = 1 - 1e-4;

/**
 * Differentially private training: whoever has the weights, and all that is made with them, can hardly tell whether a row was
 * among those of training. Σᵢ gᵢ min(1, C / |gᵢ|) + σ C N(0, 1) in place of Σᵢ gᵢ, over the rows of a move, in which each row of
 * the table is with the same probability. gᵢ is the whole gradient by one row, its gradient penalty included; the generator learns
 * from the critic alone. Abadi et al. 2016, arXiv:1607.00133, algorithm 1; for GANs Xie et al. 2018, arXiv:1802.06739.
 */
export const differentialPrivacy = defineTechnique({
  name: "differential-privacy",
  title: "noise that hides each row of a table from whoever sees the weights (DP-SGD)",
  formulas: [
    {
      of: "gradient",
      text: "(Σᵢ gᵢ min(1, C/‖gᵢ‖) + σC ε) / n, ε ~ N(0, 1)",
      latex: "\\frac1n\\Bigl(\\sum_i g_i\\min(1, C/\\lVert g_i\\rVert) + \\sigma C\\,\\varepsilon\\Bigr)",
    },
  ],
  symbols:
    "gᵢ: the gradient of the discriminator's objective of row i alone; n: rows of a step on the average",
  papers: [
    {
      authors: "Abadi et al.",
      year: 2016,
      title: "Deep learning with differential privacy",
      arxiv: "1607.00133",
      where: "algorithm 1",
    },
    {
      authors: "Xie et al.",
      year: 2018,
      title: "Differentially private generative adversarial network",
      arxiv: "1802.06739",
    },
    {
      authors: "Mironov, Talwar, Zhang",
      year: 2019,
      title: "Rényi differential privacy of the sampled Gaussian mechanism",
      arxiv: "1908.10530",
      where: "§3.3",
    },
  ],
  notes:
    "of the weights alone: what is known of the columns (categories, ranges, modes) and the figures and pictures of a run's folder are not covered",
  // The generator learns from the critic alone.
  settings: { terms: [] },
  options: {
    epsilon: number({ default: 3, above: 0, means: "what the whole run may spend", symbol: "ε" }),
    delta: number({ default: 1e-5, above: 0, below: 1, means: "chance that ε does not hold", symbol: "δ" }),
    clip: number({
      default: 1,
      above: 0,
      means: "length to which the gradient of a row is cut",
      symbol: "C",
      search: { low: 0.1, high: 10, log: true },
    }),
  },
  create: ({ epsilon, delta, clip }) => ({
    suits: checkParts,
    check: (game) => checkGame({ delta }, game),
    gradient: ({ game, trains, player, objective, parameters, examples, random, scalar }) => {
      const real = examples("real");
      if (!trains.some((network) => game.judges.includes(network))) {
        if (!topologicalOrder([objective]).includes(real)) return undefined;
        return refuse(`player ${player} sees real rows without noise`, "leave out what shows them to it");
      }
      const [room] = real.shape;
      const { dataset } = game.streams.real;
      const expected = dataset.alone!.expected(room);
      const noise = scalar("noise", ({ step, steps }) => {
        if (step >= steps) {
          refuse(
            `the noise is for ${steps} steps; step ${step + 1} would spend more`,
            "begin another run of more",
          );
        }
        let moves = 0;
        for (let i = 0; i < steps; i++) moves += game.players[player].moves(i);
        return clip * privacyNoise({ epsilon, delta }, { size: dataset.size, expected, moves });
      });
      const { lengths, weighted } = exampleGrad(mul(objective, room), parameters, room);
      const isThere = cast(greater(sum(abs(flatten(real)), 1), 0), "float32");
      const cut = minimum(div(WITHIN * clip, maximum(lengths, SMALLEST)), 1);
      return weighted(mul(isThere, cut)).map(
        (own): Tensor => mul(add(own, mul(random("normal", own.shape), noise)), 1 / expected),
      );
    },
  }),
});
