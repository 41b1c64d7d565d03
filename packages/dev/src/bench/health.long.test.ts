import { describe, expect, it } from "vitest";
import { examinePlant } from "./health.ts";
import { healthyRuns, plantedRuns } from "./health-runs.ts";

/** One run of each kind; `node packages/dev/dist/bench/health.js` runs all of them, failures with three seeds. */
describe("tsgan doctor, on runs trained for it", () => {
  it.each(Object.entries(plantedRuns))("names the cause first: %s", async (name, { kind, plant }) => {
    const { verdicts } = await examinePlant(name, kind, plant, 1);
    expect(verdicts[0].kind, verdicts.map(({ evidence }) => evidence).join("; ")).toBe(kind);
  });

  it.each([
    "non-saturating, R1",
    "WGAN-GP",
    "R1 on 2,000 points of a file",
    "too early: WGAN-GP, digits, 300 steps",
  ])("finds %s healthy", async (name) => {
    const { verdicts } = await examinePlant(name, "no alarm", healthyRuns[name], 1);
    expect(verdicts.filter(({ severity }) => severity === "alarm")).toEqual([]);
  });
});
