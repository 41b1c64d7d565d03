import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ConfigInput } from "../config/index.ts";
import { UsageError } from "../errors.ts";
import { openDataset } from "./datasets.ts";
import { evaluateRun, openJudge } from "./evaluate.ts";
import { describeFailure } from "./failure.ts";
import { openRun } from "./open-run.ts";
import { startRun } from "./run.ts";
import type { RunEvent } from "./run-events.ts";
import { type WriteRowsOptions, writeRows } from "./sample-rows.ts";
import { storedConfig } from "./stored-config.ts";
import { recogniseFile } from "./table-file.ts";

const penguins = fileURLToPath(new URL("../tables/fixtures/penguins.csv", import.meta.url));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tsgan-table-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const config: ConfigInput = {
  data: penguins,
  as: "rows",
  model: { name: "ctgan", latent: 8, hidden: [16], discriminatorHidden: [16] },
  batch: 40,
  steps: 6,
  sampleEvery: 6,
  checkpointEvery: 3,
  keepCheckpoints: 2,
};

const run = (out: string, more: ConfigInput = {}, options: { resume?: boolean; stopAt?: number } = {}) => {
  const stop = new AbortController();
  const events: RunEvent[] = [];
  const result = startRun({
    config: { ...config, ...more },
    out: join(folder, out),
    resume: options.resume ?? false,
    threads: 1,
    signal: stop.signal,
    onEvent: (event) => {
      events.push(event);
      if (event.type === "step" && event.record.step === options.stopAt) stop.abort();
    },
  });
  return result.then(() => events);
};

const sample = async (out: string, name: string, options: Omit<WriteRowsOptions, "out">) => {
  const opened = openRun(join(folder, out), { threads: 1 });
  const file = join(folder, name);
  try {
    const written = await writeRows(opened, { ...options, out: file });
    return { written, lines: readFileSync(file, "utf8").trimEnd().split("\n") };
  } finally {
    await opened.trainer.dispose();
  }
};

describe("a run of a table", () => {
  it("says what it understood, and does not warn of what is usual for tables", async () => {
    const events = await run("whole");
    const data = events.find((event) => event.type === "data");
    expect(data?.type === "data" && data.lines).toEqual([
      `${penguins} (table): 310 rows; 8 columns (species, island, bill_length_mm, bill_depth_mm, flipper_length_mm, body_mass_g, sex, year) separated by commas`,
      "numbers: bill_length_mm, bill_depth_mm, flipper_length_mm, body_mass_g, year",
      "categories: species, island, sex",
      "held out to judge by: 34 rows",
    ]);
    expect(events.filter((event) => event.type === "warning")).toEqual([]);
  });

  it("is asked for no more rows than a disk holds", async () => {
    const opened = openRun(join(folder, "whole"), { threads: 1 });
    await expect(writeRows(opened, { rows: 1e15, out: join(folder, "many.csv") })).rejects.toThrow(
      "rows: rows must be an integer of at least 1 and at most 1000000000; got 1000000000000000",
    );
    await opened.trainer.dispose();
  });

  it("leaves nothing beside the name of a file whose writing is stopped", async () => {
    const opened = openRun(join(folder, "whole"), { threads: 1 });
    const stop = new AbortController();
    const out = join(folder, "stopped", "rows.csv");
    mkdirSync(join(folder, "stopped"));
    const writing = writeRows(opened, {
      rows: 1e9,
      out,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    await expect(writing).rejects.toThrow();
    expect(readdirSync(join(folder, "stopped"))).toEqual([]);
    await opened.trainer.dispose();
  });

  it("goes on bit for bit after it was stopped", async () => {
    await run("stopped", {}, { stopAt: 3 });
    await run("stopped", {}, { resume: true });
    const checkpoint = (out: string) =>
      readFileSync(join(folder, out, "checkpoints", "step-000006.safetensors"));
    expect(checkpoint("stopped").equals(checkpoint("whole"))).toBe(true);
  });

  it("is sampled without its table: rows of the same columns, the same for the same seed, the first of more", async () => {
    await run("gone");
    const { written, lines } = await sample("gone", "a.csv", { rows: 50, seed: 3 });
    expect(written).toEqual({ rows: 50, seed: 3, made: 50 });
    expect(lines[0]).toBe(readFileSync(penguins, "utf8").split("\n")[0].trim());
    expect(lines.length).toBe(51);
    for (const line of lines.slice(1)) {
      expect(line).toMatch(
        /^(Adelie|Gentoo|Chinstrap),(Torgersen|Biscoe|Dream),[\d.NA]*,[\d.NA]*,[\dNA]*,[\dNA]*,(male|female|NA)?,200[789]$/,
      );
    }
    expect((await sample("gone", "b.csv", { rows: 50, seed: 3 })).lines).toEqual(lines);
    expect((await sample("gone", "c.csv", { rows: 50, seed: 4 })).lines).not.toEqual(lines);
  });

  it("is sampled to conditions, as JSON lines", async () => {
    const where = ["species=Gentoo", "year>=2008"];
    const { written, lines } = await sample("whole", "d.jsonl", { rows: 20, where });
    expect(written.made).toBeGreaterThanOrEqual(20);
    for (const line of lines) {
      const row = JSON.parse(line);
      expect(row.species).toBe("Gentoo");
      expect(row.year).toBeGreaterThanOrEqual(2008);
    }
    expect(lines.length).toBe(20);
  });

  it("is judged by what is for tables: quality, copies, and distances by the rows held out", async () => {
    const opened = openRun(join(folder, "whole"), { threads: 1 });
    const { figures, leftOut } = await evaluateRun(opened, { samples: 100 });
    await opened.trainer.dispose();
    expect(leftOut).toEqual([]);
    expect(figures.map(({ key }) => key)).toEqual([
      ...["tableQuality", "columnShapes", "pairTrends", "detection", "detectionAuc"],
      ...[
        "usefulness",
        "syntheticF1",
        "realF1",
        "syntheticAccuracy",
        "realAccuracy",
        "syntheticR2",
        "realR2",
      ],
      ...["exactCopies", "newRows", "rareLeaks", "copiesHeldOut", "rareHeldOut", "closestRatio"],
      ...["closerToTraining", "overfittingProtection", "baselineProtection", "membershipAccuracy"],
    ]);
    expect(figures[1].details?.map(({ name }) => name)).toContain("body_mass_g (KSComplement)");
    expect(figures.find(({ key }) => key === "closerToTraining")?.unreliable).toBe(
      "34 held-out rows are few",
    );
  });

  it("is judged without statistics of features, which metrics of tables do not look at; others still have them", async () => {
    const opened = openRun(join(folder, "whole"), { threads: 1 });
    const dataset = await opened.data();
    const judge = await openJudge(dataset);
    expect([judge.reference.count, judge.reference.features.rows]).toEqual([310, 0]);
    const samples = await opened.trainer.sample(100, { seed: 1 });
    const { figures } = await judge.judge(samples, { metrics: ["fid"] });
    expect(figures.map(({ key }) => key)).toEqual(["fid"]);
    expect(figures[0].note).toContain("310");
    await judge.dispose();
    await opened.trainer.dispose();
  });

  it("refuses files of other kinds and conditions that are wrong, and leaves nothing behind", async () => {
    const before = readdirSync(folder);
    await expect(sample("whole", "e.xlsx", { rows: 2 })).rejects.toThrow(
      "sample: --out must end in .csv or .jsonl; got",
    );
    await expect(sample("whole", "f.csv", { rows: 2, where: ["specis=Gentoo"] })).rejects.toThrow(UsageError);
    const interrupted = sample("whole", "g.csv", {
      rows: 2,
      onProgress: () => {
        throw new Error("enough");
      },
    });
    await expect(interrupted).rejects.toThrow("enough");
    expect(readdirSync(folder)).toEqual(before);
  });
});

describe("a file", () => {
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  it("is taken as rows where it has mixed columns, as points where it has numbers alone", () => {
    expect(recogniseFile(penguins)).toBe("rows");
    expect(recogniseFile(penguins, ["bill_length_mm", "year"])).toBe("rows");
    expect(recogniseFile(penguins, ["year"])).toBe("points");
    const points = Array.from({ length: 50 }, (_, i) => `${i * 0.5},${i * i}`).join("\n");
    expect(recogniseFile(write("points.csv", `x,y\n${points}\n`))).toBe("points");
    expect(recogniseFile(write("page.csv", "<html></html>"))).toBeUndefined();
    expect(recogniseFile("mnist")).toBeUndefined();
    expect(recogniseFile(folder)).toBeUndefined();
  });

  it("is trained on as what it looks like, where the configuration does not say it", async () => {
    const { as: _, ...rest } = config;
    await startRun({ config: { ...rest, steps: 2 }, out: join(folder, "recognised"), threads: 1 });
    const stored = storedConfig(join(folder, "recognised"));
    expect(stored).toMatchObject({ as: "rows", holdOut: 0.1, model: { name: "ctgan" } });
    // And goes on as it began, whatever the file looks like by now.
    const resumed = { config: { ...rest, steps: 3 }, out: join(folder, "recognised"), threads: 1 };
    expect((await startRun({ ...resumed, resume: true })).step).toBe(3);
    const points = Array.from({ length: 50 }, (_, i) => `${i * 0.5},${(i * i) % 7}`).join("\n");
    const data = write("cloud.csv", `x,y\n${points}\n`);
    const model = { name: "mlp", latent: 2, hidden: [8] };
    await startRun({ config: { data, model, batch: 8, steps: 1 }, out: join(folder, "cloud"), threads: 1 });
    expect(storedConfig(join(folder, "cloud"))).toMatchObject({ as: "points" });
  });

  it("of mixed columns is refused as points with what a program writes, and the command its flags", async () => {
    const file = write("mixed.csv", `x,y,name\n${"1,2,ann\n3,4,bob\n".repeat(9)}`);
    const error: unknown = await openDataset(file).catch((reason: unknown) => reason);
    const remedy = (text: string) => `; mend the rows, take them as they are with ${text}`;
    const own = remedy('as: "rows", or take the columns of numbers alone with columns: ["x", "y"]');
    expect((error as Error).message.endsWith(own)).toBe(true);
    const { message } = describeFailure(error);
    expect(message.endsWith(remedy("--table, or take the columns of numbers alone with --columns x,y"))).toBe(
      true,
    );
  });

  it("is asked for as a table where it is one alone", async () => {
    await expect(openDataset("ring", { as: "rows" })).rejects.toThrow(
      'data set ring: as: "rows" is for tables of your own; leave it out',
    );
    await expect(run("odd", { batch: 45 })).rejects.toThrow(
      "config: batch must be a multiple of 10, the examples that model ctgan judges together; got 45; choose 40 or 50",
    );
  });

  it("is refused a schema that is wrong, or not for rows", async () => {
    const schema = write("schema.json", '{"columns": [{"name": "sex", "kind": "categry"}]}');
    await expect(openDataset(penguins, { as: "rows", schema })).rejects.toThrow(
      `${schema}: columns.0.kind: unknown kind of column "categry"; did you mean "category"?`,
    );
    await expect(openDataset(penguins, { schema })).rejects.toThrow("a schema is for rows of a table");
  });
});
