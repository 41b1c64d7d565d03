/** The page's side of the engine: what can train here, and calls into a worker that does. Workers import `worker.ts`. */
export { type Connection, connect } from "./calls.ts";
export {
  type ChosenDevice,
  chooseDevice,
  type DeviceChoice,
  deviceChoices,
  deviceLabels,
  type Environment,
  examineEnvironment,
  unavailable,
} from "./environment.ts";
export { fetchBytes, type LoadProgress } from "./fetch-bytes.ts";
