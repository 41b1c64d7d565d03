/** What every feature extractor keeps. A new one is a row. */
import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { register } from "../../define/index.ts";
import { matrix } from "../../distances/index.ts";
import { UsageError } from "../../errors.ts";
import { sizeOf } from "../../graph/index.ts";
import { randomStream } from "../../random/index.ts";
import { chosenFeatures, featureCatalogue, usualFeatures } from "../feature-catalogue.ts";
import { defineFeatures, type FeatureContext, type FeatureData } from "../feature-source.ts";

const ASSETS = new URL("../../../assets/", import.meta.url);

const contextOf = (data: FeatureData): FeatureContext => ({
  data,
  asset: (name) => readFileSync(new URL(name, ASSETS)),
  read: (path) => readFileSync(path),
});

interface Row {
  readonly data: FeatureData;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly columns: number;
  readonly classes?: number;
  /** Data that it is not for, and why. */
  readonly unfit?: readonly [FeatureData, string];
}

const grey = { name: "own", shape: [1, 28, 28] };
const points = { name: "own", shape: [2] };

const rows: Readonly<Record<string, Row>> = {
  pixels: { data: { name: "own", shape: [3, 12, 10] }, columns: 360 },
  colour: {
    data: { name: "own", shape: [3, 80, 48] },
    columns: 608,
    unfit: [
      points,
      "features colour: it is for pictures of [1 or 3,16 or more,16 or more]; the data have [2]",
    ],
  },
  mnist: {
    data: grey,
    columns: 64,
    classes: 10,
    unfit: [points, "features mnist: it is for images of [1,28,28]; the data have [2]"],
  },
  "fashion-mnist": {
    data: grey,
    columns: 64,
    classes: 10,
    unfit: [
      { name: "own", shape: [1, 32, 32] },
      "features fashion-mnist: it is for images of [1,28,28]; the data have [1,32,32]",
    ],
  },
  "stacked-mnist": {
    data: { name: "own", shape: [3, 28, 28] },
    columns: 192,
    classes: 1000,
    unfit: [grey, "features stacked-mnist: it is for images of [3,28,28]; the data have [1,28,28]"],
  },
  onnx: {
    data: grey,
    options: { file: new URL("mnist.onnx", ASSETS).pathname, layer: "probabilities" },
    columns: 10,
    unfit: [points, "mnist.onnx: a feature model takes images; the data have examples of [2]"],
  },
};

it("every feature extractor has a row, and every row an extractor", () => {
  expect(Object.keys(rows).sort()).toEqual([...featureCatalogue.names].sort());
});

describe.each(featureCatalogue.all.map((factory) => [factory.definition.name, factory] as const))(
  "%s",
  (name, factory) => {
    const { title, suits, options } = factory.definition;
    const { data, options: given = {}, columns, classes, unfit } = rows[name];

    it("has a title, words for each option, and names the nearest where there is none", () => {
      for (const words of [title, suits]) expect(words).not.toMatch(/\.$|^$/);
      for (const [option, { means }] of Object.entries(options)) {
        expect(means).not.toMatch(/\.$|^$/);
        expect(() => factory.create({ [`${option}x`]: "" })).toThrow(`did you mean "${option}"?`);
      }
    });

    it("gives a row for each example, the same whatever is beside it, and says what it is", async () => {
      const extractor = await factory.create(given).open(contextOf(data));
      expect(extractor.inputShape).toEqual(data.shape);
      for (const words of [extractor.name, extractor.description]) expect(words).not.toMatch(/\.$|^$/);
      const examples = new Float32Array(5 * sizeOf(data.shape));
      randomStream(1, "examples").fillUniform(examples, -1, 1);
      const all = await extractor.features(examples);
      expect([all.features.rows, all.features.columns]).toEqual([5, columns]);
      const first = 2 * sizeOf(data.shape);
      const [two, three] = [
        await extractor.features(examples.slice(0, first)),
        await extractor.features(examples.slice(first)),
      ];
      const joined = [...two.features.data, ...three.features.data];
      all.features.data.forEach((value, i) => {
        expect(Math.abs(value - joined[i])).toBeLessThanOrEqual(1e-5 * (1 + Math.abs(value)));
      });
      expect(extractor.classes).toBe(classes);
      expect(all.probabilities?.columns).toBe(classes);
      for (let i = 0; classes !== undefined && i < 5; i++) {
        const { data: values = new Float64Array() } = all.probabilities ?? {};
        const sum = values.subarray(i * classes, (i + 1) * classes).reduce((total, p) => total + p, 0);
        expect(sum).toBeCloseTo(1, 5);
      }
      await extractor.dispose();
    });

    it("refuses data that it is not for", async () => {
      if (unfit === undefined) return;
      const opened = factory.create(given).open(contextOf(unfit[0]));
      await expect(opened).rejects.toThrow(UsageError);
      await expect(opened).rejects.toThrow(unfit[1]);
    });
  },
);

describe("features that nobody has named", () => {
  it.each([
    ["mnist", [1, 28, 28], "mnist"],
    ["fashion-mnist", [1, 28, 28], "fashion-mnist"],
    ["stacked-mnist", [3, 28, 28], "stacked-mnist"],
    ["mnist", [1, 32, 32], "pixels"],
    ["mnist", [3, 28, 28], "colour"],
    ["photos", [3, 64, 64], "colour"],
    ["photos", [3, 12, 12], "pixels"],
    ["photos", [1, 28, 28], "pixels"],
    ["ring", [2], "pixels"],
  ])("are, for %s of %j, %s", (name, shape, expected) => {
    expect(usualFeatures({ name, shape }).name).toBe(expected);
  });
});

describe("features of one's own", () => {
  let undo = () => {};
  afterEach(() => undo());
  const first = defineFeatures({
    name: "first",
    title: "the first coordinate",
    suits: "points",
    usualFor: ({ name }) => name === "mine" || name === "mnist",
    options: {},
    create: () => ({
      open: ({ data: { shape } }) => ({
        name: "first",
        description: "the first coordinate",
        inputShape: shape,
        features: async (examples) => {
          const values = examples.filter((_, i) => i % sizeOf(shape) === 0);
          return { features: matrix(values.length, 1, values) };
        },
        dispose: async () => {},
      }),
    }),
  });

  it("are a file's name until they are registered, and then found by name and as the usual ones", () => {
    expect(chosenFeatures(points, "first", undefined)).toMatchObject({
      name: "onnx",
      options: { file: "first" },
    });
    undo = register(first);
    expect(chosenFeatures(points, "first", undefined).name).toBe("first");
    expect(usualFeatures({ name: "mine", shape: [2] }).name).toBe("first");
    // They go before built-in ones.
    expect(usualFeatures({ name: "mnist", shape: [1, 28, 28] }).name).toBe("first");
    expect(() => chosenFeatures(points, "first", "pool")).toThrow(
      "--layer names a layer of an ONNX file: give --features FILE, too",
    );
  });

  it("need no registration where they are given themselves", async () => {
    const source = chosenFeatures(points, first(), undefined);
    const extractor = await source.open(contextOf(points));
    expect([...(await extractor.features(Float32Array.of(1, 2, 3, 4))).features.data]).toEqual([1, 3]);
  });

  it("refuses a model without a file", async () => {
    await expect(featureCatalogue.get("onnx").create().open(contextOf(grey))).rejects.toThrow(
      "features onnx: the model's file is missing; give --features FILE",
    );
  });
});
