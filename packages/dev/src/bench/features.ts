/**
 * node packages/dev/dist/bench/features.js [--data NAME] [--image-size N] [--features a,b] [--count N] [--steps a,b] [--threads N]
 *
 * Whether features rank pictures as they should. Half of a data set is spoilt by degrees in six ways and judged against the other
 * half; a small DCGAN is judged as it learns. For each way: the share of pairs of degrees whose distances are in the right order,
 * and how far the least degree stands out from the untouched half, in units of KID's deviation over subsets.
 */
import { parseArgs } from "node:util";
import { resolveConfig } from "tsgan/config";
import { fromExamples } from "tsgan/data";
import { kid, rawExtractor } from "tsgan/metrics";
import { extractorFor, openDataset } from "tsgan/node";
import { randomStream } from "tsgan/random";
import { markdownTable, spoils } from "tsgan/testing";
import { trainerOf } from "tsgan/train";

const LEVELS = [0, 0.05, 0.1, 0.2, 0.4, 0.8];

const text = { type: "string" } as const;
const { values } = parseArgs({
  options: {
    data: { ...text, default: "pokemon" },
    "image-size": { ...text, default: "32" },
    features: { ...text, default: "pixels,colour" },
    count: { ...text, default: "600" },
    steps: { ...text, default: "30,100,300,1000" },
    threads: { ...text, default: "2" },
  },
});
const threads = Number(values.threads);
const count = Number(values.count);
const dataset = await openDataset(values.data, { size: Number(values["image-size"]), channels: 3 });
const shape = dataset.shape as readonly [number, number, number];
/** Every other picture, from a first one. */
const half = async (first: number): Promise<Float32Array> => {
  const all = Uint32Array.from({ length: Math.floor(dataset.size / 2) }, (_, i) => 2 * i + first);
  return (await dataset.read!(all.subarray(0, count))).examples;
};
const [real, other] = [await half(0), await half(1)];

/** Pairs of a list that rise. */
const inOrder = (distances: readonly number[]): number => {
  const pairs = distances.flatMap((a, i) => distances.slice(i + 1).map((b) => a < b));
  return pairs.filter(Boolean).length / pairs.length;
};

/** Samples of a small DCGAN as it learns from the first half, the last first. */
const learning = async (): Promise<readonly Float32Array[]> => {
  const steps = values.steps.split(",").map(Number);
  const learnt = fromExamples({ name: "half", shape, examples: real });
  const config = resolveConfig({
    data: "half",
    model: { name: "dcgan", base: 12 },
    optimizer: { name: "adam", learningRate: 5e-4, beta1: 0.5, beta2: 0.999 },
    techniques: [],
    batch: 32,
    steps: steps.at(-1)!,
    seed: 1,
  });
  const trainer = trainerOf({ config, dataset: learnt, threads });
  const samples: Float32Array[] = [];
  for (const until of steps) {
    while (trainer.progress.step < until) await trainer.iterate();
    samples.unshift(await trainer.sample(count, { seed: 2 }));
  }
  await trainer.dispose();
  return samples;
};

const ranked: Record<string, readonly Float32Array[]> = {};
for (const [name, spoil] of Object.entries(spoils)) {
  ranked[name] = LEVELS.map((level) => spoil(other, shape, level, randomStream(1, name)));
}
ranked.learning = await learning();

const rows: string[][] = [];
for (const name of values.features.split(",")) {
  const extractor =
    name === "pixels" ? rawExtractor(shape) : await extractorFor(dataset, { features: name, threads });
  const reference = (await extractor.features(real)).features;
  for (const [way, degrees] of Object.entries(ranked)) {
    const [kids, deviations]: [number[], number[]] = [[], []];
    for (const images of degrees) {
      const { features } = await extractor.features(images);
      const found = kid(reference, features, { subsets: 20, size: Math.min(200, count / 2), seed: 1 });
      kids.push(found.mean);
      deviations.push(found.std);
    }
    rows.push([
      name,
      way,
      `${(100 * inOrder(kids)).toFixed(0)} %`,
      ((kids[1] - kids[0]) / deviations[0]).toFixed(2),
      ((kids[2] - kids[0]) / deviations[0]).toFixed(2),
      kids.map((value) => value.toPrecision(3)).join(", "),
    ]);
  }
  await extractor.dispose();
}
console.log(
  markdownTable([["features", "way", "in order", "least degree", "next", "KID by degree"], ...rows]),
);
