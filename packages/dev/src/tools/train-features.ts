/**
 * Trains the network that colour pictures are judged by where nothing else is said, and writes it as ONNX:
 *
 *     npm install --no-save emoji-datasource-google@16.0.0 emoji-datasource-twitter@16.0.0
 *     npm run features [-- --steps N] [--threads N] [--packages FOLDER] [--out FILE]
 *
 * packages/tsgan/assets/colour.onnx was made by this command with its defaults. It learns two things of 64 × 64 pictures: what they
 * are (99 groups of emoji, ten digits, ten pieces of clothing) and how much they were spoilt, in four ways out of those that
 * `bench/features.ts` tries. Emoji: Noto Emoji, Google, Apache 2.0; Twemoji, Twitter and others, CC BY 4.0.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { add, constant, input, mean, mul, square, sub, type Tensor, tanh, toOnnx } from "tsgan/graph";
import { classCrossEntropy } from "tsgan/losses";
import { mostProbable } from "tsgan/metrics";
import { adam, learner } from "tsgan/nn";
import { writeFileAtomic } from "tsgan/node";
import { randomStream } from "tsgan/random";
import { compile, State } from "tsgan/runtime";
import { network } from "./features/network.ts";
import { type Pictures, readPictures, SIDE } from "./features/pictures.ts";
import { KINDS, spoiltBatch } from "./features/spoil.ts";

const BATCH = 64;
/** Of a feature, up and down. */
const MOST = 3;
const RATE = 2e-3;
const SIZE = 3 * SIDE * SIDE;

const text = { type: "string" } as const;
const { values } = parseArgs({
  options: {
    steps: { ...text, default: "1200" },
    threads: { ...text, default: "1" },
    packages: { ...text, default: fileURLToPath(new URL("../../../../node_modules", import.meta.url)) },
    out: { ...text, default: fileURLToPath(new URL("../../../tsgan/assets/colour.onnx", import.meta.url)) },
  },
});
const steps = Number(values.steps);
const threads = Number(values.threads);

const { train, test, classes } = await readPictures(
  values.packages,
  JSON.parse(readFileSync(join(values.packages, "emoji-datasource-google/emoji.json"), "utf8")),
);
console.log(`${train.count} pictures of ${classes} classes, ${test.count} kept from training`);

const seer = learner(
  "seer",
  network(classes),
  adam({ learningRate: { kind: "cosine", from: RATE, to: RATE / 100 } }),
  { steps },
);
const { logits, levels } = seer.apply(input("image", [BATCH, 3, SIDE, SIDE]));
const known = classCrossEntropy(logits, input("label", [BATCH], "int32"), 0.1);
const guessed = mean(square(sub(levels, input("levels", [BATCH, KINDS.length]))));
const step = await compile(
  { known, guessed, ...seer.update(add(known, mul(guessed, 20))) },
  { state: seer.names, threads },
);
const state = new State();
seer.init(state);
const started = performance.now();
let [sumKnown, sumGuessed] = [0, 0];
const EVERY = 100;
for (let t = 0; t < steps; t++) {
  const batch = spoiltBatch(train, BATCH, randomStream(1, "features", t));
  const done = await step.run({ ...batch, ...seer.feeds(step, t) }, state);
  sumKnown += done.known[0];
  sumGuessed += done.guessed[0];
  if ((t + 1) % EVERY === 0) {
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    console.log(
      `step ${t + 1}: classes ${(sumKnown / EVERY).toFixed(3)}, levels ${(sumGuessed / EVERY).toFixed(4)}, ${seconds} s`,
    );
    [sumKnown, sumGuessed] = [0, 0];
  }
}
const frozen = await seer.frozen(state);
state.dispose();
await step.dispose();

const seen = await compile(
  (({ features, logits: found }) => ({ features, found }))(frozen(input("image", [BATCH, 3, SIDE, SIDE]))),
  { threads },
);
/** Features and classes of unspoilt pictures. */
const look = async ({
  bytes,
  labels,
  count,
}: Pictures): Promise<{ features: Float32Array[]; right: number }> => {
  const features: Float32Array[] = [];
  let right = 0;
  for (let first = 0; first + BATCH <= count; first += BATCH) {
    const image = Float32Array.from(
      bytes.subarray(first * SIZE, (first + BATCH) * SIZE),
      (byte) => byte / 127.5 - 1,
    );
    const { features: rows, found } = await seen.run({ image });
    const width = rows.length / BATCH;
    for (let i = 0; i < BATCH; i++)
      features.push(Float32Array.from(rows.subarray(i * width, (i + 1) * width)));
    mostProbable(found, classes).forEach((label, i) => {
      if (label === labels[first + i]) right++;
    });
  }
  return { features, right: right / features.length };
};
const { features } = await look(train);
const { right } = await look(test);
const width = features[0].length;
// On what it was trained on each feature has mean 0 and deviation 1, before it is bent: none may outweigh the others, ±3 is the most.
const centre = new Float32Array(width).map(
  (_, k) => features.reduce((sum, f) => sum + f[k], 0) / features.length,
);
const scale = centre.map((c, k) => {
  const variance = features.reduce((sum, f) => sum + (f[k] - c) ** 2, 0) / features.length;
  return 1 / Math.sqrt(variance + 1e-4);
});
const model = toOnnx(
  (count) => {
    const found: Tensor = frozen(input("image", [count, 3, SIDE, SIDE])).features;
    const even = mul(sub(found, constant(centre, [1, width])), constant(scale, [1, width]));
    return { features: mul(tanh(mul(even, 1 / MOST)), MOST) };
  },
  {
    name: "colour-features",
    metadata: { range: "-1 … 1", testAccuracy: right.toFixed(4), steps: values.steps },
  },
);
writeFileAtomic(values.out, model);
console.log(
  `${values.out}: ${model.length} bytes, ${width} features, ${(100 * right).toFixed(1)} % of ${test.count} pictures right, ` +
    `${((performance.now() - started) / 1000).toFixed(0)} s`,
);
