import { mul } from "../graph/index.ts";
import { augmentationPolicy } from "../nn/augment.ts";
import { inconsistency } from "./inconsistency.ts";
import { definePenalty } from "./penalty.ts";
import { weightOf } from "./points.ts";

/**
 * Consistency regularisation (CR-GAN): λ E(D(x) − D(T(x)))² at real samples x, T a random augmentation.
 * Zhang et al. 2020, arXiv:1910.12027.
 */
export const consistency = definePenalty({
  name: "consistency",
  title: "consistency regularisation (CR-GAN)",
  imagesOnly: true,
  options: { weight: weightOf(10, "λ"), policy: augmentationPolicy },
  formulas: [
    { of: "penalty", text: "λ E(D(x) − D(T(x)))²", latex: "\\lambda\\,\\mathbb{E}(D(x) - D(T(x)))^2" },
  ],
  symbols: "x: real samples; T: a random augmentation; E: batch mean",
  papers: [
    {
      authors: "Zhang et al.",
      year: 2020,
      title: "Consistency regularization for generative adversarial networks",
      arxiv: "1910.12027",
    },
  ],
  approximates: "a discriminator that does not see the augmentation",
  failure: "artefacts of T may leak into generated samples, since only real ones are held consistent",
  create: ({ weight, policy }) => ({
    penalty: (inputs) => mul(inconsistency(policy, inputs.real, inputs.realScores, inputs), weight),
  }),
});
