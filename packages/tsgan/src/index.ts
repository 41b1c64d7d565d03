/**
 * tsgan: generative adversarial networks in TypeScript. Everything here runs in Node.js and in the browser; files are
 * `tsgan/node`.
 */
export * as data from "./data/index.ts";
export * as distances from "./distances/index.ts";
export { nearest, RunError, UsageError, unknownName } from "./errors.ts";
export * as figure from "./figure/index.ts";
export * as graph from "./graph/index.ts";
export * as losses from "./losses/index.ts";
export * as metrics from "./metrics/index.ts";
export * as models from "./models/index.ts";
export * as nn from "./nn/index.ts";
export { checkInteger } from "./options.ts";
export * as penalties from "./penalties/index.ts";
export * as random from "./random/index.ts";
export { randomStream } from "./random/index.ts";
export * as runtime from "./runtime/index.ts";
export * from "./train/index.ts";
