import { add, mul, type Tensor } from "../graph/index.ts";
import { augmentationPolicy } from "../nn/augment.ts";
import { inconsistency } from "./inconsistency.ts";
import { definePenalty } from "./penalty.ts";
import { weightOf } from "./points.ts";

/**
 * Balanced consistency regularisation (bCR): λ_real E(D(x) − D(T(x)))² at real and λ_fake E(D(x) − D(T(x)))² at
 * generated samples. Zhao et al. 2020, arXiv:2002.04724, algorithm 1.
 */
export const balancedConsistency = definePenalty({
  name: "balanced-consistency",
  title: "balanced consistency regularisation (bCR-GAN)",
  imagesOnly: true,
  options: {
    realWeight: weightOf(10, "λ_real"),
    fakeWeight: weightOf(10, "λ_fake"),
    policy: augmentationPolicy,
  },
  formulas: [
    {
      of: "penalty",
      text: "λ_real E(D(x) − D(T(x)))² + λ_fake E(D(G(z)) − D(T(G(z))))²",
      latex:
        "\\lambda_\\text{real}\\,\\mathbb{E}(D(x) - D(T(x)))^2 + \\lambda_\\text{fake}\\,\\mathbb{E}(D(G(z)) - D(T(G(z))))^2",
    },
  ],
  symbols: "x: real samples; T: a random augmentation; E: batch mean",
  papers: [
    {
      authors: "Zhao et al.",
      year: 2020,
      title: "Improved consistency regularization for GANs",
      arxiv: "2002.04724",
      where: "algorithm 1",
    },
  ],
  approximates: "a discriminator that does not see the augmentation, on real and generated samples",
  failure: "a strong T with large weights makes D insensitive to what T changes",
  create: ({ realWeight, fakeWeight, policy }) => ({
    penalty: (inputs) => {
      const of = (x: Tensor, scores: Tensor): Tensor => inconsistency(policy, x, scores, inputs);
      return add(
        mul(of(inputs.real, inputs.realScores), realWeight),
        mul(of(inputs.fake, inputs.fakeScores), fakeWeight),
      );
    },
  }),
});
