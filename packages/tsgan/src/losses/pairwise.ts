/** Distances between all pairs of two batches of embeddings. */
import { UsageError } from "../errors.ts";
import { constant, formatShape, reshape, square, sub, sum, type Tensor } from "../graph/index.ts";

/** Throws unless both are [N, d] with N of at least `least`. */
export const checkEmbeddings = (name: string, x: Tensor, y: Tensor, least: number): void => {
  for (const t of [x, y]) {
    if (t.shape.length === 2 && t.shape[0] >= least) continue;
    throw new UsageError(
      `${name}: scores must be embeddings [N,d] with N of at least ${least}; got ${formatShape(t.shape)}; ` +
        "use a discriminator with a vector output",
    );
  }
};

/** ‖xᵢ − yⱼ‖², [n, m]. From the differences: |x|² + |y|² − 2xy would cancel in float32. */
export const squaredDistances = (x: Tensor, y: Tensor): Tensor =>
  sum(square(sub(reshape(x, [x.shape[0], 1, x.shape[1]]), reshape(y, [1, ...y.shape]))), 2);

/** 1 − I, [n, n]. */
export const offDiagonal = (n: number): Tensor =>
  constant(
    Float32Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 0 : 1)),
    [n, n],
  );
