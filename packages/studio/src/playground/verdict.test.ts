import { describe, expect, it } from "vitest";
import { figureKeys } from "./figures.ts";
import { type FigureColumns, upTo, verdictOf } from "./verdict.ts";

/** Columns of figures; what is not given is not measured. */
const columns = (given: Readonly<Record<string, readonly number[]>>): FigureColumns => {
  const count = given.step.length;
  return Object.fromEntries(
    ["step", ...figureKeys].map((key) => [
      key,
      Float64Array.from(given[key] ?? Array<number>(count).fill(Number.NaN)),
    ]),
  ) as unknown as FigureColumns;
};

describe("the verdict", () => {
  it("says that nothing is trained yet, before and at iteration 0", () => {
    expect(verdictOf(undefined, 8).level).toBe("waiting");
    const first = columns({ step: [0], wasserstein: [2], modes: [0] });
    expect(verdictOf(first, 8).level).toBe("waiting");
    expect(verdictOf(first, 8, { isTrained: true }).title).toBe("It begins");
  });

  it("is good where all modes are covered, with the distance that the page shows", () => {
    const found = columns({ step: [0, 50, 100, 150], wasserstein: [2, 1, 0.5, 0.3], modes: [0, 2, 6, 8] });
    expect(verdictOf(found, 8)).toEqual({
      level: "good",
      title: "It works",
      text: "All 8 modes are covered. The distance still falls at 0.3.",
    });
  });

  it("calls few modes early a beginning, and late a collapse", () => {
    const few = (step: number) => columns({ step: [0, step], wasserstein: [2, 1.5], modes: [0, 2] });
    expect(verdictOf(few(50), 8).title).toBe("It begins");
    expect(verdictOf(few(200), 8).title).toBe("Learning");
    expect(verdictOf(few(600), 8)).toMatchObject({ level: "bad", title: "Collapsed" });
    expect(verdictOf(few(600), 8).text).toContain("Only 2 of 8 modes");
  });

  it("looks at precision and recall where modes cannot be counted", () => {
    const shares = (precision: number, recall: number) =>
      columns({ step: [0, 600], wasserstein: [2, 0.3], precision: [0, precision], recall: [0, recall] });
    expect(verdictOf(shares(0.9, 0.8), undefined).level).toBe("good");
    expect(verdictOf(shares(0.9, 0.1), undefined).text).toContain("recall 0.1");
    expect(verdictOf(shares(0.5, 0.5), undefined).level).toBe("learning");
  });

  it("tells why a GAN has stopped, whatever it had reached", () => {
    expect(verdictOf(columns({ step: [500], modes: [8] }), 8, { problem: "a loss is not finite" })).toEqual({
      level: "bad",
      title: "Stopped",
      text: "a loss is not finite",
    });
  });

  it("is that of the moment which is looked at", () => {
    const all = columns({ step: [0, 50, 600], wasserstein: [2, 1, 1], modes: [0, 1, 1] });
    expect(verdictOf(upTo(all, 599), 8).title).toBe("It begins");
    expect(verdictOf(upTo(all, 600), 8).title).toBe("Collapsed");
  });
});
