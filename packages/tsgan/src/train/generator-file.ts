/** A generator from an ONNX file, as `tsgan train` and `tsgan export` write it. */
import { RunError, UsageError } from "../errors.ts";
import { latentFill, setCategories } from "../game/index.ts";
import { describeOnnx, elementTypes, type OnnxDescription, sizeOf } from "../graph/index.ts";
import { type Latent, type LatentPart, latentDistributions } from "../models/index.ts";
import { checkInteger, checkRoom } from "../options.ts";
import { randomStream } from "../random/index.ts";
import { type CompileOptions, loadModel } from "../runtime/index.ts";

export interface GeneratorFacts {
  readonly latent: Latent;
  /** Shape of one example: [channels, height, width] of an image, [2] of a point. */
  readonly shape: readonly number[];
  /** Whether it takes a label. */
  readonly labelled: boolean;
  /** How many classes it knows; undefined where it takes no label, or does not say. */
  readonly classes: number | undefined;
  /** Their names, where it says them. */
  readonly classNames: readonly string[] | undefined;
}

/** Examples of a generator, and the classes that they were asked to be of. */
export interface Generated {
  readonly examples: Float32Array;
  readonly labels?: Int32Array;
}

export interface Generator {
  readonly facts: GeneratorFacts;
  /** Examples [count, …shape] of latent vectors [count, latent size] and labels [count]; images in [−1, 1]. */
  generate(z: Float32Array, labels: Int32Array): Promise<Float32Array>;
  /** Examples of latent vectors that `tsgan sample --seed` takes, too; all classes in turn. */
  sample(count: number, seed: number): Promise<Generated>;
  dispose(): Promise<void>;
}

const INT32 = 6;
/** Examples made at a time. */
const BATCH = 64;

const isPart = (value: unknown): value is LatentPart => {
  const { size, distribution } = (value ?? {}) as Partial<LatentPart>;
  return (
    Number.isSafeInteger(size) && [...latentDistributions, "one-hot"].some((name) => name === distribution)
  );
};

const parsed = (text: string | undefined): unknown => {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    // What is no JSON is none of what is looked for.
    return undefined;
  }
};

/** What the file says of its latent vectors; normal where it says nothing. */
const latentOf = (
  file: string,
  size: number,
  { latentDistribution, latentParts }: OnnxDescription["metadata"],
): Latent => {
  const known = latentDistributions.find((name) => name === latentDistribution);
  const distribution = known ?? "normal";
  if (latentParts === undefined) return { size, distribution };
  const parts = parsed(latentParts);
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
      `${file}: expected ${expected}; got ${got}; choose the generator.onnx of a run, or make one of that of others: tsgan import`,
    );
  };
  const listed = (names: readonly string[]): string => names.join(", ") || "none";
  const names = inputs.map(({ name }) => name);
  if (names.includes("source")) {
    refuse("a generator from noise", "one that translates images, which `tsgan translate` runs");
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
  const count = label !== undefined && Number.isSafeInteger(classes) && classes > 0 ? classes : undefined;
  const named = parsed(metadata.classNames);
  const isNamed =
    Array.isArray(named) && named.length === count && named.every((name) => typeof name === "string");
  return {
    latent: latentOf(file, size, metadata),
    labelled: label !== undefined,
    classes: count,
    classNames: isNamed ? named : undefined,
  };
};

/**
 * Opens a generator that was exported: what it makes is known without the run that it comes from.
 *
 * @param bytes the file generator.onnx
 * @param file what errors call it
 * @throws RunError for a model that is no generator, or cannot be run
 * @example
 * ```ts
 * import { data, gan, openGenerator } from "tsgan";
 *
 * const run = gan({ data: data.ring() });
 * await run.train({ steps: 5 });
 * const generator = await openGenerator(await run.export(), "generator.onnx"); // or the bytes of such a file
 * const { examples } = await generator.sample(100, 1);
 * console.log(generator.facts.shape, examples.length); // [2], 200
 * await generator.dispose();
 * await run.dispose();
 * ```
 */
export const openGenerator = async (
  bytes: Uint8Array,
  file: string,
  options: Omit<CompileOptions, "state"> = {},
): Promise<Generator> => {
  const facts = readFacts(bytes, file);
  const { latent, labelled, classes } = facts;
  const model = await loadModel(bytes, file, options);
  const run = async (z: Float32Array, labels: Int32Array) => {
    const count = z.length / latent.size;
    const { image } = await model.run({
      z: { data: z, shape: [count, latent.size] },
      ...(labelled && { label: { data: labels, shape: [count] } }),
    });
    return image;
  };
  try {
    // Two, so that a model of a fixed batch size shows.
    const { shape } = await run(new Float32Array(2 * latent.size), new Int32Array(2));
    const example = shape.slice(1);
    const isImage = example.length === 3 && (example[0] === 1 || example[0] === 3);
    if (!isImage && example.length !== 1) {
      throw new RunError(
        `${file}: expected a generator of images [batch, 1 or 3, height, width], or of points [batch, n]; got one of [${["batch", ...example].join(", ")}]`,
      );
    }
    const numbers = sizeOf(example);
    return {
      facts: { ...facts, shape: example },
      generate: async (z, labels) => (await run(z, labels)).data as Float32Array,
      async sample(count, seed) {
        checkInteger(file, "count", count, 1);
        checkRoom(file, `${count} examples`, count * Math.max(latent.size, numbers), "take fewer");
        if (labelled && classes === undefined) {
          throw new UsageError(
            `${file}: it takes labels, but does not say of how many classes; export it anew`,
          );
        }
        const z = new Float32Array(count * latent.size);
        latentFill(latent, randomStream(seed, "sample/latent"), z);
        setCategories(latent, z, (i) => i);
        const labels = Int32Array.from({ length: count }, (_, i) => i % (classes ?? 1));
        const examples = new Float32Array(count * numbers);
        for (let start = 0; start < count; start += BATCH) {
          const end = Math.min(start + BATCH, count);
          const some = await run(z.slice(start * latent.size, end * latent.size), labels.slice(start, end));
          examples.set(some.data as Float32Array, start * numbers);
        }
        return { examples, ...(labelled && { labels }) };
      },
      dispose: () => model.dispose(),
    };
  } catch (error) {
    await model.dispose();
    throw error;
  }
};
