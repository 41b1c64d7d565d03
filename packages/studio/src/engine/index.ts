/** The page's side of the engine: what can train here, and calls into a worker that does. Workers import `worker.ts`. */
export {
  type ChosenDevice,
  type DeviceChoice,
  deviceChoices,
  deviceLabels,
  type Environment,
  FOR_SMALL_NETWORKS,
  reasonsAgainst,
  unavailable,
} from "./environment.ts";
export { fetchBytes, type LoadProgress } from "./fetch-bytes.ts";
export { isClosed, type SessionStatus, type TrainingSession, trainingSession } from "./session.ts";
export { tabName } from "./tab.ts";
