/** Losses of the generator beside the adversarial one that any model can be given; what one model needs, it brings itself. */
import { UsageError, unknownName } from "../errors.ts";
import type { Tensor } from "../graph/index.ts";
import { featureMatching, pullingAway } from "../losses/index.ts";
import type { DiscriminatorOutput, Term, TermContext } from "../models/index.ts";
import { checkNumber } from "../options.ts";

/** A term of a plan: weighed by `weight`, or such that its gradient by the samples is as long as the ratio says. */
export interface PlanTerm extends Term {
  readonly weight?: number;
  /** Length of its gradient as a share of that of the loss before it; see `losses.combine`. */
  readonly gradientRatio?: number;
}

const featuresOf = (term: string, { features }: DiscriminatorOutput): Tensor => {
  if (features !== undefined) return features;
  throw new UsageError(`term ${term}: the model's discriminator gives no features; choose another model`);
};

type Features = (output: DiscriminatorOutput) => Tensor;

const catalogue: Readonly<Record<string, (context: TermContext, features: Features) => Tensor>> = {
  "feature-matching": ({ realOutput, fakeOutput }, features) =>
    featureMatching(features(realOutput), features(fakeOutput)),
  "pulling-away": ({ fakeOutput }, features) => pullingAway(features(fakeOutput)),
};

export const termNames: readonly string[] = Object.keys(catalogue);

const OPTIONS = ["weight", "gradientRatio"];

/** The term of that name; without options its weight is 1. */
export const createTerm = (name: string, options: Readonly<Record<string, unknown>>): PlanTerm => {
  if (!Object.hasOwn(catalogue, name)) throw unknownName("term", name, termNames);
  const given = Object.keys(options);
  const unknown = given.find((option) => !OPTIONS.includes(option));
  if (unknown !== undefined) throw unknownName(`option of term ${name}`, unknown, OPTIONS);
  if (given.length > 1) {
    throw new UsageError(`term ${name}: give it a weight or a gradientRatio, not both`);
  }
  for (const [option, value] of Object.entries(options)) {
    checkNumber(`term ${name}`, option, value, { least: 0 });
  }
  const features: Features = (output) => featuresOf(name, output);
  return {
    name,
    generator: (context) => catalogue[name](context, features),
    ...(given.length === 0 ? { weight: 1 } : options),
  };
};
