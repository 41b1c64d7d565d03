import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resolveConfig } from "../config/index.ts";
import { fromExamples } from "../data/index.ts";
import { mean, sliceAxis, square, sub } from "../graph/index.ts";
import { rowSize } from "../layout.ts";
import { rawExtractor } from "../metrics/features/raw.ts";
import { examineGame, gameHealthFacts } from "../metrics/index.ts";
import { adam, layers } from "../nn/index.ts";
import { randomStream } from "../random/index.ts";
import { type TableReport, tableReport } from "../report/index.ts";
import { rowReader, rowsFromCsv, type TableDataset } from "../tables/index.ts";
import { configuredTrainer, type GanTrainer, game, trainLoop } from "../train/index.ts";

const ROWS = 600;
const PLANTED = 20;
/** Far from every multiple of the planted numbers. */
const random = randomStream(7, "table");
const pick = <T>(values: readonly T[]): T => values[random.integer(values.length)];

/** Twenty of the rows have a town, a date, a number and a combination that no other row has. */
const isPlanted = (row: number): boolean => row % (ROWS / PLANTED) === 13;
const rows = Array.from({ length: ROWS }, (_, row) => {
  const mail = `${pick(["ann", "bob", "eve", "kim"])}.${row}@corp.org`;
  return isPlanted(row)
    ? [mail, `Hamlet-${row}`, "gold", 91_000_000 + 7919 * row, 977 + row, `19${10 + (row % 40)}-02-03`]
    : [
        mail,
        pick(["Rome", "Oslo", "Paris", "Kyiv"]),
        pick(["basic", "basic", "gold"]),
        20_000 + random.integer(60_000),
        18 + random.integer(60),
        `20${10 + random.integer(10)}-0${1 + random.integer(9)}-1${random.integer(10)}`,
      ];
});
const csv = ["mail,town,plan,income,points,joined", ...rows.map((row) => row.join(","))].join("\n");
const planted = rows.filter((_, row) => isPlanted(row));

describe("a table with 20 rows of their own and a column of e-mail addresses", () => {
  let dataset: TableDataset;
  let trainer: GanTrainer;
  let texts: readonly (readonly string[])[];
  beforeAll(async () => {
    dataset = rowsFromCsv(csv, "people.csv");
    const config = resolveConfig({
      data: "people.csv",
      as: "rows",
      steps: 60,
      batch: 100,
      model: { name: "ctgan", latent: 16, hidden: [32], discriminatorHidden: [32] },
    });
    trainer = configuredTrainer({ config, dataset, threads: 1 }).trainer;
    await trainLoop(trainer, { steps: 60 });
    const samples = await trainer.sample(20_000, { seed: 3, batch: 1000 });
    texts = rowReader(dataset.table)
      .read(samples, 0, 3)
      .map((cells) => cells.map(({ text }) => text));
  });
  afterAll(() => trainer.dispose());

  it("gives none of the e-mail addresses", () => {
    const known = new Set(rows.map(([mail]) => mail));
    expect(texts.filter(([mail]) => known.has(mail))).toEqual([]);
    expect(texts.every(([mail]) => /^user\d+@example\.com$/.test(mail))).toBe(true);
  });

  it("gives none of the 20 rows, nor a town of theirs", () => {
    const known = new Set(planted.map((row) => row.slice(1).join()));
    expect(texts.filter((row) => known.has(row.slice(1).join()))).toEqual([]);
    const towns = new Set(planted.map(([, town]) => town));
    expect(texts.filter(([, town]) => towns.has(town))).toEqual([]);
  });

  it("gives no row of the table at all", () => {
    const known = new Set(rows.map((row) => row.slice(1).join()));
    expect(texts.filter((row) => known.has(row.slice(1).join()))).toEqual([]);
  });

  it("keeps none of their towns and addresses in what a run's folder holds", () => {
    const kept = JSON.stringify(dataset.table);
    for (const [mail, town] of planted) {
      expect(kept).not.toContain(String(town));
      expect(kept).not.toContain(String(mail));
    }
  });
});

/** Of 300 visitors; the last 20 have an age that nobody else has, all of them rows of training. */
const VISITORS = 300;
const visitors = Array.from({ length: VISITORS }, (_, row) => {
  const own = randomStream(11, "visitor", row);
  const age = row >= VISITORS - PLANTED ? 62 + (row % PLANTED) : 18 + own.integer(40);
  return [["Rome", "Oslo", "Paris"][own.integer(3)], ["basic", "gold"][own.integer(2)], age, own.integer(50)];
});
const CODE = 24;

describe("a generator that was trained to give its rows back", () => {
  const dataset = rowsFromCsv(
    `town,plan,age,visits\n${visitors.map((row) => row.join(",")).join("\n")}\n`,
    "visitors.csv",
    { holdOut: 0.25 },
  );
  const { size: count, layout } = dataset;
  const [width] = dataset.shape;
  const row = rowSize(layout!);
  const codes = new Float32Array(count * CODE);
  randomStream(5, "codes").fillNormal(codes);
  const { dense, relu, sequential } = layers;
  let samples: Float32Array;
  let report: TableReport | undefined;

  beforeAll(async () => {
    const { examples } = await dataset.read!(Uint32Array.from({ length: count }, (_, i) => i));
    // A code and the row that it stands for.
    const pairs = new Float32Array(count * (CODE + width));
    for (let i = 0; i < count; i++) {
      pairs.set(codes.subarray(i * CODE, (i + 1) * CODE), i * (CODE + width));
      pairs.set(examples.subarray(i * width, (i + 1) * width), i * (CODE + width) + CODE);
    }
    const run = game({
      data: { pair: fromExamples({ name: "pairs", shape: [CODE + width], examples: pairs }) },
      networks: { generator: sequential(dense(96), relu(), dense(96), relu(), dense(row)) },
      players: {
        generator: {
          loss: ({ pair, generator }) =>
            mean(square(sub(generator(sliceAxis(pair, 1, 0, CODE)), sliceAxis(pair, 1, CODE, CODE + row)))),
          optimizer: adam({ learningRate: 3e-3 }),
        },
      },
      batch: 75,
    });
    await run.train({ steps: 900 });
    const made = await run.compute({ pair: pairs }, ({ pair, generator }) =>
      generator(sliceAxis(pair, 1, 0, CODE)),
    );
    await run.dispose();
    samples = new Float32Array(count * width);
    for (let i = 0; i < count; i++) samples.set(made.subarray(i * row, (i + 1) * row), i * width);
    const repeat = async (wanted: number): Promise<Float32Array> =>
      Float32Array.from({ length: wanted * width }, (_, i) => samples[i % samples.length]);
    report = await tableReport(dataset, rawExtractor(dataset.shape), repeat, { seed: 1 });
  });

  const figure = (key: string): number =>
    report!.judgement!.figures.find((each) => each.key === key)?.value ?? Number.NaN;

  it("gives planted rows back, which the copy check finds", () => {
    const texts = new Set(
      rowReader(dataset.table)
        .read(samples, 0, 1)
        .map((cells) => cells.map(({ text }) => text).join()),
    );
    const { columns, rows } = dataset.rows!.training();
    const known = Array.from({ length: rows }, (_, i) => columns.map(({ values }) => values.at(i)).join());
    const unique = known.filter((text) => Number(text.split(",")[2]) >= 62);
    expect(unique.length).toBeGreaterThan(8);
    const leaked = unique.filter((text) => texts.has(text));
    expect(leaked.length).toBeGreaterThan(unique.length / 2);
    expect(figure("exactCopies")).toBeGreaterThan(0.8);
    expect(figure("copiesHeldOut")).toBeLessThan(0.1);
  });

  it("is told by distances and by the attack, too, and its rows are not to be shared", () => {
    expect(figure("closestRatio")).toBeLessThan(0.1);
    expect(figure("membershipAccuracy")).toBeGreaterThan(0.85);
    expect(report!.judgement!.sharing.level).toBe("no");
    expect(report!.judgement!.sharing.reasons[0]).toMatch(/^\d+ % of the rows are rows of the table/);
  });

  it("is what doctor calls copied rows", async () => {
    const facts = gameHealthFacts(
      { name: "memoriser", batch: 75, players: {}, techniques: [] },
      { shape: dataset.shape, size: count },
    );
    const verdicts = await examineGame({
      game: facts,
      dataset,
      records: [{ step: 900 }],
      samples,
      extractor: rawExtractor(dataset.shape),
    });
    expect(verdicts.map(({ kind }) => kind)).toContain("copied-rows");
  });
});
