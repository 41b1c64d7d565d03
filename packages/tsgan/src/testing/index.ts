/** What tests of other packages need; not published. */
export { violations, violationsOfColours } from "./axe.ts";
export { folder, launch, type Site, serve } from "./browser.ts";
export { findChromium } from "./chromium.ts";
export { type ExamplePage, openExamplePage } from "./example-page.ts";
export { blockJpeg, bmp, npy } from "./picture-files.ts";
export { moving, type Unreached, unreached, widthOf } from "./reach.ts";
export { repository } from "./repository.ts";
export { type Spoil, spoils } from "./spoilt.ts";
export { markdownTable } from "./tables.ts";
export { LEARNT, trainAt } from "./training-page.ts";
export { zip } from "./zip-files.ts";
