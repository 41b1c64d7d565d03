import { number } from "../../define/index.ts";
import { cast, constant, equal, matmul, type Tensor } from "../../graph/index.ts";
import { defineAugmentation, perImage } from "../augmentation.ts";
import { diffAugmentPaper, integerBelow } from "./shared.ts";

/**
 * Matrices that shift `size` places by −most … most, zeros moving in: entry (i, j) is 1 where i − j is the shift.
 * u [N, 1, 1, 1] → [N, 1, size, size].
 */
const shiftMatrices = (u: Tensor, size: number, most: number): Tensor => {
  const offsets = Int32Array.from(
    { length: size * size },
    (_, at) => Math.floor(at / size) - (at % size) + most,
  );
  return cast(equal(integerBelow(u, 2 * most + 1), constant(offsets, [1, 1, size, size])), "float32");
};

/** Shifts by whole pixels of up to a share of each side, zeros moving in. uRows, uColumns [N, 1, 1, 1]. */
export const shifted = (x: Tensor, uRows: Tensor, uColumns: Tensor, share = 1 / 8): Tensor => {
  const [, , height, width] = x.shape;
  const rows = shiftMatrices(uRows, height, Math.round(height * share));
  const columns = shiftMatrices(uColumns, width, Math.round(width * share));
  return matmul(matmul(rows, x), columns, { transposeB: true });
};

/** Random shifts by whole pixels, zeros moving in. Zhao et al. 2020, arXiv:2006.10738. */
export const translation = defineAugmentation({
  name: "translation",
  title: "shifts by whole pixels, zeros moving in",
  options: {
    share: number({ default: 1 / 8, least: 0, most: 1, means: "longest shift, as a share of each side" }),
  },
  papers: [diffAugmentPaper],
  create: ({ share }) => [(x, random) => shifted(x, perImage(x, random), perImage(x, random), share)],
});
