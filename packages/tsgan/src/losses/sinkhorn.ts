import { integer, number } from "../define/index.ts";
import {
  add,
  fill,
  logSumExp,
  mean,
  mul,
  neg,
  reshape,
  sub,
  type Tensor,
  transpose,
} from "../graph/index.ts";
import { defineLoss } from "./loss.ts";
import { checkEmbeddings, squaredDistances } from "./pairwise.ts";
import { pointModel } from "./preset-parts.ts";
import { SYMBOLS } from "./shared-facts.ts";

/** −ε log meanⱼ exp((hⱼ − Cᵢⱼ)/ε) for each row i, [n]. */
const softMinimum = (cost: Tensor, potential: Tensor, epsilon: number): Tensor => {
  const exponents = mul(sub(reshape(potential, [1, cost.shape[1]]), cost), 1 / epsilon);
  return mul(sub(logSumExp(exponents, 1), Math.log(cost.shape[1])), -epsilon);
};

/** OT_ε between uniform weights on two batches: the dual value, mean potential plus mean potential. */
const transportCost = (x: Tensor, y: Tensor, epsilon: number, iterations: number): Tensor => {
  const cost = mul(squaredDistances(x, y), 0.5);
  const turned = transpose(cost);
  let f = fill([x.shape[0]], 0);
  let g = softMinimum(turned, f, epsilon);
  for (let i = 0; i < iterations; i++) {
    f = softMinimum(cost, g, epsilon);
    g = softMinimum(turned, f, epsilon);
  }
  return add(mean(f), mean(g));
};

/**
 * Sinkhorn divergence on mini-batches: G minimises S_ε = OT_ε(r, f) − ½ OT_ε(r, r) − ½ OT_ε(f, f) of the embeddings,
 * with cost ½‖x − y‖² and entropic regularisation ε; D maximises it. Log domain, so that nothing under- or overflows.
 *
 * Scores: embeddings [N, d]. As ε → 0 it tends to ½W₂², as ε → ∞ to half the squared distance of the means. D needs a
 * constraint. Genevay et al. 2018, arXiv:1706.00292; the debiased form: Feydy et al. 2019, arXiv:1810.08278, eq. 3.
 */
export const sinkhorn = defineLoss({
  name: "sinkhorn",
  title: "Sinkhorn divergence",
  scores: "embedding",
  usesReal: true,
  options: {
    epsilon: number({
      default: 1,
      above: 0,
      means: "temperature, in units of ½‖x − y‖²",
      symbol: "ε",
      search: { low: 1e-3, high: 10, log: true },
    }),
    iterations: integer({
      default: 10,
      least: 1,
      most: 1000,
      means: "updates of each potential, unrolled in the graph",
      search: { low: 1, high: 50, log: true },
    }),
  },
  formulas: [
    { of: "discriminator", text: "−S_ε(r, f)", latex: "-S_\\varepsilon(r, f)" },
    {
      of: "generator",
      text: "S_ε(r, f) = OT_ε(r, f) − ½ OT_ε(r, r) − ½ OT_ε(f, f), cost ½‖x − y‖²",
      latex:
        "S_\\varepsilon(r, f) = \\mathrm{OT}_\\varepsilon(r, f) - \\tfrac12\\mathrm{OT}_\\varepsilon(r, r) - \\tfrac12\\mathrm{OT}_\\varepsilon(f, f)",
    },
  ],
  symbols: `${SYMBOLS}; scores are vectors; OT_ε: entropic optimal transport between the batches`,
  papers: [
    {
      authors: "Genevay, Peyré, Cuturi",
      year: 2018,
      title: "Learning generative models with Sinkhorn divergences",
      arxiv: "1706.00292",
    },
    {
      authors: "Feydy et al.",
      year: 2019,
      title: "Interpolating between optimal transport and MMD using Sinkhorn divergences",
      arxiv: "1810.08278",
      where: "eq. 3",
    },
  ],
  approximates: "½ W₂² of the embeddings for small ε, half the squared distance of their means for large ε",
  failure: "biased for small batches; too few iterations for a small ε; the feature map needs a constraint",
  presets: {
    // Spectral norm keeps the feature map from growing without end.
    sinkhorn: {
      points: {
        loss: { epsilon: 0.01 },
        penalties: [],
        batch: 64,
        model: { ...pointModel, discriminatorOutput: "embedding", spectralNorm: true },
      },
      source: "tuned on ring and grid",
    },
  },
  create: ({ epsilon, iterations }) => {
    const divergence = (real: Tensor, fake: Tensor): Tensor => {
      checkEmbeddings("sinkhorn", real, fake, 1);
      const self = add(
        transportCost(real, real, epsilon, iterations),
        transportCost(fake, fake, epsilon, iterations),
      );
      return sub(transportCost(real, fake, epsilon, iterations), mul(self, 0.5));
    };
    return { discriminator: (real, fake) => neg(divergence(real, fake)), generator: divergence };
  },
});
