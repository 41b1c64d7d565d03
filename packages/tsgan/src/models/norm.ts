/** The discriminator's normalisation where it is batch norm, unless penalties look at single examples. */
import { auto, choice, type Option } from "../define/index.ts";

/** Batch norm mixes the examples of a batch, whose slopes a penalty may take one by one. */
export const discriminatorNormOption = <const Norm extends string>(
  norms: readonly Norm[],
): Option<Norm | "batch" | "none" | undefined> =>
  auto(
    choice<Norm | "batch" | "none">(norms, { default: "batch", means: "normalisation of the discriminator" }),
    "batch, or none where a penalty asks for the slope at each example",
  );

/** The norm that was asked for, or the one that suits the penalties. */
export const normOr = <Norm extends string>(
  asked: Norm | undefined,
  perExample: boolean,
): Norm | "batch" | "none" => asked ?? (perExample ? "none" : "batch");
