/** How networks are told the class of an example. */
import {
  add,
  broadcastTo,
  concat,
  expandLast,
  mul,
  oneHot,
  reshape,
  sum,
  type Tensor,
} from "../graph/index.ts";
import { dcganInit, layers, type Scope } from "../nn/index.ts";

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

/**
 * Scores [N, 1] with the projection of the features [N, F] on a learnt vector of the label: s + ⟨v_y, φ(x)⟩. Miyato and
 * Koyama 2018, arXiv:1802.05637, equation 4.
 */
export const projected = (
  scores: Tensor,
  features: Tensor,
  label: Tensor,
  classes: number,
  scope: Scope,
): Tensor => {
  const vectors = layers.embedding(classes, features.shape[1], dcganInit)(label, scope);
  return add(scores, expandLast(sum(mul(vectors, features), 1)));
};
