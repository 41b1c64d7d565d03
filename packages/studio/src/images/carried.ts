/** What a checkpoint of this page carries beside the state: its settings, the choice of data among them, and its curves. */
import { decodeSafetensors, encodeSafetensors } from "tsgan/train";
import { type Curves, noCurves } from "./history.ts";
import { addressFor, parseAddress, type Settings } from "./settings.ts";

const KEY = "studio";

export interface Carried {
  readonly settings: Settings;
  readonly curves: Curves;
}

const short = (value: number): number => Number(value.toPrecision(6));

/** The checkpoint with what it is to carry among its metadata: other programs pass over that. */
export const withCarried = (
  checkpoint: Uint8Array,
  { settings, curves }: Carried,
): Uint8Array<ArrayBuffer> => {
  const { tensors, metadata } = decodeSafetensors(checkpoint, "the checkpoint");
  const { digest: _, ...kept } = metadata;
  const carried = {
    settings: addressFor({ settings, device: "auto", generator: "" }).toString(),
    curves: {
      ...curves,
      discriminator: curves.discriminator.map(short),
      generator: curves.generator.map(short),
    },
  };
  return encodeSafetensors(tensors, { ...kept, [KEY]: JSON.stringify(carried) }, { digest: true });
};

const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((each) => typeof each === "number" || each === null);

const curvesFrom = (value: unknown): Curves => {
  const { step, discriminator, generator, every } = (value ?? {}) as Partial<Record<keyof Curves, unknown>>;
  const isWhole =
    isNumbers(step) &&
    isNumbers(discriminator) &&
    isNumbers(generator) &&
    discriminator.length === step.length &&
    generator.length === step.length &&
    step.every((each, i) => Number.isSafeInteger(each) && (i === 0 || each > step[i - 1])) &&
    Number.isSafeInteger(every) &&
    (every as number) >= 1;
  return isWhole ? { step, discriminator, generator, every: every as number } : noCurves;
};

/** What a checkpoint carries; undefined where it comes from elsewhere. @throws RunError for what is no checkpoint */
export const carriedBy = (bytes: Uint8Array, file: string): Carried | undefined => {
  const written = decodeSafetensors(bytes, file).metadata[KEY];
  if (written === undefined) return undefined;
  try {
    const { settings, curves } = JSON.parse(written) as Partial<Record<keyof Carried, unknown>>;
    if (typeof settings !== "string") return undefined;
    const { state, notices } = parseAddress(new URLSearchParams(settings));
    return notices.length > 0 ? undefined : { settings: state.settings, curves: curvesFrom(curves) };
  } catch {
    // By another hand: the state may still be of use.
    return undefined;
  }
};
