/** How networks are told the class of an example. */
import { broadcastTo, concat, mul, oneHot, reshape, type Tensor } from "../graph/index.ts";

/**
 * Length of a one-hot vector beside one of `size` numbers of about 1, a third of theirs. At length 1 it is lost among them
 * when training begins; at √size it drowns them, and all samples of a class become one.
 */
export const oneHotLength = (size: number): number => Math.sqrt(size) / 3;

/** [N, L] and labels [N] → [N, L + classes]: (z, ℓ onehot(y)), ℓ = `oneHotLength(L)`. */
export const labelled = (z: Tensor, label: Tensor, classes: number): Tensor =>
  concat([z, mul(oneHot(label, classes), oneHotLength(z.shape[1]))], 1);

/** One more channel a class behind those of x [N, C, …]: 1 everywhere for the example's class, 0 for the others. */
export const withLabelChannels = (x: Tensor, label: Tensor, classes: number): Tensor => {
  const [n, , ...positions] = x.shape;
  const hot = reshape(oneHot(label, classes), [n, classes, ...positions.map(() => 1)]);
  return concat([x, broadcastTo(hot, [n, classes, ...positions])], 1);
};
