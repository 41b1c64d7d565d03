import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const FOLDER = dirname(fileURLToPath(import.meta.url));

/** What a file imports when it is loaded: types are not, nor what `import()` names. */
const importsOf = (file: string): string[] => {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(/^(?:import|export)\s+(?!type\b)([^;]*?\sfrom\s+)?"([^"]+)"/gm)].map(
    ([, , name]) => name,
  );
};

const loadedBy = (file: string, met = new Set<string>()): Set<string> => {
  for (const name of importsOf(file)) {
    const at = name.startsWith(".") ? join(dirname(file), name) : name;
    if (met.has(at)) continue;
    met.add(at);
    if (name.startsWith(".")) loadedBy(at, met);
  }
  return met;
};

it("the command is there before the library is: what parses the command line loads none of it", () => {
  const loaded = [...loadedBy(join(FOLDER, "main.ts"))];
  expect(loaded).toContain(join(FOLDER, "commands/train.ts"));
  expect(loaded).toContain("commander");
  expect(loaded.filter((name) => /^@?tsgan(\/|$)/.test(name))).toEqual([]);
});
