/** What the images page and its worker tell each other. */

import type { StepRecord } from "tsgan/train";
import type { ImagesFacts } from "./by-data.ts";
import type { GeneratorFacts } from "./generator-file.ts";
import type { Frame } from "./history.ts";
import type { ImageShape, Pixels } from "./pixels.ts";

/** Images to train on: bytes, NCHW. */
export interface TrainingData {
  readonly name: string;
  readonly shape: ImageShape;
  readonly pixels: Uint8Array;
  /** A class for each image, and the names of the classes. */
  readonly labels?: Int32Array;
  readonly classes?: readonly string[];
}

export interface NamedFile {
  /** What errors call it. */
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface RunFacts extends GeneratorFacts {
  readonly step: number;
  /** Numbers that are trained. */
  readonly parameters: { readonly generator: number; readonly discriminator: number };
  readonly images: ImagesFacts;
  /** Some images of the data. */
  readonly real: Pixels;
}

/** Which generator is meant. */
export type Origin = "run" | "file";

export type ImagesEvent =
  | {
      readonly kind: "trained";
      /** Iterations that are new since the event before. */
      readonly records: readonly StepRecord[];
      /** Iterations a second, with all that is done between them, over the last 30; undefined before there are two. */
      readonly rate: number | undefined;
    }
  | ({ readonly kind: "sampled" } & Frame)
  | { readonly kind: "saved"; readonly step: number; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: "failed"; readonly message: string };
