import { number } from "../../define/index.ts";
import { defineDataset } from "../definition.ts";
import { distribution } from "../synthetic.ts";

/**
 * Two interleaved half circles of radius 1: (cos a, sin a) and (1 − cos a, ½ − sin a) with a ~ U(0, π), plus σε.
 * The same places as scikit-learn's `make_moons`, with a random rather than an evenly spaced angle.
 */
export const moons = defineDataset({
  name: "moons",
  title: "two interleaved half circles",
  holds: "points",
  shape: [2],
  classes: 2,
  options: {
    deviation: number({ default: 0.05, above: 0, means: "standard deviation of the noise", symbol: "σ" }),
  },
  open: ({ deviation }) =>
    distribution({
      name: "moons",
      dimension: 2,
      classes: ["upper", "lower"],
      sample(random, out, offset) {
        const moon = random.integer(2);
        const angle = Math.PI * random.uniform();
        const [x, y] =
          moon === 0 ? [Math.cos(angle), Math.sin(angle)] : [1 - Math.cos(angle), 0.5 - Math.sin(angle)];
        out[offset] = x + deviation * random.normal();
        out[offset + 1] = y + deviation * random.normal();
        return moon;
      },
    }),
});
