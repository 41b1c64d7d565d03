/** Colours and themes. */
import type { Color } from "./spec.ts";

interface Theme {
  paper: string;
  ink: string;
  muted: string;
  axis: string;
  grid: string;
  series: readonly string[];
}

/**
 * The first three have a meaning: blue is real, orange is generated, teal is the discriminator; the others are for series
 * of any kind. Every colour has a contrast of 3:1 with the paper, those of a meaning 4.5:1, and differs from all others by
 * 15 units of CIE L*a*b* or more in each kind of colour vision. The hues of the first two are Okabe and Ito's ("Color
 * universal design", 2008).
 */
export const THEMES: Record<"light" | "dark", Theme> = {
  light: {
    paper: "#ffffff",
    ink: "#1b1f24",
    muted: "#57606a",
    axis: "#8c959f",
    grid: "#e4e7ea",
    series: [
      "#0072b2",
      "#c2410c",
      "#005e4a",
      "#6d28d9",
      "#bc4d8c",
      "#7b8b37",
      "#6d0e56",
      "#30282b",
      "#8a6d4a",
    ],
  },
  dark: {
    paper: "#12161c",
    ink: "#e8eaed",
    muted: "#a6adb6",
    axis: "#6b7480",
    grid: "#2a313a",
    series: [
      "#56b4e9",
      "#ff9f4a",
      "#1fe4bc",
      "#9a6bff",
      "#d487b6",
      "#e0e643",
      "#7b9371",
      "#e8ecf7",
      "#b89a62",
    ],
  },
};

export const PALETTE_SIZE = THEMES.light.series.length;

/** Names whose colour says what they are; nothing else has these colours, unless it asks for them. */
const MEANINGS: Readonly<Record<string, number>> = {
  real: 0,
  generated: 1,
  generator: 1,
  synthetic: 1,
  discriminator: 2,
  critic: 2,
};

/** How many of the palette's colours have a meaning: they stand first. */
const MEANT = 3;

/**
 * The colour of a name with a meaning: real, generated (generator, synthetic), discriminator (critic).
 *
 * @param name what a series is called
 * @returns an index into the palette; undefined for every other name
 */
export const meaningOf = (name: string): number | undefined =>
  Object.hasOwn(MEANINGS, name) ? MEANINGS[name] : undefined;

/**
 * The colour of a series without a meaning.
 *
 * @param index which of them, from 0 on; they come round again
 * @returns an index into the palette
 */
export const seriesColor = (index: number): number => MEANT + (index % (PALETTE_SIZE - MEANT));

/**
 * The colours of the palette, in order: for charts that are drawn by other means and should look like figures.
 *
 * @param theme the background that they are to be read on
 */
export const seriesColors = (theme: "light" | "dark"): readonly string[] => THEMES[theme].series;

/** The class of an element that draws with `currentColor`. */
export const colorClass = (color: Color): string =>
  typeof color === "number" ? `c${color % PALETTE_SIZE}` : color;

const rules = (scope: string, theme: Theme): string => {
  const { paper, ink, muted, axis, grid } = theme;
  // Cells of a heat map are as dark or light in either theme, and so is what is written on them.
  const named = { ink, muted, axis, grid, paper, "on-dark": "#ffffff", "on-light": "#000000" };
  const series = theme.series.map((color, i): [string, string] => [`c${i}`, color]);
  const colors = [...Object.entries(named), ...series].map(
    ([name, color]) => `.${scope} .${name}{color:${color}}`,
  );
  return `${colors.join("")}.${scope} .halo{stroke:${theme.paper};stroke-width:3px;stroke-linejoin:round;paint-order:stroke}`;
};

/**
 * The style sheet of a figure. Rules are scoped by theme and the same in every figure, so that figures of different
 * themes can stand in one page, where style sheets of inline SVG apply to all.
 */
export const styleSheet = (theme: "light" | "dark" | "auto"): string =>
  theme === "auto"
    ? `${rules("tsgan-auto", THEMES.light)}@media(prefers-color-scheme:dark){${rules("tsgan-auto", THEMES.dark)}}`
    : rules(`tsgan-${theme}`, THEMES[theme]);

/** Viridis (van der Walt and Smith, matplotlib 2.0) at nine equal steps: even in lightness, safe for the colour-blind. */
const VIRIDIS: readonly (readonly [number, number, number])[] = [
  [68, 1, 84],
  [71, 44, 122],
  [59, 81, 139],
  [44, 113, 142],
  [33, 144, 141],
  [39, 173, 129],
  [92, 200, 99],
  [170, 220, 50],
  [253, 231, 37],
];

/** Steps of the colour bar; more cannot be told apart. */
export const COLOR_LEVELS = 64;

/** Shade of grey of level 0 … COLOR_LEVELS − 1. */
export const levelGrey = (level: number): string => {
  const channel = Math.round((level / (COLOR_LEVELS - 1)) * 255);
  return `#${channel.toString(16).padStart(2, "0").repeat(3)}`;
};

/** Colour of level 0 … COLOR_LEVELS − 1. */
export const levelColor = (level: number): string => {
  const position = (level / (COLOR_LEVELS - 1)) * (VIRIDIS.length - 1);
  const lower = Math.min(VIRIDIS.length - 2, Math.floor(position));
  const channels = VIRIDIS[lower].map((low, i) =>
    Math.round(low + (VIRIDIS[lower + 1][i] - low) * (position - lower)),
  );
  return `#${channels.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
};
