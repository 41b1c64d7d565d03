/**
 * The studio's playground in the Chromium of this machine: time to the first picture, bytes of script, iterations and frames
 * a second, tasks of the page's thread, memory over a long run. Processor times and memory are Linux's.
 *
 *     npm run build:web && node packages/dev/dist/bench/studio.js [--peer DIST] [--rounds 3] [--seconds 10] [--iterations 50000]
 *         [--only frame,first,rate,tasks,memory] [--query seed=1] [--dist DIST]
 *
 * `--peer` is the built page of another version: both are measured in turn, round by round, with the same address.
 */
import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import type { Browser, CDPSession, Page } from "playwright-core";
import { median } from "tsgan/statistics";
import { folder, launch, repository, type Site, serve } from "tsgan/testing";

const { values } = parseArgs({
  options: {
    dist: { type: "string", default: join(repository, "packages/studio/dist") },
    peer: { type: "string" },
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "10" },
    iterations: { type: "string", default: "50000" },
    only: { type: "string", default: "frame,first,rate,tasks,memory" },
    // What both versions take for the same: an address that says nothing is the first example in the newer one.
    query: { type: "string", default: "seed=1" },
  },
});
const [rounds, seconds, iterations] = [values.rounds, values.seconds, values.iterations].map(Number);
const parts = new Set(values.only.split(","));

/** Milliseconds of a frame at 60 a second. */
const FRAME = 1000 / 60;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

interface Version {
  readonly name: string;
  readonly site: Site;
}

/** Chromium's renderer processes that this script has started: other Chromiums may run on the machine. */
const renderers = (): string[] => {
  const isOurs = (pid: string): boolean => {
    for (let at = pid; at !== "0" && at !== "1"; ) {
      if (at === String(process.pid)) return true;
      at = /PPid:\s+(\d+)/.exec(readFileSync(`/proc/${at}/status`, "utf8"))?.[1] ?? "0";
    }
    return false;
  };
  return readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("--type=renderer") && isOurs(pid);
    } catch {
      // The process has ended meanwhile.
      return false;
    }
  });
};

/** Resident memory in MB: page, worker and WebAssembly together. */
const rendererMemory = (): number =>
  renderers()
    .map((pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0))
    .reduce((a, b) => a + b, 0) / 1024;

/** Milliseconds of processor time that page and workers have had so far. */
const processorTimes = (): { readonly page: number; readonly worker: number } => {
  const times = { page: 0, worker: 0 };
  for (const pid of renderers()) {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      // In hundredths of a second.
      const ms = 10 * (Number(fields[11]) + Number(fields[12]));
      if (/\(DedicatedWorker/.test(stat)) times.worker += ms;
      if (thread === pid) times.page += ms;
    }
  }
  return times;
};

/** What the page counts, from its first script on. */
interface Counts {
  drawn: number;
  firstPicture: number | undefined;
  frames: number[];
}

const countIn = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const counts: Counts = { drawn: 0, firstPicture: undefined, frames: [] };
    (globalThis as unknown as { counts: Counts }).counts = counts;
    const { clearRect } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.clearRect = function (...args) {
      // Charts and miniatures clear theirs as well.
      if (this.canvas instanceof HTMLCanvasElement && this.canvas.closest(".gan") !== null) {
        counts.drawn++;
        // It is seen when its frame has been handed on.
        if (counts.drawn === 1)
          requestAnimationFrame((at) => {
            counts.firstPicture = at;
          });
      }
      clearRect.apply(this, args);
    };
  });

/** Milliseconds between the page's frames, for so long. */
const framesFor = (page: Page, milliseconds: number): Promise<number[]> =>
  page.evaluate(
    (length) =>
      new Promise<number[]>((resolve) => {
        const gaps: number[] = [];
        let [began, last] = [0, 0];
        const tick = (at: number): void => {
          if (last > 0) gaps.push(at - last);
          else began = at;
          last = at;
          if (at - began < length) requestAnimationFrame(tick);
          else resolve(gaps);
        };
        requestAnimationFrame(tick);
      }),
    milliseconds,
  );

const describeFrames = (gaps: readonly number[]): string => {
  const sorted = [...gaps].sort((a, b) => a - b);
  const total = gaps.reduce((a, b) => a + b, 0);
  const dropped = gaps.reduce((sum, gap) => sum + Math.max(0, Math.round(gap / FRAME) - 1), 0);
  return (
    `${((1000 * gaps.length) / total).toFixed(1)} frames a second, mean ${(total / gaps.length).toFixed(1)} ms, ` +
    `99 % within ${sorted[Math.floor(0.99 * (sorted.length - 1))].toFixed(1)} ms, ${dropped} of ${gaps.length + dropped} dropped`
  );
};

const stepOf = async (page: Page): Promise<number> =>
  Number(((await page.locator(".count").textContent()) ?? "").replace(/\D/g, ""));

const untilStep = (page: Page, least: number): Promise<unknown> =>
  page.waitForFunction(
    (wanted) => Number((document.querySelector(".count")?.textContent ?? "").replace(/\D/g, "")) >= wanted,
    least,
    { timeout: 0, polling: 500 },
  );

/** A page of its own that trains. */
const openPlaying = async (browser: Browser, { site }: Version): Promise<Page> => {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await countIn(page);
  await page.goto(`${site.url}#/playground?${values.query}`);
  await page.locator(".play:enabled").click({ timeout: 120_000 });
  await untilStep(page, 300);
  return page;
};

/** What a frame costs that shows next to nothing: the bound of this Chromium on this machine. */
const frame = async (browser: Browser): Promise<void> => {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.setContent(`<style>i { display: block; width: 9px; height: 9px; background: red; animation: a 1s infinite alternate }
    @keyframes a { to { translate: 99px } }</style><i></i>`);
  say(`an empty page with a moving square: ${describeFrames(await framesFor(page, 1000 * seconds))}`);
  await page.close();
};

/** Milliseconds from the navigation to the first picture, in a fresh profile and again in the same. */
const first = async (browser: Browser, { name, site }: Version): Promise<void> => {
  const times = { cold: [] as number[], warm: [] as number[] };
  for (let round = 0; round < Math.max(3, rounds); round++) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    for (const kind of ["cold", "warm"] as const) {
      const page = await context.newPage();
      await countIn(page);
      await page.goto(site.url);
      const read = () =>
        page.evaluate(() => (globalThis as unknown as { counts: Counts }).counts.firstPicture);
      await page.waitForFunction(
        () => (globalThis as unknown as { counts: Counts }).counts.firstPicture !== undefined,
        undefined,
        { timeout: 120_000, polling: 50 },
      );
      times[kind].push((await read()) ?? Number.NaN);
      // Until what works offline has been kept.
      if (kind === "cold")
        await page
          .locator(".status.muted", { hasText: "Trained in this page" })
          .waitFor({ timeout: 120_000 });
      await page.close();
    }
    await context.close();
  }
  const line = (of: readonly number[]): string =>
    `${median(of).toFixed(0)} ms (${of.map((ms) => ms.toFixed(0)).join(", ")})`;
  say(`${name}: first picture after ${line(times.cold)} cold, ${line(times.warm)} warm`);
};

/** Kilobytes of script, gzipped, before ONNX Runtime's WebAssembly is asked for. */
const bytes = async (browser: Browser, { name, site }: Version): Promise<void> => {
  const page = await browser.newPage();
  const scripts: Promise<Buffer>[] = [];
  let before: number | undefined;
  page.on("request", (request) => {
    if (new URL(request.url()).pathname.endsWith(".wasm")) before ??= scripts.length;
  });
  page.on("response", (response) => {
    if (new URL(response.url()).pathname.endsWith(".js")) scripts.push(response.body());
  });
  await page.goto(site.url);
  await page.locator(".status.muted", { hasText: "Trained in this page" }).waitFor({ timeout: 120_000 });
  const bodies = await Promise.all(scripts.slice(0, before));
  const total = bodies.reduce((sum, body) => sum + gzipSync(body).length, 0);
  say(
    `${name}: ${(total / 1000).toFixed(0)} kB of script (gzip) in ${bodies.length} files before ONNX Runtime is asked for`,
  );
  await page.close();
};

const rate = async (browser: Browser, version: Version): Promise<number> => {
  const page = await openPlaying(browser, version);
  const counts = async () => ({
    at: performance.now(),
    step: await stepOf(page),
    drawn: await page.evaluate(() => (globalThis as unknown as { counts: Counts }).counts.drawn),
    ...processorTimes(),
  });
  const before = await counts();
  const gaps = await framesFor(page, 1000 * seconds);
  const after = await counts();
  const grown = (key: keyof typeof before): number => after[key] - before[key];
  const elapsed = grown("at") / 1000;
  const speed = grown("step") / elapsed;
  // On a busy machine processor time tells more than the clock.
  say(
    `${version.name}: ${speed.toFixed(1)} iterations and ${(grown("drawn") / elapsed).toFixed(1)} new pictures a second; ` +
      `${describeFrames(gaps)}; processor: worker ${(grown("worker") / grown("step")).toFixed(2)} ms an iteration with its pictures, ` +
      `page ${(grown("page") / gaps.length).toFixed(2)} ms a frame`,
  );
  await page.close();
  return speed;
};

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** Tasks of the page's thread: those over a frame's time are felt. */
const tasks = async (browser: Browser, version: Version): Promise<void> => {
  const page = await openPlaying(browser, version);
  const cdp: CDPSession = await browser.newBrowserCDPSession();
  const events: TraceEvent[] = [];
  cdp.on("Tracing.dataCollected", ({ value }) => void events.push(...(value as unknown as TraceEvent[])));
  await cdp.send("Tracing.start", {
    traceConfig: { includedCategories: ["disabled-by-default-devtools.timeline"] },
    transferMode: "ReportEvents",
  });
  await page.waitForTimeout(1000 * seconds);
  const complete = new Promise<void>((resolve) => cdp.on("Tracing.tracingComplete", () => resolve()));
  await cdp.send("Tracing.end");
  await complete;
  const main = new Set(
    events
      .filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain")
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const run = events.filter(({ name, pid, tid }) => name === "RunTask" && main.has(`${pid} ${tid}`));
  const lengths = run.map(({ dur = 0, tdur = dur }) => ({ wall: dur / 1000, busy: tdur / 1000 }));
  const over = (of: readonly number[]): string =>
    `${of.filter((ms) => ms > FRAME).length} over 16.7 ms, the longest ${Math.max(0, ...of).toFixed(1)} ms`;
  say(
    `${version.name}: ${lengths.length} tasks of the page's thread in ${seconds} s: by the clock ${over(lengths.map(({ wall }) => wall))}; ` +
      `of the processor ${over(lengths.map(({ busy }) => busy))}`,
  );
  await page.close();
};

const memory = async (browser: Browser, version: Version): Promise<void> => {
  const page = await openPlaying(browser, version);
  const client = await page.context().newCDPSession(page);
  const samples: number[] = [];
  for (let mark = 0; mark <= 10; mark++) {
    await untilStep(page, (mark * iterations) / 10);
    await client.send("HeapProfiler.collectGarbage");
    const { usedSize } = await client.send("Runtime.getHeapUsage");
    samples.push(rendererMemory());
    say(
      `${version.name}: iteration ${await stepOf(page)}: renderer ${samples[mark].toFixed(0)} MB, the page's heap ${(usedSize / 1e6).toFixed(1)} MB`,
    );
  }
  say(
    `${version.name}: from a fifth of the iterations to the end ${(samples[10] - samples[2]).toFixed(1)} MB`,
  );
  await page.close();
};

const site = await serve(folder(values.dist));
const peer = values.peer === undefined ? undefined : await serve(folder(values.peer));
const own: Version = { name: "this", site };
const versions: readonly Version[] = peer === undefined ? [own] : [{ name: "peer", site: peer }, own];
const browser = await launch({ webgpu: false });
try {
  say(`Chromium ${browser.version()}, ${availableParallelism()} cores, load ${loadavg()[0].toFixed(1)}`);
  if (parts.has("frame")) await frame(browser);
  if (parts.has("first")) {
    await first(browser, own);
    await bytes(browser, own);
  }
  if (parts.has("rate")) {
    const speeds = new Map(versions.map(({ name }) => [name, [] as number[]]));
    for (let round = 0; round < rounds; round++) {
      for (const version of versions) speeds.get(version.name)!.push(await rate(browser, version));
    }
    for (const [name, of] of speeds)
      say(`${name}: ${median(of).toFixed(1)} iterations a second, the median of ${rounds}`);
  }
  if (parts.has("tasks")) for (const version of versions) await tasks(browser, version);
  if (parts.has("memory")) await memory(browser, own);
  say(`load at the end ${loadavg()[0].toFixed(1)}`);
} finally {
  await browser.close();
  await site.close();
  await peer?.close();
}
