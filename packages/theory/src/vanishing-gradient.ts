/** The generator's gradient while a fresh discriminator learns. */
import type { Dataset } from "tsgan/data";
import { integer, numbers, type ResolvedOptions } from "tsgan/define";
import { type Mark, seriesColor } from "tsgan/figure";
import { grad, input, mean, neg, softplus, sqrt, square, sum, type Tensor } from "tsgan/graph";
import { nonSaturating } from "tsgan/losses";
import { dcgan } from "tsgan/models";
import { adam, flatConcat } from "tsgan/nn";
import type { GanTrainer, Probe } from "tsgan/train";
import { count, imageData, rate, seed } from "./common-options.ts";
import { type Claim, defineExperiment, type RunContext } from "./experiment.ts";
import { type ImageShape, openImages } from "./images.ts";
import { type GameOptions, gameOf } from "./networks.ts";
import { principledMethods } from "./papers.ts";

const options = {
  data: imageData,
  lengths: numbers({
    default: [100, 250, 500],
    least: 1,
    integer: true,
    length: { least: 1 },
    means: "steps that the generator has been trained for when fresh discriminators begin",
  }),
  steps: count(1500, "steps of each fresh discriminator"),
  base: count(16, "filters of the discriminator's first layer"),
  latent: count(64, "length of the latent vector"),
  batch: integer({ default: 64, least: 2, means: "images a step" }),
  learningRate: rate(0.0002, "learning rate of both players while the generator is trained"),
  freshRate: rate(0.001, "learning rate of the fresh discriminator"),
  seed,
};
type Options = ResolvedOptions<typeof options>;

export interface VanishingGradientData {
  runs: {
    /** Steps that the generator has been trained for. */
    length: number;
    /** Steps of the fresh discriminator. */
    step: number[];
    /** ‖∇_θ E log(1 − D(G(z)))‖, the gradient of the original cost. */
    original: number[];
    /** ‖∇_θ E (−log D(G(z)))‖ */
    logD: number[];
    /** Share of the discriminator's last batch of real and generated images that it told right; null before its first step. */
    accuracy: (number | null)[];
  }[];
}

const name = "vanishing-gradient";
const title = "The better the discriminator, the weaker the gradient";

/** Latent vectors over which the expectation is taken, the same all along. */
const SAMPLES = 256;

/** Times at which a discriminator is looked at, apart from before its first step. */
const LOOKS = 40;

/** Norms of the gradients of both costs with respect to the generator, over latent vectors `z`. */
const gradientNorms = (game: GanTrainer): Promise<Probe> =>
  game.probe(
    ({ bind }) => {
      const { model } = game.gan;
      const generator = bind("generator");
      const z = input("z", [SAMPLES, model.latent.size]);
      const x = model.generator({ z }, generator.scope);
      const { scores } = model.discriminator({ x }, bind("discriminator").scope);
      const norm = (cost: Tensor): Tensor => sqrt(sum(square(flatConcat(grad(cost, generator.parameters)))));
      return { original: norm(neg(mean(softplus(scores)))), logD: norm(mean(softplus(neg(scores)))) };
    },
    { mode: "training" },
  );

const run = async (options: Options, context: RunContext): Promise<VanishingGradientData> => {
  const { dataset, shape } = await openImages(name, options.data, context);
  const { steps, seed } = options;
  const lengths = [...new Set(options.lengths)].sort((a, b) => a - b);
  const longest = lengths[lengths.length - 1];
  const work = longest + lengths.length * steps;
  let done = 0;
  const advance = (message: string): void => context.progress?.(++done / work, message);

  const { learningRate, freshRate } = options;
  const game = gameFor(options, dataset, shape, { learningRate, seed });
  const z = game.latents(SAMPLES, seed);
  const runs: VanishingGradientData["runs"] = [];
  try {
    for (const length of lengths) {
      while (game.progress.step < length) {
        await game.iterate();
        advance("training a generator");
      }
      const fresh = await freshDiscriminator(
        game,
        gameFor(options, dataset, shape, { learningRate: freshRate, seed: seed + 1, generatorSteps: 0 }),
      );
      const probe = await gradientNorms(fresh);
      const found = {
        length,
        step: [] as number[],
        original: [] as number[],
        logD: [] as number[],
        accuracy: [] as (number | null)[],
      };
      const look = async (accuracy: number | null): Promise<void> => {
        const { original, logD } = await probe.run({ z });
        found.step.push(fresh.progress.step);
        found.original.push(original[0]);
        found.logD.push(logD[0]);
        found.accuracy.push(accuracy);
      };
      try {
        await look(null);
        for (let next = 1; next <= LOOKS; next++) {
          let accuracy: number | null = null;
          while (fresh.progress.step < (next * steps) / LOOKS) {
            ({ accuracy } = await fresh.iterate());
            advance(`a fresh discriminator against the generator of step ${length}`);
          }
          if (fresh.progress.step > found.step[found.step.length - 1]) await look(accuracy);
        }
      } finally {
        await probe.dispose();
        await fresh.dispose();
      }
      runs.push(found);
    }
  } finally {
    await game.dispose();
  }
  return { runs };
};

const gameFor = (
  { base, latent, batch }: Options,
  dataset: Dataset,
  image: ImageShape,
  more: Pick<GameOptions, "learningRate" | "seed" | "generatorSteps">,
): GanTrainer =>
  gameOf({
    model: dcgan({ base, latent }).for({ shape: image }),
    dataset,
    loss: nonSaturating(),
    optimizer: (rate) => adam({ learningRate: rate, beta1: 0.5 }),
    batch,
    ...more,
  });

/** Gives `other`, a new game, the generator of `game`. Its discriminator has learnt nothing. */
const freshDiscriminator = async (game: GanTrainer, other: GanTrainer): Promise<GanTrainer> => {
  other.setWeights("generator", await game.flatWeights("generator", "current"));
  return other;
};

/**
 * Gradients of log(1 − D) and of −log D while a fresh discriminator learns against a fixed DCGAN (Arjovsky & Bottou
 * 2017, figures 2 and 3).
 */
export const vanishingGradient = defineExperiment({
  name,
  title,
  description:
    "Gradient of log(1 − D) and of −log D while a fresh discriminator learns against a fixed DCGAN",
  papers: [{ ...principledMethods, where: "figures 2 and 3" }],
  explanation:
    "A DCGAN is trained for a while; then its generator is held fixed, a new discriminator is trained from scratch against " +
    "it, and the generator's gradient is measured as it would be at each step. With the original cost, E log(1 − D(G(z))), " +
    "the norm falls by orders of magnitude, by more of them the less the generator has been trained: the " +
    "better the discriminator, the less there is to learn from it. With the cost that is used in " +
    "practice, E (−log D(G(z))), the norm does not fall; it grows, and with it the variance of the steps. Neither is what " +
    "one would wish for: the one starves the generator, the other shakes it.",
  options,
  minutes: 0.7,
  run,
  claims: ({ runs }) =>
    runs.flatMap(({ length, original, logD }, i): Claim[] => [
      {
        text: `generator of step ${length}: first norm over the last, original cost`,
        value: original[0] / original.at(-1)!,
        // The longer a generator has been trained, the more a discriminator has to learn about it.
        atLeast: i === 0 ? 1000 : 100,
      },
      {
        text: `generator of step ${length}: last norm over the first, −log D`,
        value: logD.at(-1)! / logD[0],
        atLeast: 1,
      },
    ]),
  figure: ({ runs }) => {
    const curves = (kind: "original" | "logD"): Mark[] =>
      runs.map((found, i) => ({
        type: "line",
        x: found.step,
        y: found[kind],
        label: `generator trained for ${found.length} steps`,
        color: seriesColor(i),
      }));
    const norms = runs.flatMap((found) => [...found.original, ...found.logD]).filter((norm) => norm > 0);
    // One scale for both panels, so that they can be compared.
    const domain = [Math.min(...norms) / 2, Math.max(...norms) * 2] as const;
    const x = { label: "step of the fresh discriminator" };
    return {
      title,
      panels: [
        {
          title: "Original cost: it vanishes",
          x,
          y: { label: "‖∇_{θ} E log(1 − D(G(z)))‖", scale: "log", domain },
          marks: curves("original"),
        },
        {
          title: "−log D: it does not",
          x,
          y: { label: "‖∇_{θ} E (−log D(G(z)))‖", scale: "log", domain },
          marks: curves("logD"),
        },
      ],
    };
  },
});
