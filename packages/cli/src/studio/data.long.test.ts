import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { dataFile } from "./data.ts";

let cache: string;
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), "tsgan-data-"));
});
afterEach(() => rmSync(cache, { recursive: true, force: true }));

it("has the sprites as bytes, as the page reads them, made once", async () => {
  const [facts, bytes] = await Promise.all([dataFile("pokemon.json", cache), dataFile("pokemon.bin", cache)]);
  const { name, shape, count, licence } = JSON.parse(readFileSync(facts!, "utf8"));
  expect([name, shape]).toEqual(["pokemon", [3, 64, 64]]);
  expect(licence).toContain("Nintendo");
  expect(readFileSync(bytes!)).toHaveLength(count * 3 * 64 * 64);
  // White around the sprite.
  expect(readFileSync(bytes!)[0]).toBe(255);
  const made = statSync(bytes!).mtimeMs;
  expect(statSync((await dataFile("pokemon.bin", cache))!).mtimeMs).toBe(made);
});

it("has nothing else", async () => {
  for (const file of ["mnist.bin", "pokemon.png", "../pokemon.bin", "toString.json", ""]) {
    expect(await dataFile(file, cache)).toBeUndefined();
  }
});
