import { expect, it } from "vitest";
import { acgan, infogan, mlp } from "../models/index.ts";
import { sampleColumns } from "./sample-png.ts";

const shape = [1, 16, 16];

it("a grid has a column for each class, or category of a code, where that is readable", () => {
  expect(sampleColumns(acgan({ shape, base: 2, classes: 7 }))).toBe(7);
  expect(sampleColumns(infogan({ shape, base: 2, categories: 12 }))).toBe(12);
  expect(sampleColumns(mlp({ shape }))).toBeUndefined();
  expect(sampleColumns(acgan({ shape, base: 2, classes: 21 }))).toBeUndefined();
});
