import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { repository } from "../testing/repository.ts";
import { type Machine, whyNotNative } from "./native.node.ts";

const FOLDER = "/project/node_modules/onnxruntime-node";
const glibc: Machine = { platform: "linux", arch: "x64", glibc: "2.36" };
const failing = (code: string, message: string) => Object.assign(new Error(message), { code });

/** Messages as Node.js, glibc and musl write them. */
const missingBinary = failing(
  "MODULE_NOT_FOUND",
  "Cannot find module '../bin/napi-v6/darwin/x64/onnxruntime_binding.node'\nRequire stack:\n- /project/x.js",
);
const missingFile = failing(
  "ERR_DLOPEN_FAILED",
  "libonnxruntime.so.1: cannot open shared object file: No such file or directory",
);
const musl = failing(
  "ERR_DLOPEN_FAILED",
  "Error loading shared library ld-linux-x86-64.so.2: No such file or directory (needed by /x/onnxruntime_binding.node)",
);
const oldGlibc = failing(
  "ERR_DLOPEN_FAILED",
  "/lib/x86_64-linux-gnu/libm.so.6: version `GLIBC_2.27' not found (required by /x/libonnxruntime.so.1)",
);

describe("an onnxruntime-node that does not load", () => {
  it.each([
    [
      "it is not installed",
      failing("MODULE_NOT_FOUND", "Cannot find module 'onnxruntime-node'"),
      glibc,
      undefined,
      "onnxruntime-node is not installed; npm install onnxruntime-node@1.30.0 --ignore-scripts",
    ],
    [
      "there is no binary for the machine",
      missingBinary,
      { platform: "darwin", arch: "x64", glibc: undefined },
      FOLDER,
      "onnxruntime-node is installed, but does not load: it has no binary for darwin x64",
    ],
    [
      "a file of it is missing",
      missingFile,
      glibc,
      FOLDER,
      `onnxruntime-node is installed, but does not load: its file ${FOLDER}/bin/napi-v6/linux/x64/libonnxruntime.so.1 is missing; remove the folder and install again: npm install onnxruntime-node@1.30.0 --ignore-scripts`,
    ],
    [
      "the system has musl",
      musl,
      { ...glibc, glibc: undefined },
      FOLDER,
      `onnxruntime-node is installed, but does not load: it is built for glibc, and this system has another C library (musl, as on Alpine); ${musl.message}`,
    ],
    [
      "the system's glibc is too old",
      oldGlibc,
      { ...glibc, glibc: "2.17" },
      FOLDER,
      "onnxruntime-node is installed, but does not load: it needs GLIBC_2.27, and this system has glibc 2.17",
    ],
    [
      "anything else",
      failing("ERR_DLOPEN_FAILED", "file too short\nmore"),
      glibc,
      FOLDER,
      "onnxruntime-node is installed, but does not load: file too short",
    ],
  ] as const)("says why: %s", (_, error, machine, folder, reason) => {
    expect(whyNotNative(error, machine, folder)).toBe(reason);
  });

  it("is installed, by the command that is told, in the version that tsgan may be used with", () => {
    const { peerDependencies } = JSON.parse(
      readFileSync(join(repository, "packages/tsgan/package.json"), "utf8"),
    );
    const absent = failing("MODULE_NOT_FOUND", "Cannot find module 'onnxruntime-node'");
    expect(whyNotNative(absent, glibc, undefined)).toContain(
      `onnxruntime-node@${peerDependencies["onnxruntime-node"]} `,
    );
    const web = readFileSync(join(repository, "packages/tsgan/src/runtime/onnxruntime.web.ts"), "utf8");
    expect(web).toContain(`onnxruntime-web@${peerDependencies["onnxruntime-web"]},`);
  });
});
