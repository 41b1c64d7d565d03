/** Techniques: what is added to a game without changing who plays it. */
export { defineTechnique, type Technique, type TechniqueBody } from "../game/index.ts";
export * from "./built-in.ts";
export { catalogue } from "./catalogue.ts";
export {
  type PrivacyTerms,
  type PrivateSteps,
  privacyNoise,
  privacySpent,
} from "./differential-privacy.ts";
