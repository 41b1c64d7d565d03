/**
 * Measures the playground with its default experiment, in the Chromium on this machine: iterations and frames a second,
 * and memory over a long run. Processor times and memory are Linux's.
 *
 *   npm run build:web && node packages/studio/bench/playground.mjs [--seconds 10] [--rounds 3] [--iterations 20000] [--query loss=hinge]
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { folder, launch, serve } from "../../tsgan/dist/testing/index.js";

const { values } = parseArgs({
  options: {
    dist: { type: "string", default: join(import.meta.dirname, "../dist") },
    seconds: { type: "string", default: "10" },
    rounds: { type: "string", default: "3" },
    iterations: { type: "string", default: "20000" },
    // An address that says nothing is the first example, which begins by itself.
    query: { type: "string", default: "seed=1" },
  },
});
const [seconds, rounds, iterations] = [values.seconds, values.rounds, values.iterations].map(Number);

const site = await serve(folder(values.dist));
const browser = await launch({ webgpu: false });

/** Chromium's renderer processes that this script has started. */
const renderers = () =>
  readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("--type=renderer") && isOurs(pid);
    } catch {
      // The process has ended meanwhile.
      return false;
    }
  });

/** Resident memory in MB: page, worker and WebAssembly together. */
const rendererMemory = () => {
  let kilobytes = 0;
  for (const pid of renderers()) {
    kilobytes += Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  }
  return kilobytes / 1024;
};

/** Milliseconds of processor time that threads of the renderer have had, by their name. */
const processorTimes = () => {
  const times = { page: 0, worker: 0 };
  for (const pid of renderers()) {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, "utf8");
      const name = /\((.*)\)/.exec(stat)[1];
      const [user, system] = stat
        .slice(stat.lastIndexOf(")") + 2)
        .split(" ")
        .slice(11, 13)
        .map(Number);
      // In hundredths of a second.
      if (name.startsWith("DedicatedWorker")) times.worker += 10 * (user + system);
      if (Number(thread) === Number(pid)) times.page += 10 * (user + system);
    }
  }
  return times;
};

/** Whether a process descends from this one: other Chromiums may run on the machine. */
const isOurs = (pid) => {
  for (let at = pid; at !== "0" && at !== "1"; ) {
    if (at === String(process.pid)) return true;
    at = /PPid:\s+(\d+)/.exec(readFileSync(`/proc/${at}/status`, "utf8"))[1];
  }
  return false;
};

const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
await page.addInitScript(() => {
  globalThis.drawn = 0;
  const { clearRect } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.clearRect = function (...args) {
    // The charts clear theirs as well, a few times a second.
    if (this.canvas.closest(".gan") !== null) globalThis.drawn++;
    clearRect.apply(this, args);
  };
});
const begun = performance.now();
await page.goto(`${site.url}#/playground?${values.query}`);
await page.locator(".play:enabled").waitFor();
console.log(`ready after ${((performance.now() - begun) / 1000).toFixed(1)} s`);
await page.locator(".status.muted", { hasText: "Trained in this page" }).waitFor();

const counts = async () => ({
  ...(await page.evaluate(() => ({
    at: performance.now(),
    drawn: globalThis.drawn,
    step: Number(document.querySelector(".count").textContent.replace(/\D/g, "")),
  }))),
  ...processorTimes(),
});

await page.click(".play");
await page.waitForTimeout(3000);
for (let round = 1; round <= rounds; round++) {
  const before = await counts();
  await page.waitForTimeout(1000 * seconds);
  const after = await counts();
  const grown = (name) => after[name] - before[name];
  const elapsed = grown("at") / 1000;
  // On a busy machine processor time tells more than the clock.
  console.log(
    `round ${round}: ${(grown("step") / elapsed).toFixed(1)} iterations a second, ` +
      `${(grown("drawn") / elapsed).toFixed(1)} frames a second; processor: ` +
      `worker ${(grown("worker") / grown("step")).toFixed(2)} ms an iteration with its frames, ` +
      `page ${(grown("page") / grown("drawn")).toFixed(2)} ms a frame`,
  );
}

const client = await page.context().newCDPSession(page);
const samples = [];
for (let mark = 0; mark <= 10 && iterations > 0; mark++) {
  const target = (mark * iterations) / 10;
  await page.waitForFunction(
    (least) => Number(document.querySelector(".count").textContent.replace(/\D/g, "")) >= least,
    target,
    { timeout: 0, polling: 500 },
  );
  if (mark === 0) continue;
  await client.send("HeapProfiler.collectGarbage");
  const { usedSize } = await client.send("Runtime.getHeapUsage");
  samples.push(rendererMemory());
  console.log(
    `iteration ${(await counts()).step}: renderer ${samples.at(-1).toFixed(0)} MB, page's heap ${(usedSize / 1e6).toFixed(1)} MB`,
  );
}
const mean = (numbers) => numbers.reduce((a, b) => a + b, 0) / numbers.length;
if (samples.length > 0) {
  const growth = mean(samples.slice(-3)) - mean(samples.slice(2, 5));
  console.log(
    `growth from iterations ${0.4 * iterations} to ${0.9 * iterations}, means of three: ${growth.toFixed(1)} MB`,
  );
}
await browser.close();
await site.close();
