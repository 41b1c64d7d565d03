/** The script of a page with a sampler. */
import { defineSampler } from "../page/index.ts";

defineSampler();
