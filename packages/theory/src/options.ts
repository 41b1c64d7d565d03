/** Checks of options. */
import { UsageError, unknownName } from "tsgan";
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

/** Checks several options at once; of a list, each element. Lists must not be empty. */
export const checkNumbers = <Options extends object>(
  where: string,
  options: Options,
  bounds: { readonly [K in keyof Options]?: Bounds },
): void => {
  for (const name of Object.keys(bounds) as (keyof Options & string)[]) {
    const value: unknown = options[name];
    if (!Array.isArray(value)) checkNumber(where, name, value as number, bounds[name]);
    else {
      if (value.length === 0) throw new UsageError(`${where}: ${name} must hold at least 1 number; got none`);
      value.forEach((each, i) => {
        checkNumber(where, `${name}[${i}]`, each, bounds[name]);
      });
    }
  }
};

/** Bounds of options that many experiments have. */
export const COUNT = { integer: true, atLeast: 1 } as const;
export const SEED = { integer: true, atLeast: 0, atMost: Number.MAX_SAFE_INTEGER } as const;
export const RATE = { above: 0, below: 1 } as const;

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
