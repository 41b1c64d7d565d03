/** The worker's side of the engine. */
export { answerCalls, type Emit, type Runtime } from "./answer-calls.ts";
export { forget, keep, recall } from "./kept.ts";
export { spaced, speedometer } from "./pace.ts";
export { type WorkLoop, workLoop } from "./work-loop.ts";
