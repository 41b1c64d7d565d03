import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resolveConfig } from "../config/index.ts";
import { input } from "../graph/index.ts";
import { conditionSize, rowSize } from "../layout.ts";
import { randomStream } from "../random/index.ts";
import { arrange, rowsFromCsv, type TableDataset } from "../tables/index.ts";
import type { GanTrainer } from "./gan-trainer.ts";
import { rowMaker } from "./row-maker.ts";
import { configuredTrainer, trainLoop } from "./train.ts";

const lines = Array.from(
  { length: 200 },
  (_, row) =>
    `${["DE", "FR", "IT", "DE"][row % 4]},${["yes", "no", "no"][row % 3]},${(row * 37) % 101}.5,${row % 7}`,
);
const csv = ["country,paid,price,stars", ...lines].join("\n");
const temperature = 0.2;

describe("rows whose choices are drawn outside the generator", () => {
  let dataset: TableDataset;
  let trainer: GanTrainer;
  beforeAll(async () => {
    dataset = rowsFromCsv(csv, "t.csv");
    const model = {
      name: "ctgan",
      latent: 6,
      hidden: [12, 8],
      discriminatorHidden: [12],
      temperature,
    } as const;
    const config = resolveConfig({ data: "t.csv", as: "rows", steps: 20, batch: 100, model });
    trainer = configuredTrainer({ config, dataset, threads: 1 }).trainer;
    await trainLoop(trainer, { steps: 20 });
  });
  afterAll(() => trainer.dispose());

  it("have the numbers of the generator, and choices as likely as its Gumbel softmax makes them", async () => {
    const { model } = trainer.gan;
    const { layout } = arrange(dataset.table);
    const [count, size, asked] = [50, rowSize(layout), conditionSize(layout)];
    const z = new Float32Array(count * model.latent.size);
    const noise = new Float32Array(count * 6);
    randomStream(1, "noise").fillNormal(noise);
    const places = Int32Array.from({ length: count }, (_, i) => i % asked);
    const sources = new Float32Array(count * asked);
    for (let i = 0; i < count; i++) {
      z.set(noise.subarray(6 * i, 6 * (i + 1)), i * model.latent.size);
      // Equal Gumbel numbers change no softmax.
      z.fill(0.5, i * model.latent.size + 6, (i + 1) * model.latent.size);
      sources[i * asked + places[i]] = 1;
    }
    const samples = await trainer.sample(count, { z, sources });
    const probe = await trainer.probe(({ bind }) => ({
      rows: model.rows!.make(
        { z: input("z", [count, 6]), places: input("places", [count], "int32") },
        bind("generator").scope,
      ),
    }));
    const { rows } = await probe.run({ z: noise, places });
    await probe.dispose();
    for (let row = 0; row < count; row++) {
      const own = samples.subarray(row * (size + asked), row * (size + asked) + size);
      const likely = rows.subarray(row * size, (row + 1) * size);
      let begin = layout.numbers;
      for (let i = 0; i < begin; i++) expect(likely[i]).toBeCloseTo(own[i], 5);
      for (const length of layout.choices) {
        const powers = own.subarray(begin, begin + length).map((p) => p ** temperature);
        const sum = powers.reduce((a, b) => a + b, 0);
        powers.forEach((power, i) => {
          expect(likely[begin + i]).toBeCloseTo(power / sum, 4);
        });
        begin += length;
      }
    }
  });

  it("are functions of the seed and their number, however many there are, and meet what is asked", async () => {
    const { make, dispose } = await rowMaker(trainer, dataset.table, 5);
    const [whole, part] = [await make(1, 2000, undefined), await make(1, 7, undefined)];
    expect(part.count).toBe(7);
    part.columns.forEach(({ choice, number }, i) => {
      expect(choice).toEqual(whole.columns[i].choice.slice(0, 7));
      expect(number).toEqual(whole.columns[i].number?.slice(0, 7));
    });
    expect((await make(2, 7, undefined)).columns).not.toEqual(part.columns);
    await dispose();
  });
});
