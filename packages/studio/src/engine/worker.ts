/** The worker's side of the engine. */
export { answerCalls, type Emit } from "./answer-calls.ts";
export type { LoadProgress } from "./fetch-bytes.ts";
export { loadRuntime } from "./load-runtime.ts";
