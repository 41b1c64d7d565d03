/** Definitions: a thing's function, its options as one schema and its facts, in one object; and the registry of names. */
export * from "./definition.ts";
export * from "./facts.ts";
export * from "./option.ts";
export * from "./plain.ts";
export * from "./registry.ts";
export * from "./resolve.ts";
