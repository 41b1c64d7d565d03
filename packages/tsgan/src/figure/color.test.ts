import { describe, expect, it } from "vitest";
import {
  COLOR_LEVELS,
  levelColor,
  meaningOf,
  PALETTE_SIZE,
  seriesColor,
  styleSheet,
  THEMES,
} from "./color.ts";

type Triple = readonly number[];

const linearRgb = (hex: string): Triple =>
  [1, 3, 5]
    .map((start) => Number.parseInt(hex.slice(start, start + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));

const times = (matrix: readonly Triple[], v: Triple): number[] =>
  matrix.map((row) => row[0] * v[0] + row[1] * v[1] + row[2] * v[2]);

const luminance = (hex: string) => times([[0.2126, 0.7152, 0.0722]], linearRgb(hex))[0];

/** WCAG 2.1 contrast ratio. */
const contrast = (a: string, b: string) => {
  const [low, high] = [luminance(a), luminance(b)].sort((p, q) => p - q);
  return (high + 0.05) / (low + 0.05);
};

/** Machado, Oliveira and Fernandes 2009, table 1, severity 1: what the colour-blind see, in linear RGB. */
const VISION: Record<string, readonly Triple[]> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** CIE 1976 L*a*b* of a linear RGB colour (D65). */
const lab = (rgb: Triple): number[] => {
  const [x, y, z] = times(
    [
      [0.4124 / 0.95047, 0.3576 / 0.95047, 0.1805 / 0.95047],
      [0.2126, 0.7152, 0.0722],
      [0.0193 / 1.08883, 0.1192 / 1.08883, 0.9505 / 1.08883],
    ],
    rgb.map((c) => Math.max(0, Math.min(1, c))),
  ).map((t) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116));
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
};

const difference = (a: string, b: string, vision: readonly Triple[]) => {
  const [p, q] = [a, b].map((hex) => lab(times(vision, linearRgb(hex))));
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
};

describe.each(Object.entries(THEMES))("the %s theme", (_name, theme) => {
  it("gives series a contrast of 3:1 with the paper, and text 4.5:1", () => {
    for (const color of theme.series) expect(contrast(color, theme.paper)).toBeGreaterThan(3);
    const [real, generated, discriminator] = theme.series;
    for (const color of [theme.ink, theme.muted, real, generated, discriminator])
      expect(contrast(color, theme.paper)).toBeGreaterThan(4.5);
  });

  it.each(Object.entries(VISION))("keeps series apart in the eyes of %s", (_kind, vision) => {
    theme.series.forEach((a, i) => {
      for (const b of theme.series.slice(0, i)) expect(difference(a, b, vision)).toBeGreaterThan(15);
    });
  });
});

describe("colours with a meaning", () => {
  it("are those of real, generated and discriminator alone", () => {
    const names = ["real", "generated", "generator", "synthetic", "discriminator", "critic"];
    expect(names.map(meaningOf)).toEqual([0, 1, 1, 1, 2, 2]);
    expect(meaningOf("toString")).toBeUndefined();
    const others = Array.from({ length: 2 * PALETTE_SIZE }, (_, i) => seriesColor(i));
    expect(new Set(others)).toEqual(new Set([3, 4, 5, 6, 7, 8]));
  });
});

describe("heat map colours", () => {
  it("become lighter from each level to the next", () => {
    for (let level = 1; level < COLOR_LEVELS; level++) {
      expect(luminance(levelColor(level))).toBeGreaterThan(luminance(levelColor(level - 1)));
    }
  });
});

describe("style sheets", () => {
  it("follow the reader's preference only in the automatic theme", () => {
    expect(styleSheet("auto")).toContain("prefers-color-scheme:dark");
    expect(styleSheet("dark")).not.toContain("@media");
  });
});
