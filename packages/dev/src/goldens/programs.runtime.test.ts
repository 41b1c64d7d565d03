import { describe, expect, it } from "vitest";
import { checkAuxiliary } from "./auxiliary.ts";
import { checkLosses } from "./losses.ts";
import { checkOps } from "./ops.ts";
import { checkPenalties } from "./penalties.ts";

const vector = (...data: number[]) => ({ shape: [data.length], data });

const wasserstein = {
  id: "wasserstein/2",
  loss: "wasserstein",
  options: {},
  real: vector(1, 3),
  fake: vector(0, -2),
  discriminator: -3,
  generator: 1,
  gradients: {
    discriminator: { real: vector(-0.5, -0.5), fake: vector(0.5, 0.5) },
    generator: { real: vector(0, 0), fake: vector(-0.5, -0.5) },
  },
};

const square = {
  id: "square/2",
  op: "square",
  options: {},
  inputs: { x: vector(1, 2) },
  output: vector(1, 4),
  upstream: vector(1, -1),
  gradients: { x: vector(2, -4) },
  doubleBackward: { value: 20, gradients: { x: vector(8, 16), upstream: vector(8, -32) } },
};

describe("golden programs", () => {
  it("pass right cases", async () => {
    expect(await checkLosses([wasserstein])).toMatchObject([{ id: "wasserstein/2", status: "passed" }]);
    expect(await checkOps([square])).toMatchObject([{ id: "square/2", status: "passed" }]);
  });

  it("fail a value, a gradient and a shape that are wrong, with the field", async () => {
    const results = await checkLosses([
      { ...wasserstein, generator: 1.0001 },
      { ...wasserstein, gradients: { ...wasserstein.gradients, generator: { fake: vector(0.5, 0.5) } } },
      { ...wasserstein, fake: vector(1, 2, 3) },
    ]);
    expect(results.map(({ status }) => status)).toEqual(["failed", "failed", "failed"]);
    expect(results[0].detail).toMatch(/^generator is off by/);
    expect(results[0].error).toBeCloseTo(2, 1);
    expect(results[1].detail).toMatch(/^gradients is off by/);
    expect(results[2].detail).toContain("wasserstein: fake scores must have the shape of the real ones");
  });

  it("say what they do not know", async () => {
    const results = [
      ...(await checkLosses([
        { ...wasserstein, loss: "f-gan", options: { divergence: "jeffrey" } },
        { ...wasserstein, variance: 1 },
      ])),
      ...(await checkOps([
        { ...square, op: "cube" },
        { ...square, options: { of: "cube" } },
      ])),
      ...(await checkAuxiliary([
        { id: "a", kind: "vat", options: {}, inputs: {}, outputs: {}, gradients: {} },
      ])),
      ...(await checkPenalties({
        critics: { mlp: { parameters: {} }, cnn: { parameters: {} } },
        cases: [
          { id: "p", critic: "mlp", penalty: "r3", options: {} },
          { id: "q", critic: "cnn", penalty: "r1", options: {} },
        ],
      })),
    ];
    expect(results.map(({ status, detail }) => [status, detail])).toEqual([
      ["unknown", 'no loss "fgan-jeffrey"'],
      ["unknown", 'no check for field "variance"'],
      ["unknown", 'no op "cube"'],
      ["unknown", 'no rule for of "cube"'],
      ["unknown", 'no kind "vat"'],
      ["unknown", 'no penalty "r3"'],
      ["unknown", 'no critic "cnn"'],
    ]);
  });
});
