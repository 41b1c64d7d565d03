/** Penalties and constraints that are not about the critic's slope. */

import { UsageError } from "../errors.ts";
import {
  add,
  clip,
  constant,
  matmul,
  mean,
  mul,
  reshape,
  sizeOf,
  square,
  sub,
  sum,
  type Tensor,
} from "../graph/index.ts";
import { checkChoice, checkNumber } from "../options.ts";
import type { Penalty, PenaltyInputs } from "./penalty.ts";

/**
 * Weight clipping: after each step every parameter of the critic is clipped to [−c, c].
 * Arjovsky et al. 2017, arXiv:1701.07875, algorithm 1.
 */
export const weightClipping = ({ limit = 0.01 }: { /** c */ readonly limit?: number } = {}): Penalty => {
  checkNumber("weight-clipping", "limit", limit, { least: 0 });
  return {
    name: "weight-clipping",
    options: { limit },
    constraint: (parameters) => clip(parameters, -limit, limit),
  };
};

/** A random change of an image that leaves what it shows. */
export type Augment = (x: Tensor, random: PenaltyInputs["random"]) => Tensor;

const checkAugment = (name: string, augment: unknown): void => {
  if (typeof augment !== "function") {
    throw new UsageError(
      `${name}: augment must be a function of images; got ${typeof augment}; pass { augment }`,
    );
  }
};

/** E(D(x) − D(T(x)))² */
const inconsistency = (x: Tensor, scores: Tensor, augment: Augment, inputs: PenaltyInputs): Tensor =>
  mean(square(sub(scores, inputs.critic(augment(x, inputs.random)))));

/**
 * Consistency regularisation (CR-GAN): λ E(D(x) − D(T(x)))² at real samples x, T a random augmentation.
 * Zhang et al. 2020, arXiv:1910.12027.
 */
export const consistency = ({
  augment,
  weight = 10,
}: {
  readonly augment: Augment;
  /** λ */
  readonly weight?: number;
}): Penalty => {
  checkAugment("consistency", augment);
  checkNumber("consistency", "weight", weight, { least: 0 });
  return {
    name: "consistency",
    options: { weight },
    penalty: (inputs) => mul(inconsistency(inputs.real, inputs.realScores, augment, inputs), weight),
  };
};

/**
 * Balanced consistency regularisation (bCR): λ_real E(D(x) − D(T(x)))² at real and λ_fake E(D(x) − D(T(x)))² at
 * generated samples. Zhao et al. 2020, arXiv:2002.04724, algorithm 1.
 */
export const balancedConsistency = ({
  augment,
  realWeight = 10,
  fakeWeight = 10,
}: {
  readonly augment: Augment;
  /** λ_real */
  readonly realWeight?: number;
  /** λ_fake */
  readonly fakeWeight?: number;
}): Penalty => {
  checkAugment("balanced-consistency", augment);
  checkNumber("balanced-consistency", "realWeight", realWeight, { least: 0 });
  checkNumber("balanced-consistency", "fakeWeight", fakeWeight, { least: 0 });
  return {
    name: "balanced-consistency",
    options: { realWeight, fakeWeight },
    penalty: (inputs) =>
      add(
        mul(inconsistency(inputs.real, inputs.realScores, augment, inputs), realWeight),
        mul(inconsistency(inputs.fake, inputs.fakeScores, augment, inputs), fakeWeight),
      ),
  };
};

const identity = (n: number): Tensor =>
  constant(
    Float32Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0)),
    [n, n],
  );

export interface OrthogonalOptions {
  /** β */
  readonly weight?: number;
  /** `full`: rows of unit length, orthogonal to each other. `off-diagonal`: orthogonal, of any length. */
  readonly form?: "full" | "off-diagonal";
}

/**
 * Orthogonal regularisation: β Σ ‖W Wᵀ − I‖²_F over the critic's weights W, as [out, rest]; off the diagonal only,
 * β Σ ‖W Wᵀ ⊙ (1 − I)‖²_F, it leaves the lengths of the rows free.
 * Brock et al. 2017, arXiv:1609.07093; Brock et al. 2019, arXiv:1809.11096, eq. 3 (on columns, for the generator).
 */
export const orthogonal = ({ weight = 1e-4, form = "full" }: OrthogonalOptions = {}): Penalty => {
  checkNumber("orthogonal", "weight", weight, { least: 0 });
  checkChoice("orthogonal", "form", form, ["full", "off-diagonal"]);
  const term = (w: Tensor): Tensor => {
    const matrix = reshape(w, [w.shape[0], sizeOf(w.shape) / w.shape[0]]);
    const gram = matmul(matrix, matrix, { transposeB: true });
    const unit = identity(w.shape[0]);
    return sum(square(form === "full" ? sub(gram, unit) : mul(gram, sub(1, unit))));
  };
  return {
    name: "orthogonal",
    options: { weight, form },
    penalty: ({ weights }) => mul(weights.map(term).reduce(add), weight),
  };
};

/**
 * Consensus optimisation: γ/2 Σ v², v all derivatives of both players' losses with respect to their own parameters.
 * It is added to the loss of each player. Mescheder et al. 2017, arXiv:1705.10461.
 */
export const consensus = (gradients: readonly Tensor[], weight: number): Tensor => {
  checkNumber("consensus", "weight", weight, { least: 0 });
  return mul(gradients.map((g) => sum(square(g))).reduce(add), weight / 2);
};
