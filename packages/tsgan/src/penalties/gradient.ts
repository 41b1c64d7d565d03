/**
 * Gradient penalties. g = ∇ₓ D(x) of one example, n = √(Σ g² + 1e-12) its norm: the root's derivative stays finite
 * where the critic is flat. Means are over the batch. The critic's scores are taken as they are, before any sigmoid.
 */
import {
  add,
  exampleNorm,
  mean,
  mul,
  power,
  relu,
  square,
  sub,
  sumSquares,
  type Tensor,
} from "../graph/index.ts";
import { checkChoice, checkInteger, checkNumber } from "../options.ts";
import type { Penalty, PenaltyInputs } from "./penalty.ts";
import { inputGradients, type Points, pointKinds } from "./points.ts";

const NORM_EPSILON = 1e-12;

/** n of each example, [N]. */
const slopes = (at: Points, inputs: PenaltyInputs): Tensor =>
  exampleNorm(inputGradients(at, inputs), NORM_EPSILON);

/** Mean over the batch of Σ g². */
const meanSquaredGradient = (at: Points, inputs: PenaltyInputs): Tensor =>
  mean(sumSquares(inputGradients(at, inputs)));

const checkWeight = (name: string, weight: number): void => checkNumber(name, "weight", weight, { least: 0 });

export interface GradientPenaltyOptions {
  /** λ */
  readonly weight?: number;
  /** t, the slope that is asked for. */
  readonly target?: number;
  /** `one` punishes slopes above the target only. */
  readonly sided?: "two" | "one";
  readonly at?: Points;
}

const slopePenalty = (
  name: string,
  options: Penalty["options"],
  { weight, target, sided, at }: Required<GradientPenaltyOptions>,
): Penalty => {
  checkWeight(name, weight);
  checkNumber(name, "target", target, { least: 0 });
  checkChoice(name, "sided", sided, ["two", "one"]);
  checkChoice(name, "at", at, pointKinds);
  return {
    name,
    options,
    perExample: true,
    penalty: (inputs) => {
      const excess = sub(slopes(at, inputs), target);
      return mul(mean(square(sided === "one" ? relu(excess) : excess)), weight);
    },
  };
};

/**
 * WGAN-GP: λ E(n − t)²; one-sided λ E max(0, n − t)². With t ≠ 1 this is t² times the (n/t − 1)² of TF-GAN.
 * Gulrajani et al. 2017, arXiv:1704.00028, eq. 3 and §4.
 */
export const gradientPenalty = ({
  weight = 10,
  target = 1,
  sided = "two",
  at = "interpolates",
}: GradientPenaltyOptions = {}): Penalty => {
  const options = { weight, target, sided, at };
  return slopePenalty("gradient-penalty", options, options);
};

/** WGAN-LP: λ E max(0, n − 1)² on interpolates. Petzka et al. 2018, arXiv:1709.08894. */
export const wganLp = ({ weight = 10 }: { /** λ */ readonly weight?: number } = {}): Penalty =>
  slopePenalty("wgan-lp", { weight }, { weight, target: 1, sided: "one", at: "interpolates" });

/**
 * DRAGAN: λ E(n − t)² at real points with noise, x + ½ std(x) · U[0, 1).
 *
 * The authors' code then draws a point on the segment from x to there; implementations differ.
 * Kodali et al. 2017, arXiv:1705.07215.
 */
export const dragan = ({
  weight = 10,
  target = 1,
}: {
  /** λ */ readonly weight?: number;
  readonly target?: number;
} = {}): Penalty =>
  slopePenalty("dragan", { weight, target }, { weight, target, sided: "two", at: "perturbed" });

export interface WganDivOptions {
  /** k */
  readonly weight?: number;
  /** p */
  readonly exponent?: number;
  /** Where the slope is taken: the paper's interpolates, or the samples themselves as popular code does. */
  readonly at?: "interpolates" | "real-and-fake";
}

/**
 * WGAN-div: k E nᵖ on interpolates, or k/2 (E nᵖ at real + E nᵖ at fake) at the samples.
 * Wu et al. 2018, arXiv:1712.01026.
 */
export const wganDiv = ({ weight = 2, exponent = 6, at = "interpolates" }: WganDivOptions = {}): Penalty => {
  checkWeight("wgan-div", weight);
  checkNumber("wgan-div", "exponent", exponent, { least: 1 });
  checkChoice("wgan-div", "at", at, ["interpolates", "real-and-fake"]);
  const term = (points: Points, inputs: PenaltyInputs): Tensor =>
    mean(power(slopes(points, inputs), exponent));
  return {
    name: "wgan-div",
    options: { weight, exponent, at },
    perExample: true,
    penalty: (inputs) =>
      at === "interpolates"
        ? mul(term("interpolates", inputs), weight)
        : mul(add(term("real", inputs), term("fake", inputs)), weight / 2),
  };
};

export interface WeightOption {
  /** γ or λ */
  readonly weight?: number;
}

/** R1: γ/2 E Σ g² at real samples. Mescheder et al. 2018, arXiv:1801.04406, eq. 9. */
export const r1 = ({ weight = 10 }: WeightOption = {}): Penalty => {
  checkWeight("r1", weight);
  return {
    name: "r1",
    options: { weight },
    perExample: true,
    penalty: (inputs) => mul(meanSquaredGradient("real", inputs), weight / 2),
  };
};

/** R2: γ/2 E Σ g² at generated samples. Mescheder et al. 2018, arXiv:1801.04406, eq. 10. */
export const r2 = ({ weight = 10 }: WeightOption = {}): Penalty => {
  checkWeight("r2", weight);
  return {
    name: "r2",
    options: { weight },
    perExample: true,
    penalty: (inputs) => mul(meanSquaredGradient("fake", inputs), weight / 2),
  };
};

/**
 * Lazy R1: n γ/2 E Σ g² at real samples in every n-th step, the same on average as R1 for a fraction of the time.
 * Karras et al. 2020, arXiv:1912.04958, §3.1.
 */
export const lazyR1 = ({
  weight = 10,
  every = 16,
}: {
  /** γ */ readonly weight?: number /** n */;
  readonly every?: number;
} = {}): Penalty => {
  checkWeight("lazy-r1", weight);
  checkInteger("lazy-r1", "every", every, 1);
  return {
    name: "lazy-r1",
    options: { weight, every },
    perExample: true,
    every,
    penalty: (inputs) => mul(meanSquaredGradient("real", inputs), (weight / 2) * every),
  };
};

/** GAN-0GP: λ E Σ g² on interpolates. Thanh-Tung et al. 2019, arXiv:1902.03984. */
export const zeroCentred = ({ weight = 10 }: WeightOption = {}): Penalty => {
  checkWeight("zero-centred", weight);
  return {
    name: "zero-centred",
    options: { weight },
    perExample: true,
    penalty: (inputs) => mul(meanSquaredGradient("interpolates", inputs), weight),
  };
};
