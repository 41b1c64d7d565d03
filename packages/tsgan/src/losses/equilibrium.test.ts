import { describe, expect, it } from "vitest";
import { constant, interpret } from "../graph/index.ts";
import { catalogue, equilibriumOf } from "./index.ts";

const create = (name: string, options = {}) => catalogue.get(name).create(options);

/** The least of L_D(s, s) over scores that are the same for every example. */
const leastConstantLoss = (name: string, options: Record<string, unknown>): number => {
  const loss = create(name, options);
  const at = (s: number): number => {
    const scores = constant(Float32Array.of(s, s), [2]);
    return interpret([loss.discriminator(scores, scores)])[0][0];
  };
  let least = Number.POSITIVE_INFINITY;
  for (let s = -3; s <= 3; s += 1 / 64) {
    // Energies are not negative.
    if (loss.scores !== "energy" || s >= 0) least = Math.min(least, at(s));
  }
  return least;
};

const without: Readonly<Record<string, string>> = {
  "wasserstein-labels": "labels need not cancel",
  began: "its state moves the balance",
  mmd: "scores are embeddings",
  sinkhorn: "scores are embeddings",
};

describe("equilibriumOf", () => {
  const known = catalogue.names.filter((name) => equilibriumOf(create(name)) !== undefined);

  it("is there for every loss, but for those with a reason", () => {
    const missing = catalogue.names.filter((name) => !known.includes(name));
    expect(missing.filter((name) => without[name.replace(/-gan$|-rbf.*$/, "")] === undefined)).toEqual([]);
  });

  it.each(known)("%s: is the least loss of a discriminator that says the same of everything", (name) => {
    expect(equilibriumOf(create(name))?.discriminatorLoss).toBeCloseTo(leastConstantLoss(name, {}), 3);
  });

  it.each([
    ["non-saturating", { realLabel: 0.9 }],
    ["minimax", { realLabel: 0.8, fakeLabel: 0.2 }],
    ["least-squares", { a: -1, b: 1, c: 0 }],
    ["ebgan", { margin: 2.5 }],
  ])("%s: follows the options %j", (name, options) => {
    expect(equilibriumOf(create(name, options))?.discriminatorLoss).toBeCloseTo(
      leastConstantLoss(name, options),
      3,
    );
  });
});
