/** What holds of each technique in a GAN of two players. A new technique is a row. */
import { describe, expect, it } from "vitest";
import { fromExamples } from "../data/index.ts";
import { randomStream } from "../random/index.ts";
import { rowsFromCsv } from "../tables/index.ts";
import { type GanRun, gan, type StepRecord } from "../train/index.ts";
import { catalogue } from "./index.ts";

interface Row {
  readonly options: Readonly<Record<string, unknown>>;
  /** The first iteration in which the players' gradients or scores tell it from a game without. None: samples alone do. */
  readonly shows: number | undefined;
  /** Names of its own parts of the state. */
  readonly state?: readonly string[];
  /** Where it is not for images: what it is tried on. */
  readonly run?: typeof runOf;
}

const policy = "color,translation,cutout";
const rows: Readonly<Record<string, Row>> = {
  "differential-privacy": {
    options: { epsilon: 3, clip: 0.1 },
    shows: 1,
    run: (techniques) => runOfRows(techniques),
  },
  // Below all that it may be, so that p has grown when the generator moves.
  ada: { options: { policy, target: -2, images: 16 }, shows: 1, state: ["ada.p"] },
  consensus: { options: { weight: 1 }, shows: 1 },
  "diff-augment": { options: { policy }, shows: 1 },
  ema: { options: { decay: 0.9 }, shows: undefined, state: ["ema.generator", "ema.generator.buffers"] },
  "historical-averaging": {
    options: { weight: 10 },
    shows: 2,
    state: ["historical-averaging.discriminator", "historical-averaging.generator"],
  },
  // Two batches fill it.
  "image-pool": { options: { size: 16 }, shows: 3, state: ["image-pool"] },
  "instance-noise": { options: { sigma: 0.5, steps: 100 }, shows: 1 },
  packing: { options: { count: 2 }, shows: 1 },
  // Both first steps are the usual ones but for the generator's fakes.
  "shared-fakes": {
    options: { updates: "simultaneous" },
    shows: 1,
    state: ["shared-fakes.discriminator"],
  },
  unrolled: { options: { steps: 1 }, shows: 1 },
};

const images = () => {
  const examples = new Float32Array(64 * 16 * 16);
  randomStream(5, "images").fillUniform(examples, -1, 1);
  return fromExamples({ name: "tiny", shape: [1, 16, 16], examples });
};

const runOf = (techniques: readonly { readonly name: string }[]): GanRun =>
  gan({
    data: images(),
    model: { name: "dcgan", base: 4, latent: 8 },
    techniques: [...techniques],
    optimizer: { name: "adam", learningRate: 1e-3 },
    batch: 8,
    steps: 5,
    threads: 1,
  });

/** Of a table whose rows training sees one by one. */
const runOfRows: typeof runOf = (techniques) => {
  const rows = Array.from({ length: 300 }, (_, i) => `${"abc"[i % 3]},${(i * 37) % 101}`);
  return gan({
    data: rowsFromCsv(`plan,age\n${rows.join("\n")}\n`, "t.csv", { alone: true }),
    model: { name: "ctgan", packing: 1, latent: 4, hidden: [8], discriminatorHidden: [8] },
    techniques: [...techniques],
    optimizer: { name: "adam", learningRate: 1e-3 },
    batch: 40,
    steps: 5,
    seed: 2 ** 40 + 7,
    threads: 1,
  });
};

const recordsOf = async (run: GanRun, steps: number): Promise<StepRecord[]> => {
  const records: StepRecord[] = [];
  await run.train({
    steps,
    onStep: (record) => {
      records.push(record);
    },
  });
  return records;
};

const plainOf = async (make: typeof runOf) => {
  const run = make([]);
  const records = await recordsOf(run, 5);
  return { records, samples: await run.sample(4), state: Object.keys(await (await run.trainer()).tensors()) };
};
const onImages = plainOf(runOf);

it("each technique has a row", () => {
  expect(Object.keys(rows).sort()).toEqual([...catalogue.names].sort());
});

describe.each(Object.entries(rows))("%s", (name, { options, shows, state = [], run: own }) => {
  const make = () => (own ?? runOf)([{ name, ...options }]);
  const plain = own === undefined ? onImages : plainOf(own);

  it("shows in records from its first iteration on, or else in samples", async () => {
    const [run, without] = [make(), await plain];
    const records = await recordsOf(run, 5);
    expect(records.flatMap((record) => Object.values(record)).every(Number.isFinite)).toBe(true);
    const differs = records.findIndex((record, i) =>
      ["discriminatorGradient", "generatorGradient", "realScore", "fakeScore"].some(
        (key) => Math.abs(record[key] - without.records[i][key]) > 1e-5,
      ),
    );
    expect(differs + 1 || undefined).toBe(shows);
    expect(await run.sample(4)).not.toEqual(without.samples);
    await run.dispose();
  });

  it("keeps its state under its own name, and goes on from a checkpoint bit for bit", async () => {
    const [whole, begun, resumed] = [make(), make(), make()];
    const records = await recordsOf(whole, 5);
    await begun.train({ steps: 3 });
    await resumed.load(await begun.save());
    expect(await recordsOf(resumed, 5)).toEqual(records.slice(3));
    expect(await resumed.save()).toEqual(await whole.save());
    const usual = new Set((await plain).state.map((key) => key.replace(/\/.*/, "")));
    const own = Object.keys(await (await whole.trainer()).tensors()).map((key) => key.replace(/\/.*/, ""));
    expect([...new Set(own)].filter((key) => !usual.has(key)).sort()).toEqual(state);
    for (const run of [whole, begun, resumed]) await run.dispose();
  });

  it("is in the configuration with all its options, and refuses others with the nearest name", async () => {
    const run = make();
    const { techniques } = await run.config();
    expect(techniques).toEqual([{ name, ...catalogue.get(name).create(options).options }]);
    const [option] = Object.keys(options);
    expect(() => catalogue.get(name).create({ ...options, [`${option}x`]: 1 })).toThrow(
      new RegExp(`"${option}x".*"${option}"`),
    );
    await run.dispose();
  });
});
