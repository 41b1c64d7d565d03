import { integer, number } from "../../define/index.ts";
import { defineDataset } from "../definition.ts";
import { mixture } from "../synthetic.ts";

/**
 * Gaussians on a circle, cₖ = r (cos 2πk/K, sin 2πk/K). The defaults are those of the WGAN-GP toy code before its
 * rescaling (Gulrajani et al. 2017, `gan_toy.py`); PacGAN uses r = 1, σ = 0.01.
 */
export const ring = defineDataset({
  name: "ring",
  title: "8 Gaussians on a circle of radius 2, σ 0.02",
  holds: "points",
  shape: [2],
  papers: [
    {
      authors: "Gulrajani et al.",
      year: 2017,
      title: "Improved training of Wasserstein GANs",
      arxiv: "1704.00028",
    },
  ],
  options: {
    modes: integer({ default: 8, least: 1, most: 10_000, means: "Gaussians", symbol: "K" }),
    radius: number({ default: 2, above: 0, means: "radius of the circle", symbol: "r" }),
    deviation: number({ default: 0.02, least: 0, means: "standard deviation of each", symbol: "σ" }),
  },
  open: ({ modes, radius, deviation }) => {
    const centres = Array.from({ length: modes }, (_, k) => {
      const angle = (2 * Math.PI * k) / modes;
      return [radius * Math.cos(angle), radius * Math.sin(angle)];
    });
    return mixture(centres, deviation, "ring");
  },
});
