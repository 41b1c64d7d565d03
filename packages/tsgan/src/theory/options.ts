/** Checks of options. */
import { UsageError, unknownName } from "../errors.ts";
import type { Experiment } from "./experiment.ts";

interface Bounds {
  /** The value must be larger than this. */
  above?: number;
  atLeast?: number;
  below?: number;
  atMost?: number;
  integer?: boolean;
}

/** Refuses a value that is not a finite number within the bounds. */
export const checkNumber = (where: string, name: string, value: number, bounds: Bounds = {}): void => {
  const { above, atLeast, below, atMost, integer = false } = bounds;
  const fits =
    Number.isFinite(value) &&
    (!integer || Number.isInteger(value)) &&
    (above === undefined || value > above) &&
    (atLeast === undefined || value >= atLeast) &&
    (below === undefined || value < below) &&
    (atMost === undefined || value <= atMost);
  if (fits) return;
  const wanted = [
    above !== undefined && `above ${above}`,
    atLeast !== undefined && `at least ${atLeast}`,
    below !== undefined && `below ${below}`,
    atMost !== undefined && `at most ${atMost}`,
  ].filter((part) => part !== false);
  const kind = integer ? "an integer" : "a finite number";
  throw new UsageError(
    `${where}: ${name} must be ${[kind, wanted.join(" and ")].join(" ").trim()}; got ${value}`,
  );
};

const kindOf = (value: unknown): string => (Array.isArray(value) ? "array" : typeof value);

/**
 * The defaults of an experiment with the given options put in.
 *
 * @throws UsageError for an option that the experiment does not have, or one of another type than its default
 */
export const withDefaults = <Options extends object>(
  experiment: Pick<Experiment<Options, never>, "name" | "defaults">,
  options: Partial<Options>,
): Options => {
  const { name, defaults } = experiment;
  const known = new Map<string, unknown>(Object.entries(defaults));
  for (const [key, value] of Object.entries(options)) {
    if (!known.has(key)) throw unknownName(`option of ${name}`, key, [...known.keys()]);
    if (value !== undefined && kindOf(value) !== kindOf(known.get(key))) {
      const got = JSON.stringify(value);
      throw new UsageError(`${name}: ${key} must be a value of type ${kindOf(known.get(key))}; got ${got}`);
    }
  }
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return { ...defaults, ...given };
};
