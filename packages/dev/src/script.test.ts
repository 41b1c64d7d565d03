import { parseArgs } from "node:util";
import { RunError, UsageError } from "tsgan";
import { expect, it } from "vitest";
import { isWrongUse } from "./script.ts";

const thrownBy = (f: () => unknown): unknown => {
  try {
    return f();
  } catch (error) {
    return error;
  }
};

it("takes an option that nobody knows for wrong use, and not for a fault", () => {
  expect(isWrongUse(thrownBy(() => parseArgs({ args: ["--halp"], options: {} })))).toBe(true);
  expect(isWrongUse(new UsageError("bench: expected 1; got 2"))).toBe(true);
  expect(isWrongUse(new RunError("no such file"))).toBe(false);
  expect(isWrongUse(new Error("a fault"))).toBe(false);
});
