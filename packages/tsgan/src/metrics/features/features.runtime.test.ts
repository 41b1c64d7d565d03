import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { constant, conv2d, input, matmul, mean, mul, relu, reshape, toOnnx } from "../../graph/index.ts";
import { ModelProto, TensorProto, ValueInfoProto } from "../../graph/onnx.proto.ts";
import { randomStream } from "../../random/index.ts";
import { openProduct } from "../../runtime/index.ts";
import { mostProbable } from "../classifier.ts";
import { classifierExtractor, stackedExtractor } from "./classifier-extractor.ts";
import { onnxExtractor } from "./onnx-extractor.ts";
import { rawExtractor } from "./raw.ts";

const random = (count: number, seed = 1): Float32Array => {
  const out = new Float32Array(count);
  randomStream(seed, "images").fillUniform(out, -1, 1);
  return out;
};

/** A model of images: a convolution, a ReLU, the mean over positions. For any batch size, where none is given. */
const model = (shape: readonly number[], batch?: number): Uint8Array => {
  const build = (size: number) => {
    const filter = constant(random(4 * shape[0] * 9, 2), [4, shape[0], 3, 3]);
    const hidden = relu(conv2d(input("image", [size, ...shape]), filter, { padding: 1 }));
    return { pooled: mean(hidden, [2, 3]) };
  };
  return toOnnx(batch === undefined ? build : build(batch));
};

const file = "model.onnx";

/** A model of the given input whose second node asks for a tensor of the given sides, written as raw bytes or packed. */
const imageModel = (input: readonly number[], sides: readonly number[], packed = false): Uint8Array => {
  const value = (name: string, shape: readonly number[]) => ({
    name,
    type: { tensorType: { elemType: 1, shape: { dim: shape.map((side) => ({ dimValue: BigInt(side) })) } } },
  });
  const varints = sides.flatMap((side) => {
    const bytes: number[] = [];
    for (let rest = side; ; rest = Math.floor(rest / 128)) {
      if (rest < 128) return [...bytes, rest];
      bytes.push((rest % 128) + 128);
    }
  });
  const data = packed
    ? { _unknownFields: { [(7 << 3) | 2]: [Uint8Array.from([varints.length, ...varints])] } }
    : { rawData: new Uint8Array(BigInt64Array.from(sides.map(BigInt)).buffer) };
  const model = ModelProto.fromPartial({
    irVersion: 8n,
    opsetImport: [{ domain: "", version: 17n }],
    graph: {
      name: "g",
      node: [
        { opType: "Identity", input: ["image"], output: ["y"] },
        ...(sides.length === 0 ? [] : [{ opType: "ConstantOfShape", input: ["sides"], output: ["filled"] }]),
      ],
      input: [value("image", input)],
      output: [value("y", input)],
    },
  });
  const tensor = {
    ...TensorProto.fromPartial({ name: "sides", dims: [BigInt(sides.length)], dataType: 7 }),
    ...data,
  };
  if (sides.length > 0) model.graph?.initializer.push(tensor);
  return ModelProto.encode(model).finish();
};

describe("onnxExtractor", () => {
  it("gives the same features whatever else is in the batch", async () => {
    const extractor = await onnxExtractor(model([1, 8, 8]), { file, shape: [1, 8, 8] });
    const images = random(130 * 64);
    const { features } = await extractor.features(images);
    const alone = (await extractor.features(images.subarray(129 * 64))).features;
    expect([features.rows, features.columns]).toEqual([130, 4]);
    for (let k = 0; k < 4; k++) expect(features.data[129 * 4 + k]).toBeCloseTo(alone.data[k], 6);
    await extractor.dispose();
  });

  it("fills up the batch of a model that takes a fixed number of images", async () => {
    const [open, fixed] = await Promise.all([
      onnxExtractor(model([1, 8, 8]), { file, shape: [1, 8, 8] }),
      onnxExtractor(model([1, 8, 8], 4), { file, shape: [1, 8, 8] }),
    ]);
    const images = random(7 * 64);
    const [a, b] = [await open.features(images), await fixed.features(images)];
    expect(b.features.rows).toBe(7);
    a.features.data.forEach((value, i) => {
      expect(b.features.data[i]).toBeCloseTo(value, 6);
    });
  });

  it("takes an inner tensor or node as the features", async () => {
    const bytes = model([1, 8, 8]);
    const images = random(2 * 64);
    const failure = await onnxExtractor(bytes, { file, shape: [1, 8, 8], layer: "Conv" }).catch(
      (error: Error) => error.message,
    );
    expect(failure).toMatch(/^model.onnx: there is no layer "Conv"; the nearest names are Conv_\w+, /);
    const [, layer] = /are (Conv_\w+)/.exec(String(failure)) as RegExpExecArray;
    const extractor = await onnxExtractor(bytes, { file, shape: [1, 8, 8], layer });
    expect((await extractor.features(images)).features.columns).toBe(4 * 64);
  });

  it("resizes images and repeats grey for a model of larger, coloured ones", async () => {
    const extractor = await onnxExtractor(model([3, 16, 16]), { file, shape: [1, 8, 8] });
    const { features } = await extractor.features(new Float32Array(2 * 64).fill(0.5));
    expect([features.rows, features.columns]).toEqual([2, 4]);
  });

  it("refuses what is no model, takes no images, or takes other ones", async () => {
    const refused = (bytes: Uint8Array, shape: readonly number[]) =>
      onnxExtractor(bytes, { file, shape }).catch((error: Error) => error.message);
    const dense = toOnnx({ y: matmul(input("x", [2, 3]), constant(new Float32Array(6), [3, 2])) });
    const two = toOnnx({
      y: mean(reshape(input("a", [1, 1, 2, 2]), [4])),
      z: mean(reshape(input("b", [1, 1, 2, 2]), [4])),
    });
    expect(await refused(new Uint8Array(20).fill(255), [1, 8, 8])).toBe(
      "model.onnx: expected an ONNX model; got a file of 20 bytes that is not one",
    );
    const silent = ModelProto.decode(model([1, 8, 8]));
    if (silent.graph !== undefined) silent.graph.output = [];
    expect(await refused(ModelProto.encode(silent).finish(), [1, 8, 8])).toBe(
      "model.onnx: expected an ONNX model; got one without outputs",
    );
    const long = "x".repeat(1_000_000);
    const named = ModelProto.decode(model([1, 8, 8]));
    if (named.graph !== undefined) {
      named.graph.output = [ValueInfoProto.fromPartial({ name: long })];
      named.graph.node[0].name = `${long}y`.slice(1);
    }
    expect(await refused(ModelProto.encode(named).finish(), [1, 8, 8])).toContain("there is no layer");
    const wanted =
      "model.onnx: expected one input of images [batch,1 or 3,height,width], float32 in [−1, 1] or uint8; got ";
    expect(await refused(dense, [1, 8, 8])).toBe(`${wanted}x float32 [2,3]`);
    expect(await refused(two, [1, 8, 8])).toBe(`${wanted}a float32 [1,1,2,2], b float32 [1,1,2,2]`);
    const last = toOnnx({ y: mean(input("image", [1, 32, 32, 3]), [1, 2]) });
    expect(await refused(last, [3, 32, 32])).toBe(
      `${wanted}image float32 [1,32,32,3]; put a transpose in front of it`,
    );
    expect(await refused(model([1, 8, 8]), [3, 8, 8])).toBe(
      "model.onnx: it takes grey images; the data have 3 channels; use a model for colour",
    );
    expect(await refused(model([1, 8, 8]), [2])).toBe(
      "model.onnx: a feature model takes images; the data have examples of [2], which are compared by their own " +
        "coordinates; do without it",
    );
  });

  it("tries one image at once: a layer without rows of numbers is refused before anything is judged", async () => {
    const flat = toOnnx({ y: mean(input("image", [1, 1, 8, 8])) });
    await expect(onnxExtractor(flat, { file, shape: [1, 8, 8] })).rejects.toThrow(
      "model.onnx: layer y must give float32 numbers, a row for each of 1 image; got float32 of shape []; choose another layer",
    );
    const wide = toOnnx((batch) => ({ y: mul(input("image", [batch, 3, 64, 64]), 2) }));
    await expect(onnxExtractor(wide, { file, shape: [3, 64, 64] })).rejects.toThrow(
      "model.onnx: layer y gives 12288 features of an image, at most 8192 can be compared: a covariance of so many needs " +
        "1.1 GiB; choose a layer behind a pooling",
    );
  });

  it("refuses what would ask for gibibytes, before any memory is asked for", async () => {
    const refused = (bytes: Uint8Array) =>
      onnxExtractor(bytes, { file, shape: [1, 8, 8] }).catch((error: Error) => error.message);
    expect(await refused(imageModel([1, 1, 65536, 65536], []))).toBe(
      "model.onnx: it takes an image of [1,65536,65536] at a time, which need 16 GiB, more than 1 GiB; use a model of " +
        "smaller images",
    );
    expect(await refused(imageModel([1_000_000, 1, 28, 28], []))).toContain(
      "it takes 1000000 images of [1,28,28]",
    );
    for (const packed of [false, true]) {
      expect(await refused(imageModel([1, 1, 8, 8], [65536, 65536], packed))).toBe(
        "model.onnx: its tensor filled has 4294967296 numbers, more than 1 GiB; use a smaller model",
      );
    }
  });
});

describe("presets of well-known networks", () => {
  const half = new Float32Array(2 * 3 * 64).fill(0.5);

  it("scale the channels as the network wants them, and take the layer that it has", async () => {
    const bytes = toOnnx((batch) => {
      const pixels = input("pixel_values", [batch, 3, 8, 8]);
      return { other: mul(mean(pixels, [2, 3]), 2), image_embeds: mean(pixels, [2, 3]) };
    });
    const extractor = await onnxExtractor(bytes, { file, shape: [3, 8, 8], preset: "clip" });
    const { data } = (await extractor.features(half)).features;
    // 0.5 in [−1, 1] is 0.75 in [0, 1].
    const wanted = [0, 1, 2].map(
      (c) => (0.75 - [0.48145466, 0.4578275, 0.40821073][c]) / [0.26862954, 0.26130258, 0.27577711][c],
    );
    [...data].forEach((value, i) => {
      expect(value).toBeCloseTo(wanted[i % 3], 5);
    });
    expect(extractor.name).toBe("model.onnx:image_embeds");
    expect(extractor.description).toContain("as clip does");
  });

  it("take the first of the tokens", async () => {
    const bytes = toOnnx((batch) => ({
      last_hidden_state: reshape(input("x", [batch, 3, 8, 8]), [batch, 48, 4]),
    }));
    const extractor = await onnxExtractor(bytes, { file, shape: [3, 8, 8], preset: "dinov2" });
    const { features } = await extractor.features(half);
    expect([features.rows, features.columns]).toEqual([2, 4]);
    for (const value of features.data) expect(value).toBeCloseTo((0.75 - 0.485) / 0.229, 5);
  });

  it("keep the sides that a model fixes, repeat grey, and are named where there is no such preset", async () => {
    const bytes = imageModel([1, 3, 8, 8], []);
    const extractor = await onnxExtractor(bytes, { file, shape: [1, 4, 4], preset: "inception" });
    expect(extractor.description).toContain("[3,8,8]");
    await expect(onnxExtractor(bytes, { file, shape: [1, 4, 4], preset: "resnet" as never })).rejects.toThrow(
      "onnxExtractor: preset must be one of inception, dinov2, clip; got resnet",
    );
  });
});

describe("the shipped classifiers", () => {
  const asset = (name: string) => readFileSync(new URL(`../../../assets/${name}.onnx`, import.meta.url));

  it.each(["mnist", "fashion-mnist"])("%s is small, and says how good it is", async (name) => {
    const bytes = asset(name);
    expect(bytes.length).toBeLessThan(1_000_000);
    const extractor = await classifierExtractor(bytes, name);
    expect(extractor.classes).toBe(10);
    expect(extractor.description).toMatch(/\(9\d\.\d\d % of its test set right\)/);
    const { features, probabilities } = await extractor.features(random(3 * 784));
    expect([features.rows, features.columns]).toEqual([3, 64]);
    for (let i = 0; i < 3; i++) {
      const row = Array.from(probabilities?.data.subarray(10 * i, 10 * i + 10) ?? []);
      expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
    }
    await extractor.dispose();
  });

  it("classify each channel of a stacked image by itself", async () => {
    const inner = await classifierExtractor(asset("mnist"), "mnist");
    const images = random(2 * 3 * 784);
    const single = (await inner.features(images)).probabilities?.data ?? [];
    const digits = mostProbable(single, 10);
    const stacked = await stackedExtractor(inner, 3).features(images);
    expect([...mostProbable(stacked.probabilities?.data ?? [], 1000)]).toEqual(
      [0, 3].map((i) => 100 * digits[i] + 10 * digits[i + 1] + digits[i + 2]),
    );
    expect(stacked.features.columns).toBe(192);
  });
});

describe("rawExtractor", () => {
  it("averages large images down, and leaves small ones as they are", async () => {
    const large = rawExtractor([3, 64, 64]);
    const { features } = await large.features(new Float32Array(2 * 3 * 64 * 64).fill(0.25));
    expect(features.columns).toBeLessThanOrEqual(1024);
    for (const value of features.data) expect(value).toBeCloseTo(0.25, 6);
    const images = random(2 * 784);
    expect([...(await rawExtractor([1, 28, 28]).features(images)).features.data]).toEqual([...images]);
  });

  it("refuses half an example", async () => {
    await expect(rawExtractor([1, 2, 2]).features(new Float32Array(6))).rejects.toThrow(
      "expected examples of [1,2,2]; got 6 values, which is not a whole number of them",
    );
  });
});

describe("openProduct", () => {
  it("multiplies in float64", async () => {
    const { multiply, dispose } = await openProduct();
    const left = { rows: 1, columns: 2, data: Float64Array.of(1, 1e-12) };
    const right = { rows: 2, columns: 1, data: Float64Array.of(1, 1) };
    expect((await multiply(left, right)).data[0]).toBe(1 + 1e-12);
    await dispose();
  });
});
