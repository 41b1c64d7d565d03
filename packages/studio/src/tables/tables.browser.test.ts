import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Browser, BrowserContext, Download, Page } from "playwright-core";
import { evaluateRun, openRun, planOfRun, writeRows } from "tsgan/node";
import { parseSchema, readTable } from "tsgan/tables";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { violations, violationsOfColours } from "../../../tsgan/src/testing/axe.ts";
import { folder, launch, type Site, serve } from "../../../tsgan/src/testing/browser.ts";
import { findChromium } from "../../../tsgan/src/testing/chromium.ts";
import { repository } from "../../../tsgan/src/testing/repository.ts";
import { unzipped } from "../../../tsgan/src/testing/unzip.ts";
import { shopOrders } from "./examples.ts";

const artifacts = join(repository, "test-artifacts/studio");

/** A loaded machine may take its time. */
const TIMEOUT = 120_000;
const STEPS = 60;
/** Fewer than usual: what is tested does not hang on them. */
const BATCH = 100;

describe.skipIf(findChromium() === undefined)("the tables page", () => {
  let site: Site;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let scratch: string;

  beforeAll(async () => {
    mkdirSync(artifacts, { recursive: true });
    scratch = mkdtempSync(join(tmpdir(), "tsgan-tables-page-"));
    site = await serve(folder(process.env.STUDIO_DIST ?? join(repository, "packages/studio/dist")));
    browser = await launch({ webgpu: false });
    context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" });
    page = await context.newPage();
    page.setDefaultTimeout(TIMEOUT);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
    rmSync(scratch, { recursive: true, force: true });
  });

  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const open = async (): Promise<void> => {
    await page.goto("about:blank");
    await page.goto(`${site.url}#/tables`);
    await page.getByRole("heading", { name: "Drop a CSV here" }).waitFor();
  };
  const drop = async (name: string, content: string): Promise<void> => {
    const transfer = await page.evaluateHandle(
      ([title, text]) => {
        const data = new DataTransfer();
        data.items.add(new File([text], title, { type: "text/csv" }));
        return data;
      },
      [name, content],
    );
    await page.locator("main").dispatchEvent("drop", { dataTransfer: transfer });
  };
  const choose = (name: string, content: Uint8Array | string): Promise<void> =>
    page
      .locator('input[type=file][aria-label="Choose a file"]')
      .setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(content) });
  const problem = async (): Promise<string> => (await page.getByRole("alert").textContent()) ?? "";
  const saved = async (act: () => Promise<unknown>): Promise<{ name: string; bytes: Buffer }> => {
    const [download] = await Promise.all<[Promise<Download>, Promise<unknown>]>([
      page.waitForEvent("download"),
      act(),
    ] as never);
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
  };

  /** Resident memory of all renderers of the browser, in MB; undefined where the system does not say. */
  const rendererMemory = async (): Promise<number | undefined> => {
    const session = await browser.newBrowserCDPSession();
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    await session.detach();
    let kilobytes = 0;
    for (const { type, id } of processInfo) {
      const file = `/proc/${id}/status`;
      if (type !== "renderer" || !existsSync(file)) continue;
      kilobytes += Number(/VmRSS:\s+(\d+)/.exec(readFileSync(file, "utf8"))?.[1] ?? 0);
    }
    return kilobytes === 0 ? undefined : kilobytes / 1024;
  };

  describe("5,000 rows, from drop to download", () => {
    const csv = shopOrders();
    const original = readTable(csv, "orders.csv");
    const valuesOf = (name: string): readonly string[] => [
      ...original.columns.find((column) => column.name === name)!.values,
    ];
    /** Milliseconds, megabytes, and what they are of. */
    const figures: Record<string, number | string | undefined> = {
      rows: original.rows,
      bytes: csv.length,
      STEPS,
      BATCH,
    };
    let began = 0;
    const took = async (what: string): Promise<void> => {
      figures[`${what}, ms`] = Math.round(performance.now() - began);
      figures[`memory after: ${what}, MB`] = Math.round((await rendererMemory()) ?? Number.NaN);
      began = performance.now();
    };
    let run: string;

    it("says what it understood, and why columns are left out", async () => {
      await open();
      began = performance.now();
      await drop("orders.csv", csv);
      await page.getByRole("heading", { name: "orders.csv" }).waitFor();
      await took("read, with ONNX Runtime loaded");
      const learnt = await page.locator(".column h3").allTextContents();
      expect(learnt).toEqual(["country", "device", "age", "ordered", "items", "total", "discount", "member"]);
      const others = await page.locator(".others li").allTextContents();
      expect(others[0]).toContain(
        "order_idNames a row or a person: new ones are made by the pattern counter",
      );
      expect(others[1]).toContain("emailNames a row or a person: new ones are made by the pattern email");
      expect(others[2]).toContain("noteFree text could tell of a person: left out; 69 % missing");
      const age = page.locator(".column", { has: page.getByRole("heading", { name: "age" }) });
      expect(await age.textContent()).toContain("whole numbers, or missing");
      expect(await age.locator(".missing").textContent()).toBe("6 % missing");
    });

    it("trains, and shows synthetic columns beside the real ones", async () => {
      await page.getByText("Settings", { exact: true }).click();
      await page.getByLabel("Steps", { exact: true }).fill(String(STEPS));
      await page.getByLabel("Rows a step").fill(String(BATCH));
      // As one thread sums in Node.js, too.
      await page.getByLabel("Device", { exact: true }).selectOption({ label: "WebAssembly, one thread" });
      began = performance.now();
      await button("Train").click();
      await page.getByText(`1,000 rows of step ${STEPS}`).waitFor();
      await took(`${STEPS} steps, with looks`);
      expect(await page.locator(".made-line").count()).toBe(5);
      await page.locator(".sharing").waitFor();
      await took("judged, 10,000 rows");
      expect(await page.locator(".how-far").textContent()).toMatch(/^Step 60 of 60done, [\d.]+ steps\/s$/);
    });

    it("gives a run that the library opens, with the figures of the page", async () => {
      const { name, bytes } = await saved(() => button("Download the run").click());
      expect(name).toBe("orders-run.zip");
      for (const [path, content] of await unzipped(bytes)) {
        mkdirSync(dirname(join(scratch, path)), { recursive: true });
        writeFileSync(join(scratch, path), content);
      }
      run = join(scratch, "orders-run");
      const config = JSON.parse(readFileSync(join(run, "config.json"), "utf8"));
      expect(config).toMatchObject({
        data: "orders.csv",
        as: "rows",
        seed: 1,
        steps: STEPS,
        batch: BATCH,
        device: "wasm",
      });
      const schema: unknown = JSON.parse(readFileSync(join(run, "schema.json"), "utf8"));
      expect((await parseSchema(schema, "schema.json")).columns.length).toBe(11);
      writeFileSync(join(scratch, "orders.csv"), csv);
      const here = { ...config, data: join(scratch, "orders.csv") };
      writeFileSync(join(run, "config.json"), JSON.stringify(here));

      const opened = openRun(run, { device: "wasm", threads: 1 });
      expect(planOfRun(opened).rows).toBe(4500);
      const judged = await evaluateRun(opened);
      await opened.trainer.dispose();
      const shown = await page
        .locator(".results .figure")
        .evaluateAll((rows) =>
          rows.map((row) => [row.querySelector("dt")?.textContent, row.querySelector("dd > b")?.textContent]),
        );
      const expected = judged.figures.map(({ label, value }) => [label, value.toFixed(3)]);
      expect([...shown].sort()).toEqual([...expected].sort());
      expect(shown.length).toBeGreaterThan(10);
    });

    it("gives rows that parse, with the file's columns and none of its identifiers, the same as the library's", async () => {
      await page.getByLabel("Rows", { exact: true }).fill("5000");
      began = performance.now();
      const { name, bytes } = await saved(() => button("Download rows").click());
      await took("5,000 rows");
      expect(name).toBe("orders-synthetic.csv");
      const made = readTable(bytes, name);
      expect(made.rows).toBe(5000);
      const names = original.columns.map((column) => column.name);
      expect(made.columns.map((column) => column.name)).toEqual(names.filter((each) => each !== "note"));
      for (const column of ["order_id", "email"]) {
        const known = new Set(valuesOf(column));
        const values = made.columns.find((each) => each.name === column)!.values;
        expect([...values].filter((value) => known.has(value))).toEqual([]);
      }
      for (const mail of valuesOf("email").slice(0, 50)) expect(bytes.includes(mail)).toBe(false);

      const opened = openRun(run, { device: "wasm", threads: 1 });
      const out = join(scratch, "rows.csv");
      await writeRows(opened, { rows: 5000, out });
      await opened.trainer.dispose();
      expect(bytes.equals(readFileSync(out))).toBe(true);
      writeFileSync(join(artifacts, "tables.json"), `${JSON.stringify(figures, null, 2)}\n`);
    });

    it("gives JSON lines to conditions", async () => {
      await page.getByLabel("Rows", { exact: true }).fill("50");
      await page.locator(".take").getByLabel("Format").selectOption({ label: "JSON lines" });
      await page.getByLabel("Only rows where").fill("country=DE and age>=40");
      const { name, bytes } = await saved(() => button("Download rows").click());
      expect(name).toBe("orders-synthetic.jsonl");
      const rows = bytes
        .toString()
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
      expect(rows.length).toBe(50);
      for (const row of rows) {
        expect(row.country).toBe("DE");
        expect(row.age).toBeGreaterThanOrEqual(40);
      }
      await page.getByLabel("Only rows where").fill("contry=DE");
      await button("Download rows").click();
      expect(await problem()).toContain('there is no column "contry"; did you mean "country"?');
    });

    it("gives a report that is one file, with the columns and the sentence on sharing", async () => {
      const { name, bytes } = await saved(() => button("Report").click());
      expect(name).toBe("orders-report.html");
      const html = bytes.toString();
      expect(html.replaceAll("http://www.w3.org/2000/svg", "")).not.toMatch(
        /https?:|src="(?!data:)|<link|@import/,
      );
      const shown = ["country", "ordered", "total"].filter((column) => html.includes(`>${column}</text>`));
      expect(shown.length).toBe(3);
      expect(/<div class="sharing (?:no|look|open)">/.test(html)).toBe(true);
      expect(valuesOf("email").filter((mail) => html.includes(mail))).toEqual([]);
    });

    it.each([
      ["light", 1440],
      ["dark", 1440],
      ["light", 1024],
      ["light", 360],
      ["dark", 360],
    ] as const)(
      "has no violation that axe finds, and no sideways scrolling: %s, %i px",
      async (theme, width) => {
        await page.emulateMedia({ colorScheme: theme });
        await page.setViewportSize({ width, height: 800 });
        await page.locator(".all-figures").evaluate((details) => details.setAttribute("open", ""));
        expect(await (theme === "light" ? violations(page) : violationsOfColours(page))).toEqual([]);
        expect(
          await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
        ).toBeLessThanOrEqual(0);
        await page.screenshot({ path: join(artifacts, `tables-${width}-${theme}.png`), fullPage: true });
      },
    );

    it("asks before it throws the run away, and gives the focus back", async () => {
      await page.setViewportSize({ width: 1440, height: 900 });
      const dialog = page.getByRole("dialog", { name: "Start again from the first step?" });
      await button("Restart").focus();
      await page.keyboard.press("Enter");
      await dialog.getByText("The run at step 60 is thrown away.").waitFor();
      expect(await violations(page, "dialog")).toEqual([]);
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "hidden" });
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Restart");
      expect(await page.locator(".how-far").textContent()).toContain("Step 60 of 60");

      // A correction, too; the form shows again what is the case.
      const total = page.locator(".column", { has: page.getByRole("heading", { name: "total" }) });
      await total.getByText("Correct").click();
      const kind = total.getByLabel("Kind of total");
      await kind.selectOption({ label: "Left out" });
      await button("Keep the run").click();
      await dialog.waitFor({ state: "hidden" });
      expect(await kind.inputValue()).toBe("number");
      await kind.selectOption({ label: "Left out" });
      await button("Change them").click();
      await page.locator(".others h4", { hasText: "total" }).waitFor();
      expect(await button("Train").isEnabled()).toBe(true);
    });

    it("takes corrections as the schema file does, and tells what is wrong with one", async () => {
      const schema = JSON.parse((await saved(() => button("Save schema").click())).bytes.toString());
      expect(schema.columns.find(({ name }: { name: string }) => name === "total")).toEqual({
        name: "total",
        kind: "omit",
      });
      const load = (text: string): Promise<void> =>
        page
          .locator('input[type=file][aria-label="Load schema"]')
          .setInputFiles({ name: "mine.json", mimeType: "application/json", buffer: Buffer.from(text) });
      await load('{"columns": [{"name": "age", "kind": "categry"}]}');
      await expect.poll(problem).toContain('mine.json: columns.0.kind: unknown kind of column "categry"');
      await load("{");
      await expect.poll(problem).toContain("mine.json: expected a schema as JSON");
      await load('{"columns": [{"name": "country", "kind": "number"}]}');
      await expect.poll(problem).toContain("orders.csv, column country: expected a number; got none");
      await load('{"columns": [{"name": "age", "kind": "number", "decimals": 0, "low": 21, "high": 65}]}');
      await page.locator(".column h3", { hasText: "total" }).waitFor();
      const age = page.locator(".column", { has: page.getByRole("heading", { name: "age" }) });
      await age.getByText("Correct").click();
      expect(await age.getByLabel("Least").inputValue()).toBe("21");
      await age.getByLabel("Least").fill("99");
      await age.getByLabel("Least").press("Enter");
      await expect.poll(problem).toContain("column age: columns.4.high: expected more than low");
      await age.getByLabel("Least").fill("30");
      await age.getByLabel("Least").press("Enter");
      await expect.poll(() => page.getByRole("alert").count()).toBe(0);
    });
  });

  describe("files that are no tables", () => {
    it.each([
      ["empty.csv", "", "empty.csv: expected a table; got a file without a row"],
      [
        "ids.csv",
        `id\n${Array.from({ length: 40 }, (_, i) => i + 1).join("\n")}`,
        "expected a column of numbers, dates or categories to learn; got id (identifier)",
      ],
      ["three.csv", "a,b\n1,x\n2,y\n3,x\n", "expected at least 10 rows; got 3"],
      ["picture.csv", "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01", "picture.csv: expected text"],
    ])("%s is refused in one line, and nothing else changes", async (name, content, message) => {
      await open();
      await choose(name, Buffer.from(content, "latin1"));
      expect(await problem()).toContain(message);
      expect(await problem()).not.toContain("\n");
      await page.getByRole("heading", { name: "Drop a CSV here" }).waitFor();
    });
  });

  it("a file of 200 MB is refused, with what to do instead", async () => {
    await open();
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(200e6)], "large.csv"));
      document.dispatchEvent(new DragEvent("drop", { dataTransfer: data }));
    });
    await expect
      .poll(problem)
      .toBe(
        "large.csv: expected at most 50 MB in this page; got 200 MB; train it on the command line: npx tsgan train large.csv",
      );
  });

  it("goes from a table to a file by the keyboard alone, of one column", async () => {
    await open();
    const rows = Array.from({ length: 60 }, (_, i) => (i * i) % 17);
    await choose("one.csv", `x\n${rows.join("\n")}\n`);
    await page.getByRole("heading", { name: "one.csv" }).waitFor();
    const focusOn = async (text: string): Promise<void> => {
      for (let presses = 0; presses < 60; presses++) {
        if ((await page.evaluate(() => document.activeElement?.textContent)) === text) return;
        await page.keyboard.press("Tab");
      }
      throw new Error(`the tab key does not come to ${text}`);
    };
    await focusOn("Settings");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("3");
    await focusOn("Train");
    await page.keyboard.press("Enter");
    await page.locator(".sharing").waitFor();
    await focusOn("Download rows");
    const { name, bytes } = await saved(() => page.keyboard.press("Enter"));
    expect(name).toBe("one-synthetic.csv");
    expect(bytes.toString()).toMatch(/^x\n(?:\d+\n){60}$/);
  });

  it.each([["light"], ["dark"]] as const)("has no violation that axe finds: %s", async (theme) => {
    await page.emulateMedia({ colorScheme: theme });
    await open();
    expect(await (theme === "light" ? violations(page) : violationsOfColours(page))).toEqual([]);
  });
});
