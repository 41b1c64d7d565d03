/** Penalties and constraints by name. */
import { type Catalogue, catalogueOf } from "../define/index.ts";
import * as list from "./list.ts";
import type { PenaltyFactory } from "./penalty.ts";

/**
 * All of them, built in and registered.
 *
 * @example
 * ```ts
 * import { catalogue } from "tsgan/penalties";
 *
 * const penalty = catalogue.get("r1").create({ weight: 1, every: 16 });
 * ```
 */
export const catalogue: Catalogue<PenaltyFactory> = catalogueOf("penalty", list);
