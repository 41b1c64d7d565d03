/** Sinkhorn divergence between mini-batches of embeddings, its iterations unrolled in the graph. */
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
import { checkInteger, checkNumber } from "../options.ts";
import type { AdversarialLoss } from "./loss.ts";
import { checkEmbeddings, squaredDistances } from "./pairwise.ts";
import { defineLoss } from "./scores.ts";

export interface SinkhornOptions {
  /** ε > 0, the temperature, in units of ½‖x − y‖². */
  readonly epsilon?: number;
  /** Updates of each potential. */
  readonly iterations?: number;
}

/** −ε log meanⱼ exp((hⱼ − Cᵢⱼ)/ε) for each row i, [n]. */
const softMinimum = (cost: Tensor, potential: Tensor, epsilon: number): Tensor => {
  const exponents = mul(sub(reshape(potential, [1, cost.shape[1]]), cost), 1 / epsilon);
  return mul(sub(logSumExp(exponents, 1), Math.log(cost.shape[1])), -epsilon);
};

/** OT_ε between uniform weights on two batches: the dual value, mean potential plus mean potential. */
const transportCost = (x: Tensor, y: Tensor, { epsilon, iterations }: Required<SinkhornOptions>): Tensor => {
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
export const sinkhorn = ({ epsilon = 1, iterations = 10 }: SinkhornOptions = {}): AdversarialLoss => {
  checkNumber("sinkhorn", "epsilon", epsilon, { least: Number.MIN_VALUE });
  checkInteger("sinkhorn", "iterations", iterations, 1);
  const options = { epsilon, iterations };
  const divergence = (real: Tensor, fake: Tensor): Tensor => {
    checkEmbeddings("sinkhorn", real, fake, 1);
    const self = add(transportCost(real, real, options), transportCost(fake, fake, options));
    return sub(transportCost(real, fake, options), mul(self, 0.5));
  };
  return defineLoss({
    name: "sinkhorn",
    options,
    scores: "embedding",
    relativistic: true,
    discriminator: (real, fake) => neg(divergence(real, fake)),
    generator: divergence,
  });
};
