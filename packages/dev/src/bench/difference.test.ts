import { expect, it } from "vitest";
import { differenceOf, SAME } from "./difference.ts";

const ours = [
  { discriminatorLoss: 4, penalty: 0.5, accuracy: 0.5 },
  { discriminatorLoss: 0.1, penalty: 0.5, accuracy: 0.5 },
];

it("is that of losses alone, of their size or of 1", () => {
  const theirs = [
    { discriminatorLoss: 4.004, accuracy: 0 },
    { discriminatorLoss: 0.1, accuracy: 0 },
  ];
  expect(differenceOf(ours, theirs)).toBeCloseTo(SAME, 8);
  expect(differenceOf(ours, [{ discriminatorLoss: 4 }, { discriminatorLoss: 0.12 }])).toBeCloseTo(0.02, 8);
});

it("is not small where a loss is no number, or none was told", () => {
  expect(differenceOf(ours, [{ discriminatorLoss: Number.NaN }]) <= SAME).toBe(false);
  expect(differenceOf(ours, [{}]) <= SAME).toBe(false);
});
