import { describe, expect, it } from "vitest";
import { History } from "./history.ts";

const fill = (history: History<"y">, from: number, to: number): void => {
  for (let step = from; step < to; step++) history.add(step, { y: 2 * step });
};

describe("a history", () => {
  it("keeps points at even distances, and never more than its capacity", () => {
    const history = new History(["y"], 16);
    fill(history, 0, 1000);
    const { step, y } = history.columns();
    expect(step.length).toBeLessThan(16);
    expect(step.length).toBeGreaterThanOrEqual(8);
    const distance = step[1] - step[0];
    step.forEach((value, i) => {
      expect(value).toBe(i * distance);
    });
    expect([...y]).toEqual([...step].map((value) => 2 * value));
  });

  it("goes on from what was saved as if never stopped", () => {
    const whole = new History(["y"], 16);
    fill(whole, 0, 300);
    const first = new History(["y"], 16);
    fill(first, 0, 123);
    const second = new History(["y"], 16);
    second.restore(structuredClone(first.save()));
    fill(second, 123, 300);
    expect(second.columns()).toEqual(whole.columns());
  });

  it("leaves a gap where a value is missing", () => {
    const history = new History(["a", "b"], 16);
    history.add(1, { a: 5 });
    expect(history.columns()).toEqual({
      step: Float64Array.of(1),
      a: Float64Array.of(5),
      b: Float64Array.of(Number.NaN),
    });
  });
});
