import { integer, number } from "../../define/index.ts";
import { defineDataset } from "../definition.ts";
import { mixture } from "../synthetic.ts";

/**
 * Gaussians on a square lattice around the origin, x slowest: side 5 and spacing 2 give {−4, −2, 0, 2, 4}²
 * (Lin et al. 2018, PacGAN, §4.1; Srivastava et al. 2017, VEEGAN, §4).
 */
export const grid = defineDataset({
  name: "grid",
  title: "25 Gaussians at {−4, −2, 0, 2, 4}², σ 0.05",
  holds: "points",
  shape: [2],
  papers: [
    {
      authors: "Srivastava et al.",
      year: 2017,
      title: "VEEGAN: reducing mode collapse in GANs using implicit variational learning",
      arxiv: "1705.07761",
      where: "§4",
    },
    {
      authors: "Lin et al.",
      year: 2018,
      title: "PacGAN: the power of two samples in generative adversarial networks",
      arxiv: "1712.04086",
      where: "§4.1",
    },
  ],
  options: {
    side: integer({ default: 5, least: 1, most: 100, means: "Gaussians in a row" }),
    spacing: number({ default: 2, above: 0, means: "from one to the next" }),
    deviation: number({ default: 0.05, least: 0, means: "standard deviation of each", symbol: "σ" }),
  },
  open: ({ side, spacing, deviation }) => {
    const ticks = Array.from({ length: side }, (_, i) => (i - (side - 1) / 2) * spacing);
    return mixture(
      ticks.flatMap((x) => ticks.map((y) => [x, y])),
      deviation,
      "grid",
    );
  },
});
