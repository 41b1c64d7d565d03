import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resolveConfig } from "../config/index.ts";
import { randomStream } from "../random/index.ts";
import { rowReader, rowsFromCsv, type TableDataset } from "../tables/index.ts";
import { configuredTrainer, type GanTrainer, trainLoop } from "../train/index.ts";

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
