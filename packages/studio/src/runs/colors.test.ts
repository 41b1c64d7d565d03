import { seriesColors } from "tsgan/figure";
import { expect, it } from "vitest";
import { runColor, seriesColorsOf } from "./colors.ts";

it("what is real is blue, what is generated orange, the discriminator teal; nothing else is either", () => {
  expect(seriesColorsOf(["real", "generated"], "light")).toEqual(["var(--real)", "var(--fake)"]);
  expect(seriesColorsOf(["discriminator", "generator"], "light")).toEqual(["var(--disc)", "var(--fake)"]);
  const [blue, orange] = seriesColors("light");
  const names = ["precision", "recall", "density"];
  expect(new Set(seriesColorsOf(names, "light")).size).toBe(3);
  for (const color of seriesColorsOf(names, "light")) expect([blue, orange]).not.toContain(color);
});

it("runs that are compared are blue and orange last", () => {
  const all = Array.from({ length: seriesColors("light").length }, (_, i) => runColor(i, "light"));
  expect(new Set(all)).toEqual(new Set(seriesColors("light")));
  expect(all.at(-1)).toBe(seriesColors("light")[0]);
});
