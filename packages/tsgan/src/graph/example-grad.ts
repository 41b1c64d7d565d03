/**
 * Derivatives of each example by itself, of networks of dense layers: each row of a matrix product adds the outer product of
 * what goes in and of the derivative by what comes out (Goodfellow 2015, arXiv:1510.01799), so that neither lengths nor weighted
 * sums ask for a gradient of each example to be written out. Second derivatives, as of gradient penalties, are products of this kind, too.
 */
import { upstreams } from "./grad.ts";
import { add, mul } from "./ops/arithmetic.ts";
import { reshape, sum } from "./ops/broadcast.ts";
import { maximum } from "./ops/choice.ts";
import { sqrt } from "./ops/functions.ts";
import { matmul, matmulOp } from "./ops/linear.ts";
import { sliceAxis } from "./ops/movement.ts";
import { fail, type Tensor } from "./tensor.ts";

/** What the rows of one use of a weight add to its derivative: row by row left ⊗ right, or left alone for a bias. */
interface Use {
  readonly left: Tensor;
  readonly right: Tensor | undefined;
}

const usesOf = (y: Tensor, wrt: readonly Tensor[]): readonly (readonly Use[])[] => {
  const uses = new Map<Tensor, Use[]>(wrt.map((w) => [w, []]));
  for (const { node, upstream } of upstreams(y, wrt)) {
    const isProduct = (node.op as unknown) === matmulOp && node.shape.length === 2;
    const [a, b, bias] = node.inputs;
    node.inputs.forEach((x, i) => {
      const own = uses.get(x);
      if (own === undefined) return;
      const { transposeA, transposeB } = node.attributes as { transposeA?: boolean; transposeB?: boolean };
      if (isProduct && i === 1 && transposeA !== true) {
        own.push(transposeB === true ? { left: upstream, right: a } : { left: a, right: upstream });
      } else if (isProduct && i === 2 && bias.shape.length === 1) {
        own.push({ left: upstream, right: undefined });
      } else {
        fail(
          "exampleGrad",
          "the derivative of each example by itself is known of dense layers alone",
          [node, b ?? a],
          "take networks of dense layers without normalisation",
        );
      }
    });
  }
  return wrt.map((w) => uses.get(w)!);
};

export interface ExampleGradients {
  /** Lengths of the examples' gradients by all of `wrt` together, [examples]. */
  readonly lengths: Tensor;
  /** Σ weights[i] · gradient of example i, in the shapes of `wrt`. */
  weighted(weights: Tensor): Tensor[];
}

/** Rows i, examples + i, 2 · examples + i … of a tensor belong to example i: its blocks. */
const blocksOf = (x: Tensor, examples: number): Tensor[] => {
  const [rows] = x.shape;
  if (rows % examples !== 0) {
    fail(
      "exampleGrad",
      `rows must be a multiple of the ${examples} examples`,
      [x],
      "judge examples one by one",
    );
  }
  return Array.from({ length: rows / examples }, (_, k) =>
    rows === examples ? x : sliceAxis(x, 0, k * examples, (k + 1) * examples),
  );
};

const rowDots = (a: Tensor, b: Tensor): Tensor => sum(mul(a, b), 1);

/**
 * Gradients of a sum over examples, one example at a time.
 *
 * @param y Σᵢ Lᵢ, where Lᵢ depends on row i of the examples alone, and rows of matrices are examples: once, or several times over
 * @throws GraphError for uses of `wrt` other than as weight or bias of dense layers
 */
export const exampleGrad = (y: Tensor, wrt: readonly Tensor[], examples: number): ExampleGradients => {
  const all = usesOf(y, wrt).map((uses) =>
    uses.flatMap(({ left, right }): Use[] => {
      const rights = right && blocksOf(right, examples);
      return blocksOf(left, examples).map((block, k) => ({ left: block, right: rights?.[k] }));
    }),
  );
  const squares = all.flatMap((uses) =>
    uses.flatMap((a, i) =>
      uses.slice(i).map((b, j) => {
        const lefts = rowDots(a.left, b.left);
        const product = a.right === undefined ? lefts : mul(lefts, rowDots(a.right, b.right!));
        return j === 0 ? product : mul(product, 2);
      }),
    ),
  );
  return {
    // Rounding may leave a little less than nothing.
    lengths: sqrt(
      maximum(
        squares.reduce((a, b) => add(a, b)),
        0,
      ),
    ),
    weighted: (weights) => {
      const column = reshape(weights, [examples, 1]);
      return all.map((uses, i) => {
        const parts = uses.map(({ left, right }) => {
          const scaled = mul(left, column);
          return right === undefined ? sum(scaled, 0) : matmul(scaled, right, { transposeA: true });
        });
        return parts.length === 0
          ? fail("exampleGrad", "the sum must depend on what it is differentiated by", [wrt[i]])
          : parts.reduce((a, b) => add(a, b));
      });
    },
  };
};
