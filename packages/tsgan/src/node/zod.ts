/** The one door to zod for readers that cannot wait: it is loaded, at once, when there is something of a table to check. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { RunError } from "../errors.ts";
import type { ZodModule } from "../tables/index.ts";

let loaded: ZodModule | undefined;

/** From a file, or from the tsgan that is installed where that file lies: it is part of a bundle. */
const tries = (origin: string): readonly (() => NodeJS.Require)[] => [
  () => createRequire(origin),
  () => createRequire(join(dirname(createRequire(origin).resolve("tsgan/package.json")), "package.json")),
];

/** Whether it is one of the fourth version, as this package has it. */
const isZod = (found: unknown): found is ZodModule =>
  typeof found === "object" && found !== null && "looseObject" in found;

/** @throws RunError where there is none */
export const loadZod = (): ZodModule => {
  if (loaded !== undefined) return loaded;
  for (const requireOf of [import.meta.url, join(process.cwd(), "package.json")].flatMap(tries)) {
    try {
      const found: unknown = requireOf()("zod");
      if (isZod(found)) {
        loaded = found;
        return found;
      }
    } catch (error) {
      const missing = error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND";
      if (!missing) throw error;
    }
  }
  throw new RunError("a run of a table needs the package zod to be read: npm install zod@4");
};
