import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RunError, UsageError } from "../errors.ts";
import { input, reshape, tanh, toOnnx } from "../graph/index.ts";
import {
  TensorProto_DataLocation as DataLocation,
  TensorProto_DataType as DataType,
  ModelProto,
} from "../graph/onnx.proto.ts";
import { trainerOfCase } from "../testing/training.ts";
import { type ImportOptions, importGenerator, openGenerator } from "../train/index.ts";
import { comparePaths } from "./compare.ts";
import { importGeneratorFile, sampleGeneratorFile } from "./import-generator.ts";

/** Made by scripts/make-generators.py, with what Python's onnxruntime gives for them. */
const folder = fileURLToPath(new URL("fixtures/generators/", import.meta.url));
const of = (name: string): string => join(folder, `${name}.onnx`);
const expected: Record<string, { z: number[]; labels: number[]; shape: number[]; examples: number[] }> =
  JSON.parse(readFileSync(join(folder, "expected.json"), "utf8"));
const device = { device: "cpu", threads: 1 } as const;

describe("a generator of others", () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "tsgan-import-"));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  const rows: readonly (readonly [name: string, options: ImportOptions, lines: readonly RegExp[]])[] = [
    [
      "square-noise",
      {},
      [/^z: 20 numbers, normal .*input float32 \[\?, 20, 1, 1\]$/, /4 × 4 .*colour.*\(it ends in Tanh\)$/],
    ],
    [
      "channels-last",
      {},
      [/dense_input/, /10 × 8 pixels of grey, channels last, from 0 … 1 \(it ends in Sigmoid\)$/],
    ],
    [
      "fixed-bytes",
      {},
      [
        /\[1, 1, 12\]/,
        /^label: 3 classes \(its size\)/,
        /from 0 … 255 \(its samples/,
        /^batch: .* one by one/,
      ],
    ],
    [
      "rows",
      { set: { truncation: 0.5 } },
      [/noise/, /^label: 7 classes \(the rows of its table\)/, /^truncation: always 0.5$/, /8 × 8.*grey/],
    ],
    ["half-points", {}, [/float16/, /points of 2 numbers$/]],
    [
      "two-latents",
      { latents: ["content", "style"] },
      [/content float32 \[\?, 3\] and style float32 \[\?, 2\]$/, /picture/],
    ],
    [
      "torch-old",
      { classes: ["a", "b", "c", "d", "e"] },
      [/latent/, /^label: 5 classes \(as said\)/, /fake/],
    ],
    ["torch-one", {}, [/latent/, /^label: 5/, /fake/, /^batch/]],
    ["torch-new", {}, [/latent/, /^label: 5 classes \(the rows/, /fake/]],
  ];

  it.each(rows)(
    "gives what Python's onnxruntime gives, as images or points of tsgan: %s",
    async (name, options, lines) => {
      const { z, labels, shape, examples } = expected[name];
      const imported = await importGeneratorFile(of(name), { ...options, ...device });
      expect(imported.lines).toHaveLength(lines.length);
      for (const [i, line] of lines.entries()) expect(imported.lines[i]).toMatch(line);
      const generator = await openGenerator(imported.bytes, name, device);
      expect(generator.facts).toEqual(imported.facts);
      expect(generator.facts).toMatchObject({
        shape,
        latent: { size: z.length / 3, distribution: "normal" },
        classNames: options.classes,
      });
      const found = await generator.generate(Float32Array.from(z), Int32Array.from(labels));
      expect(found).toHaveLength(examples.length);
      const difference = Math.max(...found.map((value, i) => Math.abs(value - examples[i])));
      expect(difference).toBeLessThan(name === "half-points" ? 2e-3 : 2e-5);
      await generator.dispose();
    },
  );

  it("is sampled, judged, and imported again, like one of tsgan; and one of tsgan is imported as it is", async () => {
    const path = join(root, "imported.onnx");
    const { bytes } = await importGeneratorFile(of("torch-old"), device);
    writeFileSync(path, bytes);
    const png = await sampleGeneratorFile(path, 10, 3, device);
    expect([...Buffer.from(png).subarray(1, 4)]).toEqual([...Buffer.from("PNG")]);
    await expect(sampleGeneratorFile(path, 10, 3, { ...device, format: "csv" })).rejects.toThrow(
      /imported\.onnx makes images, which are drawn in a \.png file; got \.csv; give --out another name/,
    );
    const { figures } = await comparePaths(path, path, { samples: 50, metrics: ["fid"], ...device });
    expect(figures[0].value).toBeLessThan(50);
    const again = await importGeneratorFile(path, device);
    expect(again.facts).toMatchObject({ shape: [3, 8, 8], classes: 5 });

    const trainer = trainerOfCase("mlp ring");
    const exported = await trainer.exportGenerator();
    const own = await importGenerator(exported, "own", device);
    expect(own.facts.shape).toEqual([2]);
    const points = join(root, "points.onnx");
    writeFileSync(points, exported);
    const text = String(await sampleGeneratorFile(points, 5, 1, { ...device, format: "csv" }));
    expect(text).toMatch(/^x,y\n(?:-?[\d.e-]+,-?[\d.e-]+\n){5}$/);
    await trainer.dispose();
  });

  it.each([
    [
      "an input that it cannot guess",
      "rows",
      {},
      "got truncation float32 [1]; give a number for it, such as --set truncation=1",
    ],
    ["two inputs", "two-latents", {}, "--latents content,style"],
    ["no such input", "rows", { set: { truncatoin: 1 } }, "truncation"],
    ["no such output", "rows", { set: { truncation: 1 }, output: "flap" }, "flat"],
    [
      "another number of classes",
      "fixed-bytes",
      { classes: 4 },
      "expected 3 classes, as label float32 [1, 3] has; got 4",
    ],
    [
      "a shape of other numbers",
      "rows",
      { set: { truncation: 1 }, shape: [1, 9, 9] },
      "expected a shape of 64 numbers",
    ],
    [
      "channels that are none",
      "square-noise",
      { layout: "channels-last" },
      "expected images of 1 or 3 channels; got [batch, 3, 4, 4]",
    ],
  ] as const)("is asked about where it has %s", async (_, name, options, message) => {
    await expect(importGeneratorFile(of(name), { ...options, ...device })).rejects.toThrow(message);
  });

  it("may give what the range says, where its samples do not", async () => {
    const wide = toOnnx((batch) => ({ out: reshape(input("z", [batch, 12]), [batch, 3, 2, 2]) }), {
      name: "wide",
    });
    await expect(importGenerator(wide, "wide.onnx", device)).rejects.toThrow(
      /^wide\.onnx: expected values in −1 … 1, 0 … 1 or 0 … 255; its samples are within -\d.*; say what they are: --range/,
    );
    const { lines } = await importGenerator(wide, "wide.onnx", { range: "-1..1", ...device });
    expect(lines[1]).toContain("(as said)");
  });

  it("that takes images, or none that is at all, is refused", async () => {
    const images = toOnnx((batch) => ({ out: tanh(input("photo", [batch, 3, 16, 16])) }), {
      name: "translator",
    });
    await expect(importGenerator(images, "x.onnx", device)).rejects.toThrow(
      "x.onnx: expected a generator from random numbers; got one from images, photo float32 [?, 3, 16, 16]",
    );
    await expect(importGenerator(Uint8Array.of(1, 2, 3), "x.onnx", device)).rejects.toThrow(RunError);
    await expect(openGenerator(readFileSync(of("rows")), "x.onnx", device)).rejects.toThrow("tsgan import");
  });

  describe("that is hostile", () => {
    /** The exported model of PyTorch with other places for its weights. */
    const placed = (place: Readonly<Record<string, string>>): string => {
      const model = ModelProto.decode(readFileSync(of("torch-new")));
      const [tensor] =
        model.graph?.initializer.filter(({ dataLocation }) => dataLocation === DataLocation.EXTERNAL) ?? [];
      tensor.externalData = Object.entries(place).map(([key, value]) => ({ key, value }));
      const path = join(root, "model", "x.onnx");
      mkdirSync(join(root, "model"), { recursive: true });
      writeFileSync(path, ModelProto.encode(model).finish());
      copyFileSync(`${of("torch-new")}.data`, join(root, "model", "torch-new.onnx.data"));
      return path;
    };

    it.each([
      ["the folder above", { location: "../secret" }, "it leads out of"],
      ["any file", { location: "/etc/passwd" }, "cannot read"],
      ["a link that leads out", { location: "link" }, "it leads out of"],
      ["a device", { location: "." }, "cannot read"],
      ["no file", {}, "expected where the weights of"],
      [
        "more than there is",
        { location: "torch-new.onnx.data", offset: "0", length: "1000000" },
        "expected 1000000 bytes from 0 on",
      ],
      [
        "before it",
        { location: "torch-new.onnx.data", offset: "-8", length: "8" },
        "expected where the weights of",
      ],
      ["nowhere", { location: "torch-new.onnx.data", offset: "1e300" }, "expected where the weights of"],
    ])("does not make its reader read %s", async (_, place, message) => {
      writeFileSync(join(root, "secret"), "secret");
      const path = placed(place as Record<string, string>);
      rmSync(join(root, "model", "link"), { force: true });
      symlinkSync(join(root, "secret"), join(root, "model", "link"));
      const reading = importGeneratorFile(path, device);
      await expect(reading).rejects.toThrow(message);
      await expect(reading).rejects.toThrow(RunError);
    });

    it("is not opened with weights elsewhere where these are not read", async () => {
      await expect(openGenerator(readFileSync(of("torch-new")), "x.onnx", device)).rejects.toThrow(
        /^x\.onnx: expected a model with its weights; those of .* lie in another file, torch-new\.onnx\.data; put them into one, as tsgan import does/,
      );
    });

    it("is refused before it asks for gigabytes", async () => {
      const model = ModelProto.decode(readFileSync(of("rows")));
      const table = model.graph?.initializer.find(({ name }) => name === "w");
      if (table !== undefined) table.dims = [100000n, 100000n];
      await expect(
        importGenerator(ModelProto.encode(model).finish(), "x.onnx", { set: { truncation: 1 }, ...device }),
      ).rejects.toThrow(
        "x.onnx: expected tensors of at most 1 GiB; got w of 10000000000 numbers; use a smaller model",
      );
    });

    it("is refused where its numbers are not finite", async () => {
      const model = ModelProto.decode(readFileSync(of("half-points")));
      const weights = model.graph?.initializer[0];
      expect(weights?.dataType).toBe(DataType.FLOAT16);
      weights?.rawData.fill(0xff);
      await expect(importGenerator(ModelProto.encode(model).finish(), "x.onnx", device)).rejects.toThrow(
        "x.onnx: expected finite numbers",
      );
    });
  });

  it("says wrong use as such", async () => {
    await expect(importGeneratorFile(of("rows"), device)).rejects.toThrow(UsageError);
    await expect(importGeneratorFile(join(root, "none.onnx"), device)).rejects.toThrow(
      "there is no such file",
    );
  });
});
