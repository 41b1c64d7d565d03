/** The runs page in a Chromium, against the server it belongs to. Needs the build (`npm run build:web`). */
import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resolveStudy, summarise, type TrialRecord, trialsOf } from "@tsgan/study";
import { lockStudy } from "@tsgan/study/node";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { data, resolveConfig } from "tsgan";
import { ganOf } from "tsgan/config";
import { diagnose, healthFacts } from "tsgan/metrics";
import { lockHolder } from "tsgan/node";
import { findChromium, folder, launch, repository, serve } from "tsgan/testing";
import { trainerOf } from "tsgan/train";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { STEPS, writeRun, writeStudy } from "./made-up-runs.fixture.ts";
import { createStudio } from "./server.ts";

const artifacts = join(repository, "test-artifacts/studio");
const page = process.env.STUDIO_DIST ?? join(repository, "packages/studio/dist");
const bin = join(repository, "packages/cli/bin/tsgan.js");

const PATIENCE = { timeout: 60_000 };

/** Of a canvas, what is asked here. */
interface Drawing {
  getImageData(x: number, y: number, width: number, height: number): { readonly data: ArrayLike<number> };
}

describe.skipIf(findChromium() === undefined)("the runs page", () => {
  let root: string;
  let runs: string;
  let server: Server;
  let port = 0;
  let browser: Browser;
  let context: BrowserContext;
  let the: Page;
  let training: ChildProcess | undefined;
  const failures: string[] = [];

  const listen = async (): Promise<void> => {
    server = createStudio({ runs, page, bin, onFault: (error) => failures.push(String(error)) });
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    port = (server.address() as AddressInfo).port;
  };
  const close = async (): Promise<void> => {
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  };

  beforeAll(async () => {
    if (!existsSync(join(page, "index.html")))
      throw new Error("the page is not built; run npm run build:web first");
    mkdirSync(artifacts, { recursive: true });
    root = mkdtempSync(join(tmpdir(), "tsgan-runs-page-"));
    runs = join(root, "runs");
    await writeRun(runs, "alpha", "non-saturating", 0);
    await writeRun(runs, "beta", "wgan-gp", 0.4);
    for (let i = 0; i < 120; i++) {
      mkdirSync(join(runs, `old/run-${i}`), { recursive: true });
      writeFileSync(join(runs, `old/run-${i}/config.json`), '{"data": "moons", "steps": 9}');
    }
    writeFileSync(join(runs, "old/run-0/config.json"), "{");
    writeStudy(runs);
    await listen();
    browser = await launch({ webgpu: false });
    context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: "light" });
    the = await context.newPage();
    the.on("pageerror", (error) => failures.push(error.message));
    the.on("console", (message) => {
      if (message.text().includes("Content Security Policy")) failures.push(message.text());
    });
  });
  afterAll(async () => {
    training?.kill("SIGKILL");
    for (const id of ["live", "from-page", "from-form"]) {
      const pid = lockHolder(join(runs, id));
      if (pid !== undefined) process.kill(pid, "SIGKILL");
    }
    await browser?.close();
    await close();
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  });

  const open = async (query: string): Promise<void> => {
    await the.goto("about:blank");
    await the.goto(`http://127.0.0.1:${port}/#/runs${query}`);
  };
  const row = (id: string): Locator =>
    the.locator(".run-list tr.run").filter({ has: the.getByRole("link", { name: id, exact: true }) });
  const button = (name: string): Locator => the.getByRole("button", { name, exact: true });
  const text = async (selector: string): Promise<string> =>
    (await the.locator(selector).first().textContent()) ?? "";
  /** The texts of a row's cells. */
  const cells = (row: Locator): Promise<string[]> => row.locator("th, td").allTextContents();
  const stepShown = async (): Promise<number> =>
    Number(/step ([\d,]+)/.exec(await text(".run-head .progress"))?.[1].replaceAll(",", ""));
  const chart = (title: string): Locator => the.getByRole("figure", { name: title, exact: true });
  const saved = async (title: string, kind: string): Promise<Buffer> => {
    await chart(title).getByText("Save").click();
    const [download] = await Promise.all([
      the.waitForEvent("download"),
      chart(title).getByRole("button", { name: kind }).click(),
    ]);
    return readFile(await download.path());
  };

  it("lists the runs with what they hold, a page at a time, and finds them; the address keeps what was asked", async () => {
    await open("");
    await expect.poll(() => the.locator(".run-list tr.run").count(), PATIENCE).toBe(50);
    expect(await text(".pages")).toContain("1–50 of 122");
    await button("Next").click();
    await expect.poll(() => text(".pages")).toContain("51–100 of 122");
    await the.getByLabel("Search").fill("wasserstein");
    await expect.poll(() => the.locator(".run-list tr.run").count()).toBe(1);
    await the.reload();
    await expect.poll(() => the.locator(".run-list tr.run").count()).toBe(1);
    expect(await row("beta").textContent()).toMatch(
      /ring · wasserstein · mlp\s*finished[\s\S]*step 300 of 300/,
    );
    await open("?state=damaged");
    await expect.poll(() => row("old/run-0").textContent()).toContain("config.json cannot be read");
  });

  it("sets runs against each other: what differs, overlaid curves, samples at the same step, best figures", async () => {
    await open("");
    for (const id of ["alpha", "beta"]) {
      await the.getByLabel("Search").fill(id);
      await the.getByRole("checkbox", { name: `Choose ${id}` }).check();
    }
    await the.getByRole("link", { name: "Compare 2" }).click();
    await expect
      .poll(() => cells(the.getByRole("row", { name: /^loss\.name/ })))
      .toEqual(["loss.name", "non-saturating", "wasserstein"]);
    expect(await the.getByRole("row", { name: /^batch/ }).count()).toBe(0);
    await chart("Losses: discriminator").scrollIntoViewIfNeeded();
    const csv = (await saved("Losses: discriminator", "CSV")).toString().split("\n");
    expect([csv[0], csv.length]).toEqual(["step,alpha,beta", STEPS + 2]);
    const best = the.getByRole("region", { name: "Table of the best evaluations" });
    expect(await cells(best.getByRole("row", { name: /^alpha/ }))).toEqual([
      "alpha",
      "0.75 (best)",
      "8 (best)",
    ]);

    const slider = the.getByRole("slider", { name: "Step of the samples" });
    const pictures = (): Promise<(string | null)[]> =>
      the.locator(".pictures img").evaluateAll((images) => images.map((image) => image.getAttribute("alt")));
    expect(await pictures()).toEqual(["Samples of alpha at step 300", "Samples of beta at step 300"]);
    await slider.press("Home");
    await slider.press("ArrowRight");
    await expect.poll(pictures).toEqual(["Samples of alpha at step 200", "Samples of beta at step 200"]);
  });

  it("sorts and groups by what the runs reached, in the columns that were chosen", async () => {
    await open("?search=mlp+ring");
    const names = () => the.locator(".run-list tr.run .name a:first-child").allTextContents();
    await expect.poll(async () => (await names()).length, PATIENCE).toBeGreaterThan(1);
    await the.getByText("Columns", { exact: true }).click();
    await the.getByRole("checkbox", { name: "modesCovered" }).setChecked(false);
    await the.getByRole("checkbox", { name: "coverage" }).setChecked(true);
    await expect.poll(() => the.url(), PATIENCE).toContain("columns=coverage");
    await the.keyboard.press("Escape");
    await button("coverage").click();
    await expect.poll(async () => (await names()).slice(0, 2), PATIENCE).toEqual(["alpha", "beta"]);
    await button("coverage").click();
    await expect.poll(async () => (await names()).slice(0, 2), PATIENCE).toEqual(["beta", "alpha"]);
    await the.getByLabel("Search").fill("coverage>0.72 mlp");
    await expect.poll(names, PATIENCE).toEqual(["alpha"]);
    await the.getByLabel("Search").fill("mlp ring");
    await the.getByLabel("Grouped by configuration").check();
    await the.locator("tr.group").first().waitFor();
    expect(await text("tr.group")).toContain("of one configuration");
  });

  it("tags, renames and deletes runs, and takes that back", async () => {
    await writeRun(runs, "gamma", "hinge", 1);
    await open("?search=gamma");
    await row("gamma").getByText("Change").click();
    // Nothing of the menu is cut off, under the last row either.
    const isWhole = await button("Delete").evaluate((item) => {
      const { left, bottom, width } = item.getBoundingClientRect();
      return item.ownerDocument.elementFromPoint(left + width / 2, bottom - 2) === item;
    });
    expect(isWhole).toBe(true);
    await button("Tags and note").click();
    const dialog = the.getByRole("dialog");
    await dialog.getByLabel("Tags").fill("paper, second try");
    await dialog.getByLabel("Note").fill("kept for figure 2");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect.poll(() => row("gamma").textContent(), PATIENCE).toContain("kept for figure 2");
    await the.getByRole("link", { name: "second try" }).click();
    await expect.poll(() => the.locator(".run-list tr.run").count(), PATIENCE).toBe(1);
    await row("gamma").getByText("Change").click();
    await button("Rename").first().click();
    await dialog.getByLabel("New name").fill("alpha");
    await dialog.getByRole("button", { name: "Rename" }).click();
    await expect.poll(() => dialog.textContent(), PATIENCE).toContain("there is a folder alpha already");
    await dialog.getByLabel("New name").fill("delta");
    await dialog.getByRole("button", { name: "Rename" }).click();
    await row("delta").waitFor();
    await button("Undo").click();
    await row("gamma").waitFor();
    await row("gamma").getByText("Change").click();
    await button("Delete").click();
    await expect.poll(() => the.locator(".run-list tr.run").count(), PATIENCE).toBe(0);
    expect(existsSync(join(runs, "gamma"))).toBe(false);
    await button("Undo").click();
    await row("gamma").waitFor();
    expect(existsSync(join(runs, "gamma/checkpoints/step-000300.safetensors"))).toBe(true);
    await open("?show=gamma");
    await the.getByText("Change").click();
    await button("Delete").click();
    await expect.poll(() => text(".trash summary"), PATIENCE).toBe("Trash: 1");
    await the.getByText("Trash: 1").click();
    await button("Empty the trash for good").click();
    await expect.poll(() => the.locator(".trash").count(), PATIENCE).toBe(0);
  });

  it("tells the three levels of a verdict apart by word and colour, each the library's verdict", async () => {
    const winning = { discriminatorLoss: 0.001, generatorLoss: 9, realScore: 8, fakeScore: -8, accuracy: 1 };
    await writeRun(runs, "winning", "non-saturating", 0, { change: winning });
    await writeRun(runs, "young", "non-saturating", 0, { until: 20 });
    const config = resolveConfig({ data: "ring", loss: "non-saturating", steps: STEPS });
    const facts = healthFacts(ganOf(config, { shape: [2] }), { size: Number.POSITIVE_INFINITY });
    for (const [id, level, word, token] of [
      ["alpha", "healthy", "Healthy", "--good"],
      ["young", "note", "Note", "--warn"],
      ["winning", "alarm", "Alarm", "--danger"],
    ] as const) {
      await open(`?show=${id}`);
      const first = the.locator(".health li").first();
      await expect.poll(() => first.getAttribute("class"), PATIENCE).toBe(level);
      expect(await first.locator(".level").textContent()).toBe(word);
      const [border, wanted] = await first.evaluate((item, name) => {
        const probe = item.ownerDocument.createElement("i");
        probe.style.color = `var(${name})`;
        item.append(probe);
        const { getComputedStyle } = item.ownerDocument.defaultView!;
        const colors = [getComputedStyle(item).borderInlineStartColor, getComputedStyle(probe).color];
        probe.remove();
        return colors;
      }, token);
      expect(border).toBe(wanted);
      const lines = (await readFile(join(runs, id, "metrics.jsonl"), "utf8")).trim().split("\n");
      const [{ title, evidence }] = diagnose({ ...facts, records: lines.map((line) => JSON.parse(line)) });
      expect(await first.textContent()).toContain(`${title}: ${evidence}`);
    }
    for (const id of ["winning", "young"]) rmSync(join(runs, id), { recursive: true });
  });

  it("shows what the run's files hold: figures of the list, of groups, of evaluations and of curves", async () => {
    await writeRun(runs, "alpha-again", "non-saturating", 0.2);
    const lines = (await readFile(join(runs, "alpha/metrics.jsonl"), "utf8")).trim().split("\n");
    const records = lines.map((line) => JSON.parse(line) as Record<string, number>);
    await open("?search=alpha&columns=coverage,discriminatorLoss&order=name");
    const figures = (of: Locator) => of.locator("td.number").allTextContents();
    await expect
      .poll(() => figures(row("alpha")), PATIENCE)
      .toEqual(["0.75 (best here)", String(Number(records[STEPS - 1].discriminatorLoss.toPrecision(4)))]);
    await open("?search=alpha&columns=coverage&group=true");
    const [a, b] = [0.75, 0.75 - 0.2 / 10];
    const deviation = Math.sqrt((a - b) ** 2 / 2);
    await expect
      .poll(() => text("tr.group td.number"), PATIENCE)
      .toBe(`${(a + b) / 2} ± ${Number(deviation.toPrecision(4))}`);
    expect(await text("tr.group")).toContain("2 runs of one configuration");
    rmSync(join(runs, "alpha-again"), { recursive: true });

    await open("?show=alpha");
    const table = the.getByRole("region", { name: "Table of evaluations" });
    await expect
      .poll(() => cells(table.getByRole("row", { name: /^200/ })), PATIENCE)
      .toEqual(["200", "0.5", "5.333"]);
    await chart("Mean scores").scrollIntoViewIfNeeded();
    const csv = (await saved("Mean scores", "CSV")).toString().trim().split("\n");
    expect(csv[0]).toBe("step,real,generated");
    expect(csv.slice(1).map((line) => line.split(",").map(Number))).toEqual(
      records.map(({ step, realScore, fakeScore }) => [step, realScore, fakeScore]),
    );
  });

  it("shows of a study what its summary says: trials of each model, and their best", async () => {
    const study = resolveStudy({
      name: "summed-up",
      data: { ring: null, moons: null },
      models: {
        hinge: { config: { loss: "hinge" }, search: { learningRate: { uniform: [1e-4, 1e-2] } } },
        wgan: { config: { loss: "wgan" }, search: { learningRate: { uniform: [1e-4, 1e-2] } } },
      },
      samples: 2,
      seeds: [1, 2],
      budget: { steps: 100 },
      metrics: ["swd"],
    });
    // FID is more telling, but on the ring it is the same for all; the trial that failed had been the best before.
    const records = trialsOf(study).flatMap((trial, i): TrialRecord[] => {
      const { data, model, sample, seed } = trial;
      if (model === "wgan" && sample === 1) return [];
      const isFailed = model === "hinge" && sample === 0 && seed === 1;
      const at = (step: number, by: number) => ({
        step,
        metrics: { fid: data === "ring" ? 9 : i + by / 7, coverage: isFailed ? 1 : 1 / (i + by) },
      });
      const status = isFailed ? "failed" : i % 3 === 0 ? "stopped" : "finished";
      return [{ trial, status, evaluations: [at(50, 3), at(100, 2)], ...(isFailed && { error: "NaN" }) }];
    });
    const folder = lockStudy(join(runs, "summed-up"), study, false);
    for (const record of records) folder.writeRecord(record);
    folder.close();
    const summary = summarise(study, records);

    await open("?study=summed-up");
    await the.locator("tbody tr").first().waitFor();
    const rows = await Promise.all((await the.locator("tbody tr").all()).map(cells));
    expect(rows).toHaveLength(4);
    for (const { data, metric, models } of summary.data) {
      for (const { model, trials, best } of models) {
        const row = rows.find(([name, of]) => name === model && of === data) ?? [];
        const { finished, failed, stopped, expected: planned } = trials;
        expect(row.slice(3, 8).map(Number), `${model} on ${data}`).toEqual([
          ...[finished, 0, failed, stopped, planned],
        ]);
        const [figure, value] = row[8].split(" ");
        expect(figure).toBe(metric?.key);
        expect(Number(value)).toBeCloseTo(best?.value ?? Number.NaN, 3);
        const link = the
          .locator("tbody tr")
          .filter({ hasText: model })
          .filter({ hasText: data })
          .getByRole("link");
        expect(await link.getAttribute("href")).toContain(
          encodeURIComponent(best?.id ?? "").replaceAll("%2F", "/"),
        );
      }
    }
    expect(new Set(summary.data.map(({ metric }) => metric?.key))).toEqual(new Set(["fid", "coverage"]));
    const { finished, failed, stopped, expected: all } = summary.trials;
    await the
      .getByText(
        `${finished + failed + stopped} of ${all} trials have ended, of which ${failed} failed; 0 are running.`,
      )
      .waitFor();
  });

  it("draws compared runs as lines across what differs, each marked by pointer and by keyboard", async () => {
    await open("?show=alpha&show=beta");
    const lines = the.locator(".parallel path");
    await expect.poll(() => lines.count(), PATIENCE).toBe(2);
    // Lines are drawn as soon as the configurations are there; axes of metrics follow when those are read.
    await expect
      .poll(() => the.locator(".parallel .title title").allTextContents(), PATIENCE)
      .toEqual(expect.arrayContaining(["loss.name", "coverage", "modesCovered"]));
    await the.getByRole("button", { name: "beta", exact: true }).first().focus();
    await expect.poll(() => lines.nth(1).getAttribute("class")).toBe("run marked");
    expect(await lines.nth(0).getAttribute("class")).toBe("run faded");
    // Of one colour in all charts, and neither blue nor orange, which are real and generated.
    const color = await lines.nth(0).getAttribute("stroke");
    expect(color).toBe("var(--series-1)");
  });

  it("opens a run's generator in Images, with its classes, and draws what Node.js draws", async () => {
    const SIDE = 16;
    await writeRun(runs, "pictures", "non-saturating", 0);
    const trainer = trainerOf({
      config: resolveConfig({ data: "squares", model: { name: "cgan", base: 4, latent: 8 }, batch: 4 }),
      dataset: data.fromPixels({
        name: "squares",
        shape: [1, SIDE, SIDE],
        pixels: new Uint8Array(2 * SIDE * SIDE),
        labels: Int32Array.of(0, 1),
        classes: ["round", "square"],
      }),
    });
    writeFileSync(join(runs, "pictures/generator.onnx"), await trainer.exportGenerator());
    writeFileSync(
      join(runs, "pictures/config.json"),
      JSON.stringify({
        ...resolveConfig({
          data: "squares",
          model: { name: "cgan", base: 4, latent: 8 },
          batch: 4,
          steps: STEPS,
        }),
        dataset: { name: "squares", shape: [1, SIDE, SIDE], classes: ["round", "square"] },
      }),
    );
    await open("?show=pictures");
    await the.getByRole("link", { name: "Open in Images" }).click();
    await the.getByRole("radio", { name: "pictures: generator.onnx" }).waitFor({ timeout: PATIENCE.timeout });
    await expect
      .poll(() => the.getByRole("radio", { name: "pictures: generator.onnx" }).isChecked(), PATIENCE)
      .toBe(true);
    await the.getByRole("combobox", { name: /^Class/ }).selectOption("square");
    const images = await trainer.sample(8, { seed: 1, labels: new Int32Array(8).fill(1) });
    const wanted = images.slice(4 * SIDE * SIDE, 5 * SIDE * SIDE);
    await expect
      .poll(async () => {
        const drawn = await the.getByRole("img", { name: "32 samples of seed 1" }).evaluate(
          (canvas, [at, side]) => {
            const context = (canvas as unknown as { getContext(kind: "2d"): Drawing }).getContext("2d");
            const { data } = context.getImageData(at * (side + 1), 0, side, side);
            return Array.from({ length: side * side }, (_, i) => data[4 * i]);
          },
          [4, SIDE] as const,
        );
        return Math.max(...drawn.map((grey, i) => Math.abs(grey - (wanted[i] + 1) * 127.5)));
      }, PATIENCE)
      .toBeLessThan(0.6);
    await trainer.dispose();
    rmSync(join(runs, "pictures"), { recursive: true });
  });

  it("turns the plots of points over on a dark page", async () => {
    await the.emulateMedia({ colorScheme: "dark" });
    await open("?show=alpha");
    await the.locator(".pictures img").first().waitFor();
    const corner = () =>
      the
        .locator(".pictures .picture")
        .first()
        .screenshot()
        .then(async (png) => {
          const { default: sharp } = await import("sharp");
          const { data } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
          return (data[0] + data[1] + data[2]) / 3;
        });
    expect(await corner()).toBeLessThan(80);
    await the.emulateMedia({ colorScheme: "light" });
    await expect.poll(corner).toBeGreaterThan(180);
  });

  it("reads a chart by keyboard, smooths and scales it, and hands it out", async () => {
    await open("?show=alpha");
    const plot = chart("Losses").getByRole("slider");
    await plot.focus();
    await plot.press("ArrowRight");
    await plot.press("ArrowRight");
    await expect
      .poll(() => plot.getAttribute("aria-valuetext"))
      .toMatch(/^step 2, discriminator 1\.58, generator 0\.8819$/);
    expect(await chart("Losses").locator(".tip").textContent()).toContain("discriminator");
    expect((await saved("Losses", "SVG")).toString()).toMatch(/^<svg [\s\S]*discriminator[\s\S]*<\/svg>\s*$/);
    expect((await saved("Losses", "PNG")).subarray(1, 4).toString()).toBe("PNG");
    const rough = (await saved("Losses", "CSV")).toString();
    await the.getByLabel("Smoothing").fill("0.95");
    const smooth = (await saved("Losses", "CSV")).toString();
    const spread = (csv: string): number => {
      const values = csv
        .trim()
        .split("\n")
        .slice(1)
        .map((line) => Number(line.split(",")[2]));
      return Math.max(...values.slice(50)) - Math.min(...values.slice(50));
    };
    expect(spread(smooth)).toBeLessThan(spread(rough) / 3);
    await the.getByLabel("Scale").selectOption("log");
    await expect.poll(() => chart("Mean scores").textContent()).toContain("cannot be shown on a log scale");
    await the.getByText("Figures").click();
    await the.getByRole("checkbox", { name: "Mean scores" }).uncheck();
    await expect.poll(() => chart("Mean scores").count()).toBe(0);
    await the.getByRole("checkbox", { name: "Mean scores" }).check();
  });

  it("follows a run of the command line as it writes, stops it with its state saved, and resumes it", async () => {
    await open("");
    await expect.poll(() => the.locator(".run-list tr.run").count(), PATIENCE).toBe(50);
    const args = [
      "train",
      "ring",
      "--steps",
      "1000000",
      "--batch",
      "16",
      "--sample-every",
      "100",
      "--out",
      join(runs, "live"),
    ];
    training = spawn(process.execPath, [bin, ...args, "--quiet"], { stdio: "ignore" });
    const ended = new Promise<number | null>((resolve) => training?.once("exit", resolve));
    await row("live").waitFor(PATIENCE);
    await row("live").getByRole("link").click();
    await expect.poll(() => text(".run-head .state"), PATIENCE).toBe("running");
    const first = await stepShown();
    await expect.poll(stepShown, PATIENCE).toBeGreaterThan(first + 50);
    const points = async (): Promise<number> =>
      Number(await chart("Losses").getByRole("slider").getAttribute("aria-valuemax"));
    const drawn = await points();
    await expect.poll(points, PATIENCE).toBeGreaterThan(drawn + 50);
    await the.locator(".pictures img").waitFor(PATIENCE);

    await button("Stop and save").click();
    await expect.poll(() => text(".run-head .state"), PATIENCE).toBe("stopped");
    expect(await ended).toBe(130);
    const stopped = await stepShown();
    await expect.poll(() => text(".files")).toContain(`step-${String(stopped).padStart(6, "0")}.safetensors`);

    await button("Resume").click();
    await expect.poll(() => text(".run-head .state"), PATIENCE).toBe("running");
    await expect.poll(stepShown, PATIENCE).toBeGreaterThan(stopped);
    await button("Stop and save").click();
    await expect.poll(() => text(".run-head .state"), PATIENCE).toBe("stopped");
  });

  it("offers the models that the data can train, and no others", async () => {
    await open("");
    await button("New run").click();
    const form = the.getByRole("form", { name: "New run" });
    await form.getByText("Model, penalties").click();
    const offered = () => form.getByLabel("Model", { exact: true }).locator("option").allTextContents();
    expect(await offered()).toContain("mlp");
    expect(await offered()).not.toContain("dcgan");
    await form.getByLabel("Data", { exact: true }).selectOption("mnist");
    expect(await offered()).toEqual(expect.arrayContaining(["dcgan", "acgan"]));
    expect(await offered()).not.toContain("pix2pix");
    await form.getByLabel("Model", { exact: true }).selectOption("dcgan");
    await form.getByLabel("Data", { exact: true }).selectOption("mnist-inverted");
    expect(await form.getByLabel("Model", { exact: true }).inputValue()).toBe("");
    expect(await offered()).toContain("pix2pix");
  });

  it("begins a run, and says what is wrong with one that cannot begin", async () => {
    await open("");
    await button("New run").click();
    const form = the.getByRole("form", { name: "New run" });
    await form.getByLabel("Name").fill("from-page");
    await form.getByLabel("Steps").fill("20");
    await form.getByLabel("Evaluate every").fill("");
    await form.getByLabel("Loss").selectOption("wgan-gp");
    // What cannot be read stays, and nothing is begun.
    await form.getByLabel("Seed").fill("-1");
    await button("Start").click();
    await form.getByText("Expected: a whole number at least 0.").waitFor();
    expect(await form.getByLabel("Seed").inputValue()).toBe("-1");
    await form.getByLabel("Seed").fill("2");
    await button("Start").click();
    await expect.poll(() => text(".run-head h2")).toBe("from-page");
    await expect.poll(() => text(".run-head .state"), PATIENCE).toBe("finished");
    expect(await text(".run-head")).toContain("step 20 of 20");
    const begun = JSON.parse(await readFile(join(runs, "from-page/config.json"), "utf8"));
    expect(begun).toMatchObject({ seed: 2, steps: 20 });
    expect(begun.evaluateEvery ?? null).toBeNull();
    await open("");
    await button("New run").click();
    await form.getByLabel("Name").fill("from-page");
    await button("Start").click();
    await expect.poll(() => text(".start [role=alert]")).toContain("there is a folder from-page already");
  });

  it("begins a run of things that somebody has registered, with their options", async () => {
    const own = join(root, "own.ts");
    copyFileSync(join(repository, "packages/cli/src/own-things.fixture.ts"), own);
    const { useFiles } = await import("../use.ts");
    await useFiles([own]);
    const used = createStudio({
      runs,
      page,
      bin,
      uses: [own],
      onFault: (error) => failures.push(String(error)),
    });
    await new Promise<void>((resolve) => used.listen(0, "127.0.0.1", resolve));
    try {
      await the.goto(`http://127.0.0.1:${(used.address() as AddressInfo).port}/#/runs`);
      await button("New run").click();
      const form = the.getByRole("form", { name: "New run" });
      await form.getByLabel("Name").fill("from-form");
      await form.getByLabel("Steps").fill("6");
      await form.getByLabel("Evaluate every").fill("3");
      await form.getByLabel("Data", { exact: true }).selectOption("own-data");
      await form.getByLabel("Loss", { exact: true }).selectOption("own-loss");
      await form.getByLabel("factor of the scores").fill("2");
      await form.getByText("Model, penalties").click();
      await form.getByLabel("Model", { exact: true }).selectOption("own-model");
      const penalties = form.getByLabel("Penalties", { exact: true });
      await penalties.selectOption("r1");
      await penalties.selectOption("own-penalty");
      await form.getByRole("button", { name: "Remove r1" }).click();
      await form.getByRole("group", { name: "own-penalty" }).getByLabel("weight").fill("0.5");
      await form.getByLabel("Optimiser", { exact: true }).selectOption("adam");
      await form.getByLabel("Optimiser's links").selectOption("own-link");
      await form.getByLabel("Metrics", { exact: true }).selectOption("own-metric");
      await the.screenshot({ path: join(artifacts, "runs-form-chosen.png"), fullPage: true });
      await button("Start").click();
      await expect.poll(() => text(".run-head h2")).toBe("from-form");
      await expect.poll(() => text(".run-head .state"), PATIENCE).toBe("finished");
      expect(JSON.parse(await readFile(join(runs, "from-form/config.json"), "utf8"))).toMatchObject({
        data: "own-data",
        model: { name: "own-model" },
        loss: { name: "own-loss", slope: 2 },
        penalties: [{ name: "own-penalty", weight: 0.5 }],
        optimizer: { generator: { name: "adam", links: [{ name: "own-link" }] } },
        evaluateMetrics: [{ name: "own-metric", power: 1 }],
      });
    } finally {
      used.closeAllConnections();
      used.close();
    }
  });

  it("says when the server is gone, and goes on when it is back", async () => {
    await open("");
    await expect.poll(() => the.locator(".run-list tr.run").count(), PATIENCE).toBe(50);
    await close();
    await the.getByText("The studio's server does not answer").waitFor(PATIENCE);
    await writeRun(runs, "meanwhile", "hinge", 0.1);
    await listen();
    await row("meanwhile").waitFor(PATIENCE);
    await expect.poll(() => the.getByText("The studio's server does not answer").count(), PATIENCE).toBe(0);
  });

  it("says what it needs where there is no such server", async () => {
    const site = await serve(folder(page));
    await the.goto(`${site.url}#/runs`);
    await expect.poll(() => text("#content")).toContain("npx tsgan studio");
    await site.close();
  });

  const views = {
    list: "?search=mlp",
    form: "?search=mlp&order=name",
    run: "?show=alpha",
    compared: "?show=alpha&show=beta",
    study: "?study=paper",
  };
  // What holds in each of them, whatever the theme and the width, `every-page.browser.test.ts` says.
  it.each(Object.entries(views))(
    "leaves a picture of itself in both themes and at 360 px: %s",
    async (name, query) => {
      await open(query);
      const there =
        { study: "tbody tr", run: ".line-chart", compared: ".line-chart" }[name] ?? ".run-list tr.run";
      await the.locator(there).first().waitFor();
      if (name === "form") await button("New run").click();
      if (name === "run" || name === "compared") await the.locator(".pictures img").first().waitFor();
      for (const [look, colorScheme, width] of [
        ["light", "light", 1280],
        ["dark", "dark", 1280],
        ["narrow", "light", 360],
      ] as const) {
        await the.setViewportSize({ width, height: 900 });
        await the.emulateMedia({ colorScheme });
        await the.evaluate("document.fonts.ready");
        await expect.poll(() => the.evaluate("document.documentElement.scrollWidth"), PATIENCE).toBe(width);
        await the.screenshot({ path: join(artifacts, `runs-${name}-${look}.png`), fullPage: true });
      }
      await the.setViewportSize({ width: 1280, height: 900 });
      await the.emulateMedia({ colorScheme: "light" });
    },
  );

  it("breaks nothing: no error of the page, none of the server, nothing that the policy forbids", () => {
    expect(failures).toEqual([]);
  });
});
