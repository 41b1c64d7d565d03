/** What people get who say how much work a run may be: settings for the data at hand, and groups of pictures in place of classes. */
export { clustered } from "./clusters.ts";
export { type Effort, type EffortData, effortSettings, efforts } from "./effort.ts";
