/** Settings that are kept as a file, which `tsgan train --config` takes too. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { PartialConfig } from "tsgan/config";

/** The settings of `scripts/NAME.json`. */
export const script = (name: string): PartialConfig =>
  JSON.parse(
    readFileSync(fileURLToPath(new URL(`../../../../../scripts/${name}.json`, import.meta.url)), "utf8"),
  );
