import { describe, expect, it } from "vitest";
import { type Schedule, scheduleCatalogue, scheduled, scheduleOption, schedules } from "../index.ts";

interface Row {
  /** Options that are not the usual ones. */
  readonly options: Readonly<Record<string, number>>;
  /** Values at some iterations of a run of 100. */
  readonly values: Readonly<Record<number, number>>;
}

/** What holds of each schedule. A new schedule is a row. */
const rows: Readonly<Record<string, readonly Row[]>> = {
  linear: [
    { options: { from: 1, to: 0 }, values: { 0: 1, 25: 0.75, 100: 0, 1000: 0 } },
    { options: { from: 1, to: 3, start: 20, end: 40 }, values: { 0: 1, 20: 1, 30: 2, 40: 3, 99: 3 } },
    { options: { from: 0, to: 1, start: 80 }, values: { 80: 0, 90: 0.5, 100: 1 } },
  ],
  cosine: [
    { options: { from: 2, to: 0 }, values: { 0: 2, 50: 1, 100: 0 } },
    { options: { from: 0, to: 1, end: 60 }, values: { 20: 0.25, 40: 0.75, 60: 1, 100: 1 } },
  ],
  exponential: [
    { options: { from: 1, factor: 0.5, every: 10 }, values: { 0: 1, 9: 1, 10: 0.5, 35: 0.125 } },
    { options: { from: 1, factor: 0.5, every: 10, floor: 0.2 }, values: { 20: 0.25, 30: 0.2, 100: 0.2 } },
    { options: { from: 0.5, floor: 0.7 }, values: { 0: 0.7, 100: 0.7 } },
    { options: { from: -1, factor: 0.5, every: 10, floor: -3 }, values: { 0: -1, 10: -0.5 } },
  ],
};

const STEPS = 100;
const cases = Object.entries(rows).flatMap(([name, all]) => all.map((row) => ({ name, ...row })));

it("each schedule has a row", () => {
  expect(Object.keys(rows).sort()).toEqual(Object.keys(schedules).sort());
});

describe.each(cases)("$name $options", ({ name, options, values }) => {
  const made = scheduleCatalogue.get(name).create(options);
  const at = (schedule: Schedule, step: number): number => scheduled(schedule, step, STEPS);

  it("has the values of its formula", () => {
    for (const [step, want] of Object.entries(values)) expect(at(made, Number(step))).toBeCloseTo(want, 12);
  });

  it("stays within its extremes, by which an option's bounds are checked", () => {
    const [least, most] = [Math.min(...made.extremes), Math.max(...made.extremes)];
    for (let step = 0; step <= 3 * STEPS; step++) {
      expect(at(made, step)).toBeGreaterThanOrEqual(least - 1e-12);
      expect(at(made, step)).toBeLessThanOrEqual(most + 1e-12);
    }
  });

  it("is the same as a thing, as written down, and as an option keeps it", () => {
    const option = scheduleOption({ default: 0, means: "a number" });
    const written = { kind: name, ...options };
    const kept = option.check("test", "rate", made);
    expect(JSON.parse(JSON.stringify(kept))).toMatchObject(written);
    expect(option.check("test", "rate", kept)).toEqual(kept);
    for (let step = 0; step <= STEPS; step += 5) {
      for (const each of [written, kept]) expect(at(each, step)).toBe(at(made, step));
    }
  });

  it("refuses an option that it does not have", () => {
    expect(() => scheduleCatalogue.get(name).create({ ...options, fron: 1 })).toThrow(/fron.*from/);
  });
});

describe("the bounds of an option", () => {
  const share = scheduleOption({ default: 0.5, least: 0, below: 1, means: "a share" });
  const refused: readonly (readonly [string, Schedule, string])[] = [
    ["a line that leaves them", { kind: "linear", from: 0.5, to: 1 }, "got 1"],
    ["a cosine that begins outside", { kind: "cosine", from: -1, to: 0 }, "got -1"],
    ["a floor that lies outside", { kind: "exponential", from: 0.5, floor: 1.5 }, "got 1.5"],
    ["a factor that grows", { kind: "exponential", from: 0.5, factor: 2 }, "factor must be"],
  ];
  it.each(refused)("refuse %s", (_, schedule, got) => {
    expect(() => share.check("test", "share", schedule)).toThrow(got);
  });

  it("refuse a schedule that does not exist with the nearest", () => {
    expect(() => share.check("test", "share", { kind: "cosin" })).toThrow(/cosin.*cosine/);
  });
});

it("a number stays what it is", () => {
  expect(scheduled(0.1, 500, 1000)).toBe(0.1);
});

it("a cosine is flat at both ends", () => {
  const cosine = schedules.cosine({ from: 2, to: 0 });
  expect(2 - scheduled(cosine, 1, 100)).toBeLessThan(0.001);
  expect(scheduled(cosine, 99, 100)).toBeLessThan(0.001);
});

it("an end before the start is refused", () => {
  expect(() => scheduled({ kind: "linear", from: 1, to: 0, start: 5, end: 5 }, 0, 10)).toThrow(
    "schedule: end must lie behind start; got 5 … 5",
  );
});
