import { describe, expect, it } from "vitest";
import {
  type CaseRules,
  cases,
  checkCase,
  checkFile,
  close,
  errorOf,
  fields,
  group,
  tensorClose,
} from "./case.ts";

const tolerance = { relative: 1e-3, absolute: 1e-6 };
const rules = (got: number | null): CaseRules => ({
  inputs: ["name"],
  checks: () => ({ value: close(got, tolerance) }),
});

describe("errorOf", () => {
  it("is the error in units of the allowed one", () => {
    expect(errorOf(2.001, 2, tolerance)).toBeCloseTo(0.001 / (1e-6 + 2e-3), 9);
    expect(errorOf(2, 2, tolerance)).toBe(0);
  });

  it("wants infinities and null exactly, and never takes NaN", () => {
    expect(errorOf(Number.POSITIVE_INFINITY, "Infinity", tolerance)).toBe(0);
    expect(errorOf(null, null, tolerance)).toBe(0);
    for (const [got, want] of [
      [1e300, "Infinity"],
      [Number.POSITIVE_INFINITY, 1],
      [0, null],
      [null, 0],
      [Number.NaN, 0],
      [Number.NaN, null],
    ] as const) {
      expect(errorOf(got, want, tolerance)).toBe(Number.POSITIVE_INFINITY);
    }
  });
});

describe("checkCase", () => {
  it("passes within the tolerance, and names the field that fails beyond it", () => {
    expect(checkCase("a", { name: "x", value: 1 }, rules(1.0005))).toMatchObject({ status: "passed" });
    expect(checkCase("a", { name: "x", value: 1 }, rules(1.01))).toMatchObject({
      status: "failed",
      detail: "value is off by 9.99 of what is allowed",
    });
  });

  it("does not know a field without a check, nor a case without a field, nor a value of another type", () => {
    for (const [golden, detail] of [
      [{ value: 1, other: 2 }, 'no check for field "other"'],
      [{ name: "x" }, "no field to check"],
      [{ value: "much" }, 'expected a number; got "much"'],
      [7, "expected an object; got 7"],
    ] as const) {
      expect(checkCase("a", golden, rules(1))).toMatchObject({ status: "unknown", detail });
    }
  });

  it("does not know a field within a field", () => {
    const nested: CaseRules = {
      inputs: [],
      checks: () => ({ part: fields({ value: close(1, tolerance) }) }),
    };
    expect(checkCase("a", { part: { value: 1 } }, nested)).toMatchObject({ status: "passed", error: 0 });
    expect(checkCase("a", { part: { value: 1, more: 1 } }, nested)).toMatchObject({ status: "unknown" });
  });

  it("fails when the library throws, or gives too few values", () => {
    const throws: CaseRules = {
      inputs: [],
      checks: () => {
        throw new Error("out of luck");
      },
    };
    expect(checkCase("a", { value: 1 }, throws)).toMatchObject({ status: "failed", detail: "out of luck" });
    const short: CaseRules = { inputs: [], checks: () => ({ data: tensorClose([1], tolerance) }) };
    expect(checkCase("a", { data: { shape: [2], data: [1, 1] } }, short).status).toBe("failed");
  });
});

describe("checkFile", () => {
  const sections = { known: cases(rules(1)), both: group({ inner: cases(rules(2)) }) };

  it("checks every case of every section, named by section and name or number", () => {
    const file = {
      format: "f/1",
      known: [{ name: "one", value: 1 }, { value: 5 }],
      both: { inner: [{ value: 2 }] },
    };
    expect(checkFile(file, "f/1", sections).map(({ id, status }) => [id, status])).toEqual([
      ["known/one", "passed"],
      ["known/1", "failed"],
      ["both/inner/0", "passed"],
    ]);
  });

  it("does not know another format, another section, or a section that is no list", () => {
    const file = { format: "f/2", known: {}, both: { outer: [] }, new: [] };
    expect(checkFile(file, "f/1", sections).map(({ id, status }) => [id, status])).toEqual([
      ["format", "unknown"],
      ["known", "unknown"],
      ["both/outer", "unknown"],
      ["new", "unknown"],
    ]);
  });
});
