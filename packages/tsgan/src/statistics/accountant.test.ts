import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { epsilonOf, noiseFor, renyiOfStep } from "./accountant.ts";

interface Case {
  readonly rate: number;
  readonly noise: number;
  readonly steps: number;
  readonly delta: number;
  /** Of all steps, by order. */
  readonly rdp: Readonly<Record<string, number>>;
  readonly epsilon: number;
}
const { cases } = JSON.parse(readFileSync(new URL("fixtures/accountant.json", import.meta.url), "utf8")) as {
  readonly cases: readonly Case[];
};

const near = (got: number, expected: number): void => expect(Math.abs(got / expected - 1)).toBeLessThan(1e-6);

describe("privacy is spent as dp-accounting has it", () => {
  it.each(cases)("rate $rate, noise $noise, $steps steps, δ $delta", ({ rdp, epsilon, ...steps }) => {
    for (const [order, value] of Object.entries(rdp)) {
      near(steps.steps * renyiOfStep(steps.rate, steps.noise, Number(order)), value);
    }
    near(epsilonOf(steps), epsilon);
  });

  it("no more than what TensorFlow Privacy states of its MNIST example, whose conversion is looser: ε 1.19", () => {
    const steps = (15 * 60_000) / 256;
    const spent = epsilonOf({ rate: 256 / 60_000, noise: 1.3, steps, delta: 1e-5 });
    expect(spent).toBeLessThan(1.19);
    expect(spent).toBeGreaterThan(0.8);
  });
});

describe("noise for an ε", () => {
  it("keeps it, and no smaller noise does", () => {
    const steps = { rate: 0.02, steps: 2000, delta: 1e-5 };
    const noise = noiseFor(3, steps);
    expect(epsilonOf({ ...steps, noise })).toBeLessThanOrEqual(3);
    expect(epsilonOf({ ...steps, noise: 0.999 * noise })).toBeGreaterThan(3);
  });

  it("is more for a smaller ε, for more steps and for more rows a step; nothing is spent without steps", () => {
    const steps = { rate: 0.02, steps: 2000, delta: 1e-5 };
    const usual = noiseFor(3, steps);
    expect(noiseFor(1, steps)).toBeGreaterThan(usual);
    expect(noiseFor(3, { ...steps, steps: 8000 })).toBeGreaterThan(usual);
    expect(noiseFor(3, { ...steps, rate: 0.1 })).toBeGreaterThan(usual);
    expect(epsilonOf({ ...steps, noise: 1, steps: 0 })).toBe(0);
  });

  it("refuses what no noise keeps", () => {
    expect(() => noiseFor(1e-9, { rate: 1, steps: 1e6, delta: 1e-5 })).toThrow(
      "cannot be kept over 1000000 steps",
    );
  });
});
