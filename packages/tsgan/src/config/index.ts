/** Configurations: a run as plain data, its defaults, presets and recipes, and the live objects that it describes. */
export * from "./config.ts";
export { defaults } from "./defaults.ts";
export * from "./gan.ts";
export { configKeys } from "./keys.ts";
export { type OptionsAt, optionsAt, thingsOf } from "./option-at.ts";
export { parseConfig } from "./parse.ts";
export { type RecipeWords, recipeWords } from "./recipe-words.ts";
export { type Recipe, recipeOf, recipes } from "./recipes.ts";
export { optionsOf, settingsOf, type Topic, type TopicOption, topics, topicsOf } from "./reference.ts";
export {
  factKeys,
  kindOf,
  overrideConfig,
  overrideLive,
  plainConfig,
  resolveConfig,
  resolveLive,
  written,
} from "./resolve.ts";
