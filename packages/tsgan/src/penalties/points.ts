/** Where gradient penalties look at the critic, and the slope that they find there. */
import { integer, number } from "../define/index.ts";
import {
  add,
  exampleNorm,
  grad,
  mean,
  mul,
  sqrt,
  stopGradient,
  sub,
  sum,
  sumSquares,
  type Tensor,
  variance,
} from "../graph/index.ts";
import type { PenaltyInputs } from "./penalty.ts";

/** `perturbed`: real points with noise, as in DRAGAN. */
export const pointKinds = ["interpolates", "perturbed", "real", "fake"] as const;
export type Points = (typeof pointKinds)[number];

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
const pointsAt = (kind: Points, inputs: PenaltyInputs): Tensor => {
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
 * g = ∇ₓ D(x) at the points, in their shape. For a score map it is the gradient of the sum of an example's scores, for a loss
 * with a witness that of the witness. The critic's scores are taken as they are, before any sigmoid.
 */
const inputGradients = (kind: Points, inputs: PenaltyInputs): Tensor => {
  const points = pointsAt(kind, inputs);
  const values = inputs.witness?.(points) ?? inputs.critic(points);
  return grad(sum(values), [points])[0];
};

const NORM_EPSILON = 1e-12;

/** n = √(Σ g² + 1e-12) of each example, [N]: the root's derivative stays finite where the critic is flat. */
export const slopes = (at: Points, inputs: PenaltyInputs): Tensor =>
  exampleNorm(inputGradients(at, inputs), NORM_EPSILON);

/** Mean over the batch of Σ g². */
export const meanSquaredSlope = (at: Points, inputs: PenaltyInputs): Tensor =>
  mean(sumSquares(inputGradients(at, inputs)));

export const SLOPE = "g = ∇ₓD(x) of one example, n = √(Σg² + 1e-12); E: batch mean";
export const INTERPOLATES = `${SLOPE}; x̂ = ε x + (1 − ε) G(z), ε ~ U[0, 1) for each example`;

/** The weight of a penalty, by default in the range that the study of Lucic et al. 2018 searches for λ. */
export const weightOf = (
  usual: number,
  symbol: string,
  search: { readonly low: number; readonly high: number } = { low: 0.1, high: 100 },
) =>
  number({
    default: usual,
    least: 0,
    means: "weight of the penalty",
    symbol,
    search: { ...search, log: true },
  });

/** From one step with the penalty to the next. */
export const every = (usual = 1) =>
  integer({
    default: usual,
    least: 1,
    means: "acts in every n-th step of the critic, with n times its value",
    symbol: "n",
  });
