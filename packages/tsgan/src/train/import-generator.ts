/** Generators of others, from ONNX files, as generators of tsgan: what they take and give is recognised, or said. */
import { RunError, UsageError, unknownName } from "../errors.ts";
import { latentFill } from "../game/index.ts";
import {
  type Adaptation,
  type AdaptedInput,
  adaptOnnx,
  describeOnnx,
  elementTypeName,
  elementTypes,
  gatheredRows,
  largestTensor,
  type OnnxInput,
  sizeOf,
} from "../graph/index.ts";
import { type LatentDistribution, latentDistributions } from "../models/index.ts";
import { checkChoice, checkInteger } from "../options.ts";
import { randomStream } from "../random/index.ts";
import { type CompileOptions, loadModel } from "../runtime/index.ts";
import { type GeneratorFacts, openGenerator } from "./generator-file.ts";
import { type ImageLayout, type ImageRange, outputOf, type Seen } from "./import-output.ts";

export interface ImportOptions extends Omit<CompileOptions, "state"> {
  /** Inputs that are drawn at random; the one that is no class and not `set`, without. */
  readonly latents?: readonly string[] | undefined;
  /** Numbers of a latent input whose size the model leaves open. */
  readonly latentSize?: number | undefined;
  /** What latent numbers are drawn from; normal without. */
  readonly distribution?: LatentDistribution | undefined;
  /** The input that says the class. */
  readonly label?: string | undefined;
  /** How many classes there are, or their names. */
  readonly classes?: number | readonly string[] | undefined;
  /** Inputs that are always the same, such as a truncation of 0.7. */
  readonly set?: Readonly<Record<string, number>> | undefined;
  /** The output that is taken. */
  readonly output?: string | undefined;
  readonly layout?: ImageLayout | undefined;
  readonly range?: ImageRange | undefined;
  /** Shape of an image in an output of rows: [channels, height, width]. */
  readonly shape?: readonly number[] | undefined;
}

export interface ImportedGenerator {
  /** The model with input z, where it is conditional label, and output image. */
  readonly bytes: Uint8Array;
  readonly facts: GeneratorFacts;
  /** What was recognised and what assumed, a line each. */
  readonly lines: readonly string[];
}

/** Numbers of a tensor, at most: 1 GiB of float32. */
const MOST_NUMBERS = 2 ** 28;
/** Examples that are looked at, so many at a time. */
const LOOKED_AT = 32;
const TOGETHER = 8;
/** How far examples of a batch may be from those made alone, as a share of the largest number. */
const SAME = 1e-3;

const { float32, float16, float64, int32, int64 } = elementTypes;
const FLOATS: readonly number[] = [float32, float16, float64];
const INTEGERS: readonly number[] = [int32, int64];
const CLASS_NAME = /label|class|cond|one.?hot|^[cy]$/i;

const shapeText = (shape: readonly (number | undefined)[]): string =>
  `[${shape.map((side) => side ?? "?").join(", ")}]`;
const inputText = ({ name, type, shape }: OnnxInput): string =>
  `${name} ${elementTypeName(type)} ${shapeText(shape)}`;

/** Inputs by what they are for. */
interface Roles {
  readonly latents: readonly OnnxInput[];
  readonly label: OnnxInput | undefined;
  readonly set: readonly OnnxInput[];
}

const rolesOf = (file: string, inputs: readonly OnnxInput[], options: ImportOptions): Roles => {
  const names = inputs.map(({ name }) => name);
  const named = (name: string): OnnxInput => {
    const found = inputs.find((input) => input.name === name);
    if (found === undefined) throw unknownName(`input of ${file}`, name, names);
    return found;
  };
  const set = Object.keys(options.set ?? {}).map(named);
  const free = inputs.filter((input) => !set.includes(input) && !options.latents?.includes(input.name));
  const isClass = ({ name, type, shape }: OnnxInput): boolean =>
    INTEGERS.includes(type)
      ? shape.length <= 2
      : CLASS_NAME.test(name) && free.length + (options.latents?.length ?? 0) > 1;
  const label = options.label === undefined ? free.find(isClass) : named(options.label);
  const rest = free.filter((input) => input !== label);
  const latents =
    options.latents?.map(named) ??
    rest.filter(({ type, shape }) => FLOATS.includes(type) && shape.length !== 1).slice(0, 1);
  const left = rest.filter((input) => !latents.includes(input));
  if (left.length > 0) {
    throw new UsageError(
      `${file}: expected to know what each input is for; got ${left.map(inputText).join("; ")}; give a number for it, such as ` +
        `--set ${left[0].name}=1, or draw it at random, too: --latents ${[...latents, left[0]].map(({ name }) => name).join(",")}`,
    );
  }
  if (latents.length === 0) {
    throw new RunError(
      `${file}: expected a generator from random numbers, an input of float32 [batch, latent]; got ${inputs.map(inputText).join("; ") || "none"}`,
    );
  }
  return { latents, label, set };
};

const latentOf = (file: string, input: OnnxInput, size: number | undefined): AdaptedInput => {
  const { name, type, shape } = input;
  const sides = shape.length === 0 ? [undefined] : shape.slice(1);
  if (
    sides.length === 3 &&
    [1, 3].includes(sides[0] ?? 0) &&
    sides.slice(1).every((side) => (side ?? 0) >= 8)
  ) {
    throw new RunError(
      `${file}: expected a generator from random numbers; got one from images, ${inputText(input)}`,
    );
  }
  const open = sides.filter((side) => side === undefined).length;
  const known = sides.reduce<number>((product, side) => product * (side ?? 1), 1);
  if (open > 0 && (size === undefined || open > 1 || size % known !== 0)) {
    throw new UsageError(
      `${file}: expected an input ${name} of known size; got ${shapeText(shape)}; say how many numbers it takes: --latent-size 100`,
    );
  }
  return { name, type, shape: sides.map((side) => side ?? (size as number) / known) };
};

interface Label {
  readonly input: NonNullable<Adaptation["label"]>;
  readonly names: readonly string[] | undefined;
  /** How it is known how many classes there are. */
  readonly by: string;
}

const labelOf = (
  file: string,
  input: OnnxInput,
  bytes: Uint8Array,
  metadata: Readonly<Record<string, string>>,
  { classes }: ImportOptions,
): Label => {
  const { name, type, shape } = input;
  const names = typeof classes === "object" ? classes : undefined;
  const said = names?.length ?? (classes as number | undefined);
  if (said !== undefined) checkInteger(file, "classes", said, 1);
  const sides = shape.slice(1);
  const last = sides.at(-1);
  const oneHot = FLOATS.includes(type) || (last !== undefined && last > 1);
  const written = oneHot
    ? last
    : (gatheredRows(bytes, name, file) ?? (Number(metadata.classes) || undefined));
  const count = said ?? written;
  if (count === undefined) {
    throw new UsageError(
      `${file}: expected to know how many classes there are; got ${inputText(input)}; say it: --classes 10`,
    );
  }
  if (oneHot && last !== undefined && last !== count) {
    throw new UsageError(`${file}: expected ${last} classes, as ${inputText(input)} has; got ${count}`);
  }
  const known = sides.map((side, i) => side ?? (oneHot && i === sides.length - 1 ? count : 1));
  return {
    input: { name, type, shape: known, oneHot, classes: count },
    names,
    by: said !== undefined ? "as said" : oneHot ? "its size" : "the rows of its table",
  };
};

/** Random numbers of a distribution, for looking at what a model makes of them. */
const drawn = (distribution: LatentDistribution, size: number): Float32Array => {
  const values = new Float32Array(size);
  latentFill({ size, distribution }, randomStream(1, "import/latent"), values);
  return values;
};

/** Runs a model that was adapted. */
const openAdapted = async (
  bytes: Uint8Array,
  plan: Adaptation,
  file: string,
  options: Omit<CompileOptions, "state">,
) => {
  const model = await loadModel(adaptOnnx(bytes, plan, file), file, options);
  const size = plan.latents.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return {
    size,
    dispose: () => model.dispose(),
    run: async (z: Float32Array, from: number): Promise<Seen> => {
      const count = z.length / size;
      const label = Int32Array.from({ length: count }, (_, i) => (from + i) % (plan.label?.classes ?? 1));
      const { image } = await model.run({
        z: { data: z, shape: [count, size] },
        ...(plan.label && { label: { data: label, shape: [count] } }),
      });
      return { data: image.data as Float32Array, shape: image.shape };
    },
  };
};

/** Where a batch of two is what two are that are made alone: whether it is, or why it cannot be made. */
const batches = async (
  bytes: Uint8Array,
  plan: Adaptation,
  file: string,
  distribution: LatentDistribution,
  options: Omit<CompileOptions, "state">,
): Promise<"same" | "other" | RunError> => {
  let model: Awaited<ReturnType<typeof openAdapted>> | undefined;
  try {
    model = await openAdapted(bytes, plan, file, options);
    const { size, run } = model;
    const z = drawn(distribution, 2 * size);
    const both = await run(z, 0);
    if (both.shape[0] !== 2)
      return new RunError(`${file}: two examples give an output of ${shapeText(both.shape)}`);
    const alone = [await run(z.slice(0, size), 0), await run(z.slice(size), 1)].flatMap(({ data }) => [
      ...data,
    ]);
    const largest = alone.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    return both.data.every((value, i) => Math.abs(value - alone[i]) <= SAME * largest) ? "same" : "other";
  } catch (error) {
    if (error instanceof RunError) return error;
    throw error;
  } finally {
    await model?.dispose();
  }
};

/** Examples of a model, as it gives them. */
const look = async (
  bytes: Uint8Array,
  plan: Adaptation,
  file: string,
  distribution: LatentDistribution,
  options: Omit<CompileOptions, "state">,
): Promise<Seen> => {
  const model = await openAdapted(bytes, plan, file, options);
  try {
    const z = drawn(distribution, LOOKED_AT * model.size);
    const together = TOGETHER * model.size;
    const parts: Seen[] = [];
    for (let at = 0; at < z.length; at += together) {
      const part = await model.run(z.slice(at, at + together), at / model.size);
      // One by one, each has a batch of its own.
      const shape = plan.oneByOne ? [part.shape[0], ...part.shape.slice(2)] : part.shape;
      if (sizeOf(shape) > MOST_NUMBERS / (LOOKED_AT / TOGETHER)) {
        throw new RunError(`${file}: expected examples of less than 128 MiB; got ${shapeText(shape)}`);
      }
      parts.push({ data: part.data, shape });
    }
    const data = new Float32Array(parts.reduce((sum, part) => sum + part.data.length, 0));
    let at = 0;
    for (const part of parts) {
      data.set(part.data, at);
      at += part.data.length;
    }
    if (!data.every(Number.isFinite)) {
      throw new RunError(
        `${file}: expected finite numbers; it gives others for random input; look at what it takes`,
      );
    }
    return { data, shape: [LOOKED_AT, ...parts[0].shape.slice(1)] };
  } finally {
    await model.dispose();
  }
};

const chosenOutput = (file: string, outputs: readonly string[], asked: string | undefined): string => {
  if (asked !== undefined && !outputs.includes(asked)) throw unknownName(`output of ${file}`, asked, outputs);
  const [first, second] = outputs;
  const guess = outputs.find((name) => /image|img|sample|fake|^output$/i.test(name));
  const name = asked ?? (second === undefined ? first : guess);
  if (name !== undefined) return name;
  throw new UsageError(
    `${file}: expected to know which output to take; got ${outputs.join(", ")}; say it: --output ${first}`,
  );
};

/**
 * Makes a generator of tsgan of one that others have trained and exported. What it takes and gives is recognised by names, types,
 * shapes and what it makes of random numbers; what cannot be recognised is an error that says how to say it.
 *
 * @param bytes an ONNX model, with its weights
 * @param file what errors call the model
 * @param options what is meant where it cannot be recognised
 * @throws UsageError where something must be said
 * @throws RunError for what is no generator, or cannot be run
 */
export const importGenerator = async (
  bytes: Uint8Array,
  file: string,
  options: ImportOptions = {},
): Promise<ImportedGenerator> => {
  const { distribution = "normal", device, threads } = options;
  checkChoice(file, "distribution", distribution, latentDistributions);
  const run = { ...(device && { device }), ...(threads !== undefined && { threads }) };
  const { inputs, outputs, metadata } = describeOnnx(bytes, file);
  const largest = largestTensor(bytes, file);
  if (largest.numbers > MOST_NUMBERS) {
    throw new RunError(
      `${file}: expected tensors of at most 1 GiB; got ${largest.name} of ${largest.numbers} numbers; use a smaller model`,
    );
  }
  const roles = rolesOf(file, inputs, options);
  const latents = roles.latents.map((input) => latentOf(file, input, options.latentSize));
  const label = roles.label && labelOf(file, roles.label, bytes, metadata, options);
  const set = roles.set.map(({ name, type, shape }) => ({
    name,
    type,
    shape: shape.map((side) => side ?? 1),
    value: options.set?.[name] as number,
  }));
  const output = chosenOutput(file, outputs, options.output);
  const plan: Adaptation = {
    latents,
    ...(label && { label: label.input }),
    set,
    output: { name: output },
    oneByOne: false,
  };

  // Its nodes may count on it.
  const isOfOne = roles.latents.some(({ shape }) => shape[0] === 1);
  const found = isOfOne ? undefined : await batches(bytes, plan, file, distribution, run);
  const oneByOne = isOfOne || found instanceof RunError;
  const seen = await look(bytes, { ...plan, oneByOne }, file, distribution, run).catch((error: unknown) => {
    // It is the first reason that helps.
    throw found instanceof RunError ? found : error;
  });
  const made = outputOf(file, seen, bytes, output, options);
  const sizes = latents.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const adapted = adaptOnnx(
    bytes,
    {
      ...plan,
      oneByOne,
      output: { name: output, ...made.output },
      metadata: {
        latentDistribution: distribution,
        ...(label && { classes: String(label.input.classes), classNames: JSON.stringify(label.names ?? []) }),
        range: made.output.shape.length === 3 ? "-1 … 1" : "none",
        shape: made.output.shape.join("x"),
        inputs: JSON.stringify({
          z: `float32 [batch, ${sizes}], ${distribution}`,
          ...(label && { label: `int32 [batch], 0 … ${label.input.classes - 1}` }),
        }),
        imported: "by tsgan from a generator of others",
      },
    },
    file,
  );
  const generator = await openGenerator(adapted, file, run);
  const { facts } = generator;
  await generator.dispose();
  const assumed = options.distribution === undefined ? "assumed; --distribution says otherwise" : "as said";
  return {
    bytes: adapted,
    facts,
    lines: [
      `z: ${sizes} numbers, ${distribution} (${assumed}), become ${roles.latents.map(inputText).join(" and ")}`,
      ...(label && roles.label
        ? [
            `label: ${label.input.classes} classes (${label.by}), ${label.input.oneHot ? "as ones and zeros, " : ""}become ${inputText(roles.label)}`,
          ]
        : []),
      ...set.map(({ name, value }) => `${name}: always ${value}`),
      `image: ${made.line}`,
      ...(oneByOne ? ["batch: examples are made one by one, since the model takes one at a time"] : []),
      ...(found === "other" ? ["batch: an example depends on the others of its batch"] : []),
    ],
  };
};
