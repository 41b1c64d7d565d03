/** What data sets are read from in Node.js: installed packages, and files that are made once and kept. */
import { join } from "node:path";
import type { DataFiles, DataPackage } from "../data/index.ts";
import { RunError } from "../errors.ts";
import { cacheFolder } from "./cache.ts";
import { readBytes, readJson, writeFileAtomic } from "./files.ts";
import { openSprites } from "./images.ts";
import { packageFolder } from "./packages.ts";
import type { PictureOptions } from "./pictures.ts";

/** @param name of the data set that is opened, for errors */
export const dataFiles = (
  name: string,
  options: Pick<PictureOptions, "cacheFolder" | "onProgress">,
): DataFiles => ({
  package: (source): DataPackage => {
    const folder = packageFolder(source, `data set ${name}`);
    const path = (file: string): string => join(folder, ...file.split("/"));
    return {
      get version() {
        const about = readJson(path("package.json"));
        const known = typeof about === "object" && about !== null && "version" in about;
        return known ? String(about.version) : "unknown";
      },
      path,
      bytes: (file) => readBytes(path(file)),
      json: (file) => readJson(path(file)),
      pictures: (file, { size, channels }) =>
        openSprites(name, path(file), {
          ...options,
          ...(size !== undefined && { size }),
          ...(channels !== undefined && { channels }),
        }),
    };
  },
  kept: (folder, names, read, make) => {
    const path = (file: string): string => join(cacheFolder(options.cacheFolder), folder, file);
    const all = () => names.map((file) => read(readBytes(path(file)), path(file)));
    try {
      return all();
    } catch (error) {
      // Missing, or damaged: made anew.
      if (!(error instanceof RunError)) throw error;
    }
    for (const [file, bytes] of make()) writeFileAtomic(path(file), bytes);
    return all();
  },
});
