import { choice } from "../define/index.ts";
import {
  add,
  constant,
  matmul,
  mul,
  reshape,
  sizeOf,
  square,
  sub,
  sum,
  type Tensor,
} from "../graph/index.ts";
import { definePenalty } from "./penalty.ts";
import { weightOf } from "./points.ts";

const identity = (n: number): Tensor =>
  constant(
    Float32Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0)),
    [n, n],
  );

/**
 * Orthogonal regularisation: β Σ ‖W Wᵀ − I‖²_F over the critic's weights W, as [out, rest]; off the diagonal only,
 * β Σ ‖W Wᵀ ⊙ (1 − I)‖²_F, it leaves the lengths of the rows free.
 * Brock et al. 2017, arXiv:1609.07093; Brock et al. 2019, arXiv:1809.11096, eq. 3 (on columns, for the generator).
 */
export const orthogonal = definePenalty({
  name: "orthogonal",
  title: "orthogonal regularisation",
  options: {
    weight: weightOf(1e-4, "β", { low: 1e-6, high: 1e-2 }),
    form: choice(["full", "off-diagonal"], {
      default: "full",
      means: "rows of unit length, orthogonal to each other; or orthogonal, of any length",
    }),
  },
  formulas: [
    {
      of: "penalty",
      text: "β Σ ‖W Wᵀ − I‖²; off-diagonal: β Σ ‖W Wᵀ ⊙ (1 − I)‖²",
      latex: "\\beta\\sum\\lVert W W^\\top - I\\rVert_F^2",
    },
  ],
  symbols: "W: each weight matrix or filter of the critic, as [out, rest]",
  papers: [
    {
      authors: "Brock et al.",
      year: 2017,
      title: "Neural photo editing with introspective adversarial networks",
      arxiv: "1609.07093",
    },
    {
      authors: "Brock, Donahue, Simonyan",
      year: 2019,
      title: "Large scale GAN training for high fidelity natural image synthesis",
      arxiv: "1809.11096",
      where: "eq. 3",
    },
  ],
  approximates: "layers that keep lengths (full) or do not repeat themselves (off-diagonal)",
  failure: "layers with more outputs than inputs cannot reach zero",
  create: ({ weight, form }) => {
    const ofWeight = (w: Tensor): Tensor => {
      const matrix = reshape(w, [w.shape[0], sizeOf(w.shape) / w.shape[0]]);
      const gram = matmul(matrix, matrix, { transposeB: true });
      const unit = identity(w.shape[0]);
      return sum(square(form === "full" ? sub(gram, unit) : mul(gram, sub(1, unit))));
    };
    return { penalty: ({ weights }) => mul(weights.map(ofWeight).reduce(add), weight) };
  },
});
