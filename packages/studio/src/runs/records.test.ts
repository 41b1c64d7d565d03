import { describe, expect, it } from "vitest";
import { addLines, differences, emptyRecords, evaluationsOf, sampleAt, smoothed } from "./records.ts";

const lines = (...records: unknown[]): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join("");

describe("records", () => {
  it("come in pieces, by figure, each at the steps that have it", () => {
    const records = emptyRecords();
    addLines(records, lines({ step: 1, loss: 2 }, { step: 2, loss: 1, fid: 9 }));
    addLines(records, lines({ step: 3, loss: 3, failure: "NaN" }));
    expect(Object.fromEntries(records.columns)).toEqual({
      loss: { steps: [1, 2, 3], values: [2, 1, 3] },
      fid: { steps: [2], values: [9] },
    });
  });

  it("count what is none, and keep steps ascending", () => {
    const records = emptyRecords();
    addLines(records, `${lines({ step: 5, loss: 1 }, { step: 5, loss: 2 }, 3, null, { loss: 1 })}{"step":\n`);
    expect(records.columns.get("loss")).toEqual({ steps: [5], values: [1] });
    expect(records.damaged).toBe(4);
  });
});

describe("smoothed", () => {
  it("leaves constants, and with weight 0 everything, as it is", () => {
    expect(smoothed([2, 2, 2], 0.9).every((value) => Math.abs(value - 2) < 1e-12)).toBe(true);
    expect(smoothed([1, 5, 2], 0)).toEqual([1, 5, 2]);
  });
  it("is the mean of what came, the newest weighing most, and passes over what is not finite", () => {
    expect(smoothed([1, Number.NaN, 4], 0.5)).toEqual([1, Number.NaN, 3]);
  });
});

it("differences are the keys in which configurations differ", () => {
  const a = { batch: 8, loss: { name: "hinge" }, penalties: [], betas: [0, 0.9] };
  const b = { batch: 8, loss: { name: "wasserstein" }, penalties: [{ name: "r1" }], betas: [0, 0.9] };
  expect(differences([a, b], false)).toEqual([
    { key: "loss.name", values: ["hinge", "wasserstein"] },
    { key: "penalties", values: ["[]", undefined] },
    { key: "penalties.0.name", values: [undefined, "r1"] },
  ]);
  expect(differences([a], true).map(({ key }) => key)).toEqual(["batch", "loss.name", "penalties", "betas"]);
});

it("evaluations are a table that knows the best of each figure", () => {
  const records = emptyRecords();
  addLines(
    records,
    lines({ step: 1, loss: 1 }, { step: 2, fid: 9, recall: 0.5, ssim: 1 }, { step: 4, fid: 12, recall: 0.7 }),
  );
  expect(evaluationsOf(records, { fid: "lower", recall: "higher", ssim: "neither" })).toEqual({
    names: ["fid", "recall", "ssim"],
    rows: [
      { step: 2, values: [9, 0.5, 1] },
      { step: 4, values: [12, 0.7, undefined] },
    ],
    best: [0, 1, undefined],
  });
});

it("the sample at a step is the newest before it", () => {
  const samples = [{ step: 10 }, { step: 20 }];
  expect([5, 10, 19, 99].map((step) => sampleAt(samples, step)?.step)).toEqual([10, 10, 10, 20]);
  expect(sampleAt([], 3)).toBeUndefined();
});
