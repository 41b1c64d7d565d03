import { describe, expect, it } from "vitest";
import {
  add,
  batchLast,
  constant,
  convTranspose2d,
  gather,
  grad,
  input,
  matmul,
  pad,
  reshape,
  simplify,
  softmax,
  square,
  sub,
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

  it("is what the format's own reader reads, and writes the same byte for byte", () => {
    const x = input("ключ", [8, 16, 8, 8]);
    const w = input("w".repeat(200), [16, 16, 4, 4]);
    const y = convTranspose2d(x, w, { stride: 2, padding: 1 });
    const z = gather(reshape(sum(softmax(y, 1), [1, 2]), [16, 8]), constant(Int32Array.of(0, 15, 3), [3]));
    const outputs = { z: sub(z, 0.5), total: sum(pad(z, [1, 0], [0, 2], -1)) };
    for (const forOnnxRuntime of [false, true]) {
      const bytes = toOnnx(outputs, {
        name: "имя",
        metadata: { key: "значение", long: "x".repeat(300) },
        forOnnxRuntime,
      });
      expect(ModelProto.encode(ModelProto.decode(bytes)).finish()).toEqual(bytes);
    }
    const { graph, metadataProps } = ModelProto.decode(toOnnx(outputs, { metadata: { key: "значение" } }));
    expect(metadataProps.map(({ key, value }) => [key, value])).toEqual([["key", "значение"]]);
    expect(graph?.input.map(({ name }) => name)).toEqual(["ключ", "w".repeat(200)]);
  });

  it("has ONNX Runtime's own product of turned matrices only where nothing else is to run the model", () => {
    const [a, b] = [input("a", [3, 4, 2]), input("b", [3, 4, 5])];
    const types = (forOnnxRuntime: boolean) => {
      const { opsetImport, graph } = ModelProto.decode(
        toOnnx({ y: matmul(a, b, { transposeA: true }) }, { forOnnxRuntime }),
      );
      return [
        opsetImport.map(({ domain }) => domain),
        graph?.node.map(({ domain, opType }) => domain + opType),
      ];
    };
    expect(types(false)).toEqual([[""], ["Transpose", "MatMul"]]);
    expect(types(true)).toEqual([["", "com.microsoft"], ["com.microsoftFusedMatMul"]]);
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

describe("products in float16", () => {
  const FLOAT16 = 10n;

  it("cast their factors, once each, and their results; nothing else is cast", () => {
    const [x, w, v] = [input("x", [2, 3]), input("w", [3, 3]), input("v", [3, 2])];
    const hidden = matmul(x, w);
    const outputs = { y: matmul(hidden, v), z: sum(matmul(x, w)), s: add(hidden, 1) };
    const nodes = graphOf(toOnnx(outputs, { halfProducts: true })).node;
    const isHalf = (name: string): boolean => {
      const made = nodes.find(({ output }) => output.includes(name));
      if (made?.opType === "Cast") return made.attribute[0].i === FLOAT16;
      return made !== undefined && ["Gemm", "MatMul"].includes(made.opType);
    };
    const products = nodes.filter(({ opType }) => ["Gemm", "MatMul"].includes(opType));
    expect(products).toHaveLength(2);
    for (const { input: factors } of products) expect(factors.every(isHalf)).toBe(true);
    for (const { opType, input: given } of nodes) {
      if (!["Cast", "Gemm", "MatMul"].includes(opType)) expect(given.some(isHalf)).toBe(false);
    }
    const casts = nodes.filter(({ opType }) => opType === "Cast");
    // x, w and v to float16; both results back. The second product takes the first one's as it is.
    expect(casts).toHaveLength(5);
  });
});
