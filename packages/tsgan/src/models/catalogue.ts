/** Models by name. */
import { type Catalogue, catalogueOf } from "../define/index.ts";
import * as builtIn from "./list.ts";
import type { ModelFactory } from "./model.ts";

/** The models that can be named: built-in ones and registered ones. */
export const catalogue: Catalogue<ModelFactory> = catalogueOf("model", builtIn);
