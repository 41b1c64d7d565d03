/** The built-in techniques: one row each. */
export { ada } from "./ada.ts";
export { consensus } from "./consensus.ts";
export { diffAugment } from "./diff-augment.ts";
export { differentialPrivacy } from "./differential-privacy.ts";
export { ema } from "./ema.ts";
export { historicalAveraging } from "./historical-averaging.ts";
export { imagePool } from "./image-pool.ts";
export { instanceNoise } from "./instance-noise.ts";
export { packing } from "./packing.ts";
export { sharedFakes } from "./shared-fakes.ts";
export { unrolled } from "./unrolled.ts";
