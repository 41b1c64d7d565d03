import { describe, expect, it } from "vitest";
import { extended, type Frame, noCurves, withFrame } from "./history.ts";

const record = (step: number) => ({ step, discriminatorLoss: step / 10, generatorLoss: -step });

describe("curves", () => {
  it("hold every iteration while they are few", () => {
    const { step, discriminator, generator } = extended(noCurves, [1, 2, 3].map(record));
    expect([step, discriminator, generator]).toEqual([
      [1, 2, 3],
      [0.1, 0.2, 0.3],
      [-1, -2, -3],
    ]);
  });

  it("never hold more than the most points, evenly spaced to the end", () => {
    let curves = noCurves;
    for (let step = 1; step <= 1000; step++) curves = extended(curves, [record(step)], 50);
    expect(curves.step.length).toBeLessThanOrEqual(50);
    expect(curves.step.length).toBeGreaterThan(25);
    expect(new Set(curves.step.slice(1).map((step, i) => step - curves.step[i]))).toEqual(
      new Set([curves.every]),
    );
    expect(curves.generator).toEqual(curves.step.map((step) => -step));
  });
});

describe("frames", () => {
  const frame = (step: number): Frame => ({
    step,
    samples: { shape: [1, 1, 1], bytes: Uint8ClampedArray.of(step % 256) },
  });

  it("beyond the most keep the first, the last, and some from all over the time between", () => {
    let frames: readonly Frame[] = [];
    for (let step = 0; step <= 300; step += 3) frames = withFrame(frames, frame(step), 10);
    expect(frames).toHaveLength(10);
    expect(frames[0].step).toBe(0);
    expect(frames[9].step).toBe(300);
    const gaps = frames.slice(1).map(({ step }, i) => step - frames[i].step);
    expect(Math.max(...gaps)).toBeLessThan(100);
  });

  it("of the future go when an earlier state comes back", () => {
    const frames = [0, 5, 10].map(frame);
    expect(withFrame(frames, frame(5)).map(({ step }) => step)).toEqual([0, 5]);
  });
});
