import { describe, expect, it } from "vitest";
import { Trail } from "./trail.ts";

describe("the trail", () => {
  it("keeps a run of 50,000 iterations in the room it has, from the first to the last", () => {
    const trail = new Trail<{ step: number }>(200);
    let most = 0;
    for (let step = 0; step <= 50_000; step++) {
      trail.add({ step });
      most = Math.max(most, trail.moments.length);
    }
    const steps = trail.moments.map(({ step }) => step);
    expect(most).toBeLessThanOrEqual(200);
    expect(steps[0]).toBe(0);
    expect(steps[steps.length - 1]).toBeGreaterThan(49_000);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect(new Set(steps).size).toBe(steps.length);
  });

  it("keeps every part of the latest iterations", () => {
    const trail = new Trail<{ step: number; phase?: number }>(200);
    for (let step = 0; step < 1000; step++) trail.add({ step });
    for (let phase = 0; phase < 6; phase++) trail.add({ step: 1000, phase });
    expect(trail.moments.slice(-6).map(({ phase }) => phase)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("has the newest picture of a step, and begins anew with the run", () => {
    const trail = new Trail<{ step: number; name: string }>(100);
    trail.add({ step: 0, name: "a" });
    trail.add({ step: 1, name: "b" });
    trail.add({ step: 1, name: "c" });
    expect(trail.moments.map(({ name }) => name)).toEqual(["a", "c"]);
    trail.add({ step: 0, name: "d" });
    expect(trail.moments.map(({ name }) => name)).toEqual(["d"]);
  });
});
