/**
 * One file for a Linux machine (x86-64) that has a GPU and nothing else: Node.js, ONNX Runtime's library with its WebGPU part, and
 * `gpu-check.ts` with tsgan in it.
 *
 *   node packages/dev/dist/bench/gpu-archive.js [tsgan-gpu.tar.gz]
 *   tar xzf tsgan-gpu.tar.gz && tsgan-gpu/check.sh
 */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { RunError } from "tsgan";

/** Bytes that the archive may have. */
const MOST = 64 * 2 ** 20;

const NAME = "tsgan-gpu";

const CHECK = `#!/bin/sh
# Trains on the GPU of this machine and compares it with the processor, in under ten minutes. Options: --only NAMES, --seconds N, --minutes N,
# --together N, --python PYTHON, --out FILE.
cd "$(dirname "$0")" && exec ./node check.mjs "$@"
`;

const fill = async (folder: string): Promise<void> => {
  mkdirSync(folder);
  copyFileSync(process.execPath, join(folder, "node"));
  spawnSync("strip", ["--strip-all", join(folder, "node")]);
  await build({
    entryPoints: [fileURLToPath(new URL("gpu-check.js", import.meta.url))],
    outfile: join(folder, "check.mjs"),
    bundle: true,
    minify: true,
    platform: "node",
    format: "esm",
    external: ["onnxruntime-node", "onnxruntime-web", "sharp"],
    logLevel: "error",
  });
  const { resolve: find } = createRequire(import.meta.url);
  const native = dirname(find("onnxruntime-node/package.json"));
  // dist/cjs/index.js of the package.
  const common = join(createRequire(join(native, "package.json")).resolve("onnxruntime-common"), "../../..");
  const modules = join(folder, "node_modules");
  const libraries = "bin/napi-v6/linux/x64";
  for (const part of ["package.json", "dist", libraries]) {
    cpSync(join(native, part), join(modules, "onnxruntime-node", part), { recursive: true });
  }
  for (const part of ["package.json", "dist/cjs"]) {
    cpSync(join(common, part), join(modules, "onnxruntime-common", part), { recursive: true });
  }
  const scripts = fileURLToPath(new URL("../../bench/", import.meta.url));
  for (const name of ["peer_torch.py", "peer_timing.py"])
    copyFileSync(join(scripts, name), join(folder, name));
  writeFileSync(join(folder, "check.sh"), CHECK);
  chmodSync(join(folder, "check.sh"), 0o755);
};

if (process.platform !== "linux" || process.arch !== "x64") {
  throw new RunError(`gpu-archive: expected linux x64; got ${process.platform} ${process.arch}`);
}
const out = resolve(process.argv[2] ?? `${NAME}.tar.gz`);
const work = mkdtempSync(join(tmpdir(), "tsgan-gpu-"));
try {
  await fill(join(work, NAME));
  const { status, stderr } = spawnSync("tar", ["czf", out, "-C", work, NAME], { encoding: "utf8" });
  if (status !== 0) throw new RunError(`gpu-archive: tar failed: ${stderr}`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
const { size } = statSync(out);
console.log(`${out}: ${(size / 2 ** 20).toFixed(1)} MiB`);
if (size > MOST) throw new RunError(`gpu-archive: it must be at most ${MOST / 2 ** 20} MiB`);
