/** Losses and terms by name. */
import { type Catalogue, catalogueOf } from "../define/index.ts";
import * as auxiliary from "./auxiliary/index.ts";
import * as list from "./list.ts";
import type { LossFactory } from "./loss.ts";
import type { TermFactory } from "./term.ts";

/**
 * All losses, built in and registered.
 *
 * @example
 * ```ts
 * import { catalogue } from "tsgan/losses";
 *
 * const loss = catalogue.get("ebgan").create({ margin: 10 });
 * for (const { definition } of catalogue.all) console.log(definition.name, Object.keys(definition.options));
 * ```
 */
export const catalogue: Catalogue<LossFactory> = catalogueOf("loss", list);

/** All terms that a configuration can name. */
export const terms: Catalogue<TermFactory> = catalogueOf("term", auxiliary);
