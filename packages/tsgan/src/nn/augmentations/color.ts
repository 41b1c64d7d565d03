import { number } from "../../define/index.ts";
import { add, mean, mul, sub, type Tensor } from "../../graph/index.ts";
import { defineAugmentation, perImage } from "../augmentation.ts";
import { diffAugmentPaper } from "./shared.ts";

/** x + s (u − ½) */
export const brightness = (x: Tensor, u: Tensor, strength = 1): Tensor => add(x, mul(sub(u, 0.5), strength));

/** The distance from grey (the mean over channels) times 1 + s (2u − 1). */
export const saturation = (x: Tensor, u: Tensor, strength = 1): Tensor => {
  const grey = mean(x, 1, true);
  return add(mul(sub(x, grey), add(mul(u, 2 * strength), 1 - strength)), grey);
};

/** The distance from the image's mean times 1 + s (u − ½). */
export const contrast = (x: Tensor, u: Tensor, strength = 1): Tensor => {
  const level = mean(x, [1, 2, 3], true);
  return add(mul(sub(x, level), add(mul(u, strength), 1 - 0.5 * strength)), level);
};

/** Random brightness, saturation and contrast, in this order. Zhao et al. 2020, arXiv:2006.10738. */
export const color = defineAugmentation({
  name: "color",
  title: "brightness, saturation and contrast",
  options: {
    strength: number({
      default: 1,
      least: 0,
      most: 1,
      means:
        "share of the published ranges: ±½ of brightness, 0 to 2 times the saturation, ½ to 1½ times the contrast",
      symbol: "s",
    }),
  },
  formulas: [
    {
      of: "brightness",
      text: "x + s (u − ½)",
      latex: "x + s(u - \\tfrac12)",
    },
    {
      of: "saturation",
      text: "grey + (x − grey)(1 + s (2u − 1))",
      latex: "\\bar x_c + (x - \\bar x_c)(1 + s(2u - 1))",
    },
    {
      of: "contrast",
      text: "mean + (x − mean)(1 + s (u − ½))",
      latex: "\\bar x + (x - \\bar x)(1 + s(u - \\tfrac12))",
    },
  ],
  symbols: "u ~ U[0, 1) for each image; grey: mean over the channels of a pixel; mean: over the whole image",
  papers: [diffAugmentPaper],
  create: ({ strength }) =>
    [brightness, saturation, contrast].map(
      (change) => (x, random) => change(x, perImage(x, random), strength),
    ),
});
