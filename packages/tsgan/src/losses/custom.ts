/** A loss of one's own. */
import { UsageError } from "../errors.ts";
import { type AdversarialLoss, defineLoss, type LossFunctions, type LossInput } from "./loss.ts";

/** What `custom` takes. */
export interface CustomLoss
  extends LossFunctions,
    Pick<LossInput<Record<never, never>>, "scores" | "alsoReads" | "usesReal"> {
  /** By default "custom". */
  readonly name?: string;
}

/**
 * A loss of two functions of scores, each minimised by the player it is named after, and the kind of scores they take.
 * `defineLoss` makes one that has options and that configurations can name.
 *
 * @throws UsageError where `discriminator` or `generator` is no function
 * @example
 * ```ts
 * import { mean, neg, sub } from "tsgan/graph";
 * import { custom } from "tsgan/losses";
 *
 * const loss = custom({
 *   scores: "unbounded",
 *   discriminator: (real, fake) => sub(mean(fake), mean(real)),
 *   generator: (_real, fake) => neg(mean(fake)),
 * });
 * ```
 */
export const custom = ({
  name = "custom",
  scores,
  alsoReads,
  usesReal,
  ...functions
}: CustomLoss): AdversarialLoss => {
  for (const part of ["discriminator", "generator"] as const) {
    if (typeof functions[part] !== "function") {
      throw new UsageError(`custom: ${part} must be a function of scores; got ${typeof functions[part]}`);
    }
  }
  return defineLoss({
    name,
    title: "a loss of one's own",
    scores,
    ...(alsoReads !== undefined && { alsoReads }),
    ...(usesReal !== undefined && { usesReal }),
    options: {},
    create: () => functions,
  })();
};
