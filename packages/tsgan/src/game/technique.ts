/**
 * Techniques: what is added to a game without changing who plays it. A technique declares its state, and acts at one or more
 * of a few points; a step folds over the list of them.
 */
import {
  checkActs,
  type Factory,
  type Facts,
  factoryOf,
  type OptionTable,
  type ResolvedOptions,
  type Settings,
} from "../define/index.ts";
import type { Technique, TechniqueBody, TechniqueDefinition } from "./types.ts";

const ACTS = [
  "networks",
  "sharesLatents",
  "state",
  "sees",
  "shows",
  "objective",
  "gradient",
  "opponents",
  "after",
  "averages",
  "model",
  "suits",
  "check",
] as const satisfies readonly (keyof TechniqueBody)[];

/**
 * Defines a technique: what is added to a game without changing who plays it. `create` gives what it does with options
 * of its own; all else of the definition are facts.
 *
 * @param definition its name, title, options and papers, and `create`
 * @example
 * ```ts
 * import { number, register } from "tsgan/define";
 * import { defineTechnique } from "tsgan/game";
 * import { add, mul } from "tsgan/graph";
 *
 * export const blurNoise = defineTechnique({
 *   name: "blur-noise",
 *   title: "normal noise on all that is judged",
 *   options: { sigma: number({ default: 0.1, least: 0, means: "deviation" }) },
 *   create: ({ sigma }) => ({ sees: (x, { random }) => add(x, mul(random("normal", x.shape), sigma)) }),
 * });
 * register(blurNoise); // now configurations and the command line know it
 * ```
 */
export const defineTechnique = <Table extends OptionTable>({
  create,
  ...definition
}: Facts & {
  readonly options: Table;
  readonly settings?: Settings;
  create(options: ResolvedOptions<Table>): TechniqueBody;
}): Factory<Table, Technique, [], TechniqueDefinition> => {
  const whole = { kind: "technique", ...definition } as const;
  return factoryOf(whole, (options) => checkActs(whole, create(options), ACTS));
};
