/** Colours of series as CSS variables, in the order of the library's palette: blue is real, orange generated, teal the discriminator. */

const MEANINGS: Readonly<Record<string, string>> = {
  real: "var(--real)",
  generated: "var(--fake)",
  generator: "var(--fake)",
  discriminator: "var(--disc)",
};

/** Colours of what has no such meaning: runs and GANs beside others, figures of one. */
const SERIES = Array.from({ length: 6 }, (_, i) => `var(--series-${i + 1})`);

const PALETTE = ["var(--real)", "var(--fake)", "var(--disc)", ...SERIES];

/** The colour of a run or a GAN among others, the same wherever it stands. */
export const seriesColor = (index: number): string => SERIES[index % SERIES.length];

/** The colours of the series of a chart, by their names. */
export const colorsByName = (names: readonly string[]): readonly string[] => {
  let next = 0;
  return names.map((name) => MEANINGS[name] ?? seriesColor(next++));
};

/** The index into the library's palette of a colour of the page, for figures that are drawn by the library. */
export const paletteIndex = (color: string): number => PALETTE.indexOf(color);
