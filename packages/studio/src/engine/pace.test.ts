import { describe, expect, it } from "vitest";
import { spaced, speedometer } from "./pace.ts";

describe("the speed of a run", () => {
  it("is measured from the end of the first iteration, over the last thirty", () => {
    const speed = speedometer();
    expect(speed.rate()).toBeUndefined();
    speed.count(5000);
    expect(speed.rate()).toBeUndefined();
    speed.count(5100);
    expect(speed.rate()).toBeCloseTo(10);
    for (let i = 1; i <= 29; i++) speed.count(5100 + 20 * i);
    expect(speed.rate()).toBeCloseTo(50);
    speed.restart();
    expect(speed.rate()).toBeUndefined();
  });
});

describe("work beside the training", () => {
  it("is done no more often than is said, and takes no more of the time", async () => {
    let time = 0;
    const done: number[] = [];
    const work = (cost: number) => async (): Promise<void> => {
      done.push(time);
      time += cost;
    };
    const drawing = spaced(1000, 0.1, () => time);
    const until = async (end: number, cost: number): Promise<void> => {
      for (; time < end; time += 100) await drawing.ifDue(work(cost));
    };
    await until(3000, 0);
    expect(done).toEqual([1000, 2000]);
    await until(3001, 300);
    await until(9000, 0);
    // 300 ms are a tenth of the 3 s after them.
    expect(done.slice(2)).toEqual([3000, 6300, 7300, 8300]);
  });

  it("is due anew when it begins anew", async () => {
    let time = 0;
    const drawing = spaced(1000, 0.1, () => time);
    let done = 0;
    const work = async (): Promise<void> => {
      done++;
    };
    time = 900;
    drawing.restart();
    time = 1800;
    await drawing.ifDue(work);
    expect(done).toBe(0);
    time = 1900;
    await drawing.ifDue(work);
    expect(done).toBe(1);
  });
});
