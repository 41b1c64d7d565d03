import { mul } from "../graph/index.ts";
import { definePenalty } from "./penalty.ts";
import { every, INTERPOLATES, meanSquaredSlope, weightOf } from "./points.ts";

/** GAN-0GP: λ E Σ g² on interpolates. Thanh-Tung et al. 2019, arXiv:1902.03984. */
export const zeroCentred = definePenalty({
  name: "zero-centred",
  title: "zero-centred gradient penalty (GAN-0GP)",
  perExample: true,
  options: { weight: weightOf(10, "λ"), every: every() },
  formulas: [{ of: "penalty", text: "λ E Σ g(x̂)²", latex: "\\lambda\\,\\mathbb{E}\\sum g(\\hat x)^2" }],
  symbols: INTERPOLATES,
  papers: [
    {
      authors: "Thanh-Tung, Tran, Venkatesh",
      year: 2019,
      title: "Improving generalization and stability of generative adversarial networks",
      arxiv: "1902.03984",
    },
  ],
  approximates: "a discriminator without steep slopes between real and generated samples",
  failure: "a flat discriminator everywhere is a weak one: λ is delicate",
  create: ({ weight }) => ({ penalty: (inputs) => mul(meanSquaredSlope("interpolates", inputs), weight) }),
});
