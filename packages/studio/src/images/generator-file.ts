/** A generator of images from an ONNX file. */
import { RunError } from "tsgan";
import type { Device } from "tsgan/runtime";
import * as generators from "tsgan/train";
import type { ImageShape } from "./pixels.ts";

export interface GeneratorFacts extends generators.GeneratorFacts {
  readonly shape: ImageShape;
}

export interface Generator extends Pick<generators.Generator, "generate" | "dispose"> {
  readonly facts: GeneratorFacts;
}

/** @throws RunError for a file that is no generator of images */
export const openGenerator = async (
  bytes: Uint8Array,
  file: string,
  device: Device,
  threads: number,
): Promise<Generator> => {
  const generator = await generators.openGenerator(bytes, file, { device, threads });
  const { shape } = generator.facts;
  if (shape.length !== 3) {
    await generator.dispose();
    throw new RunError(
      `${file}: expected a generator of images [batch, 1 or 3, height, width]; got one of [batch, ${shape.join(", ")}]; choose the generator.onnx of a run on images`,
    );
  }
  const [channels, height, width] = shape;
  return { ...generator, facts: { ...generator.facts, shape: [channels, height, width] } };
};
