/** Configuration files. */
import type { PlainInput } from "tsgan";
import { parseConfig } from "tsgan/config";
import { readJson } from "tsgan/node";

/** @throws UsageError with a line for each thing that is wrong */
export const readConfigFile = (file: string): PlainInput => parseConfig(readJson(file), file);
