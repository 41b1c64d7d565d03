import { expect, it } from "vitest";
import { randomStream } from "../random/index.ts";
import {
  add,
  concat,
  constant,
  dense,
  exampleGrad,
  exampleNorm,
  GraphError,
  grad,
  input,
  inputName,
  interpret,
  leakyRelu,
  mean,
  mul,
  neg,
  sliceAxis,
  square,
  sub,
  sum,
  type Tensor,
} from "./index.ts";

// A power of two, so that a mean over N is exact in float32.
const [N, IN, HIDDEN] = [4, 3, 4];
const random = randomStream(3, "example-grad");
const values = (count: number): Float64Array => {
  const out = new Float64Array(count);
  random.fillNormal(out);
  return out;
};

/** A critic's loss with its gradient penalty, of n examples: Σ D(fake) − D(real) + 10 (‖∇D(x̂)‖ − 1)². */
const lossOf = (n: number) => {
  const [real, fake, at] = ["real", "fake", "at"].map((name) => input(name, [n, IN]));
  const weights = [
    input("w1", [HIDDEN, IN]),
    input("b1", [HIDDEN]),
    input("w2", [HIDDEN, HIDDEN]),
    input("b2", [HIDDEN]),
    input("w3", [1, HIDDEN]),
    input("b3", [1]),
  ];
  const [w1, b1, w2, b2, w3, b3] = weights;
  const critic = (x: Tensor): Tensor =>
    dense(leakyRelu(dense(leakyRelu(dense(x, w1, b1), 0.2), w2, b2), 0.2), w3, b3);
  const joint = critic(concat([real, fake], 0));
  const [slope] = grad(sum(critic(at)), [at]);
  const penalty = mul(mean(square(sub(exampleNorm(slope, 1e-12), 1))), 10);
  const scores = add(neg(mean(sliceAxis(joint, 0, 0, n))), mean(sliceAxis(joint, 0, n, 2 * n)));
  return { loss: mul(add(scores, penalty), n), weights, examples: [real, fake, at] };
};

const feeds = Object.fromEntries([
  ...["real", "fake", "at"].map((name) => [name, values(N * IN)]),
  ...lossOf(1).weights.map((w) => [inputName(w)!, values(w.shape.reduce((a, b) => a * b, 1))]),
]) as Record<string, Float64Array>;

it("lengths and weighted sums are those of the examples' own gradients, second derivatives included", () => {
  const { loss, weights } = lossOf(N);
  const { lengths, weighted } = exampleGrad(loss, weights, N);
  const factors = [0.5, 0, 2, -1];
  const found = interpret([lengths, ...weighted(constant(factors, [N]))], feeds);
  const one = lossOf(1);
  const gradients = grad(one.loss, one.weights);
  const each = Array.from({ length: N }, (_, i) =>
    interpret(gradients, {
      ...feeds,
      ...Object.fromEntries(
        ["real", "fake", "at"].map((name) => [name, feeds[name].slice(i * IN, (i + 1) * IN)]),
      ),
    }).map((values) => Array.from(values)),
  );
  each.forEach((own, i) => {
    expect(found[0][i]).toBeCloseTo(Math.hypot(...own.flat()), 9);
  });
  weights.forEach((_, k) => {
    each[0][k].forEach((__, j) => {
      const expected = each.reduce((total, own, i) => total + factors[i] * own[k][j], 0);
      expect(found[k + 1][j]).toBeCloseTo(expected, 9);
    });
  });
});

it("refuses weights that are used otherwise, and rows that are no examples", () => {
  const [x, w] = [input("x", [N, IN]), input("w", [IN])];
  expect(() => exampleGrad(sum(mul(x, w)), [w], N)).toThrow(GraphError);
  expect(() => exampleGrad(sum(mul(x, w)), [w], N)).toThrow("known of dense layers alone");
  const v = input("v", [1, IN]);
  expect(() => exampleGrad(sum(dense(x, v)), [v], 3)).toThrow("rows must be a multiple of the 3 examples");
});
