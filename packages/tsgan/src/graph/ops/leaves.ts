/** Leaves of the graph: inputs, which are fed, and constants. */
import { describeValue } from "../../options.ts";
import { formatShape, type Shape, sizeOf } from "../shapes.ts";
import {
  apply,
  type ConstantData,
  type DType,
  defineOp,
  fail,
  GraphError,
  isMadeBy,
  type Op,
  type Tensor,
} from "../tensor.ts";

type InputAttributes = { readonly name: string; readonly shape: Shape; readonly dtype: DType };

export const inputOp: Op<InputAttributes> = defineOp({
  name: "input",
  shape: (_, { shape, dtype }) => ({ shape, dtype }),
  derivative: () => [],
  value: (y, _, { name }) => fail("interpret", `a value must be given for input ${name}`, [y]),
  onnx: (_output, _inputs, _emitter, { name }) => name,
});

/**
 * A tensor whose value is fed, by its name, when the program runs. A graph has one input of a name: keep the tensor and
 * use it again.
 *
 * @param shape axes of at least 1, the batch among them
 * @param dtype float32 without; int32 for labels and indices
 * @throws GraphError where an axis is below 1
 * @example
 * ```ts
 * import { dense, input } from "tsgan/graph";
 *
 * const x = input("x", [64, 2]); // 64 points of the plane
 * const label = input("label", [64], "int32");
 * const hidden = dense(x, input("weight", [128, 2]), input("bias", [128])); // [64, 128]
 * ```
 */
export const input = (name: string, shape: Shape, dtype: DType = "float32"): Tensor =>
  apply(inputOp, [], { name, shape: [...shape], dtype });

/**
 * The name under which an input is fed; nothing for any other tensor.
 *
 * @param t any tensor
 */
export const inputName = (t: Tensor): string | undefined =>
  isMadeBy(t, inputOp) ? t.attributes.name : undefined;

type ConstantAttributes = { readonly data: ConstantData; readonly shape: Shape };

export const constantOp: Op<ConstantAttributes> = defineOp({
  name: "constant",
  shape: (_, { data, shape }) => ({ shape, dtype: data instanceof Int32Array ? "int32" : "float32" }),
  derivative: () => [],
  value: (_output, _inputs, { data }) => Float64Array.from(data),
  onnx: (y, _inputs, emitter, { data, shape }) =>
    data.length === 1 && data instanceof Float32Array && shape.length === 0
      ? emitter.scalar(data[0])
      : emitter.constant(data, shape, y.dtype),
});

/**
 * A tensor of known values in row-major order: int32 where they are an `Int32Array`, float32 otherwise.
 *
 * @param data as many values as the shape holds
 * @throws GraphError where the shape needs another number of values
 * @example
 * ```ts
 * import { constant, gather } from "tsgan/graph";
 *
 * const corners = constant([0, 0, 0, 1, 1, 0, 1, 1], [4, 2]);
 * const chosen = gather(corners, constant(Int32Array.of(3, 0), [2])); // [[1, 1], [0, 0]]
 * ```
 */
export const constant = (data: ConstantData | readonly number[], shape: Shape): Tensor => {
  if (!Array.isArray(shape)) {
    throw new GraphError(
      `constant: expected values and a shape, such as constant([3], []); got ${describeValue(shape)}`,
    );
  }
  const typed = data instanceof Float32Array || data instanceof Int32Array ? data : Float32Array.from(data);
  if (typed.length !== sizeOf(shape)) {
    throw new GraphError(
      `constant: shape ${formatShape(shape)} needs ${sizeOf(shape)} values; got ${typed.length}`,
    );
  }
  return apply(constantOp, [], { data: typed, shape: [...shape] });
};

export const scalarValue = (value: number): Tensor => constant(Float32Array.of(value), []);

/** A tensor, or a number that stands for a scalar constant. */
export type Operand = Tensor | number;

/** x itself where it is a tensor; a scalar constant where it is a number. */
export const tensor = (x: Operand): Tensor => (typeof x === "number" ? scalarValue(x) : x);
