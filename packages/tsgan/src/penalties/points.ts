/** Where gradient penalties look at the critic, and the slope that they find there. */
import { add, grad, mul, sqrt, stopGradient, sub, sum, type Tensor, variance } from "../graph/index.ts";
import type { PenaltyInputs } from "./penalty.ts";

/** `perturbed`: real points with noise, as in DRAGAN. */
export type Points = "interpolates" | "perturbed" | "real" | "fake";

export const pointKinds: readonly Points[] = ["interpolates", "perturbed", "real", "fake"];

/** x̂ = ε · real + (1 − ε) · fake with one ε ~ U[0, 1) for each example (Gulrajani et al. 2017, algorithm 1). */
const interpolates = ({ real, fake, random }: PenaltyInputs): Tensor => {
  const epsilon = random(
    "uniform",
    real.shape.map((n, i) => (i === 0 ? n : 1)),
  );
  return add(mul(real, epsilon), mul(fake, sub(1, epsilon)));
};

/** real + ½ std(real) · U[0, 1), std one number: the population deviation over the whole batch. */
const perturbed = ({ real, random }: PenaltyInputs): Tensor =>
  add(real, mul(random("uniform", real.shape), mul(sqrt(variance(real)), 0.5)));

/** The points themselves: constants, so that penalties train the critic only. */
export const pointsAt = (kind: Points, inputs: PenaltyInputs): Tensor => {
  switch (kind) {
    case "interpolates":
      return stopGradient(interpolates(inputs));
    case "perturbed":
      return stopGradient(perturbed(inputs));
    case "real":
      return stopGradient(inputs.real);
    case "fake":
      return stopGradient(inputs.fake);
  }
};

/**
 * ∇ₓ D(x) at the points, in their shape. For a score map it is the gradient of the sum of an example's scores, for a loss
 * with a witness that of the witness.
 */
export const inputGradients = (kind: Points, inputs: PenaltyInputs): Tensor => {
  const points = pointsAt(kind, inputs);
  const values = inputs.witness?.(points) ?? inputs.critic(points);
  return grad(sum(values), [points])[0];
};
