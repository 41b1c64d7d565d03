/** Data sets by name. */
import { type Catalogue, catalogueOf } from "../define/index.ts";
import type { DatasetFactory } from "./definition.ts";
import { builtIn } from "./sets/built-in.ts";

/**
 * All data sets that have a name, built in and registered.
 *
 * @example
 * ```ts
 * import { catalogue, describeDataset } from "tsgan/data";
 *
 * for (const { definition } of catalogue.all) console.log(definition.name, describeDataset(definition));
 * const ring = await catalogue.get("ring").create({ modes: 16 });
 * console.log(ring.classes?.length); // 16
 * ```
 */
export const catalogue: Catalogue<DatasetFactory> = catalogueOf("dataset", builtIn);
