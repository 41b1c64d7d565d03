/** Symbolic reverse-mode differentiation. The derivative is again a graph, so it can be differentiated again. */
import { add } from "./ops/arithmetic.ts";
import { fill, like } from "./ops/broadcast.ts";
import { topologicalOrder } from "./order.ts";
import { formatNode } from "./print.ts";
import { fail, formatTensor, GraphError, type Tensor } from "./tensor.ts";
import { checkInputNames, isLike } from "./verify.ts";

/** The derivatives that the op of `node` gives, one for each input. */
const contributionsOf = (node: Tensor, upstream: Tensor): readonly (Tensor | undefined)[] => {
  const contributions = node.op.derivative(node, upstream, node.attributes);
  if (contributions.length !== node.inputs.length) {
    throw new GraphError(
      `grad: the derivative of ${formatNode(node)} must be a list of ${node.inputs.length}, one for each input; ` +
        `got ${contributions.length}`,
    );
  }
  contributions.forEach((dx, i) => {
    const x = node.inputs[i];
    if (dx === undefined || isLike(dx, x)) return;
    throw new GraphError(
      `grad: the derivative of ${formatNode(node)} by its input ${i} must be ${formatTensor(x)}; ` +
        `got ${formatTensor(dx)}; reduceTo undoes broadcasting`,
    );
  });
  return contributions;
};

/** A use of something that is differentiated by, and the derivative by what it makes. */
export interface Upstream {
  readonly node: Tensor;
  readonly upstream: Tensor;
}

interface Sweep {
  readonly derivatives: ReadonlyMap<Tensor, Tensor>;
  readonly onPath: ReadonlySet<Tensor>;
  /** Nodes that use some of `wrt`, with the whole derivative by them. */
  readonly uses: readonly Upstream[];
}

const sweep = (y: Tensor, wrt: readonly Tensor[], upstream?: Tensor): Sweep => {
  if (upstream === undefined && y.shape.some((n) => n !== 1)) {
    fail(
      "grad",
      "the differentiated tensor must be a scalar",
      [y],
      "take its sum or mean, or give an upstream",
    );
  }
  if (upstream !== undefined && !isLike(upstream, y)) {
    fail("grad", `the upstream must be ${formatTensor(y)}, like the differentiated tensor`, [upstream]);
  }
  const order = topologicalOrder([y]);
  checkInputNames([...order, ...wrt], "grad");
  const targets = new Set(wrt);
  const onPath = new Set<Tensor>();
  for (const node of order) {
    if (targets.has(node) || node.inputs.some((t) => onPath.has(t))) onPath.add(node);
  }
  const derivatives = new Map<Tensor, Tensor>([[y, upstream ?? like(y, 1)]]);
  const uses: Upstream[] = [];
  /** Adds what the inputs of a node get through it. */
  const pass = (node: Tensor): void => {
    const dy = derivatives.get(node);
    if (dy === undefined || !onPath.has(node) || !node.inputs.some((t) => onPath.has(t))) return;
    if (node.inputs.some((t) => targets.has(t))) uses.push({ node, upstream: dy });
    const contributions = contributionsOf(node, dy);
    node.inputs.forEach((x, i) => {
      const dx = contributions[i];
      if (dx === undefined || !onPath.has(x)) return;
      const sum = derivatives.get(x);
      derivatives.set(x, sum === undefined ? dx : add(sum, dx));
    });
  };
  for (let i = order.length - 1; i >= 0; i--) pass(order[i]);
  return { derivatives, onPath, uses };
};

/**
 * As `grad`, but undefined where nothing of y depends on a tensor of `wrt`, or only through what derivatives do not pass.
 *
 * @param y a scalar
 * @param wrt what the derivatives are by
 * @param upstream for a y that is no scalar, in its shape
 */
export const derivatives = (
  y: Tensor,
  wrt: readonly Tensor[],
  upstream?: Tensor,
): readonly (Tensor | undefined)[] => {
  const { derivatives: all, onPath } = sweep(y, wrt, upstream);
  return wrt.map((x) => (onPath.has(x) ? all.get(x) : undefined));
};

/**
 * Derivatives ∂y/∂x of a scalar y with respect to each of `wrt`, which may be any nodes of its graph, in their shapes.
 * Zero where y does not depend on x. They are graphs themselves: take `grad` of them for higher orders.
 *
 * @param upstream for a y that is no scalar: the derivative of Σ upstream · y is taken. In the shape of y.
 * @throws GraphError where y is no scalar and no upstream is given, where two inputs have one name (the derivative by
 *   one of them would miss what depends on the other), and where an op's derivative does not fit its inputs
 * @example
 * ```ts
 * import { dense, exampleNorm, grad, input, mean, square, sub, sum, tanh } from "tsgan/graph";
 *
 * const [x, w, v] = [input("x", [8, 2]), input("w", [16, 2]), input("v", [1, 16])];
 * const score = dense(tanh(dense(x, w)), v);
 * const [slope] = grad(sum(score), [x]); // [8, 2]: for each example, by itself
 * const penalty = mean(square(sub(exampleNorm(slope, 1e-12), 1)));
 * const [dw, dv] = grad(penalty, [w, v]); // second derivatives
 * ```
 */
export const grad = (y: Tensor, wrt: readonly Tensor[], upstream?: Tensor): Tensor[] =>
  derivatives(y, wrt, upstream).map((dx, i) => dx ?? fill(wrt[i].shape, 0));

/** Where some of `wrt` are used in the graph of a scalar y, and the derivatives ∂y/∂node there. */
export const upstreams = (y: Tensor, wrt: readonly Tensor[]): readonly Upstream[] => sweep(y, wrt).uses;
