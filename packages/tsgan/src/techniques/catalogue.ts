/** Techniques by name. */
import { type Catalogue, type Creator, catalogueOf } from "../define/index.ts";
import type { Technique } from "../game/index.ts";
import * as builtIn from "./built-in.ts";

/** All techniques by name. */
export const catalogue: Catalogue<Creator<Technique>> = catalogueOf("technique", builtIn);
