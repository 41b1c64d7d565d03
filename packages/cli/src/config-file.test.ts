import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readConfigFile } from "./config-file.ts";

describe("readConfigFile", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tsgan-config-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("reads JSON, and names the file that is none", () => {
    const path = join(folder, "my.json");
    writeFileSync(path, '{"data": "ring"}');
    expect(readConfigFile(path)).toEqual({ data: "ring" });
    writeFileSync(path, "{");
    expect(() => readConfigFile(path)).toThrow(`${path}: expected JSON`);
  });
});
