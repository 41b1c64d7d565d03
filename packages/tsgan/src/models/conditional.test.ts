import { describe, expect, it } from "vitest";
import { constant, grad, input, interpret, sum, type Tensor } from "../graph/index.ts";
import type { TermContext } from "../losses/index.ts";
import { bindScope, collectVariables, initialValues, type Scope } from "../nn/index.ts";
import { randomStream } from "../random/index.ts";
import { catalogue, type DiscriminatorOutput, type Model, packed } from "./index.ts";

const SHAPE = [1, 16, 16];
const CLASSES = 3;
const N = 4;

const names = ["cgan", "acgan", "infogan", "sgan"] as const;

const create = (
  name: string,
  shape: readonly number[],
  options: Record<string, unknown> = {},
  classes?: number,
): Model => catalogue.get(name).create(options).for({ shape, classes });

const model = (
  name: string,
  options: Record<string, unknown> = {},
  shape: readonly number[] = SHAPE,
): Model =>
  create(name, shape, shape.length === 3 ? { base: 2, ...options } : { hidden: [8], ...options }, CLASSES);

const noise = (purpose: string, length: number): Float32Array => {
  const out = new Float32Array(length);
  randomStream(3, purpose).fillNormal(out);
  return out;
};

const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** What a network gives for an input x [N, …shape] and labels, with initial weights of one seed, in inference. */
const run = <Outputs extends Readonly<Record<string, Tensor>>>(
  network: (x: Tensor, label: Tensor, scope: Scope) => Outputs,
  shape: readonly number[],
  label: readonly number[],
): Record<keyof Outputs, Float64Array> => {
  const x = input("x", [N, ...shape]);
  const y = input("label", [N], "int32");
  const variables = collectVariables((scope) => network(x, y, scope));
  const { scope } = bindScope({
    variables,
    parameters: input("weights", [variables.parameterCount]),
    buffers: variables.bufferCount > 0 ? input("buffers", [variables.bufferCount]) : undefined,
    mode: "inference",
  });
  const outputs = network(x, y, scope);
  const values = interpret(Object.values(outputs), {
    x: noise("x", N * size(shape)),
    label: Int32Array.from(label),
    weights: initialValues(variables.parameters, variables.parameterCount, 7, "network"),
    buffers: initialValues(variables.buffers, variables.bufferCount, 7, "network/buffers"),
  });
  return Object.fromEntries(
    Object.keys(outputs).map((key, i) => [key, Float64Array.from(values[i])]),
  ) as Record<keyof Outputs, Float64Array>;
};

const generate = (made: Model, label: readonly number[]): Float64Array =>
  run((z, y, scope) => ({ image: made.generator({ z, label: y }, scope) }), [made.latent.size], label).image;

const flatOutput = ({ scores, heads = {} }: DiscriminatorOutput): Record<string, Tensor> => ({
  scores,
  ...heads,
});

const discriminate = (made: Model, label: readonly number[]): Record<string, Float64Array> =>
  run((x, y, scope) => flatOutput(made.discriminator({ x, label: y }, scope)), made.shape, label);

const countsOf = (made: Model) => {
  const z = input("z", [N, made.latent.size]);
  const x = input("x", [N, ...made.shape]);
  const label = input("label", [N], "int32");
  return {
    generator: collectVariables((scope) => made.generator({ z, label }, scope)).parameterCount,
    discriminator: collectVariables((scope) => made.discriminator({ x, label }, scope)).parameterCount,
  };
};

/** Indices of the examples whose part of the output differs. */
const changed = (a: Float64Array, b: Float64Array): number[] => {
  const each = a.length / N;
  return Array.from({ length: N }, (_, i) => i).filter((i) =>
    a.subarray(i * each, (i + 1) * each).some((value, k) => value !== b[i * each + k]),
  );
};

describe("the label", () => {
  const [before, after] = [
    [0, 1, 2, 0],
    [0, 2, 2, 0],
  ];

  it.each([
    ["cgan", {}],
    ["cgan", { conditioning: "projection" }],
    ["acgan", {}],
  ])("of an example changes what the generator of %s %j makes of it, and of no other", (name, options) => {
    for (const shape of [SHAPE, [2]]) {
      const made = model(name, options, shape);
      expect(changed(generate(made, before), generate(made, after))).toEqual([1]);
    }
  });

  it.each(["concatenate", "projection"])(
    "changes the score of a discriminator that reads it: %s",
    (conditioning) => {
      for (const shape of [SHAPE, [2]]) {
        const made = model("cgan", { conditioning }, shape);
        expect(changed(discriminate(made, before).scores, discriminate(made, after).scores)).toEqual([1]);
      }
    },
  );

  it.each(["acgan", "sgan", "infogan"])(
    "does not reach the discriminator of %s, which has to name it",
    (name) => {
      const made = model(name);
      expect(discriminate(made, before)).toEqual(discriminate(made, after));
    },
  );
});

describe("parameters", () => {
  const plain = (name: string, options?: Record<string, unknown>) => countsOf(model(name, options));
  const dcgan = countsOf(create("dcgan", SHAPE, { base: 2, latent: 64 }));
  /** Values that the first dense layer of the generator makes: 4 filters of 4 × 4. */
  const FIRST = 4 * 4 * 4;
  /** Features of the discriminator. */
  const FEATURES = FIRST;

  it("of cgan are those of dcgan, and what reads the label", () => {
    expect(plain("cgan")).toEqual({
      generator: dcgan.generator + CLASSES * FIRST,
      discriminator: dcgan.discriminator + CLASSES * 2 * 4 * 4,
    });
    expect(plain("cgan", { conditioning: "projection" }).discriminator).toBe(
      dcgan.discriminator + CLASSES * FEATURES,
    );
  });

  it("of acgan are those of dcgan, the label's and the second head", () => {
    expect(plain("acgan")).toEqual({
      generator: dcgan.generator + CLASSES * FIRST,
      discriminator: dcgan.discriminator + CLASSES * (FEATURES + 1),
    });
  });

  it("of acgan with projection are a vector more for each class", () => {
    expect(plain("acgan", { projection: true }).discriminator).toBe(
      plain("acgan").discriminator + CLASSES * FEATURES,
    );
  });

  it("of infogan are those of its networks, and a hidden layer of 128 with a code on it", () => {
    expect(plain("infogan", { noise: 52, networks: "dcgan" })).toEqual({
      generator: dcgan.generator,
      discriminator: dcgan.discriminator + 128 * (FEATURES + 1) + 12 * (128 + 1),
    });
    const study = countsOf(create("study-net", SHAPE, { base: 2, hidden: 32, latent: 64 }));
    expect(plain("infogan", { noise: 52 })).toEqual({
      generator: study.generator,
      // Batch norm in the hidden layer, too.
      discriminator: study.discriminator + 128 * (32 + 1) + 2 * 128 + 12 * (128 + 1),
    });
  });

  it("of infogan whose category has a network of its own are the discriminator's layers again, and a code layer each", () => {
    const own = { noise: 52, networks: "dcgan", categoryNetwork: "own" };
    const body = dcgan.discriminator - (FEATURES + 1);
    const hidden = 128 * (FEATURES + 1);
    const category = body + hidden + 2 * 128 + 10 * (128 + 1);
    expect(plain("infogan", own)).toEqual({
      generator: dcgan.generator,
      discriminator: dcgan.discriminator + hidden + 2 * (128 + 1) + category,
    });
    const none = { ...own, continuous: 0 };
    expect(plain("infogan", none).discriminator).toBe(dcgan.discriminator + category);
    expect(plain("infogan", { ...none, projection: true }).discriminator).toBe(
      dcgan.discriminator + category + 10 * FEATURES,
    );
  });
});

describe("infogan", () => {
  it("has its authors' networks for images of up to 32 × 32, where it is not told otherwise", () => {
    const networksFor = (side: number, options = {}) =>
      create("infogan", [1, side, side], { base: 2, ...options }).options.networks;
    expect([networksFor(28), networksFor(32), networksFor(64)]).toEqual(["infogan", "infogan", "dcgan"]);
    expect(networksFor(64, { networks: "infogan" })).toBe("infogan");
    expect(model("infogan", {}, [2]).options.networks).toBeUndefined();
  });

  it("draws what the three parts of its latent vector say", () => {
    expect(model("infogan", { noise: 3, categories: 4, continuous: 1 }).latent).toEqual({
      size: 8,
      distribution: "normal",
      parts: [
        { name: "noise", size: 3, distribution: "normal" },
        { name: "category", size: 4, distribution: "one-hot" },
        { name: "continuous", size: 1, distribution: "uniform" },
      ],
    });
  });

  it("names a category and the continuous codes", () => {
    const { category, continuous } = discriminate(
      model("infogan", { categories: 4, continuous: 2 }),
      [0, 0, 0, 0],
    );
    expect([category.length, continuous.length]).toEqual([4 * N, 2 * N]);
    expect(Object.keys(discriminate(model("infogan", { continuous: 0 }), [0, 0, 0, 0]))).toEqual([
      "scores",
      "category",
    ]);
  });

  it("tells the score the category that a sample was asked for, or that is seen in a real example", () => {
    const { judge } = model("infogan", { noise: 1, categories: 3, continuous: 0, projection: true });
    const scores = constant([10, 20], [2, 1]);
    const heads = {
      category: constant([0, 40, 0, 0, 0, Math.log(2)], [2, 3]),
      projections: constant([1, 2, 3, 4, 8, 12], [2, 3]),
    };
    const [real] = interpret([judge!({ scores, heads })]);
    expect([...real]).toEqual([12, 20 + (4 + 8 + 2 * 12) / 4].map((v) => expect.closeTo(v, 6)));
    const [fake] = interpret([judge!({ scores, heads }, constant([5, 0, 0, 1, 5, 1, 0, 0], [2, 4]))]);
    expect([...fake]).toEqual([13, 24]);
    // Real examples say what their category is; the score has no say in it.
    const category = input("category", [2, 3]);
    const at = { category: [0, 1, 2, 0, 1, 2] };
    const seen = judge!({ scores, heads: { ...heads, category } });
    expect([...interpret(grad(sum(seen), [category]), at)[0]]).toEqual(new Array(6).fill(0));
    expect(model("infogan").judge).toBeUndefined();
  });

  it("has the discriminator learn the samples' categories by the weight they are given, the generator always", () => {
    // Equal logits of 4 categories: log 4; the continuous code 0 is guessed as 1: ½ + ½ log 2π, weighed by λ alone.
    const gaussian = (1 + Math.log(2 * Math.PI)) / 2;
    const value = (player: "discriminator" | "generator", fakeCategoryWeight: number, continuous: number) => {
      const made = model("infogan", {
        noise: 1,
        categories: 4,
        continuous,
        informationWeight: 3,
        fakeCategoryWeight,
      });
      const z = constant([9, 0, 1, 0, 0, ...new Array(continuous).fill(0)], [1, 5 + continuous]);
      const heads = { category: constant([0, 0, 0, 0], [1, 4]), continuous: constant([1], [1, 1]) };
      const context = { player, z, fakeOutput: { scores: z, heads } } as unknown as TermContext;
      return interpret([made.terms![0][player]!(context)])[0][0];
    };
    expect(value("generator", 0, 1)).toBeCloseTo(3 * (Math.log(4) + gaussian), 5);
    expect(value("discriminator", 1, 1)).toBeCloseTo(3 * (Math.log(4) + gaussian), 5);
    expect(value("discriminator", 0.5, 1)).toBeCloseTo(3 * (0.5 * Math.log(4) + gaussian), 5);
    expect(value("discriminator", 0, 1)).toBeCloseTo(3 * gaussian, 5);
    expect(value("discriminator", 0, 0)).toBe(0);
  });
});

it("the score of sgan is log Σ exp of its classes' logits", () => {
  const { scores, classes } = discriminate(model("sgan"), [0, 0, 0, 0]);
  scores.forEach((score, i) => {
    const own = classes.subarray(i * CLASSES, (i + 1) * CLASSES);
    expect(score).toBeCloseTo(Math.log(own.reduce((sum, logit) => sum + Math.exp(logit), 0)), 10);
  });
});

describe("wrong use is refused in one line:", () => {
  it.each(["cgan", "acgan", "sgan"])("%s for data without labels", (name) => {
    expect(() => create(name, SHAPE)).toThrow(
      `model ${name} needs labels; the data have none; use an unconditional model or labelled data`,
    );
  });

  it.each(names)("a packed %s", (name) => {
    expect(() => packed(model(name), 2)).toThrow(
      `packing: model ${name} tells each example its label or code`,
    );
  });

  it.each([
    ["cgan", { conditioning: "add" }, "cgan: conditioning must be one of concatenate, projection; got add"],
    ["infogan", { networks: "vgg" }, "infogan: networks must be one of infogan, dcgan; got vgg"],
    [
      "infogan",
      { discriminatorNorm: "layer" },
      "infogan: discriminatorNorm must be one of batch, none; got layer",
    ],
    ["acgan", { classWeight: -1 }, "acgan: classWeight must be a finite number of at least 0; got -1"],
    ["infogan", { categories: 1 }, "infogan: categories must be an integer of at least 2; got 1"],
    [
      "infogan",
      { informationWeight: -1 },
      "infogan: informationWeight must be a finite number of at least 0",
    ],
    ["sgan", { labelledBatch: 0 }, "sgan: labelledBatch must be an integer of at least 1; got 0"],
  ])("%s with %j", (name, options, message) => {
    expect(() => model(name, options)).toThrow(message);
  });

  it.each(names)("%s for images that do not halve", (name) => {
    expect(() => create(name, [1, 7, 7], {}, CLASSES)).toThrow(
      `${name}: sides of images must be multiples of 4; got 7×7 (width × height); resize them to 4×4 or 8×8`,
    );
  });
});
