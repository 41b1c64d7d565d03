/** Whatever reads a file that may come from elsewhere, each with files that are right. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { resolveStudy, type StudyDefinition, trialsOf } from "@tsgan/study";
import { hashOf, openStudyFolder, readRecords, writeStudyReport } from "@tsgan/study/node";
import { ganOf, parseConfig, resolveConfig } from "tsgan/config";
import { type Dataset, encodeIdx, imagesFromIdx, parseIdx } from "tsgan/data";
import { input, relu, reshape, tanh, toOnnx } from "tsgan/graph";
import {
  examineRun,
  extractorFor,
  imageGridPng,
  importGeneratorFile,
  lockFolder,
  lockHolder,
  openDataset,
  openRunFolder,
  readJson,
  storedConfig,
  version,
} from "tsgan/node";
import { arrange, parsePlan, rowReader } from "tsgan/tables";
import { blockJpeg, bmp, npy, zip } from "tsgan/testing";
import { decodeSafetensors, encodeSafetensors } from "tsgan/train";
import { many, mixed, plan, points, schema, table } from "./tables.ts";

export interface Parser {
  /** Files that are right. */
  readonly specimens: readonly Uint8Array[];
  /** Cases of a thousand: fewer where each takes milliseconds. */
  readonly share: number;
  /** Reads the file; `folder` is empty. */
  read(bytes: Uint8Array, folder: string): unknown;
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const json = (value: unknown): Uint8Array => encode(JSON.stringify(value, null, 2));

const put = (folder: string, name: string, bytes: Uint8Array | string): string => {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
  return file;
};

/** Examples of a data set, so that what is read late is read. */
const drawn = async (dataset: Dataset): Promise<unknown> => {
  try {
    return await dataset.draw(1, 0, 4);
  } finally {
    (dataset as { close?: () => void }).close?.();
  }
};

const tensors = {
  "generator/0.weight": { shape: [8, 4], data: Float32Array.from({ length: 32 }, (_, i) => i / 7 - 2) },
  "generator/0.bias": { shape: [8], data: new Float32Array(8) },
  counts: { shape: [3], data: Int32Array.of(1, -2, 3) },
};
const checkpoints = [
  encodeSafetensors(tensors, { format: "tsgan-checkpoint-1", step: "10" }, { digest: true }),
  encodeSafetensors(tensors, { step: "10" }),
];

const configuration = {
  data: "ring",
  model: { name: "mlp", hidden: [16, 16], latent: 4 },
  loss: { name: "hinge" },
  penalties: [{ name: "r1", weight: 1, every: 4 }],
  optimizer: { name: "adam", learningRate: { kind: "linear", from: 1e-3, to: 1e-5 }, beta1: 0 },
  criticSteps: 2,
  batch: 16,
  steps: 100,
  seed: 3,
};
const stored = {
  version,
  device: "cpu",
  threads: 2,
  ...resolveConfig(configuration),
  dataset: { name: "ring", shape: [2] },
};
const storedGame = {
  version,
  game: "own",
  batch: 16,
  networks: ["generator", "critic"],
  players: {
    critic: { trains: ["critic"], optimizer: { name: "adam", links: [{ name: "clip", limit: 1 }] } },
    generator: { trains: ["generator"], optimizer: { name: "adam" } },
  },
  latents: { z: { size: 2 } },
  techniques: [{ name: "ema", decay: 0.9 }],
  samples: { network: "generator", from: "z" },
  ...{ steps: 100, seed: 1, sampleEvery: 10, checkpointEvery: 20, keepCheckpoints: 3, logEvery: 1 },
  dataset: { name: "ring", shape: [2] },
};
const lines = Array.from(
  { length: 40 },
  (_, i) =>
    `${JSON.stringify({ step: i + 1, discriminatorLoss: 1.5 / (i + 1), swd: i % 10 ? undefined : 0.25 })}\n`,
).join("");

/** A run's folder with one of its files replaced. */
const inRun = (name: string, use: (folder: string) => unknown): Parser["read"] => {
  return (bytes, folder) => {
    put(folder, "config.json", json(stored));
    put(folder, "metrics.jsonl", lines);
    put(folder, "checkpoints/step-000005.safetensors", checkpoints[0]);
    put(folder, "checkpoints/step-000010.safetensors", checkpoints[0]);
    put(folder, "checkpoints/latest", "step-000010.safetensors\n");
    put(folder, name, bytes);
    return use(folder);
  };
};

const definition: StudyDefinition = {
  name: "small",
  data: { ring: { config: { model: "mlp" } }, grid: null },
  models: {
    hinge: { config: { loss: "hinge" }, search: { learningRate: { logUniform: [1e-4, 1e-2] } } },
    ns: { config: { loss: "non-saturating", model: "mlp" } },
  },
  samples: 2,
  budget: { steps: 10 },
  metrics: ["swd"],
};
const study = resolveStudy(definition);
const [trial] = trialsOf(study);
const record = { trial, status: "finished", evaluations: [{ step: 10, metrics: { swd: 0.5 } }] };
const studyYaml = `name: small
data: { ring: { config: { model: { name: mlp, hidden: [8] } } } } # points
models:
  hinge: &hinge
    config: { loss: hinge, criticSteps: 2 }
    search: { learningRate: { logUniform: [1e-4, 1e-2], default: 1e-3 }, beta1: { choice: [0, 0.5] } }
  again: *hinge
samples: 3
seeds: [1, 2]
budget: { steps: 20 }
metrics: [swd]
`;

const inStudy = (name: string, use: (folder: string) => unknown): Parser["read"] => {
  return (bytes, folder) => {
    put(folder, "study.json", json({ version, hash: hashOf(study), study }));
    put(folder, `trials/${trial.id}/record.json`, json(record));
    put(folder, name, bytes);
    return use(folder);
  };
};

const pixels = Uint8Array.from({ length: 3 * 12 * 12 }, (_, i) => (i * 37) % 256);
const png = await imageGridPng(
  Float32Array.from({ length: 4 * 3 * 8 * 8 }, (_, i) => (i % 17) / 8 - 1),
  [3, 8, 8],
);
const jpeg = blockJpeg(2, 2, [
  [90, 100, 130],
  [200, 100, 130],
  [20, 140, 130],
  [128, 128, 128],
]);
const bitmap = bmp({ width: 12, height: 12, data: pixels }, { bits: 24 });

const dataFile = (name: string, options?: Parameters<typeof openDataset>[1]): Parser["read"] => {
  return async (bytes, folder) => drawn(await openDataset(put(folder, name, bytes), options));
};

/** Functions of the command, which has no face for other packages. */
const { parseStudy, readStudyFile } = (await import(
  new URL("../../../../cli/dist/study/study-file.js", import.meta.url).href
)) as { parseStudy(input: unknown, file: string): unknown; readStudyFile(file: string): Promise<unknown> };
const { parseJson } = (await import(
  new URL("../../../../cli/dist/studio/disk.js", import.meta.url).href
)) as {
  parseJson(text: string): unknown;
};

const jsonOf = (bytes: Uint8Array): unknown => {
  try {
    return parseJson(Buffer.from(bytes).toString());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

export const parsers: Readonly<Record<string, Parser>> = {
  safetensors: { share: 200, specimens: checkpoints, read: (bytes) => decodeSafetensors(bytes, "x") },
  checkpoint: {
    share: 60,
    specimens: checkpoints,
    read: inRun("checkpoints/step-000010.safetensors", (folder) => openRunFolder(folder).latestCheckpoint()),
  },
  latest: {
    share: 20,
    specimens: [encode("step-000010.safetensors\n"), encode("step-000005.safetensors\n")],
    read: inRun("checkpoints/latest", (folder) => openRunFolder(folder).latestCheckpoint()),
  },
  metrics: {
    share: 60,
    specimens: [encode(lines)],
    read: inRun("metrics.jsonl", (folder) => {
      const run = openRunFolder(folder);
      run.readMetrics({ onDamage: () => {} });
      run.surveyMetrics(30);
      run.truncateMetrics(20);
      return [...run.eachRecord()];
    }),
  },
  lock: {
    share: 30,
    specimens: [encode(`${process.pid} 1234 5:6`), encode("1 2"), encode("")],
    read: inRun(".lock", (folder) => {
      lockHolder(folder);
      lockFolder(folder, "trying")();
    }),
  },
  "stored configuration": {
    share: 60,
    specimens: [json(stored), json({ ...stored, dataset: { ...stored.dataset, table: many } })],
    read: inRun("config.json", (folder) => storedConfig(folder)),
  },
  "examined run": {
    share: 10,
    specimens: [json(stored), json(storedGame)],
    read: inRun("config.json", (folder) => {
      // Without weights: those would be drawn and tried, which takes longer than it may.
      rmSync(join(folder, "checkpoints"), { recursive: true });
      return examineRun(folder);
    }),
  },
  configuration: {
    share: 50,
    specimens: [
      json(configuration),
      json({
        data: "mnist",
        recipe: "wgan-gp",
        imageSize: "32x32",
        techniques: [{ name: "ema", decay: 0.99 }],
      }),
    ],
    read: (bytes, folder) => {
      const config = resolveConfig(parseConfig(readJson(put(folder, "my.json", bytes)), "my.json"));
      return ganOf(config, { shape: config.data === "ring" ? [2] : [1, 32, 32] });
    },
  },
  "JSON of the studio": {
    share: 60,
    specimens: [json(stored), json(record)],
    read: jsonOf,
  },
  idx: {
    share: 180,
    specimens: [
      encodeIdx(
        [6, 4, 4],
        Uint8Array.from({ length: 96 }, (_, i) => i),
      ),
      encodeIdx([6], Uint8Array.of(0, 1, 2, 0, 1, 2)),
    ],
    read: (bytes) => {
      const images = parseIdx(bytes, "x");
      const labels = { shape: [images.shape[0]], data: new Uint8Array(Math.min(images.shape[0], 1e6)) };
      return imagesFromIdx({ name: "x", images, labels, classes: ["0"], size: 8 });
    },
  },
  "table of points": { share: 40, specimens: [encode(points), encode(table)], read: dataFile("x.csv") },
  "table of mixed columns": {
    share: 2,
    specimens: [encode(mixed)],
    read: dataFile("x.csv", { as: "rows" }),
  },
  "schema of a table": {
    share: 2,
    specimens: [json(schema)],
    read: async (bytes, folder) =>
      drawn(
        await openDataset(put(folder, "x.csv", mixed), {
          as: "rows",
          schema: put(folder, "schema.json", bytes),
        }),
      ),
  },
  "rows of a run": {
    share: 20,
    specimens: [json(plan), json(many)],
    read: async (bytes) => {
      const stored = await parsePlan(jsonOf(bytes), "plan");
      const reader = rowReader(stored);
      const { numbers, choices, conditions } = arrange(stored).layout;
      const asked = choices.slice(choices.length - conditions);
      const width = [numbers, ...choices, ...asked].reduce((sum, size) => sum + size, 0);
      return reader.read(new Float32Array(3 * width).fill(0.5), 0, 1);
    },
  },
  "NumPy array": {
    share: 20,
    specimens: [npy("|u1", [4, 8, 8, 3], new Uint8Array(768)), npy("<f4", [4, 8, 8], new Float32Array(256))],
    read: dataFile("x.npy"),
  },
  archive: {
    share: 40,
    specimens: [
      zip([
        { name: "a/1.png", content: png },
        { name: "b/2.png", content: png },
        { name: "b/3.jpg", content: jpeg, method: 0 },
      ]),
    ],
    read: dataFile("x.zip"),
  },
  picture: {
    share: 20,
    specimens: [png, jpeg, bitmap],
    read: async (bytes, folder) => {
      put(folder, "data/1.png", png);
      put(folder, "data/2.png", bytes);
      return drawn(await openDataset(join(folder, "data")));
    },
  },
  "table of labels": {
    share: 10,
    specimens: [encode("file,label\n1.png,cat\n2.png,dog\n")],
    read: async (bytes, folder) => {
      put(folder, "data/1.png", png);
      put(folder, "data/2.png", png);
      return drawn(await openDataset(join(folder, "data"), { labels: put(folder, "labels.csv", bytes) }));
    },
  },
  "study file": {
    share: 25,
    specimens: [encode(studyYaml)],
    read: (bytes, folder) => readStudyFile(put(folder, "study.yaml", bytes)),
  },
  "study as JSON": {
    share: 70,
    specimens: [json(definition)],
    read: (bytes, folder) => parseStudy(readJson(put(folder, "study.json", bytes)), "study.json"),
  },
  "stored study": {
    share: 10,
    specimens: [json({ version, hash: hashOf(study), study })],
    read: inStudy("study.json", (folder) => openStudyFolder(folder).records()),
  },
  "record of a trial": {
    share: 5,
    specimens: [json(record)],
    read: inStudy(`trials/${trial.id}/record.json`, (folder) => {
      readRecords(openStudyFolder(folder), trialsOf(study));
      return writeStudyReport(folder, { out: join(folder, "report.html") } as never);
    }),
  },
  "model for features": {
    share: 10,
    specimens: [toOnnx({ features: relu(input("image", [1, 3, 8, 8])) }, { name: "features" })],
    read: async (bytes, folder) => {
      const features = put(folder, "x.onnx", bytes);
      const extractor = await extractorFor({ name: "own", shape: [3, 8, 8] }, { features, threads: 1 });
      await extractor.dispose();
    },
  },
  "generator of others": {
    share: 10,
    specimens: [
      toOnnx((batch) => ({ out: reshape(tanh(input("noise", [batch, 12])), [batch, 3, 2, 2]) }), {
        name: "generator",
      }),
    ],
    read: (bytes, folder) => importGeneratorFile(put(folder, "x.onnx", bytes), { threads: 1 }),
  },
};
