/**
 * Runs the experiments whose results the studio's lessons show and writes them down, rounded to four digits:
 *
 *     npm run exhibits [-- NAME…]
 *
 * About ten minutes on one core. Short runs are kept beside the results: a test repeats them, and so tells when an
 * experiment has changed since.
 */
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { experiments, type WeightClippingData } from "@tsgan/theory";
import type { Settings } from "tsgan/define";
import { openDataset, writeFileAtomic } from "tsgan/node";

/** Options of a run that takes a second, for the comparison. */
const SHORT: Readonly<Record<string, Settings>> = {
  "low-dimensional-supports": { steps: 10, width: 16, batch: 32 },
  "vanishing-gradient": { lengths: [1, 2], steps: 3, base: 2, latent: 4, batch: 4 },
  "mode-collapse": { ringSteps: 4, gridSteps: 4, imageSteps: 2, pointBatch: 16, imageBatch: 4 },
  "weight-clipping": {
    limits: [0.01],
    depth: 3,
    deepWidth: 8,
    deepSteps: 10,
    shallowWidth: 8,
    shallowSteps: 10,
    resolution: 4,
    batch: 16,
  },
  "critic-estimate": {
    wassersteinSteps: 4,
    standardSteps: 4,
    warmUp: 1,
    criticSteps: 1,
    points: 4,
    base: 2,
    latent: 4,
    batch: 8,
    samples: 16,
  },
  "created-equal": { trials: 2, steps: 4, size: 6, width: 8, latent: 2, batch: 4 },
};

/** Options beside the defaults. */
const FULL: Readonly<Record<string, Settings>> = {
  "weight-clipping": { resolution: 40 },
};

const folder = fileURLToPath(new URL("../../../studio/src/lessons/exhibits/", import.meta.url));

const run = (name: string, options: Settings): Promise<unknown> =>
  experiments.get(name).create(options).run({ openDataset });

/** Critics' surfaces for every bound, which the experiment draws for one bound at a time. */
const withAllSurfaces = async (data: WeightClippingData): Promise<WeightClippingData> => {
  const surfaces = [...data.surfaces];
  for (const { limit } of data.critics) {
    if (limit === null || surfaces.some((surface) => surface.limit === limit)) continue;
    const more = (await run("weight-clipping", {
      ...FULL["weight-clipping"],
      limits: [limit],
      surfaceLimit: limit,
      deepSteps: 1,
    })) as WeightClippingData;
    surfaces.push(...more.surfaces.filter((surface) => surface.limit === limit));
  }
  return { ...data, surfaces };
};

const rounded = (_key: string, value: unknown): unknown =>
  typeof value === "number" ? Number(value.toPrecision(4)) : value;

/** Of long lists the beginning: enough to see that something has changed. */
const abridged = (_key: string, value: unknown): unknown =>
  Array.isArray(value) && value.length > 12 ? value.slice(0, 6) : rounded(_key, value);

const write = (name: string, value: unknown, replacer: typeof rounded): void =>
  writeFileAtomic(`${folder}${name}.json`, `${JSON.stringify(value, replacer)}\n`);

const { positionals } = parseArgs({ allowPositionals: true });
mkdirSync(folder, { recursive: true });
for (const name of positionals.length > 0 ? positionals : Object.keys(SHORT)) {
  const started = performance.now();
  const options = FULL[name] ?? {};
  const result = await run(name, options);
  const data = name === "weight-clipping" ? await withAllSurfaces(result as WeightClippingData) : result;
  write(name, { options, data }, rounded);
  console.log(`${name}: ${((performance.now() - started) / 1000).toFixed(0)} s`);
}
const short: Record<string, object> = {};
for (const [name, options] of Object.entries(SHORT))
  short[name] = { options, data: await run(name, options) };
write("short-runs", short, abridged);
