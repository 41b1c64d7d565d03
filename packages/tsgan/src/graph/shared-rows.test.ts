import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectEqual } from "../testing/equal-graphs.ts";
import {
  add,
  concat,
  dense,
  grad,
  input,
  leakyRelu,
  mul,
  print,
  reshape,
  simplify,
  sliceAxis,
  square,
  sub,
  sum,
  type Tensor,
  tanh,
} from "./index.ts";
import { lower } from "./lowering.node.ts";
import { sharedRows } from "./shared-rows.ts";

const products = (outputs: readonly Tensor[]): number =>
  (print(outputs).match(/ = \w*matmul /g) ?? []).length;

const [w1, b1, w2] = [input("w1", [4, 6]), input("b1", [4]), input("w2", [1, 4])];
const hiddenOf = (x: Tensor): Tensor => leakyRelu(dense(x, w1, b1), 0.2);
const critic = (x: Tensor): Tensor => dense(hiddenOf(x), w2);
const [real, fake] = [input("real", [3, 6]), input("fake", [5, 6])];
const both = critic(concat([real, fake], 0));

describe("rows of a pass", () => {
  it("are not passed again", () => {
    expect(print(sharedRows(simplify([both, tanh(critic(fake))])))).toMatchInlineSnapshot(`
      "real: f32[3,6] = input
      fake: f32[5,6] = input
      %2: f32[8,6] = concat real fake {axis=0}
      w1: f32[4,6] = input
      b1: f32[4] = input
      %5: f32[8,4] = matmul %2 w1 b1 {transposeB}
      %6: f32[8,4] = leaky_relu %5 {slope=0.2}
      w2: f32[1,4] = input
      %8: f32[8,1] = matmul %6 w2 {transposeB}
      %9: f32[5,1] = slice %8 {begin=[3,0] end=[8,1]}
      %10: f32[5,1] = tanh %9
      return %8 %10"
    `);
  });

  it("serve the slope of a penalty on real examples", () => {
    const [slope] = grad(sum(critic(real)), [real]);
    const loss = add(sum(tanh(both)), sum(square(slope)));
    const outputs = simplify([loss, ...grad(loss, [w1, b1, w2])]);
    const shared = sharedRows(outputs);
    expect(products(simplify(shared))).toBe(products(outputs) - 1);
    expectEqual(shared, outputs);
    expectEqual(lower(outputs).outputs, outputs);
  });

  it("are those of packs, too", () => {
    const rows = [input("r", [4, 3]), input("f", [4, 3])];
    const pack = (x: Tensor): Tensor => reshape(x, [x.shape[0] / 2, 6]);
    const outputs = simplify([
      critic(pack(concat(rows, 0))),
      critic(pack(rows[1])),
      critic(pack(sliceAxis(rows[0], 0, 0, 2))),
    ]);
    const shared = simplify(sharedRows(outputs));
    expect(products(outputs) - products(shared)).toBe(2);
    expectEqual(shared, outputs);
  });

  it("are passed by themselves where the others are made of them", () => {
    const hidden = dense(real, input("w", [6, 6]));
    const outputs = simplify([dense(concat([real, hidden], 0), input("w", [6, 6]))]);
    expect(products(sharedRows(outputs))).toBe(2);
    expectEqual(sharedRows(outputs), outputs);
  });

  it("are passed by themselves where two passes would each be made of the other", () => {
    const [p, q, v, u] = [input("p", [2, 6]), input("q", [2, 6]), input("v", [6, 6]), input("u", [6, 6])];
    const [one, other] = [dense(p, v), dense(q, u)];
    const outputs = simplify([dense(concat([p, tanh(other)], 0), v), dense(concat([q, tanh(one)], 0), u)]);
    expect(products(simplify(sharedRows(outputs)))).toBe(3);
    expectEqual(sharedRows(outputs), outputs);
  });

  it("of a mean are the mean of those of its ends, with a bias", () => {
    const [wide, bias] = [input("wide", [4, 300]), input("bias", [4])];
    const ends = [input("a", [3, 300]), input("b", [3, 300])];
    const share = input("share", [3, 1]);
    const between = add(mul(ends[0], share), mul(ends[1], sub(1, share)));
    const first = (x: Tensor): Tensor => dense(x, wide, bias);
    const outputs = simplify([tanh(first(concat(ends, 0))), tanh(first(between))]);
    const shared = simplify(sharedRows(outputs));
    expect([products(outputs), products(shared)]).toEqual([2, 1]);
    expectEqual(shared, outputs);
    // Without a pass over the ends there is nothing to take.
    const alone = simplify([tanh(first(between))]);
    expect(sharedRows(alone)).toEqual(alone);
  });

  it("keep the values of any heads on any pieces", () => {
    const piece = fc.integer({ min: 0, max: 2 });
    const chains = fc.array(
      fc.record({ at: piece, depth: fc.integer({ min: 1, max: 3 }), turn: fc.boolean() }),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(chains, (list) => {
        const pieces = [input("p", [2, 6]), input("q", [3, 6]), input("r", [2, 6])];
        const square6 = input("square", [6, 6]);
        const head = (x: Tensor, depth: number, turn: boolean): Tensor => {
          let h = x;
          for (let i = 0; i < depth; i++) h = leakyRelu(dense(turn ? mul(h, h) : h, square6), 0.1);
          return h;
        };
        const joint = head(concat(pieces, 0), 3, false);
        const loss = list.reduce(
          (total, { at, depth, turn }) => add(total, sum(tanh(head(pieces[at], depth, turn)))),
          sum(square(joint)),
        );
        const outputs = simplify([loss, ...grad(loss, [square6, pieces[1]])]);
        expectEqual(sharedRows(outputs), outputs);
        expectEqual(lower(outputs).outputs, outputs);
      }),
      { numRuns: 30 },
    );
  });
});
