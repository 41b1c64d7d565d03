/** The first families: minimax, non-saturating, least squares, Wasserstein and hinge. r, f: scores of real and fake. */
import { add, mean, mul, neg, relu, softplus, square, sub } from "../graph/index.ts";
import { checkNumber } from "../options.ts";
import type { AdversarialLoss } from "./loss.ts";
import { crossEntropy, defineLoss } from "./scores.ts";

/** Targets of the discriminator. Values inside (0, 1) smooth its labels; the generator's loss stays unsmoothed. */
export interface LabelOptions {
  /** Target for real samples, in [0, 1]. 0.9 is one-sided smoothing (Salimans et al. 2016, arXiv:1606.03498, §3.4). */
  readonly realLabel?: number;
  /** Target for generated samples, in [0, 1]. */
  readonly fakeLabel?: number;
}

const labels = (name: string, { realLabel = 1, fakeLabel = 0 }: LabelOptions) => {
  checkNumber(name, "realLabel", realLabel, { least: 0, most: 1 });
  checkNumber(name, "fakeLabel", fakeLabel, { least: 0, most: 1 });
  const discriminator: AdversarialLoss["discriminator"] = (real, fake) =>
    add(mean(crossEntropy(real, realLabel)), mean(crossEntropy(fake, fakeLabel)));
  return { options: { realLabel, fakeLabel }, discriminator };
};

/**
 * Minimax GAN: D minimises −E log σ(r) − E log(1 − σ(f)), G minimises E log(1 − σ(f)).
 *
 * Scores: logits, any shape; natural logarithms. At the best D, G's loss is 2 JS(P_data ‖ P_G) − log 4 but for a
 * constant. G's gradient vanishes where D is sure that a sample is fake.
 * Goodfellow et al. 2014, arXiv:1406.2661, eq. 1.
 */
export const minimax = (options: LabelOptions = {}): AdversarialLoss =>
  defineLoss({
    name: "minimax",
    scores: "logit",
    ...labels("minimax", options),
    generator: (_real, fake) => neg(mean(softplus(fake))),
  });

/**
 * Non-saturating GAN: D as in `minimax`, G minimises −E log σ(f).
 *
 * Scores: logits, any shape; natural logarithms.
 * Goodfellow et al. 2014, arXiv:1406.2661, §3.
 */
export const nonSaturating = (options: LabelOptions = {}): AdversarialLoss =>
  defineLoss({
    name: "non-saturating",
    scores: "logit",
    ...labels("non-saturating", options),
    generator: (_real, fake) => mean(softplus(neg(fake))),
  });

/** Codes of the least-squares loss. */
export interface LeastSquaresOptions {
  /** a: D's target for generated samples. */
  readonly a?: number;
  /** b: D's target for real samples. */
  readonly b?: number;
  /** c: what G wants D to say of generated samples. */
  readonly c?: number;
}

/**
 * Least-squares GAN: D minimises ½ E(r − b)² + ½ E(f − a)², G minimises ½ E(f − c)².
 *
 * Scores: unbounded (not their sigmoid), any shape. With b − c = 1 and b − a = 2 it minimises the Pearson χ² divergence
 * of (P_data + P_G) / 2 and P_G.
 * Mao et al. 2017, arXiv:1611.04076; codes 0, 1, 1 (eq. 9, the default) and −1, 1, 0 (eq. 8).
 */
export const leastSquares = ({ a = 0, b = 1, c = 1 }: LeastSquaresOptions = {}): AdversarialLoss => {
  for (const [name, value] of Object.entries({ a, b, c })) checkNumber("least-squares", name, value);
  return defineLoss({
    name: "least-squares",
    options: { a, b, c },
    scores: "unbounded",
    // The study squares the sigmoid of the score (google/compare_gan at 49495fd, `gans/LSGAN.py`).
    alsoReads: "probability",
    discriminator: (real, fake) =>
      add(mul(mean(square(sub(real, b))), 0.5), mul(mean(square(sub(fake, a))), 0.5)),
    generator: (_real, fake) => mul(mean(square(sub(fake, c))), 0.5),
  });
};

/**
 * Wasserstein GAN: the critic minimises E f − E r, that is, it maximises E D(x) − E D(G(z)); G minimises −E f.
 *
 * Scores: unbounded, any shape. Minus the critic's loss estimates the Wasserstein-1 distance, up to the Lipschitz
 * constant, only while a constraint holds: add weight clipping, a gradient penalty or spectral normalisation.
 * Arjovsky et al. 2017, arXiv:1701.07875, eq. 2–3.
 */
export const wasserstein = (): AdversarialLoss =>
  defineLoss({
    name: "wasserstein",
    options: {},
    scores: "unbounded",
    discriminator: (real, fake) => sub(mean(fake), mean(real)),
    generator: (_real, fake) => neg(mean(fake)),
  });

/** The factors of the label-multiplied Wasserstein loss. */
export interface WassersteinLabelOptions {
  readonly realLabel?: number;
  readonly fakeLabel?: number;
}

/**
 * Wasserstein loss as Keras examples write it, mean(label · score): the critic minimises
 * E(realLabel · r) + E(fakeLabel · f), G minimises E(realLabel · f).
 *
 * Scores: unbounded, any shape. Labels −1, +1 (the default) are `wasserstein`. Labels +1, −1 train the same game with
 * the sign of the critic turned round: real samples then score low. Any other pair is another loss: its critic's
 * loss changes when a constant is added to all scores.
 */
export const wassersteinLabels = ({
  realLabel = -1,
  fakeLabel = 1,
}: WassersteinLabelOptions = {}): AdversarialLoss => {
  checkNumber("wasserstein-labels", "realLabel", realLabel);
  checkNumber("wasserstein-labels", "fakeLabel", fakeLabel);
  return defineLoss({
    name: "wasserstein-labels",
    options: { realLabel, fakeLabel },
    scores: "unbounded",
    discriminator: (real, fake) => add(mean(mul(real, realLabel)), mean(mul(fake, fakeLabel))),
    generator: (_real, fake) => mean(mul(fake, realLabel)),
  });
};

/**
 * Hinge (geometric) GAN: D minimises E max(0, 1 − r) + E max(0, 1 + f), G minimises −E f.
 *
 * Scores: unbounded, any shape. D takes no gradient from a sample beyond its margin of 1.
 * Lim & Ye 2017, arXiv:1705.02894; Miyato et al. 2018, arXiv:1802.05957, eq. 16–17.
 */
export const hinge = (): AdversarialLoss =>
  defineLoss({
    name: "hinge",
    options: {},
    scores: "unbounded",
    discriminator: (real, fake) => add(mean(relu(sub(1, real))), mean(relu(add(1, fake)))),
    generator: (_real, fake) => neg(mean(fake)),
  });
