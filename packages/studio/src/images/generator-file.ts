/** A generator from an ONNX file, as `tsgan train` and `tsgan export` write it. */
import { RunError } from "tsgan";
import { describeOnnx, elementTypes, type OnnxDescription } from "tsgan/graph";
import type { Latent, LatentDistribution, LatentPart } from "tsgan/models";
import { type Device, loadModel } from "tsgan/runtime";
import type { ImageShape } from "./pixels.ts";

export interface GeneratorFacts {
  readonly latent: Latent;
  readonly shape: ImageShape;
  /** Whether it takes a label. */
  readonly labelled: boolean;
  /** How many classes it knows; undefined where it takes no label, or does not say. */
  readonly classes: number | undefined;
}

export interface Generator {
  readonly facts: GeneratorFacts;
  /** Images [count, …shape] in [−1, 1] of latent vectors [count, latent size] and labels [count]. */
  generate(z: Float32Array, labels: Int32Array): Promise<Float32Array>;
  dispose(): Promise<void>;
}

const INT32 = 6;

const distributions = [
  "normal",
  "uniform",
  "unit-uniform",
  "uniform-01",
] as const satisfies readonly LatentDistribution[];

const isPart = (value: unknown): value is LatentPart => {
  const { size, distribution } = (value ?? {}) as Partial<LatentPart>;
  return Number.isSafeInteger(size) && [...distributions, "one-hot"].some((name) => name === distribution);
};

/** What the file says of its latent vectors; normal where it says nothing. */
const latentOf = (
  file: string,
  size: number,
  { latentDistribution, latentParts }: OnnxDescription["metadata"],
): Latent => {
  const known = distributions.find((name) => name === latentDistribution);
  const distribution = known ?? "normal";
  if (latentParts === undefined) return { size, distribution };
  let parts: unknown;
  try {
    parts = JSON.parse(latentParts);
  } catch {
    // The same sentence as for other text that is no list of parts.
  }
  if (
    !Array.isArray(parts) ||
    !parts.every(isPart) ||
    parts.reduce((sum, part) => sum + part.size, 0) !== size
  ) {
    throw new RunError(`${file}: expected latentParts that make up ${size} numbers; got ${latentParts}`);
  }
  return { size, distribution, parts };
};

/** Checks what the file takes and gives before ONNX Runtime sees it. */
const readFacts = (bytes: Uint8Array, file: string): Omit<GeneratorFacts, "shape"> => {
  const { inputs, outputs, metadata } = describeOnnx(bytes, file);
  const refuse = (expected: string, got: string): never => {
    throw new RunError(
      `${file}: expected ${expected}; got ${got}; choose the generator.onnx of a run on images`,
    );
  };
  const listed = (names: readonly string[]): string => names.join(", ") || "none";
  const names = inputs.map(({ name }) => name);
  if (names.includes("source")) {
    refuse("a generator of images from noise", "one that translates images, which `tsgan sample` runs");
  }
  const z = inputs.find(({ name }) => name === "z");
  const label = inputs.find(({ name }) => name === "label");
  if (z === undefined || names.length > (label === undefined ? 1 : 2)) {
    refuse("the inputs z and, of a conditional generator, label", listed(names));
  }
  const size = z?.shape.length === 2 ? z.shape[1] : undefined;
  if (z?.type !== elementTypes.float32 || size === undefined) {
    return refuse(
      "an input z of float32 [batch, latent size]",
      `[${z?.shape.map((n) => n ?? "?").join(",")}]`,
    );
  }
  if (label !== undefined && (label.type !== INT32 || label.shape.length !== 1)) {
    refuse("an input label of int32 [batch]", `[${label.shape.map((n) => n ?? "?").join(",")}]`);
  }
  if (!outputs.includes("image")) refuse("an output image", listed(outputs));
  const classes = Number(metadata.classes);
  return {
    latent: latentOf(file, size, metadata),
    labelled: label !== undefined,
    classes: Number.isSafeInteger(classes) && classes > 0 ? classes : undefined,
  };
};

/** @param file what errors call it */
export const openGenerator = async (
  bytes: Uint8Array,
  file: string,
  device: Device,
  threads: number,
): Promise<Generator> => {
  const facts = readFacts(bytes, file);
  const model = await loadModel(bytes, file, { device, threads });
  const run = async (z: Float32Array, labels: Int32Array) => {
    const count = z.length / facts.latent.size;
    const { image } = await model.run({
      z: { data: z, shape: [count, facts.latent.size] },
      ...(facts.labelled && { label: { data: labels, shape: [count] } }),
    });
    return image;
  };
  try {
    // Two, so that a model of a fixed batch size shows.
    const { shape } = await run(new Float32Array(2 * facts.latent.size), new Int32Array(2));
    const [, channels, height, width] = shape;
    if (shape.length !== 4 || (channels !== 1 && channels !== 3)) {
      throw new RunError(
        `${file}: expected a generator of images [batch, 1 or 3, height, width]; got one of [${["batch", ...shape.slice(1)].join(", ")}]`,
      );
    }
    return {
      facts: { ...facts, shape: [channels, height, width] },
      generate: async (z, labels) => (await run(z, labels)).data as Float32Array,
      dispose: () => model.dispose(),
    };
  } catch (error) {
    await model.dispose();
    throw error;
  }
};
