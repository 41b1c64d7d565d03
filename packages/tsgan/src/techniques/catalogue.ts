/** Techniques by name. */
import { type Catalogue, type Creator, catalogueOf } from "../define/index.ts";
import type { Technique, TechniqueDefinition } from "../game/index.ts";
import * as builtIn from "./built-in.ts";

/** All techniques by name. */
export const catalogue: Catalogue<Creator<Technique, readonly never[], TechniqueDefinition>> = catalogueOf(
  "technique",
  builtIn,
);
