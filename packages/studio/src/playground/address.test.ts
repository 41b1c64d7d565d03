import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { experimentQuery, formatState, initialView, layers, parseState, type State } from "./address.ts";
import { MOST_POINTS, parsePoints, rounded, VIEW } from "./drawn-points.ts";
import { examples } from "./examples.ts";
import { lossChoices, named, optimizerChoices, penaltyChoices } from "./named.ts";
import { differences, type Experiment, gansOf, initialExperiment, withSetting } from "./settings.ts";

const initial: State = { experiment: initialExperiment, view: initialView };

const roundTrip = (state: State): State => {
  const { state: read, notices } = parseState(new URLSearchParams(formatState(state).toString()));
  expect(notices).toEqual([]);
  return read;
};

const changed: State = {
  experiment: {
    data: {
      ...initialExperiment.data,
      data: "drawn",
      noise: 0.1,
      points: [rounded([0.5, -1.25]), rounded([-3, 3])],
    },
    base: {
      ...initialExperiment.base,
      latentSize: 1,
      latentDistribution: "uniform",
      generator: [8, 16, 32],
      loss: named(lossChoices, "least-squares", { a: -1, c: 0.5 }),
      penalties: [
        named(penaltyChoices, "gradient-penalty", { weight: 0.1, sided: "one" }),
        named(penaltyChoices, "r1"),
      ],
      discriminatorOptimizer: named(optimizerChoices, "sgd", { momentum: 0.9, nesterov: true }),
      generatorRate: 3e-5,
      seed: 12,
    },
    variants: [{ loss: named(lossChoices, "hinge"), criticSteps: 5 }, {}],
  },
  view: { layers: ["real", "surface"], device: "single", speed: 2 },
};

describe("the playground's address", () => {
  it("says the seed of the default experiment: one that says nothing is the first example", () => {
    expect(formatState(initial).toString()).toBe("seed=1");
    expect(parseState(new URLSearchParams("seed=1")).state).toEqual(initial);
    const { state, notices } = parseState(new URLSearchParams());
    expect(formatState(state).toString()).toBe(new URLSearchParams(examples[0].query).toString());
    expect(notices).toEqual([]);
  });

  it("holds every setting that differs, and gives it back", () => {
    expect(roundTrip(changed)).toEqual(changed);
    expect(decodeURIComponent(formatState(changed).toString())).toContain(
      "pen=gradient-penalty*weight*0.1*sided*one_r1&",
    );
  });

  it("gives any numbers, widths and points back", () => {
    const coordinate = fc.double({ min: -VIEW, max: VIEW, noNaN: true });
    fc.assert(
      fc.property(
        fc.double({ min: 1e-7, max: 1, noNaN: true }),
        fc.array(fc.integer({ min: 1, max: 256 }), { minLength: 1, maxLength: 6 }),
        fc.array(fc.tuple(coordinate, coordinate), { maxLength: 20 }),
        fc.subarray(Object.keys(layers) as (keyof typeof layers)[]),
        (discriminatorRate, discriminator, points, shown) => {
          const state: State = {
            experiment: {
              ...initialExperiment,
              data: { ...initialExperiment.data, points: points.map(rounded) },
              base: { ...initialExperiment.base, discriminatorRate, discriminator },
            },
            view: { ...initialView, layers: shown },
          };
          expect(roundTrip(state)).toEqual(state);
        },
      ),
      { seed: 1, numRuns: 50 },
    );
  });

  it("keeps a point within a hundredth of the view", () => {
    const [x, y] = rounded([1.2345, -2.3456]);
    expect(Math.abs(x - 1.2345)).toBeLessThan(0.01);
    expect(Math.abs(y + 2.3456)).toBeLessThan(0.01);
    expect(rounded([x, y])).toEqual([x, y]);
    expect(() => parsePoints("abcd")).toThrow(`at most ${MOST_POINTS} points of three letters`);
  });

  it("falls back to the default for what it cannot read, and says so", () => {
    const { state, notices } = parseState(
      new URLSearchParams("b=1.5&loss=hing&g=64-x&pen=r1*wait*2&b.k=99&gans=2&wrong=1&show=all&dlr="),
    );
    expect(state).toEqual({ ...initial, experiment: { ...initialExperiment, variants: [{}] } });
    expect(notices).toEqual([
      "g=64-x in the address: expected a list of numbers at least 1, at most 256, such as 64-64; using 64, 64.",
      expect.stringMatching(
        /^loss=hing in the address: expected one of minimax, .*; using non-saturating\.$/,
      ),
      "pen=r1*wait*2 in the address: expected r1 with options weight, every; using none.",
      "dlr= in the address: expected a number at least 1e-7, at most 1; using 0.001.",
      "b=1.5 in the address: expected a whole number at least 2, at most 1024; using 256.",
      "b.k=99 in the address: expected a whole number at least 1, at most 20; using 1.",
      expect.stringMatching(/^show=all in the address: expected none, or some of real-fake-/),
      "wrong in the address is not a setting of the playground; it is left out.",
    ]);
  });

  it("names the state of training by what is trained alone", () => {
    const other = { ...initial, view: changed.view };
    expect(experimentQuery(other.experiment).toString()).toBe("");
    expect(formatState(other).toString()).not.toBe("");
  });

  it.each(examples.map(({ name, query }) => [name, query]))(
    "can be read where it is an example: %s",
    (_, query) => {
      const { state, notices } = parseState(new URLSearchParams(query));
      expect(notices).toEqual([]);
      expect(formatState(state).toString()).toBe(
        new URLSearchParams(query).toString().replaceAll("%2A", "*"),
      );
    },
  );
});

describe("GANs side by side", () => {
  const two: Experiment = { ...initialExperiment, variants: [{}] };

  it("share what is not changed for one of them", () => {
    const next = withSetting(withSetting(two, 1, "batch", 64), 0, "seed", 5);
    expect(gansOf(next).map(({ batch, seed }) => [batch, seed])).toEqual([
      [256, 5],
      [64, 5],
    ]);
    expect(differences(next, 1)).toEqual(["batch"]);
  });

  it("follow the first again when they are set to what it has", () => {
    const apart = withSetting(two, 1, "batch", 64);
    const together = withSetting(apart, 1, "batch", 256);
    expect(together.variants).toEqual([{}]);
    expect(gansOf(withSetting(together, 0, "batch", 32))[1].batch).toBe(32);
  });
});
