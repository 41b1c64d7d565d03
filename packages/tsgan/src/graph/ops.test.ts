import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { gradientErrors, type Point, randomPoint } from "../testing/check-gradient.ts";
import * as graph from "./index.ts";
import {
  abs,
  add,
  avgPool2d,
  broadcastTo,
  cast,
  clip,
  concat,
  constant,
  conv2d,
  convTranspose2d,
  cos,
  dense,
  div,
  elu,
  equal,
  exampleNorm,
  exp,
  expandLast,
  flatten,
  flip,
  gather,
  greater,
  leakyRelu,
  less,
  log,
  logSigmoid,
  logSoftmax,
  logSumExp,
  matmul,
  max,
  maximum,
  maxPool2d,
  mean,
  minimum,
  mul,
  neg,
  oneHot,
  pad,
  power,
  reciprocal,
  reduceTo,
  reflectPad2d,
  relu,
  reshape,
  sigmoid,
  sign,
  sin,
  slice,
  sliceAxis,
  softmax,
  softplus,
  sqrt,
  square,
  step,
  stopGradient,
  sub,
  sum,
  sumPool2d,
  sumSquares,
  type Tensor,
  tanh,
  transpose,
  upsampleBilinear,
  upsampleNearest,
  variance,
  where,
} from "./index.ts";

interface Row {
  readonly f: (...inputs: Tensor[]) => Tensor;
  readonly points: readonly Point[];
}

const at = (...shapes: (readonly number[])[]): Point[] => shapes.map((shape, i) => randomPoint(shape, i + 1));
const positive = (...shapes: (readonly number[])[]): Point[] =>
  shapes.map((shape, i) => randomPoint(shape, i + 1, 0.3, 2));
const unary = (f: (x: Tensor) => Tensor, points = at([2, 3])): Row[] => [{ f, points }];
const binary = (f: (a: Tensor, b: Tensor) => Tensor): Row[] =>
  [at([2, 3], [2, 3]), at([2, 3], [3]), at([2, 1], [1, 3]), at([], [2, 2])].map((points) => ({ f, points }));
/** Piecewise constant functions, as factors: their own derivative is zero. */
const factor = (f: (x: Tensor) => Tensor): Row[] => unary((x) => mul(x, f(x)));

const image = [2, 2, 4, 5];
const integers = (...values: number[]): Tensor => constant(Int32Array.from(values), [values.length]);

/** Every op by its exported name, at points where it is smooth; a new op is a row. */
const rows: Readonly<Record<string, readonly Row[]>> = {
  neg: unary(neg),
  abs: unary(abs),
  sign: factor(sign),
  square: unary(square),
  sqrt: unary(sqrt, positive([2, 3])),
  reciprocal: unary(reciprocal, positive([2, 3])),
  exp: unary(exp),
  log: unary(log, positive([2, 3])),
  sin: unary(sin),
  cos: unary(cos),
  tanh: unary(tanh),
  sigmoid: unary(sigmoid),
  softplus: unary(softplus),
  logSigmoid: unary(logSigmoid),
  step: factor((x) => step(x, 0.2)),
  leakyRelu: unary((x) => leakyRelu(x, 0.2)),
  relu: unary(relu),
  elu: unary(elu),
  power: [
    ...unary((x) => power(x, 3)),
    ...unary((x) => power(x, -1.5), positive([2, 3])),
    ...unary((x) => power(x, 0)),
  ],
  add: binary(add),
  sub: binary(sub),
  mul: binary(mul),
  div: [
    { f: div, points: positive([2, 3], [2, 3]) },
    { f: div, points: positive([2, 3], [1, 3]) },
  ],
  maximum: binary(maximum),
  minimum: binary(minimum),
  greater: binary((a, b) => mul(cast(greater(a, b), "float32"), mul(a, b))),
  less: binary((a, b) => mul(cast(less(a, b), "float32"), mul(a, b))),
  equal: binary((a, b) => mul(cast(equal(a, b), "float32"), mul(a, b))),
  clip: unary((x) => clip(x, -0.9, 0.8)),
  where: [
    { f: (a, b) => where(greater(a, b), square(a), mul(a, b)), points: at([2, 3], [3]) },
    { f: (a, b) => where(greater(sum(a), 100), a, b), points: at([2, 1], [1, 3]) },
  ],
  cast: factor((x) => cast(cast(x, "int32"), "float32")),
  oneHot: unary((x) => mul(square(x), oneHot(integers(0, 2), 3))),
  reshape: unary((x) => square(reshape(x, [3, -1]))),
  flatten: unary((x) => square(flatten(x)), at([2, 2, 3])),
  expandLast: unary((x) => square(expandLast(x))),
  transpose: unary((x) => square(transpose(x, [2, 0, 1])), at([2, 3, 4])),
  broadcastTo: unary((x) => square(broadcastTo(x, [2, 3, 4])), at([3, 1])),
  reduceTo: unary((x) => square(reduceTo(x, [3, 1])), at([2, 3, 4])),
  slice: unary((x) => square(slice(x, [0, 1], [2, 3]))),
  sliceAxis: unary((x) => square(sliceAxis(x, -1, 0, 2))),
  pad: unary((x) => square(pad(x, [1, 0], [0, 2], 0.5))),
  flip: unary((x) => mul(flip(x, [0, 1]), x)),
  concat: [{ f: (a, b) => square(concat([a, b, a], 1)), points: at([2, 3], [2, 1]) }],
  reflectPad2d: unary((x) => square(reflectPad2d(x, 2)), at([1, 2, 3, 4])),
  gather: unary((x) => square(gather(x, integers(2, 0, 2))), at([3, 2])),
  sum: [...unary((x) => square(sum(x, 1, true))), ...unary((x) => square(sum(x, [0])))],
  mean: [...unary((x) => square(mean(x, -1))), ...unary((x) => square(mean(x)))],
  variance: unary((x) => square(variance(x, 0))),
  max: [...unary((x) => square(max(x, 1))), ...unary((x) => square(max(x)))],
  logSumExp: unary((x) => logSumExp(x, 1)),
  logSoftmax: unary((x) => logSoftmax(x, 0)),
  softmax: [...unary((x) => softmax(x)), ...unary((x) => softmax(x, 0))],
  exampleNorm: unary((x) => exampleNorm(x, 1e-12), at([2, 3, 2])),
  sumSquares: unary(sumSquares, at([2, 3, 2])),
  matmul: [
    { f: (a, b) => matmul(a, b), points: at([2, 3], [3, 4]) },
    { f: (a, b) => matmul(a, b, { transposeA: true }), points: at([3, 2], [3, 4]) },
    { f: (a, b) => matmul(a, b, { transposeB: true }), points: at([2, 3], [4, 3]) },
    { f: (a, b) => matmul(a, b, { transposeA: true, transposeB: true }), points: at([3, 2], [4, 3]) },
    { f: (a, b, bias) => matmul(a, b, { bias }), points: at([2, 3], [3, 4], [4]) },
    { f: (a, b) => matmul(a, b), points: at([2, 1, 2, 3], [3, 3, 2]) },
    { f: (a, b) => matmul(a, b, { transposeB: true }), points: at([2, 2, 3], [2, 3]) },
  ],
  dense: [{ f: (x, w, b) => dense(x, w, b), points: at([2, 3], [4, 3], [4]) }],
  conv2d: [
    { f: (x, w, bias) => conv2d(x, w, { bias }), points: at(image, [3, 2, 3, 3], [3]) },
    { f: (x, w) => conv2d(x, w, { stride: 2, padding: 1 }), points: at(image, [2, 2, 4, 4]) },
    {
      f: (x, w) => conv2d(x, w, { stride: [1, 2], padding: [0, 1], dilation: 2 }),
      points: at(image, [1, 2, 2, 3]),
    },
    { f: (x, w) => conv2d(x, w, { groups: 2, stride: 3 }), points: at(image, [4, 1, 2, 2]) },
  ],
  convTranspose2d: [
    { f: (x, w) => convTranspose2d(x, w, { stride: 2, padding: 1 }), points: at([2, 2, 2, 3], [2, 3, 4, 4]) },
    {
      f: (x, w) => convTranspose2d(x, w, { stride: 2, outputPadding: 1, groups: 2 }),
      points: at([1, 2, 2, 2], [2, 2, 3, 3]),
    },
  ],
  upsampleNearest: unary((x) => square(upsampleNearest(x, 2)), at([1, 2, 2, 3])),
  upsampleBilinear: unary((x) => square(upsampleBilinear(x, 2)), at([1, 2, 2, 3])),
  sumPool2d: unary((x) => square(sumPool2d(x, 2)), at([1, 2, 4, 2])),
  avgPool2d: [
    ...unary((x) => square(avgPool2d(x, 2)), at([1, 2, 5, 4])),
    ...unary((x) => square(avgPool2d(x, 3, 2)), at([1, 2, 5, 5])),
  ],
  maxPool2d: [
    ...unary((x) => square(maxPool2d(x, 2)), at([1, 2, 5, 4])),
    ...unary((x) => square(maxPool2d(x, 3, 1)), at([1, 2, 4, 4])),
  ],
};

/** Exports that are not ops of float tensors. stopGradient has a derivative that is wrong on purpose. */
const others = [
  "constant",
  "fill",
  "input",
  "zeros",
  "stopGradient",
  "interpret",
  "grad",
  "topologicalOrder",
  "apply",
  "defineOp",
  "verify",
  "inputName",
  "broadcastShapes",
  "batchLast",
  "inputsOf",
  "toOnnx",
  "adaptOnnx",
  "describeOnnx",
  "elementTypeName",
  "finalOp",
  "gatheredRows",
  "withWeights",
  "largestTensor",
  "exposeTensor",
  "elementTypes",
  "exampleGrad",
  "checkScalar",
  "describeOutput",
  "isTensor",
  "derivatives",
  "float64Product",
  "print",
  "simplify",
  "tensor",
  "formatShape",
  "sameShape",
  "sizeOf",
  "GraphError",
];

describe("derivatives", () => {
  it("are checked for every op", () => {
    expect([...Object.keys(rows), ...others].sort()).toEqual(Object.keys(graph).sort());
  });

  const cases = Object.entries(rows).flatMap(([name, list]) =>
    list.map((row) => ({
      name,
      shapes: row.points.map(({ shape }) => graph.formatShape(shape)).join(" "),
      row,
    })),
  );
  it.each(cases)("of $name at $shapes agree with finite differences, first and second", ({ row }) => {
    const { first, second } = gradientErrors(row.f, row.points);
    expect(first).toBeLessThan(1e-7);
    expect(second).toBeLessThan(1e-7);
  });

  it("agree with finite differences through a network with double backward", () => {
    const penalty = (x: Tensor, w: Tensor, v: Tensor): Tensor => {
      const hidden = softplus(conv2d(x, w, { stride: 2, padding: 1 }));
      const score = sum(dense(flatten(tanh(hidden)), v));
      const [g] = graph.grad(score, [x]);
      return mean(square(sub(exampleNorm(g, 1e-12), 1)));
    };
    const { first } = gradientErrors(penalty, at([2, 1, 4, 4], [3, 1, 4, 4], [1, 12]));
    expect(first).toBeLessThan(1e-7);
  });
});

describe("ops", () => {
  it("are told apart as objects: nothing asks for a name", () => {
    const folder = dirname(fileURLToPath(import.meta.url));
    const asking = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
      .filter((path) =>
        /op\.name [!=]==|switch \(.*op\.name\)/.test(readFileSync(join(folder, path), "utf8")),
      );
    expect(asking).toEqual([]);
  });
});

describe("conventions at kinks", () => {
  const slopes = (f: (x: Tensor) => Tensor, values: number[]): number[] => {
    const x = graph.input("x", [values.length]);
    return [...graph.interpret(graph.grad(sum(f(x)), [x]), { x: values })[0]];
  };

  it("are 0 for relu and abs at 0, and outside and at the limits of clip", () => {
    expect(slopes(relu, [0, 1])).toEqual([0, 1]);
    expect(slopes(abs, [0, -1])).toEqual([0, -1]);
    expect(slopes((x) => clip(x, -1, 1), [-1, 0, 1, 2])).toEqual([0, 1, 0, 0]);
  });

  it("give the first of equal arguments the derivative of maximum and minimum", () => {
    expect(slopes((x) => maximum(x, 1), [1])).toEqual([1]);
    expect(slopes((x) => minimum(x, 1), [1])).toEqual([1]);
  });

  it("share the derivative of max among equal elements", () => {
    expect(slopes((x) => max(x), [2, 1, 2])).toEqual([0.5, 0, 0.5]);
  });

  it("stop at stopGradient", () => {
    expect(slopes((x) => mul(x, stopGradient(x)), [3])).toEqual([3]);
  });

  it("round towards zero in a cast to integers", () => {
    const x = graph.input("x", [4]);
    const [values] = graph.interpret([cast(x, "int32")], { x: [-1.5, -0.5, 0.5, 1.5] });
    expect([...values].map((v) => v + 0)).toEqual([-1, 0, 0, 1]);
  });
});

describe("bilinear enlargement", () => {
  const enlarge = (values: number[], shape: readonly number[], scale: number): number[] => [
    ...graph.interpret([upsampleBilinear(graph.input("x", shape), scale)], { x: values })[0],
  ];

  it("is linear between the centres of pixels, and even beyond the outer ones", () => {
    expect(enlarge([0, 4], [1, 1, 1, 2], 2)).toEqual([0, 1, 3, 4, 0, 1, 3, 4]);
    expect(enlarge([0, 8], [1, 1, 2, 1], 4).filter((_, i) => i % 4 === 0)).toEqual([0, 0, 1, 3, 5, 7, 8, 8]);
  });

  it("leaves a plane alone", () => {
    const plane = Array.from({ length: 2 * 5 * 4 }, (_, i) => (i % 4) + 10 * Math.floor(i / 4));
    const wide = enlarge(plane, [1, 2, 5, 4], 2);
    for (let y = 1; y < 19; y++) {
      if (y % 10 === 0 || y % 10 === 9) continue;
      for (let x = 1; x < 7; x++) {
        const rows = 50 * Math.floor(y / 10) + 10 * (((y % 10) + 0.5) / 2 - 0.5);
        expect(wide[8 * y + x]).toBeCloseTo(rows + (x + 0.5) / 2 - 0.5, 10);
      }
    }
  });
});

describe("extreme arguments", () => {
  it.each([
    ["softplus", softplus],
    ["logSigmoid", logSigmoid],
    ["sigmoid", sigmoid],
    ["tanh", tanh],
    ["logSoftmax", (x: Tensor) => logSoftmax(x, 0)],
    ["logSumExp", (x: Tensor) => logSumExp(x, 0)],
    ["softmax", (x: Tensor) => softmax(x, 0)],
  ])("leave %s and two derivatives finite at ±1000", (_, f) => {
    const x = graph.input("x", [4]);
    const [first] = graph.grad(sum(square(f(x))), [x]);
    const [second] = graph.grad(sum(square(first)), [x]);
    const values = graph.interpret([f(x), first, second], { x: [-1000, -1, 1, 1000] });
    for (const list of values) expect([...list].every(Number.isFinite)).toBe(true);
  });
});
