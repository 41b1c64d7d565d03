/**
 * tsgan: generative adversarial networks in TypeScript. Everything here runs in Node.js and in the browser; files are
 * `tsgan/node`.
 */
export * from "./config/index.ts";
export * as data from "./data/index.ts";
export {
  auto,
  choice,
  type Definition,
  flag,
  integer,
  number,
  numbers,
  register,
  text,
} from "./define/index.ts";
export * as distances from "./distances/index.ts";
export { nearest, RunError, UsageError, unknownName } from "./errors.ts";
export * as figure from "./figure/index.ts";
export * as graph from "./graph/index.ts";
export * as losses from "./losses/index.ts";
export * as metrics from "./metrics/index.ts";
export * as models from "./models/index.ts";
export * as nn from "./nn/index.ts";
export { adam, adamW, chain, rmsProp, sgd } from "./nn/index.ts";
export { checkInteger } from "./options.ts";
export * as penalties from "./penalties/index.ts";
export * as random from "./random/index.ts";
export { randomStream } from "./random/index.ts";
export * as runtime from "./runtime/index.ts";
export * as techniques from "./techniques/index.ts";
export * from "./train/index.ts";
