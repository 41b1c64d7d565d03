#!/usr/bin/env node
/**
 * Trains a GAN on MNIST, in a folder of its own, and says where to find the digits and the generator.
 *
 *     npm run demo                         with the digits' labels
 *     npm run demo -- --without-labels     without: with groups of digits that look alike in their place
 */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/**
 * A conditional GAN with a small network and a learning rate that falls to 0: digits of every class, a column each, within five
 * minutes on two cores, installation included.
 */
const withoutLabels = process.argv.includes("--without-labels");
const config = join(root, withoutLabels ? "scripts/demo-without-labels.json" : "scripts/demo.json");
const { steps } = JSON.parse(readFileSync(config, "utf8"));

/** runs/demo-1, or the next number that is free. */
function freeFolder() {
  for (let n = 1; ; n++) {
    const folder = join(root, "runs", `demo-${n}`);
    if (!existsSync(folder)) return folder;
  }
}

const folder = freeFolder();
const shown = relative(process.cwd(), folder);
console.log(
  `demo: an AC-GAN with projection learns MNIST${withoutLabels ? " without labels" : ""} for ${steps} steps; Ctrl-C saves and stops`,
);
const started = Date.now();
const child = spawn(
  process.execPath,
  [
    join(root, "packages/cli/bin/tsgan.js"),
    ...["train", "--config", relative(process.cwd(), config), "--out", shown],
  ],
  { stdio: "inherit" },
);
// The child gets Ctrl-C too, finishes its step and saves; the demo waits for it.
process.on("SIGINT", () => {});
child.on("close", (code) => {
  if (code !== 0) {
    console.error(`demo: training ended with exit code ${code}`);
    process.exitCode = code ?? 1;
    return;
  }
  const grid = join(shown, "samples", `step-${String(steps).padStart(6, "0")}.png`);
  const generator = join(shown, "generator.onnx");
  const missing = [grid, generator].filter((file) => !existsSync(file));
  if (missing.length > 0) {
    console.error(
      `demo: ${missing.join(" and ")} should be there and ${missing.length > 1 ? "are" : "is"} not`,
    );
    process.exitCode = 1;
    return;
  }
  console.log(`\ndemo: done in ${((Date.now() - started) / 1000).toFixed(0)} s`);
  console.log(`sample grid:        ${grid}`);
  console.log(`exported generator: ${generator}   (open examples/generate.html and give it this file)`);
});
