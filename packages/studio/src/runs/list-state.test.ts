import { describe, expect, it } from "vitest";
import type { RunSummary } from "../api.ts";
import { fieldsIn, initialOf } from "../ui/fields.ts";
import { columnsOf, groupsOf, listFields, listQuery, sorted, spreadOf } from "./list-state.ts";

const run = (id: string, group: string, figures: Readonly<Record<string, number>> = {}): RunSummary => ({
  id,
  version: "1",
  state: "finished",
  step: 1,
  updated: 0,
  group,
  figures,
});
const better = { fid: "lower", recall: "higher", scale: "neither" };
const usual = initialOf(listFields);

describe("the list of runs", () => {
  it("comes back from its address", () => {
    const { read, write } = fieldsIn(listFields, "this page");
    expect(write(usual).toString()).toBe("");
    const state = { ...usual, search: "mnist fid<50", order: "fid", columns: ["fid", "recall"], page: 3 };
    expect(read(write(state))).toEqual({ state, notices: [] });
    expect(read(write({ ...usual, columns: [] })).state.columns).toEqual([]);
  });

  it("is asked for a page at a time, in groups where it is grouped", () => {
    expect(listQuery({ ...usual, order: "fid", reverse: true, page: 3 }).toString()).toBe(
      "search=&order=fid&reverse=1&limit=50&offset=100",
    );
    expect(listQuery({ ...usual, order: "fid", reverse: true, grouped: true }).get("order")).toBe("group");
  });

  it("is sorted by a figure with the best first, and then the other way round", () => {
    const once = sorted(usual, "recall", better);
    expect([once.order, once.reverse]).toEqual(["recall", true]);
    expect(sorted(once, "recall", better).reverse).toBe(false);
    expect(sorted(usual, "fid", better).reverse).toBe(false);
  });

  it("shows the figures that most runs have, unless some are chosen", () => {
    const runs = [
      run("a", "x", { fid: 1, discriminatorLoss: 2 }),
      run("b", "x", { fid: 2, recall: 0.5, scale: 1 }),
    ];
    expect(columnsOf(usual, runs, better)).toEqual(["fid", "recall"]);
    expect(columnsOf({ columns: ["scale"] }, runs, better)).toEqual(["scale"]);
  });

  it("knows mean and deviation of the runs of a configuration", () => {
    const runs = [run("a", "x", { fid: 1 }), run("b", "x", { fid: 3 }), run("c", "y", { fid: 7 })];
    const groups = groupsOf(runs);
    expect(groups.map(({ runs }) => runs.map(({ id }) => id))).toEqual([["a", "b"], ["c"]]);
    expect(spreadOf(groups[0].runs, "fid")).toEqual({ mean: 2, deviation: Math.SQRT2 });
    expect(spreadOf(groups[1].runs, "fid")).toBeUndefined();
  });
});
