import { describe, expect, it } from "vitest";

describe("Math.random in tests", () => {
  it("throws, and names what to use instead", () => {
    expect(() => Math.random()).toThrow("use randomStream(seed, purpose, step)");
  });
});
