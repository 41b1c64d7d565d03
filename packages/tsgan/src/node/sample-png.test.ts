import { expect, it } from "vitest";
import { acgan, infogan, mlp } from "../models/index.ts";
import { sampleColumns } from "./sample-png.ts";

const shape = [1, 16, 16];

it("a grid has a column for each class, or category of a code, where that is readable", () => {
  expect(sampleColumns(acgan({ base: 2 }).for({ shape, classes: 7 }))).toEqual({ count: 7 });
  expect(sampleColumns(infogan({ base: 2, categories: 12 }).for({ shape }))).toEqual({ count: 12 });
  expect(sampleColumns(acgan({ base: 2 }).for({ shape, classes: 2 }), ["cat", "dog"])).toEqual({
    count: 2,
    titles: ["cat", "dog"],
  });
  expect(sampleColumns(mlp().for({ shape }))).toBeUndefined();
  expect(sampleColumns(acgan({ base: 2 }).for({ shape, classes: 21 }))).toBeUndefined();
});
