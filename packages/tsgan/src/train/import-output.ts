/** What a generator of others gives: its layout and range, by what it made of random numbers. */
import { RunError, UsageError } from "../errors.ts";
import { finalOp } from "../graph/index.ts";

export const imageLayouts = ["channels-first", "channels-last"] as const;
export type ImageLayout = (typeof imageLayouts)[number];
export const imageRanges = ["-1..1", "0..1", "0..255"] as const;
export type ImageRange = (typeof imageRanges)[number];

/** Examples as a model gave them. */
export interface Seen {
  readonly data: Float32Array;
  /** With the batch. */
  readonly shape: readonly number[];
}

export interface RecognisedOutput {
  readonly output: {
    readonly shape: readonly number[];
    readonly channelsLast: boolean;
    readonly scale: number;
    readonly shift: number;
  };
  readonly line: string;
}

interface Said {
  readonly layout?: ImageLayout | undefined;
  readonly range?: ImageRange | undefined;
  readonly shape?: readonly number[] | undefined;
}

/** Sides from which on a row of as many numbers as a square has pixels is taken for one. */
const LEAST_SIDE = 8;
/** How far values may lie outside a range. */
const SLACK = 0.05;

/** Samples of bytes that have none as bright are not told from anything else. */
const LEAST_BYTE = 16;

/** image = scale · value + shift is in [−1, 1]. */
const mappings: Readonly<Record<ImageRange, { readonly scale: number; readonly shift: number }>> = {
  "-1..1": { scale: 1, shift: 0 },
  "0..1": { scale: 2, shift: -1 },
  "0..255": { scale: 2 / 255, shift: -1 },
};

const isColour = (side: number): boolean => side === 1 || side === 3;

/** Channels, height and width of an example, where it is an image; and whether its channels come last. */
const imageShape = (
  file: string,
  sides: readonly number[],
  { layout, shape: said }: Said,
): { readonly shape: readonly number[]; readonly channelsLast: boolean } | undefined => {
  const numbers = sides.reduce((product, side) => product * side, 1);
  if (said !== undefined) {
    if (said.length !== 3 || !isColour(said[0]) || said.reduce((a, b) => a * b, 1) !== numbers) {
      throw new UsageError(
        `${file}: expected a shape of ${numbers} numbers, channels × height × width; got ${said.join("x")}`,
      );
    }
    return { shape: said, channelsLast: layout === "channels-last" };
  }
  const wrong = (expected: string): never => {
    throw new RunError(
      `${file}: expected ${expected}; got [batch, ${sides.join(", ")}]; choose another --output, or say what it is: --shape 3x64x64`,
    );
  };
  if (sides.length === 3) {
    const [first, , last] = sides;
    const channelsLast =
      layout === undefined ? !isColour(first) && isColour(last) : layout === "channels-last";
    if (!isColour(channelsLast ? last : first)) wrong("images of 1 or 3 channels");
    return {
      shape: channelsLast ? [last, sides[0], sides[1]] : sides,
      channelsLast,
    };
  }
  if (sides.length === 2) return { shape: [1, ...sides], channelsLast: false };
  if (sides.length !== 1) wrong("images or points");
  for (const channels of [1, 3]) {
    const side = Math.sqrt(numbers / channels);
    if (Number.isInteger(side) && side >= LEAST_SIDE)
      return { shape: [channels, side, side], channelsLast: layout === "channels-last" };
  }
  return undefined;
};

/** The range that values are of, and how that is known. */
const rangeOf = (
  file: string,
  { data }: Seen,
  op: string | undefined,
  said: ImageRange | undefined,
): { readonly range: ImageRange; readonly by: string } => {
  if (said !== undefined) return { range: said, by: "as said" };
  if (op === "Tanh") return { range: "-1..1", by: "it ends in Tanh" };
  if (op === "Sigmoid") return { range: "0..1", by: "it ends in Sigmoid" };
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of data) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const by = `its samples are within ${least.toPrecision(3)} … ${most.toPrecision(3)}`;
  const within = (low: number, high: number): boolean => {
    const slack = SLACK * (high - low);
    return least >= low - slack && most <= high + slack;
  };
  if (least < -SLACK && within(-1, 1)) return { range: "-1..1", by };
  if (within(0, 1)) return { range: "0..1", by };
  if (least >= -1 && most > LEAST_BYTE && within(0, 255)) return { range: "0..255", by };
  throw new UsageError(
    `${file}: expected values in −1 … 1, 0 … 1 or 0 … 255; ${by}; say what they are: --range ${imageRanges.join(", ")}`,
  );
};

/**
 * What is to be done with an output so that it becomes images [batch, channels, height, width] in [−1, 1], or points [batch, n].
 *
 * @throws UsageError where that cannot be told
 * @throws RunError where it is neither
 */
export const outputOf = (
  file: string,
  seen: Seen,
  bytes: Uint8Array,
  output: string,
  options: Said,
): RecognisedOutput => {
  const sides = seen.shape.slice(1);
  const image = imageShape(file, sides, options);
  if (image === undefined) {
    return {
      output: { shape: sides, channelsLast: false, scale: 1, shift: 0 },
      line: `${output}, points of ${sides[0]} numbers`,
    };
  }
  const { shape, channelsLast } = image;
  const { range, by } = rangeOf(file, seen, finalOp(bytes, output, file), options.range);
  const [channels, height, width] = shape;
  const laid = channelsLast ? ", channels last" : "";
  return {
    output: { shape, channelsLast, ...mappings[range] },
    line: `${output} [batch, ${sides.join(", ")}], ${width} × ${height} pixels of ${channels === 1 ? "grey" : "colour"}${laid}, from ${range.replace("..", " … ")} (${by})`,
  };
};
