import { afterEach, describe, expect, it } from "vitest";
import { register } from "../define/index.ts";
import { knownFigures } from "./catalogue.ts";
import { defineMetric } from "./metric.ts";
import { outranks, rankOf } from "./rank.ts";

let undo = () => {};
afterEach(() => undo());

describe("rankOf", () => {
  it("takes FID before coverage, lower costs being better", () => {
    expect(rankOf({ coverage: 0.5, fid: 3 })).toMatchObject({ key: "fid", value: 3, cost: 3 });
    expect(rankOf({ coverage: 0.5, step: 1 })).toMatchObject({ key: "coverage", value: 0.5, cost: -0.5 });
    expect(rankOf({ step: 1 })).toBeUndefined();
  });

  it("passes over what is no number, and what has no better way", () => {
    expect(rankOf({ fid: Number.NaN, msSsim: 0.1, copies: 0 })).toMatchObject({ key: "copies", cost: 0 });
    expect(rankOf({ msSsim: 0.1, nearestRatio: 1 })).toBeUndefined();
  });

  it("takes a registered figure at the place that it asks for", () => {
    const figures = { novelty: { label: "novelty", better: "higher", rank: 15 } } as const;
    undo = register(
      defineMetric({
        name: "novelty",
        title: "new",
        suits: "all",
        figures,
        options: {},
        create: () => ({ compute: () => [] }),
      }),
    );
    expect(rankOf({ fid: 3, novelty: 2 })).toMatchObject({ key: "novelty", cost: -2 });
    undo();
    expect(rankOf({ fid: 3, novelty: 2 })?.key).toBe("fid");
  });
});

describe("outranks", () => {
  const rank = (figures: Record<string, number>) => {
    const found = rankOf(figures);
    if (found === undefined) throw new Error("no figure");
    return found;
  };

  it("compares figures of one kind by their value", () => {
    expect(outranks(rank({ fid: 3 }), rank({ fid: 4 }))).toBe(true);
    expect(outranks(rank({ fid: 4 }), rank({ fid: 4 }))).toBe(false);
    expect(outranks(rank({ coverage: 0.5 }), rank({ coverage: 0.4 }))).toBe(true);
    expect(outranks(rank({ coverage: 0.1 }), undefined)).toBe(true);
  });

  it("does not take an evaluation without FID for better than one with it, since −0.5 is less than 30", () => {
    expect(outranks(rank({ coverage: 0.5 }), rank({ fid: 30, coverage: 0.5 }))).toBe(false);
    expect(outranks(rank({ fid: 30 }), rank({ coverage: 0.5 }))).toBe(true);
  });
});

describe("knownFigures", () => {
  it("has the most telling first, and those without a rank last", () => {
    expect(knownFigures().map(({ key }) => key)).toEqual([
      ...["tableQuality", "columnShapes", "pairTrends", "detection", "usefulness"],
      ...[
        "polygonF1",
        "fid",
        "coverage",
        "kid",
        "cmmd",
        "slicedWasserstein",
        "f1",
        "precision",
        "recall",
        "density",
      ],
      ...["polygonPrecision", "polygonRecall", "inceptionScore", "modesCovered", "highQuality"],
      ...["klToUniform", "copies", "membershipAccuracy", "rareLeaks", "exactCopies", "closerToTraining"],
      ...["overfittingProtection", "newRows", "baselineProtection"],
      ...["syntheticF1", "syntheticAccuracy", "syntheticR2", "msSsim"],
      ...["nearestRatio", "detectionAuc", "realF1", "realAccuracy", "realR2"],
      ...["copiesHeldOut", "rareHeldOut", "closestRatio"],
    ]);
  });

  it("refuses two figures of one name", () => {
    undo = register(
      defineMetric({
        name: "other-fid",
        title: "another",
        suits: "all",
        figures: { fid: { label: "FID", better: "lower" } },
        options: {},
        create: () => ({ compute: () => [] }),
      }),
    );
    expect(() => knownFigures()).toThrow(
      'metric other-fid: there is a figure "fid" already, of fid; choose another name for your own',
    );
  });
});
