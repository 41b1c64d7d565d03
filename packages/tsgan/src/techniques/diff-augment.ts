import { defineTechnique } from "../game/index.ts";
import { augmentationPolicy, diffAugment as augmented } from "../nn/index.ts";
import { networkNames } from "./ema.ts";

/**
 * Random changes of all images that the discriminator sees, real and generated, in both players' steps; gradients pass
 * through. Zhao et al. 2020, arXiv:2006.10738.
 */
export const diffAugment = defineTechnique({
  name: "diff-augment",
  title: "differentiable augmentation, for small sets of images",
  formulas: [
    {
      of: "scores",
      text: "D(T(x)), D(T(G(z))), T drawn anew for each image",
      latex: "D(T(x)),\\ D(T(G(z)))",
    },
  ],
  symbols: "T: random changes of an image, through which gradients pass; in the objectives of both players",
  papers: [
    {
      authors: "Zhao, Liu, Lin, Zhu, Han",
      year: 2020,
      title: "Differentiable augmentation for data-efficient GAN training",
      arxiv: "2006.10738",
    },
  ],
  options: {
    policy: augmentationPolicy,
    networks: networkNames("networks that see it", "those that judge"),
  },
  create: ({ policy, networks }) => {
    const change = augmented(policy);
    return { networks, sees: (x, { random }) => change(x, random) };
  },
});
