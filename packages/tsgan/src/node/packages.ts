/** Optional npm packages: data sets and the image library, loaded when asked for. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { RunError } from "../errors.ts";

/** The folder of an installed package, looked for from this module and from the current folder. */
export const packageFolder = (name: string, purpose: string): string => {
  const origins = [import.meta.url, pathToFileURL(join(process.cwd(), "package.json")).href];
  for (const origin of origins) {
    try {
      return dirname(createRequire(origin).resolve(`${name}/package.json`));
    } catch (error) {
      const missing = error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND";
      if (!missing) throw error;
    }
  }
  throw new RunError(`${purpose} needs the package ${name}: npm install ${name}`);
};
