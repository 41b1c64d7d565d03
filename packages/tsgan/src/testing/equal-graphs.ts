/** For tests: graphs that a rewrite must leave the values of. */
import { expect } from "vitest";
import { inputsOf, interpret, type Tensor } from "../graph/index.ts";
import { randomFeeds } from "./check-gradient.ts";

/** The same values from both graphs, as far as float64 goes. */
export const expectEqual = (changed: readonly Tensor[], outputs: readonly Tensor[]): void => {
  const feeds = randomFeeds(inputsOf(outputs));
  const expected = interpret(outputs, feeds);
  interpret(changed, feeds).forEach((values, i) => {
    expect(changed[i].shape).toEqual(outputs[i].shape);
    values.forEach((value, j) => {
      expect(Math.abs(value - expected[i][j])).toBeLessThan(1e-6 * (1 + Math.abs(expected[i][j])));
    });
  });
};
