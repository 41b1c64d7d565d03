/** What `tsgan train` was told, as it was parsed. */
import type { Fit, ImageSize } from "tsgan/data";
import type { Effort } from "tsgan/effort";

export interface TrainFlags {
  readonly effort?: Effort;
  readonly recipe?: string;
  readonly set?: readonly (readonly [path: string, value: unknown])[];
  readonly loss?: string;
  readonly model?: string;
  readonly steps?: number;
  readonly batch?: number;
  readonly seed?: number;
  readonly criticSteps?: number;
  readonly learningRate?: number;
  readonly imageSize?: ImageSize;
  readonly fit?: Fit;
  readonly labels?: string;
  readonly columns?: readonly string[];
  readonly table?: boolean;
  readonly points?: boolean;
  readonly schema?: string;
  readonly private?: Readonly<Record<string, number>>;
  readonly sampleEvery?: number;
  readonly checkpointEvery?: number;
  readonly evaluateEvery?: number;
  readonly config?: string;
  readonly use?: readonly string[];
  readonly printConfig?: boolean;
  readonly out?: string;
  readonly resume?: boolean;
  readonly tensorboard?: boolean;
  readonly install?: boolean;
  readonly device?: "cpu" | "wasm" | "webgpu" | "cuda";
  readonly threads?: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}
