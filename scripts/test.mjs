#!/usr/bin/env node
/**
 * Runs every check: format and lint, types, and the tests in four groups by need. The last line sums them up:
 * `N passed, N failed[, N skipped]`. Exit code 1 when something failed or nothing ran.
 *
 *     npm test                                    everything
 *     npm test -- --project unit --project long   some groups
 *     npm test -- softplus                        arguments for vitest: files, -t NAME
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const artifacts = join(root, "test-artifacts");

const GROUPS = {
  unit: "without ONNX Runtime",
  runtime: "with ONNX Runtime",
  browser: "in a Chromium",
  long: "training, packaging",
};

const { chosen, rest } = parse(process.argv.slice(2));
const { findChromium } = await import("../packages/tsgan/dist/testing/chromium.js");
const { hasOnnxChecker } = await import("../packages/tsgan/dist/testing/onnx-checker.js");
const { hasRedisServer } = await import("../packages/study/dist/testing/redis-server.js");
const chromium = findChromium();
mkdirSync(artifacts, { recursive: true });

const results = [];
/** What failed, with the first line of why: said again at the end, where it is looked for. */
const failures = [];
if (chosen.length === Object.keys(GROUPS).length && rest.length === 0) {
  results.push(
    timed("format and lint", () => tool("@biomejs/biome/bin/biome", ["check", "."])),
    timed("types", () => tool("typescript/bin/tsc", ["-b"])),
  );
}
for (const name of chosen) results.push(timed(name, () => vitest(name)));

if (failures.length > 0) console.log("");
for (const line of failures) console.log(line);
console.log("");
for (const { name, passed, failed, skipped, seconds } of results) {
  const about = GROUPS[name] === undefined ? "" : ` (${GROUPS[name]})`;
  const counts = `${passed} passed, ${failed} failed, ${skipped} skipped`;
  console.log(`${(name + about).padEnd(34)} ${counts.padEnd(40)} ${seconds.toFixed(1)} s`);
}
if (chosen.includes("browser") && chromium === undefined) {
  console.log(
    "\n*** BROWSER TESTS WERE SKIPPED: no Chromium was found. ***\n" +
      "*** Install one (apt-get install chromium) or name it in CHROMIUM_PATH; .ci/run does so. ***\n",
  );
}
if (chosen.includes("runtime") && !hasOnnxChecker()) {
  console.log(
    "\n*** THE ONNX CHECKER WAS SKIPPED: /usr/bin/python3 has no onnx. ***\n" +
      "*** Install it (apt-get install python3-onnx); .ci/run does so. ***\n",
  );
}
if (chosen.includes("long") && !hasRedisServer()) {
  console.log(
    "\n*** STUDIES ON REDIS WERE SKIPPED: there is no redis-server. ***\n" +
      "*** Install it (apt-get install redis-server); .ci/run does so. ***\n",
  );
}
const [passed, failed, skipped] = ["passed", "failed", "skipped"].map((key) =>
  results.reduce((sum, result) => sum + result[key], 0),
);
const ran = passed + failed > 0;
if (!ran) console.log("no test ran");
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exitCode = ran && failed === 0 ? 0 : 1;

function parse(args) {
  const chosen = [];
  const rest = [];
  for (let i = 0; i < args.length; i++) {
    if (args[i] !== "--project") rest.push(args[i]);
    else if (Object.hasOwn(GROUPS, args[i + 1])) chosen.push(args[++i]);
    else {
      console.error(`test: --project must be one of ${Object.keys(GROUPS).join(", ")}; got ${args[i + 1]}`);
      process.exit(2);
    }
  }
  return { chosen: chosen.length > 0 ? chosen : Object.keys(GROUPS), rest };
}

function timed(name, check) {
  console.log(`\n--- ${name}`);
  const started = Date.now();
  return { name, ...check(), seconds: (Date.now() - started) / 1000 };
}

function node(file, args) {
  const { status } = spawnSync(process.execPath, [join(root, "node_modules", file), ...args], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...(chromium === undefined ? {} : { CHROMIUM_PATH: chromium }) },
  });
  return status;
}

function firstLine(message) {
  return (message ?? "no reason given").split("\n")[0].slice(0, 300);
}

/** A tool that passes or fails as a whole. */
function tool(file, args) {
  const passes = node(file, args) === 0;
  return { passed: passes ? 1 : 0, failed: passes ? 0 : 1, skipped: 0 };
}

function vitest(project) {
  const report = join(artifacts, `vitest-${project}.json`);
  rmSync(report, { force: true });
  const args = ["run", "--project", project, "--passWithNoTests"];
  const status = node("vitest/vitest.mjs", [
    ...args,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    ...rest,
  ]);
  let json;
  try {
    json = JSON.parse(readFileSync(report, "utf8"));
  } catch {
    console.log(`${project}: vitest left no report (exit code ${status})`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  // A file that does not load has no tests to count; an error outside a test shows in the exit code only.
  const broken = json.testResults.filter(
    (f) => f.status === "failed" && f.assertionResults.length === 0,
  ).length;
  const failed = json.numFailedTests + broken;
  for (const file of json.testResults) {
    const where = `${project} ${relative(root, file.name)}`;
    if (file.status === "failed" && file.assertionResults.length === 0) {
      failures.push(`FAILED ${where}: ${firstLine(file.message)}`);
    }
    for (const { status, fullName, failureMessages } of file.assertionResults) {
      const why = failureMessages.map(firstLine);
      if (status !== "failed" && why.length === 0) continue;
      const what = status === "failed" ? "FAILED" : "passed when tried again";
      failures.push(`${what} ${where}: ${fullName}: ${why.join(" | ")}`);
    }
  }
  return {
    passed: json.numPassedTests,
    failed: status !== 0 && failed === 0 ? 1 : failed,
    skipped: json.numPendingTests + json.numTodoTests,
  };
}
