/** Leaves of the graph: inputs, which are fed, and constants. */

import { broadcastTo } from "./shape.ts";
import {
  apply,
  type ConstantData,
  type DType,
  fail,
  formatShape,
  GraphError,
  type Op,
  type Shape,
  sizeOf,
  type Tensor,
} from "./tensor.ts";

type InputAttributes = { readonly name: string; readonly shape: Shape; readonly dtype: DType };

const inputOp: Op<InputAttributes> = {
  name: "input",
  shape: (_, { shape, dtype }) => ({ shape, dtype }),
  gradient: () => [],
  evaluate: (y) => fail("evaluate", `a value must be given for input ${y.attributes.name}`, [y]),
  onnx: (_output, _inputs, _emitter, { name }) => name,
};

/** A tensor whose value is fed when the program runs. */
export const input = (name: string, shape: Shape, dtype: DType = "float32"): Tensor =>
  apply(inputOp, [], { name, shape: [...shape], dtype });

type ConstantAttributes = { readonly data: ConstantData; readonly shape: Shape };

const constantOp: Op<ConstantAttributes> = {
  name: "constant",
  shape: (_, { data, shape }) => ({ shape, dtype: data instanceof Int32Array ? "int32" : "float32" }),
  gradient: () => [],
  evaluate: (y) => Float64Array.from(y.attributes.data as ConstantData),
  onnx: (y, _inputs, emitter, { data, shape }) =>
    data.length === 1 && data instanceof Float32Array && shape.length === 0
      ? emitter.scalar(data[0])
      : emitter.constant(data, shape, y.dtype),
};

/** A tensor of known values: float32 or int32, as its data are. */
export const constant = (data: ConstantData | readonly number[], shape: Shape): Tensor => {
  const typed = data instanceof Float32Array || data instanceof Int32Array ? data : Float32Array.from(data);
  if (typed.length !== sizeOf(shape)) {
    throw new GraphError(
      `constant: shape ${formatShape(shape)} needs ${sizeOf(shape)} values; got ${typed.length}`,
    );
  }
  return apply(constantOp, [], { data: typed, shape: [...shape] });
};

export const scalarValue = (value: number): Tensor => constant(Float32Array.of(value), []);

/** A tensor of one repeated value, with the shape of x. */
export const like = (x: Tensor, value: number): Tensor => fill(x.shape, value);

/** A tensor of one repeated value. */
export const fill = (shape: Shape, value: number): Tensor =>
  shape.length === 0 ? scalarValue(value) : broadcastTo(scalarValue(value), shape);

/** Whether every element of x is known to be `value`. */
export const isConstantValue = (x: Tensor, value: number): boolean => {
  if (x.op.name === "broadcast_to" || x.op.name === "reshape") return isConstantValue(x.inputs[0], value);
  if (x.op.name !== "constant") return false;
  const data = x.attributes.data as ConstantData;
  return data.length === 1 && data[0] === Math.fround(value);
};
