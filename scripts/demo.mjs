#!/usr/bin/env node
/** Trains the default GAN on MNIST, in a folder of its own, and says where to find the digits and the generator. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/**
 * Enough for digits of every class, and done within five minutes on two cores, installation included. The learning
 * rate is above DCGAN's 2e-4: a short run gets further with it.
 */
const STEPS = 1600;
const LEARNING_RATE = 5e-4;

/** runs/demo-1, or the next number that is free. */
function freeFolder() {
  for (let n = 1; ; n++) {
    const folder = join(root, "runs", `demo-${n}`);
    if (!existsSync(folder)) return folder;
  }
}

const folder = freeFolder();
const shown = relative(process.cwd(), folder);
console.log(`demo: a DCGAN learns MNIST for ${STEPS} steps; Ctrl-C saves and stops`);
const started = Date.now();
const child = spawn(
  process.execPath,
  [
    join(root, "packages/cli/bin/tsgan.js"),
    ...["train", "mnist", "--steps", String(STEPS), "--learning-rate", String(LEARNING_RATE)],
    ...["--sample-every", "100", "--out", shown],
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
  const grid = join(shown, "samples", `step-${String(STEPS).padStart(6, "0")}.png`);
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
