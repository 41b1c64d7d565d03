import { describe, expect, it } from "vitest";
import { type Frame, type FrameColumn, rowsFromCsv } from "../tables/index.ts";
import { rawExtractor } from "./features/raw.ts";
import { diagnose } from "./health.ts";
import { examineGame, gameHealthFacts } from "./index.ts";
import { collapsedColumns } from "./table-health.ts";
import { type Sharing, sharingOf } from "./table-sharing.ts";

const usual = {
  exactCopies: 0,
  copiesHeldOut: 0,
  rareLeaks: 0.01,
  rareHeldOut: 0.01,
  closestRatio: 1.1,
  closerToTraining: 0.5,
  membershipAccuracy: 0.51,
};

const judged = (changes: Partial<Record<keyof typeof usual, number | undefined>>, heldOut = 400): Sharing =>
  sharingOf(
    Object.entries({ ...usual, ...changes }).flatMap(([key, value]) =>
      value === undefined ? [] : [{ key, value }],
    ),
    { heldOut, samples: 2000 },
  );

describe("whether rows may be shared", () => {
  it.each([
    ["copies", { exactCopies: 0.1 }, "10 % of the rows are rows of the table, of held-out rows 0 %"],
    ["rare values", { rareLeaks: 0.2 }, "20 % of the rows hold a value that only one or two rows"],
    ["rows that are too close", { closestRatio: 0.3 }, "rows are 0.30 times as far"],
    ["an attack that knows", { membershipAccuracy: 0.8 }, "an attack tells 80 % of rows rightly"],
  ])("no, for %s", (_, changes, reason) => {
    const { level, sentence, reasons } = judged(changes);
    expect([level, sentence.slice(0, 12)]).toEqual(["no", "Do not share"]);
    expect(reasons.join("\n")).toContain(reason);
  });

  it.each([
    ["an attack that does a little better than guessing", { membershipAccuracy: 0.58 }, 400],
    ["rows that lie nearer to training", { closerToTraining: 0.7 }, 400],
    ["few held-out rows", {}, 34],
    ["none held out", { copiesHeldOut: undefined, rareLeaks: 0, closestRatio: undefined }, 0],
  ])("look closely, for %s", (_, changes, heldOut) => {
    const { level, sentence, reasons } = judged(changes, heldOut);
    expect([level, sentence.slice(0, 12)]).toEqual(["look", "Look closely"]);
    expect(reasons.length).toBe(1);
  });

  it("where nothing was found it says so, promises nothing, and says what it does not know", () => {
    const { level, sentence, reasons, limits } = judged({});
    expect(level).toBe("open");
    expect(`${sentence} ${reasons} ${limits}`).not.toMatch(/anonym|safe|guarantee/i);
    expect(limits.join("\n")).toContain("judged by 2,000 rows");
    expect(limits.join("\n")).toContain("trained without differential privacy");
  });

  it("copies that held-out rows are, too, are chance: a table of few values repeats itself", () => {
    expect(judged({ exactCopies: 0.42, copiesHeldOut: 0.4 }).level).toBe("open");
    expect(judged({ exactCopies: 0.6, copiesHeldOut: 0.4 }).level).toBe("no");
  });

  it("few held-out rows are no proof of anything but copies", () => {
    expect(judged({ closestRatio: 0.3 }, 20).level).toBe("look");
    expect(judged({ exactCopies: 0.5 }, 20).level).toBe("no");
  });
});

describe("the health of a table's run", () => {
  const words = (values: readonly string[]): FrameColumn => ({ name: "plan", kind: "category", values });
  const frame = (column: FrameColumn): Frame => ({ rows: column.values.length, columns: [column] });
  const facts = {
    ...gameHealthFacts(
      { name: "wasserstein", batch: 10, players: {}, techniques: [] },
      { shape: [3], size: 100 },
    ),
    records: [{ step: 1000, discriminatorLoss: 0 }],
  };

  it("names a column that has one value where the table has several, and no column that is so in the table", () => {
    const real = frame(words(["a", "a", "b", "c"]));
    const collapsed = collapsedColumns(real, frame(words(["a", "a", "a", "a"])));
    expect(collapsed).toEqual([{ column: "plan", share: 1, real: 0.5 }]);
    expect(collapsedColumns(frame(words(["a", "a"])), frame(words(["a", "a"])))).toEqual([]);
    const [first] = diagnose({ ...facts, table: { collapsed, columns: 4, heldOut: 0 } });
    expect(first).toMatchObject({
      kind: "collapsed-column",
      severity: "alarm",
      evidence: "of 4 columns: plan (one value in 100 % of the rows, 50 % in the table)",
    });
  });

  it("calls rows that are the table's own copies, and not those that held-out rows are, too", () => {
    const table = { copies: 0.3, byChance: 0, heldOut: 200, collapsed: [], columns: 4 };
    expect(diagnose({ ...facts, table })[0]).toMatchObject({ kind: "copied-rows", severity: "alarm" });
    expect(diagnose({ ...facts, table: { ...table, byChance: 0.29 } })[0].kind).not.toBe("copied-rows");
  });

  it("looks at samples of a table for both", async () => {
    const rows = Array.from({ length: 300 }, (_, i) => `${"abc"[i % 3]},${(i * 37) % 301}.${i % 10}`);
    const dataset = rowsFromCsv(`plan,paid\n${rows.join("\n")}\n`, "t.csv", { holdOut: 0.2 });
    const { examples } = await dataset.read!(Uint32Array.from({ length: 200 }, (_, i) => i));
    const verdicts = await examineGame({
      game: facts,
      dataset,
      records: facts.records,
      samples: examples,
      extractor: rawExtractor(dataset.shape),
    });
    expect(verdicts[0].kind).toBe("copied-rows");
    expect(verdicts[0].evidence).toMatch(
      /^\d+ % of the rows equal a row of training in all columns, and 0 % /,
    );
  });
});
