/**
 * f-GAN: any f-divergence by its variational bound D_f(P‖Q) ≥ E_P T − E_Q f*(T), with T = g(v), v the score and g the
 * output activation, increasing (Nowozin et al. 2016, arXiv:1606.00709, §2–3, table 2).
 */
import {
  add,
  exp,
  mean,
  minimum,
  mul,
  neg,
  relu,
  softplus,
  square,
  sub,
  type Tensor,
  tanh,
} from "../graph/index.ts";
import { checkChoice } from "../options.ts";
import type { AdversarialLoss } from "./loss.ts";
import { defineLoss } from "./scores.ts";

/** float32 ends at e^88.7; from here on the exponential goes on along its tangent, so that sums stay finite. */
const TANGENT_FROM = 70;

/** eˣ, exact up to x = 70. */
const exponential = (x: Tensor): Tensor =>
  mul(exp(minimum(x, TANGENT_FROM)), add(1, relu(sub(x, TANGENT_FROM))));

interface FDivergence {
  /** g(v) */
  readonly activation: (v: Tensor) => Tensor;
  /** f*(g(v)), composed: f* alone would overflow or lose digits. */
  readonly conjugate: (v: Tensor) => Tensor;
}

const halfTanh = (v: Tensor): Tensor => mul(tanh(v), 0.5);

const definitions = {
  // f*(t) = exp(t − 1)
  kl: { activation: (v) => v, conjugate: (v) => exponential(sub(v, 1)) },
  // f*(t) = −1 − log(−t)
  "reverse-kl": { activation: (v) => neg(exponential(neg(v))), conjugate: (v) => sub(v, 1) },
  // f*(t) = ¼t² + t
  pearson: { activation: (v) => v, conjugate: (v) => add(mul(square(v), 0.25), v) },
  // f*(t) = t / (1 − t)
  "squared-hellinger": {
    activation: (v) => sub(1, exponential(neg(v))),
    conjugate: (v) => sub(exponential(v), 1),
  },
  // f*(t) = −log(2 − eᵗ)
  "jensen-shannon": {
    activation: (v) => sub(Math.LN2, softplus(neg(v))),
    conjugate: (v) => sub(softplus(v), Math.LN2),
  },
  // f*(t) = −log(1 − eᵗ)
  gan: { activation: (v) => neg(softplus(neg(v))), conjugate: softplus },
  // f*(t) = t, |t| ≤ ½
  "total-variation": { activation: halfTanh, conjugate: halfTanh },
} satisfies Record<string, FDivergence>;

export type FGanDivergence = keyof typeof definitions;

export const fGanDivergences = Object.keys(definitions) as FGanDivergence[];

export interface FGanOptions {
  readonly divergence: FGanDivergence;
  /** `original` minimises the bound itself (§3.1), `non-saturating` is the paper's alternative (§3.2). */
  readonly generator?: "original" | "non-saturating";
}

/**
 * f-GAN: D minimises −(E g(r) − E f*(g(f))); G minimises −E f*(g(f)) (`original`) or −E g(f) (`non-saturating`).
 *
 * Scores: unbounded, before the activation g, any shape. Minus D's loss is a lower bound of the divergence
 * D_f(P_data‖P_G). Where e^±v appears (kl, reverse-kl, squared-hellinger) it is exact for |v| ≤ 70 and its tangent
 * beyond. Nowozin et al. 2016, arXiv:1606.00709, §3.2.
 */
export const fGan = ({ divergence, generator = "original" }: FGanOptions): AdversarialLoss => {
  checkChoice("f-gan", "divergence", divergence, fGanDivergences);
  checkChoice("f-gan", "generator", generator, ["original", "non-saturating"]);
  const { activation, conjugate }: FDivergence = definitions[divergence];
  return defineLoss({
    name: `fgan-${divergence}`,
    options: { generator },
    scores: "unbounded",
    discriminator: (real, fake) => sub(mean(conjugate(fake)), mean(activation(real))),
    generator: (_real, fake) => neg(mean(generator === "original" ? conjugate(fake) : activation(fake))),
  });
};
