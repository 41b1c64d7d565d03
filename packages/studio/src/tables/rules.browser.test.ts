/** What rows must keep, on the tables page: from a constraint that is added to rows that keep it. */
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { randomStream } from "tsgan/random";
import { readTable } from "tsgan/tables";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { violations } from "../../../tsgan/src/testing/axe.ts";
import { folder, launch, type Site, serve } from "../../../tsgan/src/testing/browser.ts";
import { findChromium } from "../../../tsgan/src/testing/chromium.ts";
import { repository } from "../../../tsgan/src/testing/repository.ts";
import { unzipped } from "../../../tsgan/src/testing/unzip.ts";

const artifacts = join(repository, "test-artifacts/studio");
/** A loaded machine may take its time. */
const TIMEOUT = 120_000;
const ROWS = 400;

const day = (number: number): string => new Date(Date.UTC(2024, 0, 1 + number)).toISOString().slice(0, 10);

/** Stays of a made-up hotel. Of the last one the bill is off, and it is left before it begins, where that is asked for. */
const stays = (isBroken = false): string => {
  const random = randomStream(15, "test/stays");
  const lines = Array.from({ length: ROWS }, (_, row) => {
    const [from, nights] = [random.integer(300), 1 + random.integer(14)];
    const [room, extras] = [nights * (4000 + random.integer(9000)), random.integer(30_000)];
    const isOff = isBroken && row === ROWS - 1;
    const money = [room, extras, isOff ? 1 : room + extras].map((cents) => (cents / 100).toFixed(2));
    return [day(from), isOff ? "2023-01-01" : day(from + nights), nights, ...money, `kind ${row % 3}`].join(
      ",",
    );
  });
  return `arrival,departure,nights,room,extras,bill,guest\n${lines.join("\n")}\n`;
};

describe.skipIf(findChromium() === undefined)("constraints on the tables page", () => {
  let site: Site;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    mkdirSync(artifacts, { recursive: true });
    site = await serve(folder(process.env.STUDIO_DIST ?? join(repository, "packages/studio/dist")));
    browser = await launch({ webgpu: false });
    const viewport = { width: 1440, height: 900 };
    page = await (await browser.newContext({ viewport, reducedMotion: "reduce" })).newPage();
    page.setDefaultTimeout(TIMEOUT);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  const open = async (content: string): Promise<void> => {
    await page.goto("about:blank");
    await page.goto(`${site.url}#/tables`);
    await page
      .locator('input[type=file][aria-label="Choose a file"]')
      .setInputFiles({ name: "stays.csv", mimeType: "text/csv", buffer: Buffer.from(content) });
    await page.getByRole("heading", { name: "stays.csv" }).waitFor();
  };
  const rules = () => page.getByRole("region", { name: "Constraints" });
  const adding = () => rules().locator("details .rule-form");
  const changing = () => rules().locator("li .rule-form");
  const said = (list: "held" | "kept"): Promise<string[]> =>
    rules()
      .locator(list === "held" ? "ul.held .rule-says" : "ul:not(.held) .rule-says")
      .allTextContents();
  const shows = (list: "held" | "kept", texts: readonly string[]): Promise<unknown> =>
    expect.poll(() => said(list), { timeout: TIMEOUT }).toEqual(texts);
  const saved = async (name: string): Promise<Buffer> => {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name, exact: true }).click(),
    ]);
    return readFileSync(await download.path());
  };
  const problem = (): Promise<string | null> => page.getByRole("alert").textContent();

  it("are guessed, and kept by the keyboard; others are added, changed and removed", async () => {
    await open(stays());
    await shows("kept", []);
    await shows("held", [
      "bill is room + extras in every row.",
      "arrival is at most departure in every row.",
    ]);
    await rules().getByRole("button", { name: "Keep it so bill" }).focus();
    await page.keyboard.press("Enter");
    await shows("kept", ["bill is room + extras in every row."]);
    // The button is gone: the keyboard goes on from the heading, to what follows it.
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("rules-title");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain("Change bill");

    const summary = rules().getByText("Add a constraint");
    await summary.focus();
    await page.keyboard.press("Enter");
    await adding().getByLabel("Column", { exact: true }).selectOption("arrival");
    await adding().getByLabel("Is", { exact: true }).selectOption({ label: "At most another column" });
    await adding().getByLabel("Which column").selectOption("departure");
    await rules().getByRole("button", { name: "Add constraint" }).click();
    await shows("kept", [
      "bill is room + extras in every row.",
      "arrival is at most departure in every row.",
    ]);
    await shows("held", []);

    await adding().getByLabel("Column", { exact: true }).selectOption("nights");
    await adding().getByLabel("Is", { exact: true }).selectOption({ label: "A range" });
    await adding().getByLabel("Least").fill("x");
    await page.keyboard.press("Enter");
    expect(await problem()).toContain("column nights: expected a number as its bound; got “x”");
    await adding().getByLabel("Least").fill("3");
    await adding().getByLabel("Greatest").fill("9");
    await page.keyboard.press("Enter");
    const beyond = readTable(stays(), "stays.csv")
      .columns.find(({ name }) => name === "nights")!
      .values.counts();
    const few = [...beyond].reduce((sum, [text, count]) => sum + (+text < 3 || +text > 9 ? count : 0), 0);
    await shows("kept", [
      `nights is from 3 to 9. ${few} rows of the table lie beyond; no synthetic one will.`,
      "bill is room + extras in every row.",
      "arrival is at most departure in every row.",
    ]);
    await summary.click();

    await rules().getByRole("button", { name: "Change nights" }).click();
    await changing().getByLabel("Greatest").fill("8");
    await rules().getByRole("button", { name: "Save" }).click();
    await expect
      .poll(async () => (await said("kept"))[0], { timeout: TIMEOUT })
      .toContain("nights is from 3 to 8.");
    await rules().getByRole("button", { name: "Remove bill" }).click();
    await shows("held", ["bill is room + extras in every row."]);
    await rules().getByRole("button", { name: "Keep it so bill" }).click();
    await shows("held", []);
  });

  it.each([
    ["light", 1440],
    ["dark", 360],
  ] as const)("are shown without a violation that axe finds: %s, %i px", async (theme, width) => {
    await page.emulateMedia({ colorScheme: theme });
    await page.setViewportSize({ width, height: 800 });
    await rules().getByRole("button", { name: "Change nights" }).click();
    await changing().getByLabel("Is", { exact: true }).selectOption({ label: "The sum of other columns" });
    expect(await violations(page, ".rules")).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
    await rules().screenshot({ path: join(artifacts, `constraints-${width}-${theme}.png`) });
    await rules().getByRole("button", { name: "Cancel" }).click();
  });

  it("hold for the rows, and stand in the schema, the run and the report", async () => {
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.getByText("Settings", { exact: true }).click();
    await page.getByLabel("Steps", { exact: true }).fill("10");
    await page.getByLabel("Rows a step").fill("100");
    await page.getByRole("button", { name: "Train", exact: true }).click();
    await page.locator(".sharing").waitFor();
    await page.getByLabel("Rows", { exact: true }).fill("300");
    const table = readTable(new Uint8Array(await saved("Download rows")), "rows.csv");
    const of = (name: string): string[] => [...table.columns.find((column) => column.name === name)!.values];
    const [nights, arrival, departure, room, extras, bill] = [
      "nights",
      "arrival",
      "departure",
      "room",
      "extras",
      "bill",
    ].map(of);
    expect(table.rows).toBe(300);
    for (let row = 0; row < table.rows; row++) {
      expect(Number(nights[row])).toBeGreaterThanOrEqual(3);
      expect(Number(nights[row])).toBeLessThanOrEqual(8);
      expect(arrival[row] <= departure[row]).toBe(true);
      expect(Number(bill[row])).toBeCloseTo(Number(room[row]) + Number(extras[row]), 6);
    }
    const constraints = [{ below: ["arrival", "departure"] }, { sum: ["bill", "room", "extras"] }];
    const files = new Map(await unzipped(await saved("Download the run")));
    const json = (name: string) => JSON.parse(Buffer.from(files.get(`stays-run/${name}`)!).toString());
    expect(json("schema.json").constraints).toEqual(constraints);
    expect(json("schema.json").columns[2]).toMatchObject({ name: "nights", low: 3, high: 8 });
    const { table: plan } = json("config.json").dataset;
    expect(plan.constraints).toEqual(constraints.slice(0, 1));
    expect(plan.columns[5]).toMatchObject({ name: "bill", kind: "sum", of: ["room", "extras"] });
    const report = Buffer.from(files.get("stays-run/report.html")!).toString();
    expect(report).toContain("arrival is at most departure in every row");
    expect(report).toContain("bill is room + extras in every row");
    expect(JSON.parse((await saved("Save schema")).toString()).constraints).toEqual(constraints);
  });

  it("are refused in a line where rows of the table break them, and nothing changes", async () => {
    await open(stays(true));
    await shows("held", []);
    await rules().getByText("Add a constraint").click();
    await adding().getByLabel("Column", { exact: true }).selectOption("bill");
    await adding().getByLabel("Is", { exact: true }).selectOption({ label: "The sum of other columns" });
    await rules().getByRole("button", { name: "Add constraint" }).click();
    expect(await problem()).toContain("bill: expected two columns or more that it is the sum of; got 0");
    await adding().getByRole("checkbox", { name: "room" }).check();
    await adding().getByRole("checkbox", { name: "extras" }).check();
    await rules().getByRole("button", { name: "Add constraint" }).click();
    await expect
      .poll(problem, { timeout: TIMEOUT })
      .toMatch(/^stays\.csv, line 401: expected bill to be room \+ extras as the schema says; got 0\.01 and/);
    await adding().getByLabel("Is", { exact: true }).selectOption({ label: "At most another column" });
    await adding().getByLabel("Column", { exact: true }).selectOption("arrival");
    await rules().getByRole("button", { name: "Add constraint" }).click();
    await expect
      .poll(problem, { timeout: TIMEOUT })
      .toMatch(
        /^stays\.csv, line 401: expected arrival to be at most departure as the schema says; got [\d-]+ and 2023-01-01/,
      );
    expect(await said("kept")).toEqual([]);
  });
});
