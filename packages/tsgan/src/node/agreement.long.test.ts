/**
 * Nothing of tsgan 0.1 is lost: its configurations train as they did there, and its run folders are of use. What it did
 * lies in `train/fixtures/`, made by the script there.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ConfigInput, resolveConfig } from "../index.ts";
import { evaluateRun, openRun, startRun, storedConfig } from "./index.ts";

/** Of a figure, relative; sums in another order change the figures of these runs by up to 3e-5. */
const TOLERANCE = 1e-4;
const NEAR_ZERO = 1e-6;
/** Of a sample drawn from stored weights. Samples and coordinates are of the order of 1. */
const SAMPLE_TOLERANCE = 1e-5;

/**
 * Records up to which a configuration is compared, where rounding grows beyond TOLERANCE after them: products are summed in an order that no number
 * of threads changes, which is not that of 0.1. With that of 0.1 all records agree.
 */
const COMPARED: Readonly<Record<string, number>> = { dcgan: 14 };

/** Figures of an evaluation that have another meaning now, and why. They must still be there. */
const REDEFINED: Readonly<Record<string, string>> = {
  nearestRatio:
    "the median of an even number of values is the mean of the middle two, no longer the upper one",
};

const fixtures = fileURLToPath(new URL("../train/fixtures/", import.meta.url));
const json = <T>(...path: string[]): T => JSON.parse(readFileSync(join(fixtures, ...path), "utf8")) as T;

type Figures = Readonly<Record<string, number>>;

let folder: string;
let cache: string | undefined;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tsgan-agreement-"));
  cache = process.env.TSGAN_CACHE;
  process.env.TSGAN_CACHE = join(folder, "cache");
});
afterAll(() => {
  if (cache === undefined) delete process.env.TSGAN_CACHE;
  else process.env.TSGAN_CACHE = cache;
  rmSync(folder, { recursive: true, force: true });
});

const metricsOf = (run: string): Figures[] =>
  readFileSync(join(run, "metrics.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Figures);

/** How far `got` is from `expected`, as a share of the larger one; 0 for what is near enough to zero. */
const distance = (expected: number, got: number | undefined): number => {
  if (got === undefined || !Number.isFinite(got)) return Number.POSITIVE_INFINITY;
  const difference = Math.abs(expected - got);
  return difference <= NEAR_ZERO ? 0 : difference / Math.max(Math.abs(expected), Math.abs(got));
};

/** Figures of `expected` that `got` lacks or has otherwise. */
const departures = (expected: readonly Figures[], got: readonly Figures[]): string[] =>
  expected.flatMap((figures, i) =>
    Object.entries(figures)
      .filter(([key, value]) => !(distance(value, got[i]?.[key]) <= TOLERANCE))
      .map(([key, value]) => `line ${i + 1}: ${key} was ${value}, is ${got[i]?.[key]}`),
  );

/** Numbers from all of a long list, as the script of the fixtures takes them. */
const spread = (values: Float32Array, count: number): number[] =>
  Array.from({ length: count }, (_, i) => values[Math.floor((i * values.length) / count)]);

const expectSamples = (got: Float32Array, expected: readonly number[], tolerance: number): void => {
  const largest = spread(got, expected.length).reduce(
    (most, value, i) => Math.max(most, Math.abs(value - expected[i])),
    0,
  );
  expect(largest).toBeLessThan(tolerance);
};

const sampled = async (path: string, count: number): Promise<Float32Array> => {
  const { trainer } = openRun(path, { threads: 1 });
  const samples = await trainer.sample(count, { seed: 3 });
  await trainer.dispose();
  return samples;
};

describe("a configuration of 0.1 trains as it did there", () => {
  interface Recorded {
    readonly config: Readonly<Record<string, unknown>>;
    readonly records: readonly Figures[];
    readonly samples: readonly number[];
  }
  const names = readdirSync(join(fixtures, "records-0.1")).map((file) => file.replace(/\.json$/, ""));

  it.each(names)("%s", async (name) => {
    const { config, records, samples } = json<Recorded>("records-0.1", `${name}.json`);
    const { version, dataset, ...written } = config;
    expect(version).toBe("0.1.0");
    const out = join(folder, "records", name);
    await startRun({ config: resolveConfig(written as ConfigInput), out, threads: 1 });
    const got = metricsOf(out);
    expect(got.length).toBe(records.length);
    expect(departures(records.slice(0, COMPARED[name]), got)).toEqual([]);
    if (COMPARED[name] === undefined) expectSamples(await sampled(out, 4), samples, TOLERANCE);
  });
});

describe("a run folder of 0.1", () => {
  interface Expected {
    readonly samples: readonly number[];
    readonly latent: number;
    readonly exported: readonly number[];
    readonly figures: Figures;
    readonly continued: readonly Figures[];
  }
  const runs = readdirSync(join(fixtures, "runs-0.1"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

  describe.each(runs)("%s", (name) => {
    const path = join(fixtures, "runs-0.1", name);
    const expected = json<Expected>("runs-0.1", `${name}.json`);

    it("gives the same samples", async () => {
      expectSamples(await sampled(path, 8), expected.samples, SAMPLE_TOLERANCE);
    });

    it("is exported to the same generator, with the same inputs", async () => {
      const { trainer } = openRun(path, { threads: 1 });
      const session = await InferenceSession.create(await trainer.exportGenerator());
      await trainer.dispose();
      const { latent } = expected;
      const z = Float32Array.from({ length: 4 * latent }, (_, i) => Math.sin(i + 1));
      const { image } = await session.run({
        z: new Tensor("float32", z, [4, latent]),
        ...(session.inputNames.includes("label") && {
          label: new Tensor("int32", Int32Array.of(0, 3, 6, 9), [4]),
        }),
      });
      await session.release();
      expectSamples(image.data as Float32Array, expected.exported, SAMPLE_TOLERANCE);
    });

    it("is judged the same", async () => {
      const run = openRun(path, { threads: 1 });
      const { figures } = await evaluateRun(run, { samples: 100, seed: 3 });
      await run.trainer.dispose();
      const got = Object.fromEntries(figures.map(({ key, value }) => [key, value]));
      expect(Object.keys(got)).toEqual(expect.arrayContaining(Object.keys(expected.figures)));
      const kept = Object.entries(expected.figures).filter(([key]) => !Object.hasOwn(REDEFINED, key));
      expect(departures([Object.fromEntries(kept)], [got])).toEqual([]);
    });

    it("is continued as it would have been there", async () => {
      const out = join(folder, "continued", name);
      cpSync(path, out, { recursive: true });
      const before = metricsOf(out);
      const { continued } = expected;
      const steps = before.length + continued.length;
      const { step } = await startRun({
        config: { ...storedConfig(out), steps },
        out,
        resume: true,
        threads: 1,
      });
      expect(step).toBe(steps);
      expect(departures([...before, ...continued], metricsOf(out))).toEqual([]);
    });
  });
});
