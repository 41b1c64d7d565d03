import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { rawExtractor } from "../metrics/features/raw.ts";
import { randomStream } from "../random/index.ts";
import { rowsFromCsv, type TableDataset } from "../tables/index.ts";
import { tableReport, tableSection } from "./table-report.ts";

const visits = readFileSync(new URL("../metrics/fixtures/visits.csv", import.meta.url), "utf8");
/** With a word that one row alone has. */
const text = visits.replace(/\n(basic|plus|pro),/, "\nSecretPlan,");

const reportOf = async (dataset: TableDataset): Promise<string> => {
  const sample = async (count: number): Promise<Float32Array> => {
    const random = randomStream(1, "rows");
    const rows = Uint32Array.from({ length: count }, () => random.integer(dataset.size));
    return (await dataset.read!(rows)).examples;
  };
  const report = await tableReport(dataset, rawExtractor(dataset.shape), sample, { seed: 1 });
  return tableSection(report!);
};

describe("the report of a table's run", () => {
  const whole = reportOf(rowsFromCsv(text, "visits.csv", { holdOut: 0.2 }));

  it("shows each column real beside synthetic, with labelled axes, its score and what is missing", async () => {
    const html = await whole;
    for (const name of ["plan", "joined", "paid", "seats", "hours", "active", "channel"]) {
      expect(html).toContain(`>${name}</text>`);
    }
    expect(html.match(/>share of rows<\/text>/g)?.length).toBe(7);
    // Blue is real, as everywhere.
    expect(html).toMatch(/\.c0\{color:#0072b2\}/);
    expect(html.match(/class="c0"[^>]*\/><text[^>]*>real</g)?.length).toBe(7);
    expect(html.match(/(KS|TV)Complement 0\.\d{3}/g)?.length).toBe(7);
    expect(html).toMatch(/missing in \d+ % of the real rows, \d+ % of the synthetic ones/);
    expect(html.match(/>real<\/text>/g)?.length).toBeGreaterThanOrEqual(7);
  });

  it("shows how columns go together in both, and the difference", async () => {
    const html = await whole;
    for (const title of ["real", "synthetic", "difference"]) expect(html).toContain(`>${title}</text>`);
    expect(html).toContain("plan 1");
  });

  it("says that rows that are given back are not to be shared, why, and what that does not say", async () => {
    const html = await whole;
    expect(html).toContain("Do not share these rows: they give rows of the table away.");
    expect(html).toMatch(/\d+ % of the rows are rows of the table, of held-out rows 0 %/);
    expect(html).toContain("trained without differential privacy");
    expect(html).toContain("<summary>All figures</summary>");
  });

  it("names no value that a single row has", async () => {
    expect(text).toContain("SecretPlan");
    expect(await whole).not.toContain("Secret");
  });

  it("of a table whose rows are not kept it draws the columns and says how to judge them", async () => {
    const html = await reportOf(rowsFromCsv(visits, "visits.csv", { keepRows: 100 }));
    expect(html).toContain("<code>tsgan evaluate</code>");
    expect(html).not.toContain("Do not share");
    expect(html.match(/>share of rows<\/text>/g)?.length).toBe(7);
    // Blue is real, as everywhere.
    expect(html).toMatch(/\.c0\{color:#0072b2\}/);
    expect(html.match(/class="c0"[^>]*\/><text[^>]*>real</g)?.length).toBe(7);
  });
});
