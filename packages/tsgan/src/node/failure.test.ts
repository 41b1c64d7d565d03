import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { UsageError } from "../errors.ts";
import { describeFailure } from "./failure.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tsgan-failure-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const caught = (task: () => unknown): unknown => {
  try {
    return task();
  } catch (error) {
    return error;
  }
};

it("says of a fault of ours that it is one, and nothing more of wrong use than its message", () => {
  const fault = caught(() => (undefined as unknown as { x: number }).x);
  expect(describeFailure(fault).message).toMatch(
    /^Cannot read .* \(a fault of tsgan; TSGAN_DEBUG=1 shows where\)$/,
  );
  expect(describeFailure(new UsageError("train: no"))).toEqual({ message: "train: no", exitCode: 2 });
});

it("names the file and line where code of the user's own fails", async () => {
  const file = join(folder, "own.mjs");
  writeFileSync(
    file,
    'export const calls = (f) => f();\nexport const fails = () => {\n  throw new Error("mine");\n};\n',
  );
  const own = await import(/* @vite-ignore */ pathToFileURL(file).href);
  expect(describeFailure(caught(own.fails))).toEqual({
    message: `${relative(process.cwd(), file)}, line 3: mine (in code of your own; TSGAN_DEBUG=1 shows where)`,
    exitCode: 1,
  });
  // What it calls with something wrong fails further in.
  const deep = caught(() => own.calls(() => (undefined as unknown as { x: number }).x));
  expect(describeFailure(deep).message).toContain("own.mjs, line 1: Cannot read");
});

it("says what is wrong where the folder that one works in was removed", () => {
  const error = Object.assign(new Error("ENOENT: no such file or directory, uv_cwd"), { syscall: "uv_cwd" });
  expect(describeFailure(error).message).toBe(
    "the folder that the command runs in was removed; change to another one",
  );
});
