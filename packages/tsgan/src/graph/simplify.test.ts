import { describe, expect, it } from "vitest";
import { randomFeeds } from "../testing/check-gradient.ts";
import {
  add,
  batchLast,
  broadcastTo,
  concat,
  constant,
  conv2d,
  dense,
  div,
  fill,
  flatten,
  gather,
  grad,
  input,
  interpret,
  leakyRelu,
  matmul,
  mean,
  mul,
  neg,
  print,
  reshape,
  simplify,
  sizeOf,
  sliceAxis,
  softplus,
  sqrt,
  stopGradient,
  sub,
  sum,
  type Tensor,
  tanh,
  topologicalOrder,
  transpose,
  variance,
} from "./index.ts";

const x = input("x", [2, 3]);
const y = input("y", [2, 3]);
const after = (...outputs: Tensor[]): string => print(simplify(outputs));

describe("simplification", () => {
  it("shares what is made of equal constants, however large", () => {
    const table = (): Int32Array => Int32Array.from({ length: 100 }, (_, i) => i % 2);
    const rows = (): Tensor => gather(x, constant(table(), [100]));
    const [a, b] = simplify([rows(), rows()]);
    expect(a).toBe(b);
  });

  it("shares common subexpressions", () => {
    expect(after(div(tanh(mul(x, y)), tanh(mul(x, y))))).toMatchInlineSnapshot(`
      "x: f32[2,3] = input
      y: f32[2,3] = input
      %2: f32[2,3] = multiply x y
      %3: f32[2,3] = tanh %2
      %4: f32[2,3] = divide %3 %3
      return %4"
    `);
  });

  it("takes factors of one element out of products, quotients and sums, whatever their shape", () => {
    const s = input("s", [2, 1]);
    expect(after(mul(mul(x, 2), mul(s, 3)))).toMatchInlineSnapshot(`
      "x: f32[2,3] = input
      s: f32[2,1] = input
      %2: f32[] = constant 6
      %3: f32[2,1] = multiply s %2
      %4: f32[2,3] = multiply x %3
      return %4"
    `);
    expect(
      after(mul(div(mul(input("v", [3]), constant([2], [1])), input("w", [3])), 3)),
    ).toMatchInlineSnapshot(`
      "v: f32[3] = input
      w: f32[3] = input
      %2: f32[3] = divide v w
      %3: f32[] = constant 6
      %4: f32[3] = multiply %2 %3
      return %4"
    `);
    for (const shape of [[], [1], [1, 1], [1, 1, 1]]) {
      const c = constant([3], shape);
      const tensors = [x, s, input("v", [3]), input("one", [1])];
      const scaledOnes = tensors.flatMap((t) => [mul(t, c), mul(c, t)]);
      const outputs = scaledOnes.flatMap((t) => [
        ...tensors.flatMap((u) => [mul(t, u), mul(u, t), div(t, u), div(u, t), mul(mul(t, u), 2)]),
        ...t.shape.flatMap((_, axis) => [sum(t, axis), sum(t, axis, true), reshape(sum(t), [1])]),
      ]);
      const feeds = randomFeeds(tensors, 0.5, 2);
      const expected = interpret(outputs, feeds);
      const simple = simplify(outputs);
      interpret(simple, feeds).forEach((values, i) => {
        expect(simple[i].shape).toEqual(outputs[i].shape);
        values.forEach((value, j) => {
          expect(value).toBeCloseTo(expected[i][j], 5);
        });
      });
    }
  });

  it("folds constants, and factors into one", () => {
    expect(after(mul(mul(mul(x, 2), 3), constant([0.5], [])))).toMatchInlineSnapshot(`
      "x: f32[2,3] = input
      %1: f32[] = constant 3
      %2: f32[2,3] = multiply x %1
      return %2"
    `);
    expect(after(add(x, mul(constant([1, 2, 3], [3]), 2)))).toMatchInlineSnapshot(`
      "x: f32[2,3] = input
      %1: f32[3] = constant 2 4 6
      %2: f32[2,3] = add x %1
      return %2"
    `);
  });

  it("drops what does nothing", () => {
    const same = stopGradient(reshape(reshape(add(mul(neg(neg(x)), 1), 0), [6]), [2, 3]));
    expect(after(transpose(transpose(same)))).toMatchInlineSnapshot(`
      "x: f32[2,3] = input
      return x"
    `);
  });

  it("drops what nothing uses", () => {
    softplus(x);
    expect(after(neg(y))).toMatchInlineSnapshot(`
      "y: f32[2,3] = input
      %1: f32[2,3] = neg y
      return %1"
    `);
  });

  it("turns transposes into flags of a product", () => {
    expect(after(matmul(transpose(x), y))).toMatchInlineSnapshot(`
      "x: f32[2,3] = input
      y: f32[2,3] = input
      %2: f32[3,3] = matmul x y {transposeA}
      return %2"
    `);
  });

  it("turns a product that is transposed the other way round, but for one that would turn its first matrix", () => {
    const feeds = randomFeeds([x, y]);
    const turned = [matmul(x, y, { transposeB: true }), matmul(x, y, { transposeA: true })].map((t) =>
      transpose(t),
    );
    for (const t of turned) {
      expect(interpret([simplify([t])[0]], feeds)).toEqual(interpret([t], feeds));
    }
    expect(after(turned[0])).toContain("= matmul y x {transposeB}");
    expect(after(turned[1])).toContain("= matmul y x {transposeA}");
    expect(after(transpose(matmul(x, input("c", [3, 4]))))).toContain("= transpose");
  });

  it("lets ops broadcast by themselves", () => {
    expect(after(mul(x, broadcastTo(input("row", [3]), [2, 3])))).toMatchInlineSnapshot(`
      "x: f32[2,3] = input
      row: f32[3] = input
      %2: f32[2,3] = multiply x row
      return %2"
    `);
  });

  it("finds the slice of a concatenation in its pieces", () => {
    expect(after(sliceAxis(concat([x, y], 0), 0, 2, 4))).toMatchInlineSnapshot(`
      "y: f32[2,3] = input
      return y"
    `);
  });

  it("takes negations into sums and differences", () => {
    expect(after(add(x, neg(y)), sub(x, neg(y)), sub(0, x))).toMatchInlineSnapshot(`
      "x: f32[2,3] = input
      y: f32[2,3] = input
      %2: f32[2,3] = subtract x y
      %3: f32[2,3] = add x y
      %4: f32[2,3] = neg x
      return %2 %3 %4"
    `);
  });

  it("adds, scales and sums small tensors by themselves", () => {
    const [row, other] = [input("row", [3]), input("other", [3])];
    const column = input("column", [2, 1]);
    const sums = [sum(mul(x, column), 1), sum(neg(x), 0)];
    expect(
      after(add(add(add(x, row), y), other), mul(mul(row, x), 2), add(x, x), ...sums),
    ).toMatchInlineSnapshot(`
      "x: f32[2,3] = input
      y: f32[2,3] = input
      %2: f32[2,3] = add x y
      row: f32[3] = input
      other: f32[3] = input
      %5: f32[3] = add row other
      %6: f32[2,3] = add %2 %5
      %7: f32[] = constant 2
      %8: f32[3] = multiply row %7
      %9: f32[2,3] = multiply x %8
      %10: f32[2,3] = multiply x %7
      %11: f32[2,1] = sum x {axes=[1] keepDims}
      column: f32[2,1] = input
      %13: f32[2,1] = multiply %11 column
      %14: f32[2] = reshape %13 {shape=[2]}
      %15: f32[3] = sum x {axes=[0]}
      %16: f32[3] = neg %15
      return %6 %9 %10 %14 %16"
    `);
  });

  it("takes seven maps for the derivatives of batch norm", () => {
    const shape = [2, 3, 4, 4];
    const [image, gamma, beta, upstream] = [
      input("image", shape),
      input("gamma", [3]),
      input("beta", [3]),
      input("upstream", shape),
    ];
    const centred = sub(image, mean(image, [0, 2, 3], true));
    const deviation = sqrt(add(variance(image, [0, 2, 3], true), 1e-5));
    const channels = (t: Tensor) => reshape(t, [1, 3, 1, 1]);
    const normal = add(mul(centred, div(channels(gamma), deviation)), channels(beta));
    const derivatives = grad(sum(mul(normal, upstream)), [image, gamma, beta]);
    const maps = topologicalOrder(simplify(derivatives)).filter(
      (t) => sizeOf(t.shape) === sizeOf(shape) && t.inputs.length > 0,
    );
    // x − μ and its square; its product with the upstream; both scaled, added, and shifted
    expect(maps.map(({ op }) => op.name).sort()).toEqual(
      ["subtract", "multiply", "multiply", "multiply", "multiply", "add", "add"].sort(),
    );
    const feeds = randomFeeds([image, gamma, beta, upstream]);
    const expected = interpret(derivatives, feeds);
    interpret(simplify(derivatives), feeds).forEach((values, i) => {
      values.forEach((value, j) => {
        expect(value).toBeCloseTo(expected[i][j], 5);
      });
    });
  });

  it("leaves a derivative of a mean of losses small", () => {
    const loss = mean(softplus(neg(x)));
    expect(after(...grad(loss, [x]))).toMatchInlineSnapshot(`
      "%0: f32[1,1] = constant 0.166667
      x: f32[2,3] = input
      %2: f32[2,3] = neg x
      %3: f32[2,3] = sigmoid %2
      %4: f32[2,3] = multiply %0 %3
      %5: f32[2,3] = neg %4
      return %5"
    `);
  });

  it("keeps constants of repeated values as one number", () => {
    expect(after(div(fill([2, 3], 1), x))).toMatchInlineSnapshot(`
      "%0: f32[] = constant 1
      x: f32[2,3] = input
      %2: f32[2,3] = divide %0 x
      return %2"
    `);
  });

  it("keeps the values of a double backward", () => {
    const image = input("image", [2, 1, 4, 4]);
    const [w, v] = [input("w", [3, 1, 3, 3]), input("v", [1, 12])];
    const hidden = leakyRelu(conv2d(image, w, { stride: 2, padding: 1 }), 0.2);
    const score = sum(tanh(dense(flatten(hidden), v)));
    const penalty = sum(mul(grad(score, [image])[0], grad(score, [image])[0]));
    const outputs = [penalty, ...grad(penalty, [w, v])];
    const feeds = randomFeeds([image, w, v]);
    const simple = simplify(outputs);
    // Folded constants are rounded to float32.
    const expected = interpret(outputs, feeds);
    interpret(simple, feeds).forEach((values, i) => {
      values.forEach((value, j) => {
        expect(value).toBeCloseTo(expected[i][j], 5);
      });
    });
  });

  it("leaves the layout of a graph without convolutions alone", () => {
    const outputs = simplify([tanh(matmul(x, transpose(y)))]);
    expect(batchLast(outputs)).toEqual(outputs);
  });
});
