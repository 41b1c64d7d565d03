import { number } from "../../define/index.ts";
import { defineDataset } from "../definition.ts";
import { distribution } from "../synthetic.ts";

/**
 * An Archimedean spiral with noise: t (cos 2πnt, sin 2πnt) r + σε, where t = √u with u ~ U(0, 1) makes the density
 * along the arm nearly even, n is the number of turns and ε ~ N(0, I).
 */
export const spiral = defineDataset({
  name: "spiral",
  title: "a two-turn spiral of radius 2",
  holds: "points",
  shape: [2],
  options: {
    turns: number({ default: 2, above: 0, means: "turns of the arm", symbol: "n" }),
    radius: number({ default: 2, above: 0, means: "where the arm ends", symbol: "r" }),
    deviation: number({ default: 0.02, above: 0, means: "standard deviation of the noise", symbol: "σ" }),
  },
  open: ({ turns, radius, deviation }) =>
    distribution({
      name: "spiral",
      dimension: 2,
      sample(random, out, offset) {
        const t = Math.sqrt(random.uniform());
        const angle = 2 * Math.PI * turns * t;
        out[offset] = radius * t * Math.cos(angle) + deviation * random.normal();
        out[offset + 1] = radius * t * Math.sin(angle) + deviation * random.normal();
        return 0;
      },
    }),
});
