/**
 * Configurations of 0.1: what has become a technique or a link of an optimiser is read as that. The keys may still be
 * written, as the shorter names of what they became.
 */
import type { Made } from "../define/index.ts";
import type { Named, OldTechniques } from "./config.ts";

type OldKey = keyof OldTechniques;
type Reading = { readonly replaces: readonly string[]; readonly by: Named | undefined };

const set = (name: string, option: string, given: unknown): Reading => ({
  replaces: [name],
  by: { name, [option]: given },
});

const readings: { readonly [K in OldKey]-?: (given: NonNullable<OldTechniques[K]>) => Reading } = {
  emaDecay: (decay) => ({ replaces: ["ema"], by: decay === 0 ? undefined : { name: "ema", decay } }),
  packing: (count) => set("packing", "count", count),
  instanceNoise: ({ ...options }) => ({
    replaces: ["instance-noise"],
    by: { name: "instance-noise", ...options },
  }),
  augment: ({ policy, adaptive }) => ({
    replaces: ["ada", "diff-augment"],
    by: adaptive === undefined ? { name: "diff-augment", policy } : { name: "ada", policy, ...adaptive },
  }),
  historicalAveraging: (weight) => set("historical-averaging", "weight", weight),
  consensus: (weight) => set("consensus", "weight", weight),
  unrolled: (steps) => set("unrolled", "steps", steps),
  imagePool: (size) => set("image-pool", "size", size),
};

export const oldKeys = Object.keys(readings) as OldKey[];

/** The techniques with what old keys say put in. */
export const withOldTechniques = <T extends Named | Made>(
  techniques: readonly T[],
  old: OldTechniques,
): readonly (T | Named)[] => {
  let result: readonly (T | Named)[] = techniques;
  for (const key of oldKeys) {
    const given = old[key];
    if (given === undefined) continue;
    const { replaces, by } = readings[key](given as never);
    result = [...result.filter(({ name }) => !replaces.includes(name)), ...(by === undefined ? [] : [by])];
  }
  return result;
};

/** Penalties that compare images with changed ones did so, in 0.1, with the changes of the run's own augmentation. */
export const withOldPolicy = <T extends Named | Made>(
  penalties: readonly T[],
  { augment }: OldTechniques,
): readonly (T | Named)[] =>
  augment === undefined
    ? penalties
    : penalties.map((penalty) =>
        /consistency$/.test(penalty.name) && !("definition" in penalty) && !("policy" in penalty)
          ? { ...(penalty as Named), policy: augment.policy }
          : penalty,
      );

/** An optimiser of 0.1, whose longest gradient was an option. */
export const withOldClip = (config: Named): Named => {
  const { gradientNorm, ...rest } = config;
  if (gradientNorm === undefined) return config;
  const links = (rest.links as readonly Named[] | undefined) ?? [];
  return { ...rest, links: [{ name: "clip", limit: gradientNorm }, ...links] };
};
