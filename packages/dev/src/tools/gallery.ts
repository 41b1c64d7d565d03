/**
 * node packages/dev/dist/tools/gallery.js RUN OUT.png [--columns 10] [--rows 4] [--nearest] [--scale 2]
 *
 * A small picture of a run for docs/gallery.md: samples of the run's seed, and with --nearest below each row the training examples
 * that lie nearest to its samples, by the distance of pixels. Only for data whose licence lets one show them.
 */
import { parseArgs } from "node:util";
import { UsageError } from "tsgan";
import { matrix } from "tsgan/distances";
import { nearestInSet } from "tsgan/metrics";
import { imageGridPng, openRun, writeFileAtomic } from "tsgan/node";
import { runScript } from "../script.ts";

const text = { type: "string" } as const;

const whole = (name: string, value: string): number => {
  const number = Number(value);
  if (Number.isSafeInteger(number) && number >= 1) return number;
  throw new UsageError(`gallery: --${name} must be a whole number of at least 1; got ${value}`);
};

const main = async (): Promise<void> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      columns: { ...text, default: "10" },
      rows: { ...text, default: "4" },
      scale: { ...text, default: "2" },
      nearest: { type: "boolean", default: false },
    },
  });
  const [path, out] = positionals;
  if (out === undefined) throw new UsageError("gallery: a run and the file to write are needed: RUN OUT.png");
  const [columns, rows, scale] = [values.columns, values.rows, values.scale].map((value, i) =>
    whole(["columns", "rows", "scale"][i], value),
  );
  const { config, trainer, data } = openRun(path, {});
  const { shape } = trainer.gan.model;
  const size = shape.reduce((a, b) => a * b);
  const samples = await trainer.sample(columns * rows, { seed: config.seed });
  await trainer.dispose();
  let images = samples;
  if (values.nearest) {
    const dataset = await data();
    const { examples } = await dataset.read!(Uint32Array.from({ length: dataset.size }, (_, i) => i));
    const { indices } = nearestInSet(
      matrix(columns * rows, size, samples),
      matrix(dataset.size, size, examples),
    );
    images = new Float32Array(2 * samples.length);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const from = row * columns + column;
        const to = 2 * row * columns + column;
        images.set(samples.subarray(from * size, (from + 1) * size), to * size);
        const near = indices[from] * size;
        images.set(examples.subarray(near, near + size), (to + columns) * size);
      }
    }
  }
  writeFileAtomic(out, await imageGridPng(images, shape, { columns, scale }));
};

await runScript(main);
process.exit();
