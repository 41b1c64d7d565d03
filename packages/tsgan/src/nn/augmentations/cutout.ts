import { number } from "../../define/index.ts";
import { add, cast, constant, greater, less, mul, sub, type Tensor } from "../../graph/index.ts";
import { defineAugmentation, perImage } from "../augmentation.ts";
import { diffAugmentPaper, integerBelow } from "./shared.ts";

/** 1 inside a span of `length` places whose centre lies anywhere, 0 outside. u [N, 1, 1, 1] → [N, …] along `axis`. */
const span = (u: Tensor, size: number, length: number, axis: 2 | 3): Tensor => {
  const centre = cast(integerBelow(u, size + 1 - (length % 2)), "float32");
  const start = sub(centre, Math.floor(length / 2));
  const shape = [1, 1, 1, 1].with(axis, size);
  // Half a pixel off the grid, so that no comparison is a tie.
  const middle = constant(
    Float32Array.from({ length: size }, (_, i) => i + 0.5),
    shape,
  );
  return mul(cast(greater(middle, start), "float32"), cast(less(middle, add(start, length)), "float32"));
};

/** Zeros a rectangle of a share of each side, its centre anywhere. uRows, uColumns [N, 1, 1, 1]. */
export const cut = (x: Tensor, uRows: Tensor, uColumns: Tensor, share = 0.5): Tensor => {
  const [, , height, width] = x.shape;
  const rows = span(uRows, height, Math.round(height * share), 2);
  const columns = span(uColumns, width, Math.round(width * share), 3);
  return mul(x, sub(1, mul(rows, columns)));
};

/** Zeros a square whose centre lies anywhere, clipped at the border. Zhao et al. 2020, arXiv:2006.10738. */
export const cutout = defineAugmentation({
  name: "cutout",
  title: "a square of zeros, its centre anywhere",
  options: {
    share: number({
      default: 0.5,
      least: 0,
      most: 1,
      means: "side of the square, as a share of the image's",
    }),
  },
  papers: [diffAugmentPaper],
  create: ({ share }) => [(x, random) => cut(x, perImage(x, random), perImage(x, random), share)],
});
