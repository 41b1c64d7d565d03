/** Comparisons, and what they choose: the larger, the smaller, one of two, what lies inside limits, a class. */
import { broadcastShapes, broadcastStrides, sizeOf, walk } from "../shapes.ts";
import {
  apply,
  defineOp,
  fail,
  GraphError,
  type NoAttributes,
  type Op,
  requireFloat,
  type Tensor,
} from "../tensor.ts";
import { binary, mul, sub } from "./arithmetic.ts";
import { expandLast, reduceTo } from "./broadcast.ts";
import { exp, step } from "./functions.ts";
import { constant, type Operand, tensor } from "./leaves.ts";

/** The larger of a and b; equal ones leave the derivative to a. */
// d max(a, b) = da where a ≥ b, else db
export const maximum = binary("maximum", {
  value: Math.max,
  derivative: (dy, a, b) => {
    const mask = step(sub(b, a));
    return [mul(dy, sub(1, mask)), mul(dy, mask)];
  },
  onnx: "Max",
});

/** The smaller of a and b; equal ones leave the derivative to a. */
// d min(a, b) = da where a ≤ b, else db
export const minimum = binary("minimum", {
  value: Math.min,
  derivative: (dy, a, b) => {
    const mask = step(sub(a, b));
    return [mul(dy, sub(1, mask)), mul(dy, mask)];
  },
  onnx: "Min",
});

const noDerivative = () => [undefined, undefined];

/** a > b, broadcast, as bool; no derivative flows through it. */
export const greater = binary("greater", {
  value: (a, b) => (a > b ? 1 : 0),
  derivative: noDerivative,
  onnx: "Greater",
  result: "bool",
  integers: true,
});

/** a < b, broadcast, as bool; no derivative flows through it. */
export const less = (a: Operand, b: Operand): Tensor => greater(b, a);

/** a = b, broadcast, as bool; no derivative flows through it. */
export const equal = binary("equal", {
  value: (a, b) => (a === b ? 1 : 0),
  derivative: noDerivative,
  onnx: "Equal",
  result: "bool",
  integers: true,
});

const clipOp: Op<{ readonly low: number; readonly high: number }> = defineOp({
  name: "clip",
  elementwise: true,
  shape: (inputs) => {
    requireFloat("clip", inputs);
    return { shape: inputs[0].shape };
  },
  // d clip(x) = dx inside, 0 outside
  derivative: (y, dy, { low, high }) => {
    const [x] = y.inputs;
    return [mul(dy, mul(step(sub(x, low)), step(sub(high, x))))];
  },
  value: (_, [x], { low, high }) => x.map((v) => Math.min(Math.max(v, low), high)),
  onnx: (_, [x], emitter, { low, high }) =>
    emitter.node("Clip", [x, emitter.scalar(low), emitter.scalar(high)]),
});

/**
 * x limited to [low, high]; the derivative is 0 outside and at the limits.
 *
 * @throws GraphError where low exceeds high
 */
export const clip = (x: Tensor, low: number, high: number): Tensor => {
  if (!(low <= high)) throw new GraphError(`clip: low must not exceed high; got ${low} and ${high}`);
  return apply(clipOp, [x], { low, high });
};

const whereOp: Op<NoAttributes> = defineOp({
  name: "where",
  elementwise: true,
  shape: (inputs) => {
    const [condition, ...branches] = inputs;
    if (condition.dtype !== "bool") fail("where", "the condition must be bool", inputs, "compare first");
    requireFloat("where", branches);
    const shape =
      broadcastShapes(...inputs.map((t) => t.shape)) ?? fail("where", "shapes must broadcast", inputs);
    return { shape };
  },
  // d where(c, a, b) = where(c, da, db)
  derivative: (y, dy) => {
    const [condition, a, b] = y.inputs;
    return [
      undefined,
      reduceTo(where(condition, dy, 0), a.shape),
      reduceTo(where(condition, 0, dy), b.shape),
    ];
  },
  value: (y, [condition, a, b]) => {
    const out = new Float64Array(sizeOf(y.shape));
    const chosen = new Uint8Array(out.length);
    const strides = y.inputs.map((t) => broadcastStrides(t.shape, y.shape));
    walk(y.shape, strides[0], (flat, offset) => {
      chosen[flat] = condition[offset];
    });
    walk(y.shape, strides[1], (flat, offset) => {
      if (chosen[flat] === 1) out[flat] = a[offset];
    });
    walk(y.shape, strides[2], (flat, offset) => {
      if (chosen[flat] === 0) out[flat] = b[offset];
    });
    return out;
  },
  onnx: (_, inputs, emitter) => emitter.node("Where", inputs),
});

/**
 * a where the condition holds, b elsewhere; all three broadcast.
 *
 * @throws GraphError where the condition is not bool, or the shapes do not broadcast
 */
export const where = (condition: Tensor, a: Operand, b: Operand): Tensor =>
  apply(whereOp, [condition, tensor(a), tensor(b)], {});

/** x where x > 0, eˣ − 1 elsewhere. */
export const elu = (x: Tensor): Tensor => where(greater(x, 0), x, sub(exp(minimum(x, 0)), 1));

const castOp: Op<{ readonly to: "float32" | "int32" }> = defineOp({
  name: "cast",
  elementwise: true,
  shape: ([x], { to }) => ({ shape: x.shape, dtype: to }),
  derivative: () => [undefined],
  value: (_, [x], { to }) => (to === "int32" ? x.map(Math.trunc) : x),
  onnx: (_, [x], emitter, { to }) => emitter.node("Cast", [x], { to: { type: to } }),
});

/**
 * bool or int32 to float32, or the other way, towards zero. No derivative flows through it.
 *
 * @param x of another type; of the same it is given back
 */
export const cast = (x: Tensor, to: "float32" | "int32"): Tensor =>
  x.dtype === to ? x : apply(castOp, [x], { to });

/**
 * One-hot vectors along a new last axis: [...] int32 → [..., classes] float32. A label outside 0 … classes − 1 gives zeros.
 *
 * @throws GraphError where the labels are not int32
 */
export const oneHot = (labels: Tensor, classes: number): Tensor => {
  if (labels.dtype !== "int32") fail("one_hot", "labels must be int32", [labels]);
  const range = constant(
    Int32Array.from({ length: classes }, (_, i) => i),
    [classes],
  );
  return cast(equal(expandLast(labels), range), "float32");
};
