import { number } from "../define/index.ts";
import { UsageError } from "../errors.ts";
import { add, formatShape, mean, mul, sameShape, type Tensor } from "../graph/index.ts";
import { defineLoss } from "./loss.ts";
import { SYMBOLS, wassersteinGan } from "./shared-facts.ts";

/**
 * Wasserstein loss as Keras examples write it, mean(label · score): the critic minimises
 * E(realLabel · r) + E(fakeLabel · f), G minimises E(realLabel · f).
 *
 * Scores: unbounded, any shape. Labels −1, +1 (the default) are `wasserstein`. Labels +1, −1 train the same game with
 * the sign of the critic turned round: real samples then score low. Any other pair is another loss: its critic's
 * loss changes when a constant is added to all scores.
 */
export const wassersteinLabels = defineLoss({
  name: "wasserstein-labels",
  title: "Wasserstein loss with labels",
  scores: "unbounded",
  options: {
    realLabel: number({ default: -1, means: "factor of real scores", symbol: "y_real" }),
    fakeLabel: number({ default: 1, means: "factor of generated scores", symbol: "y_fake" }),
  },
  formulas: [
    {
      of: "discriminator",
      text: "E(y_real · r) + E(y_fake · f)",
      latex: "\\mathbb{E}(y_\\text{real}\\,r) + \\mathbb{E}(y_\\text{fake}\\,f)",
    },
    { of: "generator", text: "E(y_real · f)", latex: "\\mathbb{E}(y_\\text{real}\\,f)" },
  ],
  symbols: `${SYMBOLS}; y: labels`,
  papers: [wassersteinGan],
  approximates: "the same as `wasserstein` for labels −1 and +1, in either order",
  failure:
    "labels that do not sum to 0, such as 0 and 1: the critic's loss then changes with a constant added to all " +
    "scores, and falls without end even under a Lipschitz constraint",
  notes:
    "The mean(yTrue · yPred) of Keras examples. y_real = −1, y_fake = +1 is exactly `wasserstein`. y_real = +1, " +
    "y_fake = −1 is `wasserstein` of −D: the same game, with real samples scoring low, and minus the critic's loss " +
    "still estimates the distance. The two agree when y_real = −1 and y_fake = +1; otherwise compare " +
    "losses only, never scores.",
  create: ({ realLabel, fakeLabel }) => ({
    discriminator: (real, fake) => add(mean(mul(real, realLabel)), mean(mul(fake, fakeLabel))),
    generator: (_real, fake) => mean(mul(fake, realLabel)),
  }),
});

/**
 * E(label · score), what `wassersteinLabels` is made of, for labels as a tensor.
 *
 * @param scores of the discriminator, unbounded
 * @throws UsageError for labels of another shape than the scores
 */
export const labelledMean = (labels: Tensor, scores: Tensor): Tensor => {
  if (!sameShape(labels.shape, scores.shape)) {
    const got = `${formatShape(labels.shape)} and ${formatShape(scores.shape)}`;
    throw new UsageError(`labelledMean: labels must have the shape of the scores; got ${got}`);
  }
  return mean(mul(labels, scores));
};
