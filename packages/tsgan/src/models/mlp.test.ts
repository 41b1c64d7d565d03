import { describe, expect, it } from "vitest";
import { input, interpret, type Tensor } from "../graph/index.ts";
import { bindScope, collectVariables, initialValues, type Scope } from "../nn/index.ts";
import { mlp } from "./mlp.ts";

type Options = NonNullable<Parameters<typeof mlp>[0]>;

const POINTS = [1, 2, -3, 0.5, 0, -1];

const small = (options: Options = {}) =>
  mlp({ latent: 2, hidden: [8, 4], code: 3, ...options }).for({ shape: [2] });

/** Shape and values of a network's output at `points`, with initial weights of one seed. */
const run = (network: (x: Tensor, scope: Scope) => Tensor, points: readonly number[]) => {
  const x = input("x", [points.length / 2, 2]);
  const variables = collectVariables((scope) => network(x, scope));
  const { parameters, parameterCount } = variables;
  const weights = initialValues(parameters, parameterCount, 7, "network");
  const { scope } = bindScope({
    variables,
    parameters: input("weights", [parameterCount]),
    buffers: undefined,
    mode: "inference",
  });
  const output = network(x, scope);
  return { shape: output.shape, values: [...interpret([output], { x: points, weights })[0]] };
};

const scoresOf = (options: Options, points: readonly number[]) =>
  run((x, scope) => small(options).discriminator({ x }, scope).scores, points);

const close = (actual: readonly number[], expected: readonly number[]): void => {
  expect(actual).toHaveLength(expected.length);
  for (const [i, value] of actual.entries()) expect(value).toBeCloseTo(expected[i], 10);
};

describe("the discriminator of mlp", () => {
  it.each([
    ["score", "logit", [3, 1]],
    ["reconstruction", "energy", [3]],
    ["embedding", "embedding", [3, 3]],
  ] as const)("gives as %s an output of kind %s and shape %j", (discriminatorOutput, kind, shape) => {
    expect(small({ discriminatorOutput }).scores).toBe(kind);
    expect(scoresOf({ discriminatorOutput }, POINTS).shape).toEqual(shape);
  });

  it("has hidden layers of its own where they are given", () => {
    const sizes = (options: Options): number[] => {
      const { generator, discriminator } = small(options);
      return [
        collectVariables((scope) => generator({ z: input("z", [1, 2]) }, scope)).parameterCount,
        collectVariables((scope) => discriminator({ x: input("x", [1, 2]) }, scope)).parameterCount,
      ];
    };
    expect(sizes({ hidden: [3] })).toEqual([3 * 3 + 4 * 2, 3 * 3 + 4]);
    expect(sizes({ hidden: [3], discriminatorHidden: [5, 2] })).toEqual([3 * 3 + 4 * 2, 3 * 5 + 6 * 2 + 3]);
  });

  it("gives an energy that is the mean squared error of what it decodes", () => {
    const { values } = scoresOf({ discriminatorOutput: "reconstruction" }, POINTS);
    expect(Math.min(...values)).toBeGreaterThan(0);
    // The ReLU networks are piecewise linear: far out the error grows as the square of the distance.
    const [near, far] = scoresOf({ discriminatorOutput: "reconstruction" }, [1e5, 2e5, 1e6, 2e6]).values;
    expect(far / near).toBeCloseTo(100, 0);
  });

  it("bends along a ray from the origin, so that it can tell near modes from distant ones", () => {
    const ray = Array.from({ length: 10 }, (_, i) => [0.2 * i + 0.1, 0.2 * i + 0.1]).flat();
    const { values } = scoresOf({ hidden: [64] }, ray);
    const bends = values.slice(2).map((v, i) => Math.abs(v - 2 * values[i + 1] + values[i]));
    // With biases of zero all kinks go through the origin, and scores along a ray lie on one line.
    expect(Math.max(...bends)).toBeGreaterThan(1e-2);
  });
});

describe("scale of mlp", () => {
  it.each(["score", "probability", "reconstruction", "embedding"] as const)(
    "makes points so many times larger look the same: %s",
    (output) => {
      const options = { discriminatorOutput: output };
      const larger = POINTS.map((v) => 4 * v);
      close(scoresOf({ ...options, scale: 4 }, larger).values, scoresOf(options, POINTS).values);
    },
  );

  it("makes generated points so many times larger", () => {
    const points = (scale: number) => run((z, scope) => small({ scale }).generator({ z }, scope), POINTS);
    close(
      points(4).values,
      points(1).values.map((v) => 4 * v),
    );
  });
});

it.each([
  [{ scale: 0 }, "mlp: scale must be a finite number above 0; got 0"],
  [{ code: 0 }, "mlp: code must be an integer of at least 1; got 0"],
  [{ discriminatorOutput: "vector" as "score" }, "mlp: discriminatorOutput must be one of"],
])("mlp refuses %j", (options, message) => {
  expect(() => mlp(options)).toThrow(message);
});

it("mlp refuses a scale for images", () => {
  expect(() => mlp({ scale: 2 }).for({ shape: [1, 4, 4] })).toThrow(
    "mlp: scale must be 1 for images, which end in a tanh; got 2",
  );
});
