import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectEqual } from "../testing/equal-graphs.ts";
import { activationsOfProducts } from "./activations.ts";
import {
  add,
  batchLast,
  concat,
  conv2d,
  dense,
  div,
  grad,
  input,
  inputsOf,
  leakyRelu,
  matmul,
  mean,
  mul,
  print,
  relu,
  reshape,
  simplify,
  sliceAxis,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  tanh,
  transpose,
  variance,
} from "./index.ts";
import { lower } from "./lowering.node.ts";
import { narrow } from "./narrow.ts";
import { sumsIntoProducts } from "./products.ts";
import { rewritten } from "./small-forms.ts";

const after = (...outputs: Tensor[]): string =>
  print(simplify(rewritten(simplify(narrow(rewritten(simplify(outputs)))))));

const lowered = (outputs: readonly Tensor[]): Tensor[] => lower(simplify(outputs)).outputs as Tensor[];

/** A residual layer of a table's generator: units that are batch-normalised, before what it was given. */
const block = (x: Tensor, name: string): Tensor => {
  const y = dense(x, input(`${name}.weight`, [6, x.shape[1]]), input(`${name}.bias`, [6]));
  const [gamma, beta] = ["gamma", "beta"].map((each) => reshape(input(`${name}.${each}`, [6]), [1, 6]));
  const centred = sub(y, mean(y, 0, true));
  const scaled = mul(centred, mul(gamma, add(variance(y, 0, true), 1e-5)));
  return concat([relu(add(scaled, beta)), x], 1);
};

describe("narrowing", () => {
  const x = input("x", [4, 6]);
  const y = input("y", [4, 6]);
  const w = input("w", [6, 8]);

  it("makes of a product and what is done to it only the columns that are looked at", () => {
    expect(after(sliceAxis(mul(add(matmul(x, w), input("b", [8])), 3), 1, 0, 3))).toMatchInlineSnapshot(`
      "x: f32[4,6] = input
      w: f32[6,8] = input
      %2: f32[6,3] = slice w {begin=[0,0] end=[6,3]}
      %3: f32[4,3] = matmul x %2
      b: f32[8] = input
      %5: f32[3] = slice b {begin=[0] end=[3]}
      %6: f32[4,3] = add %3 %5
      %7: f32[] = constant 3
      %8: f32[4,3] = multiply %6 %7
      return %8"
    `);
  });

  it("makes what two slices span, once", () => {
    const shared = tanh(x);
    expect(after(sliceAxis(shared, 1, 1, 3), sliceAxis(shared, 1, 2, 5))).toMatchInlineSnapshot(`
      "x: f32[4,6] = input
      %1: f32[4,4] = slice x {begin=[0,1] end=[4,5]}
      %2: f32[4,4] = tanh %1
      %3: f32[4,2] = slice %2 {begin=[0,0] end=[4,2]}
      %4: f32[4,3] = slice %2 {begin=[0,1] end=[4,4]}
      return %3 %4"
    `);
  });

  it("leaves a result whole that is wanted whole", () => {
    const shared = tanh(x);
    expect(narrow([shared, sliceAxis(shared, 0, 0, 1)])[0]).toBe(shared);
  });

  it("leaves out the padding, and pieces of concatenations, that are cut off again", () => {
    const [dx] = grad(sum(square(sliceAxis(concat([x, y], 1), 1, 0, 6))), [x]);
    expect(after(dx)).toMatchInlineSnapshot(`
      "x: f32[4,6] = input
      %1: f32[] = constant 2
      %2: f32[4,6] = multiply x %1
      return %2"
    `);
  });

  it("keeps the values of a generator of residual layers, and of its gradients", () => {
    const z = input("z", [10, 3]);
    const made = tanh(dense(block(block(z, "a"), "b"), input("out", [4, 15])));
    const loss = sum(square(made));
    const weights = inputsOf([loss]).filter((t) => t !== z);
    const outputs = [loss, ...grad(loss, weights)];
    expectEqual(simplify(narrow(simplify(outputs))), outputs);
    expectEqual(lowered(outputs), outputs);
  });

  it("keeps the values of a penalty on the gradients of packs", () => {
    const rows = input("rows", [12, 5]);
    const [v, c, u] = [input("v", [7, 15]), input("c", [7]), input("u", [1, 7])];
    const critic = (points: Tensor): Tensor => dense(tanh(dense(reshape(points, [4, 15]), v, c)), u);
    const [slope] = grad(sum(critic(rows)), [rows]);
    const penalty = mean(square(sub(sum(square(reshape(slope, [4, 15])), 1), 1)));
    const weights = inputsOf([penalty]).filter((t) => t !== rows);
    const outputs = [penalty, ...grad(add(penalty, mean(critic(rows))), weights)];
    expectEqual(lowered(outputs), outputs);
  });

  it("keeps the values of any chain of slices, products, sums and concatenations", () => {
    const step = fc.record({ kind: fc.nat(6), at: fc.nat(1000), other: fc.nat(1000) });
    fc.assert(
      fc.property(fc.array(step, { minLength: 3, maxLength: 14 }), (steps) => {
        const made: Tensor[] = [x, y, transpose(w), matmul(x, w)];
        for (const { kind, at, other } of steps) {
          const a = made[at % made.length];
          const b = made[other % made.length];
          const [rows, columns] = a.shape;
          const fits = a.shape[0] === b.shape[0] && a.shape[1] === b.shape[1];
          if (kind === 0 && columns > 1) made.push(sliceAxis(a, 1, other % (columns - 1), columns));
          else if (kind === 1 && rows > 1) made.push(sliceAxis(a, 0, 0, 1 + (other % (rows - 1))));
          else if (kind === 2 && fits) made.push(add(mul(a, 2), b));
          else if (kind === 3 && a.shape[0] === b.shape[0]) made.push(concat([a, b], 1));
          else if (kind === 4 && columns === b.shape[0]) made.push(mul(matmul(a, b), 0.1));
          else if (kind === 5 && columns === b.shape[1]) made.push(mul(matmul(a, transpose(b)), 0.1));
          else made.push(tanh(a));
        }
        const outputs = made.slice(-2);
        expectEqual(lowered(outputs), outputs);
      }),
      { numRuns: 60 },
    );
  });
});

describe("small forms", () => {
  const [x, y] = [input("x", [2, 3]), input("y", [2, 3])];
  const form = (...outputs: Tensor[]): string => print(simplify(rewritten(simplify(outputs))));

  it("find that what is left of a mean has no sum", () => {
    expect(form(sum(sub(x, mean(x, 0, true)), 0))).toMatchInlineSnapshot(`
      "%0: f32[] = constant 0
      %1: f32[3] = broadcast_to %0 {shape=[3]}
      return %1"
    `);
  });

  it("find that beside convolutions, too: a batch norm's derivative reads its map once less", () => {
    const [image, filter, gamma] = [
      input("image", [8, 2, 4, 4]),
      input("filter", [3, 2, 3, 3]),
      input("gamma", [1, 3, 1, 1]),
    ];
    const y = conv2d(image, filter, { padding: 1 });
    const centred = sub(y, mean(y, [0, 2, 3], true));
    const normed = mul(div(centred, sqrt(add(variance(y, [0, 2, 3], true), 1e-5))), gamma);
    const outputs = simplify(grad(sum(square(tanh(normed))), [filter, gamma]));
    const sums = (tensors: readonly Tensor[]) => (print(tensors).match(/ = sum /g) ?? []).length;
    expectEqual(lowered(outputs), outputs);
    expect(sums(lowered(outputs))).toBe(sums(simplify(batchLast(outputs), { onCpu: true })) - 1);
  });

  it("put pieces together that were padded one by one", () => {
    const z = input("z", [2, 8]);
    const parts = [sliceAxis(z, 1, 0, 3), sliceAxis(z, 1, 3, 5), sliceAxis(z, 1, 5, 8)];
    const loss = sum(add(mul(parts[0], x), mul(parts[2], y)));
    expect(form(...grad(add(loss, sum(tanh(parts[1]))), [z]))).toMatchInlineSnapshot(`
      "x: f32[2,3] = input
      %1: f32[] = constant 1
      z: f32[2,8] = input
      %3: f32[2,2] = slice z {begin=[0,3] end=[2,5]}
      %4: f32[2,2] = tanh %3
      %5: f32[2,2] = square %4
      %6: f32[2,2] = subtract %1 %5
      y: f32[2,3] = input
      %8: f32[2,5] = concat %6 y {axis=1}
      %9: f32[2,8] = concat x %8 {axis=1}
      return %9"
    `);
  });

  it("are vectors where rows of a matrix would do the same", () => {
    const row = (name: string): Tensor => reshape(input(name, [3]), [1, 3]);
    expect(form(mul(x, tanh(mul(row("a"), row("b")))))).toMatchInlineSnapshot(`
      "x: f32[2,3] = input
      a: f32[3] = input
      b: f32[3] = input
      %3: f32[3] = multiply a b
      %4: f32[3] = tanh %3
      %5: f32[2,3] = multiply x %4
      return %5"
    `);
  });

  it("cut once what is cut twice", () => {
    expect(form(sliceAxis(sliceAxis(x, 1, 1, 3), 1, 1, 2))).toMatchInlineSnapshot(`
      "x: f32[2,3] = input
      %1: f32[2,1] = slice x {begin=[0,2] end=[2,3]}
      return %1"
    `);
  });
});

describe("sums of products", () => {
  const [a, b] = [input("a", [5, 3]), input("b", [5, 4])];
  const product = matmul(a, b, { transposeA: true });

  it("begin with what is added", () => {
    const before = input("before", [3, 4]);
    expect(print(sumsIntoProducts([add(product, before)]))).toMatchInlineSnapshot(`
      "a: f32[5,3] = input
      b: f32[5,4] = input
      before: f32[3,4] = input
      %3: f32[3,4] = matmul a b before {transposeA}
      return %3"
    `);
  });

  it("stay where the product is used elsewhere, or what is added is repeated", () => {
    const outputs = [add(product, input("row", [4])), add(matmul(a, input("c", [3, 4])), b), product];
    const [, second] = sumsIntoProducts(outputs);
    expect(sumsIntoProducts(outputs)[0]).toBe(outputs[0]);
    expect(second.op).toBe(product.op);
    const twice = matmul(a, input("c", [3, 4]));
    const both = [add(twice, b), tanh(twice)];
    expect(sumsIntoProducts(both)).toEqual(both);
  });
});

describe("activations of products", () => {
  const [x, w] = [input("x", [8, 3]), input("w", [4, 3])];

  it("need no more of a product than its activation, whose slope is that of the result", () => {
    const loss = sum(square(relu(dense(x, w))));
    const [dw] = grad(loss, [w]);
    expect(print(activationsOfProducts(simplify([dw])))).toMatchInlineSnapshot(`
      "x: f32[8,3] = input
      w: f32[4,3] = input
      %2: f32[8,4] = matmul x w {transposeB}
      %3: f32[8,4] = leaky_relu %2 {slope=0}
      %4: f32[] = constant 2
      %5: f32[8,4] = multiply %3 %4
      %6: f32[8,4] = step %3 {slope=0}
      %7: f32[8,4] = multiply %5 %6
      %8: f32[4,3] = matmul %7 x {transposeA}
      return %8"
    `);
  });

  it("leave a product that others look at as it is, and slopes without an activation", () => {
    const product = dense(x, w);
    const seen = simplify([...grad(sum(relu(product)), [w]), tanh(product), relu(product)]);
    expect(activationsOfProducts(seen)).toEqual(seen);
    const alone = simplify(grad(sum(relu(product)), [w]));
    expect(activationsOfProducts(alone)).toEqual(alone);
    const given = simplify([relu(product), product, ...grad(sum(relu(product)), [w])]);
    expect(activationsOfProducts(given)).toEqual(given);
  });

  it("end a convolution, and keep its values and those of gradients of gradients", () => {
    const [image, filter, bias] = [
      input("image", [8, 2, 4, 4]),
      input("filter", [3, 2, 3, 3]),
      input("bias", [3]),
    ];
    for (const slope of [0, 0.2]) {
      const y = leakyRelu(conv2d(image, filter, { padding: 1, bias }), slope);
      const [dx] = grad(sum(square(y)), [image]);
      const outputs = simplify([y, dx, ...grad(sum(square(dx)), [filter, bias, image])]);
      const before = simplify(batchLast(outputs), { onCpu: true });
      const after = activationsOfProducts(before);
      expectEqual(after, outputs);
      const activations = (tensors: readonly Tensor[]) => (print(tensors).match(/leaky_relu/g) ?? []).length;
      expect([activations(before), activations(after)]).toEqual([1, 0]);
    }
  });
});
