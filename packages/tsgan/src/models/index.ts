/** Models: pairs of generator and discriminator. `list.ts` lists the built-in ones; `defineModel` makes one's own. */
export { catalogue } from "./catalogue.ts";
export { latentOf, latentOptions } from "./latent.ts";
export * from "./list.ts";
export * from "./model.ts";
export { packed } from "./packed.ts";
export type { ImageShape } from "./sides.ts";
