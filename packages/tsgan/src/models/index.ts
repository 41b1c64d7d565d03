/** Models: pairs of generator and discriminator. `list.ts` lists the built-in ones; `defineModel` makes one's own. */
import { type Catalogue, catalogueOf } from "../define/index.ts";
import * as builtIn from "./list.ts";
import type { ModelFactory } from "./model.ts";

export { latentOf, latentOptions } from "./latent.ts";
export * from "./list.ts";
export * from "./model.ts";
export { packed } from "./packed.ts";
export type { ImageShape } from "./sides.ts";

/** The models that can be named: built-in ones and registered ones. */
export const catalogue: Catalogue<ModelFactory> = catalogueOf("model", builtIn);
