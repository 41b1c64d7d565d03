import {
  add,
  apply,
  type Conv2dOptions,
  constant,
  conv2d,
  defineOp,
  dense,
  exampleNorm,
  flatten,
  grad,
  input,
  interpret,
  matmul,
  mean,
  mul,
  type Op,
  print,
  sigmoid,
  simplify,
  square,
  sub,
  sum,
  type Tensor,
  toOnnx,
} from "tsgan/graph";
import { compile, loadModel, State } from "tsgan/runtime";
import { describe, expect, it } from "vitest";
import { gradientErrors, randomPoint } from "../testing/check-gradient.ts";
import { ModelProto } from "./onnx.proto.ts";

type Beta = { readonly beta: number };

// swish(x) = x σ(βx); d swish(x) = (σ(βx) + βx σ(βx) (1 − σ(βx))) dx
const swishOp: Op<Beta> = defineOp({
  name: "swish",
  elementwise: true,
  shape: ([x]) => ({ shape: x.shape }),
  derivative: (y, dy, { beta }) => {
    const s = sigmoid(mul(y.inputs[0], beta));
    return [mul(dy, add(s, mul(mul(y, beta), sub(1, s))))];
  },
  value: (_, [x], { beta }) => x.map((v) => v / (1 + Math.exp(-beta * v))),
  onnx: (_, [x], emitter, { beta }) => {
    const share = emitter.node("Sigmoid", [emitter.node("Mul", [x, emitter.scalar(beta)])]);
    return emitter.node("Mul", [x, share]);
  },
});
const swish = (x: Tensor, beta = 1): Tensor => apply(swishOp, [x], { beta });

type Direction = { readonly reverse: boolean };

// Sums of all elements so far along the rows of a matrix; the derivative sums from the other end.
const runningSumOp: Op<Direction> = defineOp({
  name: "running_sum",
  shape: ([x]) => ({ shape: x.shape }),
  derivative: (_, dy, { reverse }) => [runningSum(dy, !reverse)],
  value: (y, [x], { reverse }) => {
    const [rows, columns] = y.shape;
    const out = Float64Array.from(x);
    for (let row = 0; row < rows; row++) {
      for (let k = 1; k < columns; k++) {
        const at = row * columns + (reverse ? columns - 1 - k : k);
        out[at] += out[reverse ? at + 1 : at - 1];
      }
    }
    return out;
  },
  onnx: (_, [x], emitter, { reverse }) =>
    emitter.node("CumSum", [x, emitter.constant(Int32Array.of(1), [], "int32")], {
      reverse: reverse ? 1 : 0,
    }),
});
const runningSum = (x: Tensor, reverse = false): Tensor => apply(runningSumOp, [x], { reverse });

const IMAGE: Conv2dOptions = { stride: 2, padding: 1 };

/** Scores of 8 × 8 images by a convolution, two ops of our own, and a dense layer. */
const critic = (image: Tensor, parameters: { readonly w: Tensor; readonly v: Tensor }): Tensor =>
  dense(mul(runningSum(flatten(swish(conv2d(image, parameters.w, IMAGE), 1.5))), 0.1), parameters.v);

const critics = () => ({ w: input("w", [4, 1, 4, 4]), v: input("v", [1, 64]) });

/** A critic's loss with gradient penalty, and one step of gradient descent on it. */
const training = (batch: number) => {
  const { w, v } = critics();
  const [real, fake] = [input("real", [batch, 1, 8, 8]), input("fake", [batch, 1, 8, 8])];
  const [slope] = grad(sum(critic(fake, { w, v })), [fake]);
  const penalty = mean(square(sub(exampleNorm(slope, 1e-12), 1)));
  const loss = add(sub(mean(critic(fake, { w, v })), mean(critic(real, { w, v }))), mul(penalty, 10));
  const [dw, dv] = grad(loss, [w, v]);
  return { loss, w: sub(w, mul(dw, 1e-3)), v: sub(v, mul(dv, 1e-3)) };
};

const feedsOf = (batch: number): Record<string, Float32Array> =>
  Object.fromEntries(
    [
      ["w", [4, 1, 4, 4]],
      ["v", [1, 64]],
      ["real", [batch, 1, 8, 8]],
      ["fake", [batch, 1, 8, 8]],
    ].map(([name, shape], i) => [
      name as string,
      Float32Array.from(randomPoint(shape as number[], i + 1, -0.5, 0.5).values),
    ]),
  );

describe("an op defined from outside", () => {
  it("has first and second derivatives that agree with finite differences", () => {
    const points = [randomPoint([3, 4], 1)];
    for (const f of [(x: Tensor) => swish(x, 0.7), (x: Tensor) => square(runningSum(x))]) {
      const { first, second } = gradientErrors(f, points);
      expect(first).toBeLessThan(1e-7);
      expect(second).toBeLessThan(1e-7);
    }
  });

  it.each([4, 16])(
    "has on a device the value it has in the interpreter, twice differentiated, batch %i",
    async (batch) => {
      const outputs = training(batch);
      const feeds = feedsOf(batch);
      const expected = interpret(Object.values(outputs), feeds);
      const program = await compile(outputs, { device: "cpu", threads: 1 });
      const found = await program.run(feeds);
      await program.dispose();
      Object.values(found).forEach((values, i) => {
        const scale = Math.max(...expected[i].map(Math.abs));
        values.forEach((value, j) => {
          expect(Math.abs(value - expected[i][j]) / scale).toBeLessThan(2e-6);
        });
      });
    },
  );

  it("trains", async () => {
    const program = await compile(training(16), { device: "cpu", threads: 1, state: ["w", "v"] });
    const { w, v, real, fake } = feedsOf(16);
    const state = new State();
    state.set("w", w, [4, 1, 4, 4]);
    state.set("v", v, [1, 64]);
    const losses: number[] = [];
    for (let step = 0; step < 200; step++) losses.push((await program.run({ real, fake }, state)).loss[0]);
    state.dispose();
    await program.dispose();
    expect(losses[199]).toBeLessThan(losses[0] / 2);
  });

  it("is exported for any batch size as nodes of the standard only", async () => {
    const { w, v } = feedsOf(1);
    const fixed = { w: constant(w, [4, 1, 4, 4]), v: constant(v, [1, 64]) };
    const model = toOnnx((batch) => ({ score: critic(input("image", [batch, 1, 8, 8]), fixed) }));
    const { graph, opsetImport } = ModelProto.decode(model);
    expect(opsetImport).toMatchObject([{ domain: "", version: 17n }]);
    expect(graph?.node.map(({ domain }) => domain).every((domain) => domain === "")).toBe(true);
    expect(graph?.node.map(({ opType }) => opType)).toEqual([
      "Conv",
      "Mul",
      "Sigmoid",
      "Mul",
      "Reshape",
      "CumSum",
      "Mul",
      "Gemm",
    ]);

    const loaded = await loadModel(model, "critic.onnx", { device: "cpu" });
    for (const batch of [1, 5]) {
      const { real } = feedsOf(batch);
      const { score } = await loaded.run({ image: { data: real, shape: [batch, 1, 8, 8] } });
      const image = input("image", [batch, 1, 8, 8]);
      const [expected] = interpret([critic(image, fixed)], { image: real });
      expect(score.shape).toEqual([batch, 1]);
      expected.forEach((value, i) => {
        expect(score.data[i]).toBeCloseTo(value, 4);
      });
    }
    await loaded.dispose();
  });

  it("is simplified and printed like any other", () => {
    const x = input("x", [2, 3]);
    expect(print(simplify([mul(swish(x), swish(x))]))).toBe(
      [
        "x: f32[2,3] = input",
        "%1: f32[2,3] = swish x {beta=1}",
        "%2: f32[2,3] = multiply %1 %1",
        "return %2",
      ].join("\n"),
    );
    expect(
      print(simplify([mul(x, runningSum(matmul(constant([1], [1, 1]), constant([1, 2, 3], [1, 3]))))])),
    ).toBe(
      [
        "x: f32[2,3] = input",
        "%1: f32[1,3] = constant 1 3 6",
        "%2: f32[2,3] = multiply x %1",
        "return %2",
      ].join("\n"),
    );
  });
});
