import { resolveConfig } from "tsgan";
import type { RunEvent } from "tsgan/node";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { formatDuration, formatNumber, jsonReporter, speedometer, textReporter } from "./progress.ts";

/** A stream that remembers what was written to it. */
const record = (isTTY: boolean) => {
  const written: string[] = [];
  const stream = { isTTY, columns: 60, write: (text: string) => written.push(text) > 0 };
  return { stream: stream as unknown as NodeJS.WriteStream, written };
};

const start: RunEvent = {
  type: "start",
  out: "runs/a",
  step: 0,
  config: resolveConfig({ data: "ring", steps: 1000 }),
  adversarial: true,
  dataset: { name: "ring", shape: [2] },
  parameters: { generator: 1, discriminator: 1 },
};
const step = (n: number): RunEvent => ({
  type: "step",
  record: { step: n, discriminatorLoss: 1.38629, generatorLoss: 0.6543 },
  health: "",
});

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("what is shown of a run", () => {
  it("is a line every two seconds where there is no terminal, the last step included", () => {
    const { stream, written } = record(false);
    const { event } = textReporter(stream);
    event(start);
    for (let n = 1; n <= 1000; n++) {
      event(step(n));
      vi.advanceTimersByTime(10);
    }
    expect(written[0]).toBe("mlp with non-saturating on ring ([2]): 1000 steps of 256, into runs/a\n");
    expect(written.slice(1)).toEqual([
      "step 1/1000  D 1.386  G 0.654\n",
      "step 201/1000  D 1.386  G 0.654  100.0 steps/s  8 s left\n",
      "step 401/1000  D 1.386  G 0.654  100.0 steps/s  6 s left\n",
      "step 601/1000  D 1.386  G 0.654  100.0 steps/s  4 s left\n",
      "step 801/1000  D 1.386  G 0.654  100.0 steps/s  2 s left\n",
      "step 1000/1000  D 1.386  G 0.654  100.0 steps/s  0 s left\n",
    ]);
  });

  it("is one line that fits the terminal, redrawn ten times a second at most", () => {
    const { stream, written } = record(true);
    const { event, end } = textReporter(stream);
    event(start);
    for (let n = 1; n <= 100; n++) {
      event(step(n));
      vi.advanceTimersByTime(10);
    }
    event({ type: "warning", message: "careful" });
    end();
    const bars = written.filter((text) => text.includes("step "));
    expect(bars.length).toBeLessThanOrEqual(12);
    for (const bar of bars) {
      expect(bar.startsWith("\r\u001b[K")).toBe(true);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
      expect(bar.replace(/\r|\u001b\[\d*[mK]/g, "").length).toBeLessThan(60);
    }
    expect(written.at(-2)).toBe("\r\u001b[K");
    expect(written.at(-1)).toContain("careful\n");
  });

  it("is a JSON object a line for machines", () => {
    const { stream, written } = record(false);
    jsonReporter(stream).event(step(3));
    expect(written.map((text) => JSON.parse(text))).toEqual([
      { type: "step", step: 3, discriminatorLoss: 1.38629, generatorLoss: 0.6543 },
    ]);
  });
});

describe("speedometer", () => {
  it("says nothing in the first second and follows the last seconds after that", () => {
    const speed = speedometer(10);
    expect(speed(0, 0)).toBeUndefined();
    expect(speed(5, 0.5)).toBeUndefined();
    expect(speed(10, 1)).toBe(10);
    for (let s = 2; s <= 60; s++) speed(10 + s, s);
    expect(speed(10 + 61, 61)).toBeCloseTo(1);
  });
});

it.each([
  [0.4, "0 s"],
  [59, "59 s"],
  [80, "1 min 20 s"],
  [3600, "1 h 00 min"],
  [86_399, "23 h 59 min"],
])("%f seconds are %s", (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

it.each([
  [0, "0.000"],
  [0.6543, "0.654"],
  [-12.3456, "-12.35"],
  [1234.5, "1235"],
  [0.0000123, "1.2e-5"],
  [1e9, "1.0e+9"],
])("%f is shown as %s", (value, text) => {
  expect(formatNumber(value)).toBe(text);
});
