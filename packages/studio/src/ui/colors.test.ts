import { readFileSync } from "node:fs";
import { join } from "node:path";
import { seriesColors } from "tsgan/figure";
import { expect, it } from "vitest";
import { chartFigure } from "./chart-data.ts";
import { colorsByName, paletteIndex, seriesColor } from "./colors.ts";

const tokens = readFileSync(join(import.meta.dirname, "../tokens.css"), "utf8");

const inTheme = (color: string, theme: "light" | "dark"): string | undefined => {
  const name = /^var\((--[\w-]+)\)$/.exec(color)?.[1];
  const [, light, dark] = new RegExp(`${name}: light-dark\\((#\\w+), (#\\w+)\\)`).exec(tokens) ?? [];
  return theme === "light" ? light : dark;
};

it("what is real is blue, what is generated orange, the discriminator teal; nothing else is any of them", () => {
  expect(colorsByName(["real", "generated"])).toEqual(["var(--real)", "var(--fake)"]);
  expect(colorsByName(["discriminator", "generator"])).toEqual(["var(--disc)", "var(--fake)"]);
  expect(colorsByName(["precision", "real", "recall"])).toEqual([
    seriesColor(0),
    "var(--real)",
    seriesColor(1),
  ]);
  const others = Array.from({ length: 20 }, (_, i) => seriesColor(i));
  for (const meant of ["var(--real)", "var(--fake)", "var(--disc)"]) expect(others).not.toContain(meant);
});

it.each(["light", "dark"] as const)("the tokens are the palette of the library's figures, %s", (theme) => {
  const colors = ["var(--real)", "var(--fake)", "var(--disc)", ...[0, 1, 2, 3, 4, 5].map(seriesColor)];
  expect(colors.map((color) => inTheme(color, theme))).toEqual(seriesColors(theme));
  expect(colors.map(paletteIndex)).toEqual(seriesColors(theme).map((_, i) => i));
});

it("a chart that is downloaded has the page's colours", () => {
  const series = [
    { name: "beta", x: [0, 1], y: [0, 1], color: seriesColor(1) },
    { name: "generated", x: [0, 1], y: [0, 1], color: "var(--fake)" },
    { name: "other", x: [0, 1], y: [0, 1] },
  ];
  const [{ marks }] = chartFigure({ series, xLabel: "x", yLabel: "y" }).panels;
  expect(marks.map((mark) => "color" in mark && mark.color)).toEqual([4, 1, 3]);
});
