import type { HealthKind } from "tsgan/metrics";
import { describe, expect, it } from "vitest";
import { examinePlant, healthyRuns, planted } from "./health.ts";

/** One run of each kind; `node packages/dev/dist/bench/health.js` runs all of them. */
describe("tsgan doctor, on runs trained for it", () => {
  it.each(Object.entries(planted))("names %s first", async (kind, plant) => {
    const { verdicts } = await examinePlant(kind, kind as HealthKind, plant, 1, 1);
    expect(verdicts[0].kind, verdicts.map(({ evidence }) => evidence).join("; ")).toBe(kind);
  });

  it.each(["non-saturating, R1", "WGAN-GP", "R1 on 2,000 points of a file"])(
    "finds %s healthy",
    async (name) => {
      const { verdicts } = await examinePlant(name, "healthy", healthyRuns[name], 1, 1);
      expect(verdicts.filter(({ severity }) => severity === "alarm")).toEqual([]);
    },
  );
});
