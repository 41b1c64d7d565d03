/** What pages are made of: an element that draws samples of a generator. */
export { defineSampler } from "./sampler.ts";
