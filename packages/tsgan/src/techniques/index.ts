/** Techniques: what is added to a game without changing who plays it. */
import { type Catalogue, type Creator, catalogueOf } from "../define/index.ts";
import type { Technique } from "../game/index.ts";
import * as builtIn from "./built-in.ts";

export { defineTechnique, type Technique, type TechniqueBody } from "../game/index.ts";
export * from "./built-in.ts";
export {
  type PrivacyTerms,
  type PrivateSteps,
  privacyNoise,
  privacySpent,
} from "./differential-privacy.ts";

/** All techniques by name. */
export const catalogue: Catalogue<Creator<Technique>> = catalogueOf("technique", builtIn);
