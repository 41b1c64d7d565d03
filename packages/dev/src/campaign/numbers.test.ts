import { randomStream } from "tsgan/random";
import { describe, expect, it } from "vitest";
import { judge } from "./numbers/trial.ts";
import { numbers, properties } from "./numbers.ts";

/** The short form of `npm run campaign -- numbers`: a few cases of each property. */
const CASES = 10;

describe("numbers", () => {
  it.each(Object.entries(properties))("%s is right to tolerance, or refuses", (name, property) => {
    for (let number = 0; number < CASES; number++) {
      const trial = property(randomStream(1, name, number));
      expect(["right", "refused"], trial.tried).toContainEqual(judge(trial));
    }
  });

  it("runs a case again by its number, and counts what it tried", async () => {
    const whole = await numbers({ seed: 3, count: 3 });
    expect(whole.tried).toHaveLength(3);
    expect((await numbers({ seed: 3, from: 2, count: 1 })).tried).toEqual([whole.tried[2]]);
    expect(whole.failures).toEqual([]);
  });
});
