/** The worker's side of the engine. */
export { answerCalls, type Emit } from "./answer-calls.ts";
export { type LoadProgress, loadRuntime } from "./load-runtime.ts";
