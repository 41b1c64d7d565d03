import { describe, expect, it } from "vitest";
import {
  add,
  batchLast,
  constant,
  convTranspose2d,
  gather,
  grad,
  input,
  simplify,
  square,
  sum,
  toOnnx,
} from "./index.ts";
import { ModelProto } from "./onnx.proto.ts";

const graphOf = (bytes: Uint8Array) => {
  const { graph } = ModelProto.decode(bytes);
  if (graph === undefined) throw new Error("a model without a graph");
  return graph;
};

describe("what is emitted", () => {
  it("holds equal constants once, whatever arrays hold them", () => {
    const table = (): Int32Array => Int32Array.from({ length: 1000 }, (_, i) => i % 7);
    const x = input("x", [7, 2]);
    const y = input("y", [7, 2]);
    const { initializer } = graphOf(
      toOnnx({
        a: gather(x, constant(table(), [1000])),
        b: gather(y, constant(table(), [1000])),
        c: gather(y, constant(table().fill(3, 999), [1000])),
      }),
    );
    expect(initializer.map(({ dims }) => dims)).toEqual([[1000n], [1000n]]);
  });

  it("tells constants of the same bits apart by type, and 0 from −0", () => {
    const x = input("x", [2]);
    const { initializer } = graphOf(
      toOnnx({
        a: gather(x, constant(new Int32Array(2), [2])),
        b: sum(constant(new Float32Array(2), [2])),
        c: sum(constant(Float32Array.of(0, -0), [2])),
      }),
    );
    expect(initializer.filter(({ dims }) => dims.length === 1 && dims[0] === 2n).length).toBe(3);
  });

  it("holds equal nodes once", () => {
    const x = input("x", [2, 6]);
    const node = () => graphOf(toOnnx({ a: square(x), b: square(x) })).node.map(({ opType }) => opType);
    expect(node().filter((type) => type !== "Identity")).toEqual(["Mul"]);
  });

  it("holds the tables of a transposed convolution and its gradient once for all networks of one geometry", () => {
    const side = 8;
    const model = (images: number): number => {
      const w = input("w", [16, 16, 4, 4]);
      const outputs = Array.from({ length: images }, (_, i) => {
        const y = convTranspose2d(input(`x${i}`, [8, 16, side, side]), w, { stride: 2, padding: 1 });
        return sum(square(y));
      });
      const gradients = grad(
        outputs.reduce((a, b) => add(a, b)),
        [w],
      );
      return toOnnx(Object.fromEntries(simplify(batchLast(simplify(gradients))).map((t, i) => [`g${i}`, t])))
        .length;
    };
    expect(model(2)).toBeLessThan(1.1 * model(1));
  });
});
