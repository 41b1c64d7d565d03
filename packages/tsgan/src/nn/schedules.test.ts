import { expect, it } from "vitest";
import { scheduled } from "./index.ts";

it("a number stays what it is", () => {
  expect(scheduled(0.1, 500, 1000)).toBe(0.1);
});

it("a line goes from its start to its end over the run, and stays there", () => {
  const line = { kind: "linear", from: 1, to: 0 } as const;
  expect([0, 250, 500, 1000, 2000].map((step) => scheduled(line, step, 1000))).toEqual([1, 0.75, 0.5, 0, 0]);
  const late = { kind: "linear", from: 1, to: 3, start: 100, end: 200 } as const;
  expect([0, 100, 150, 200, 900].map((step) => scheduled(late, step, 1000))).toEqual([1, 1, 2, 3, 3]);
});

it("a cosine is half way in the middle and flat at both ends", () => {
  const cosine = { kind: "cosine", from: 2, to: 0 } as const;
  expect(scheduled(cosine, 0, 100)).toBe(2);
  expect(scheduled(cosine, 50, 100)).toBeCloseTo(1, 12);
  expect(scheduled(cosine, 100, 100)).toBe(0);
  expect(2 - scheduled(cosine, 1, 100)).toBeLessThan(0.001);
});

it("an exponential falls by its factor every so often, not below its floor", () => {
  const halves = { kind: "exponential", from: 1, factor: 0.5, every: 10, floor: 0.2 } as const;
  expect([0, 9, 10, 25, 35].map((step) => scheduled(halves, step, 100))).toEqual([1, 1, 0.5, 0.25, 0.2]);
});

it("refuses an end before its start", () => {
  expect(() => scheduled({ kind: "linear", from: 1, to: 0, start: 5, end: 5 }, 0, 10)).toThrow(
    "schedule: end must lie behind start; got 5 … 5",
  );
});
