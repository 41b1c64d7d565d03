/** The four operations and the sign, and how elementwise ops of one and of two inputs are made. */
import { broadcastShapes, broadcastStrides, sizeOf, walk } from "../shapes.ts";
import { apply, defineOp, fail, type NoAttributes, type Op, requireFloat, type Tensor } from "../tensor.ts";
import { reduceTo } from "./broadcast.ts";
import { type Operand, tensor } from "./leaves.ts";

interface UnaryEntry {
  readonly value: (x: number) => number;
  /** dL/dx from upstream dL/dy, x and y = op(x). */
  readonly derivative: (dy: Tensor, x: Tensor, y: Tensor) => Tensor | undefined;
  /** The ONNX node, or what writes it. */
  readonly onnx: string | Op<NoAttributes>["onnx"];
}

/** A function that makes the nodes of one op, and that op. */
export interface Unary {
  (x: Tensor): Tensor;
  readonly op: Op<NoAttributes>;
}

export const unary = (name: string, entry: UnaryEntry): Unary => {
  const { onnx } = entry;
  const op: Op<NoAttributes> = defineOp({
    name,
    elementwise: true,
    shape: (inputs) => {
      requireFloat(name, inputs);
      return { shape: inputs[0].shape };
    },
    derivative: (y, dy) => [entry.derivative(dy, y.inputs[0], y)],
    value: (_, [x]) => x.map(entry.value),
    onnx: typeof onnx === "string" ? (_, inputs, emitter) => emitter.node(onnx, inputs) : onnx,
  });
  return Object.assign((x: Tensor) => apply(op, [x], {}), { op });
};

interface BinaryEntry {
  readonly value: (a: number, b: number) => number;
  /** dL/da and dL/db from upstream dL/dy, a, b and y = op(a, b), in the shape of y. */
  readonly derivative: (dy: Tensor, a: Tensor, b: Tensor, y: Tensor) => readonly (Tensor | undefined)[];
  /** The ONNX node. */
  readonly onnx: string;
  readonly result?: "bool";
  readonly integers?: boolean;
}

/** A function that makes the nodes of one op, and that op. */
export interface Binary {
  (a: Operand, b: Operand): Tensor;
  readonly op: Op<NoAttributes>;
}

export const binary = (name: string, entry: BinaryEntry): Binary => {
  const op: Op<NoAttributes> = defineOp({
    name,
    elementwise: true,
    shape: (inputs) => {
      const [a, b] = inputs;
      if (a.dtype !== b.dtype || (a.dtype !== "float32" && entry.integers !== true)) {
        fail(name, "both inputs must be float32", inputs, "use cast");
      }
      const shape = broadcastShapes(a.shape, b.shape) ?? fail(name, "shapes must broadcast", inputs);
      return entry.result === undefined ? { shape } : { shape, dtype: entry.result };
    },
    derivative: (y, dy) => {
      const [a, b] = y.inputs;
      const [da, db] = entry.derivative(dy, a, b, y);
      return [da && reduceTo(da, a.shape), db && reduceTo(db, b.shape)];
    },
    value: (y, [a, b]) => {
      const out = new Float64Array(sizeOf(y.shape));
      const stridesB = broadcastStrides(y.inputs[1].shape, y.shape);
      walk(y.shape, broadcastStrides(y.inputs[0].shape, y.shape), (flat, offset) => {
        out[flat] = a[offset];
      });
      walk(y.shape, stridesB, (flat, offset) => {
        out[flat] = entry.value(out[flat], b[offset]);
      });
      return out;
    },
    onnx: (_, inputs, emitter) => emitter.node(entry.onnx, inputs),
  });
  return Object.assign((a: Operand, b: Operand) => apply(op, [tensor(a), tensor(b)], {}), { op });
};

/** −x, of any shape: each element with its sign changed. */
// d(−x) = −dx
export const neg = unary("neg", { value: (x) => -x, derivative: (dy) => neg(dy), onnx: "Neg" });

/** a + b, broadcast; either may be a number. */
// d(a + b) = da + db
export const add = binary("add", { value: (a, b) => a + b, derivative: (dy) => [dy, dy], onnx: "Add" });

/** a − b, broadcast; either may be a number. */
// d(a − b) = da − db
export const sub = binary("subtract", {
  value: (a, b) => a - b,
  derivative: (dy) => [dy, neg(dy)],
  onnx: "Sub",
});

/** a b element by element, broadcast. `matmul` is the product of matrices. */
// d(ab) = b da + a db
export const mul = binary("multiply", {
  value: (a, b) => a * b,
  derivative: (dy, a, b) => [mul(dy, b), mul(dy, a)],
  onnx: "Mul",
});

/** a / b, broadcast; either may be a number. */
// d(a / b) = da / b − (a / b) db / b
export const div = binary("divide", {
  value: (a, b) => a / b,
  derivative: (dy, _a, b, y) => [div(dy, b), neg(div(mul(dy, y), b))],
  onnx: "Div",
});
