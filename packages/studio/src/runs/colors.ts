/** Colours of curves: blue is real, orange is generated and teal the discriminator, here as on every page. */
import { seriesColors } from "tsgan/figure";

type Theme = "light" | "dark";

const MEANINGS: Readonly<Record<string, string>> = {
  real: "var(--real)",
  generated: "var(--fake)",
  generator: "var(--fake)",
  discriminator: "var(--disc)",
};

/** The palette from behind its blue and orange, which would look like real and generated: they come last. */
const others = (theme: Theme): readonly string[] => {
  const [blue, orange, ...rest] = seriesColors(theme);
  return [...rest, orange, blue];
};

/** The colour of a run among those that are compared, the same in each of their charts. */
export const runColor = (index: number, theme: Theme): string => {
  const palette = others(theme);
  return palette[index % palette.length];
};

/** The colours of the series of one run's chart, by their names. */
export const seriesColorsOf = (names: readonly string[], theme: Theme): readonly string[] => {
  let next = 0;
  return names.map((name) => MEANINGS[name] ?? runColor(next++, theme));
};
