/** The built-in augmentations: one row each. */
export { color } from "./color.ts";
export { cutout } from "./cutout.ts";
export { translation } from "./translation.ts";
export { warp } from "./warp.ts";
