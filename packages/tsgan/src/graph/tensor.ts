/**
 * Symbolic tensors: nodes of an immutable graph with static shapes. A tensor holds no values, only the op that makes
 * it. What an op is (its shape rule, derivative, reference value and ONNX form) is one `Op` entry.
 */
import { UsageError } from "../errors.ts";
import type { Emitter } from "./emitter.ts";

export type DType = "float32" | "int32" | "bool";
export type Shape = readonly number[];
export type ConstantData = Float32Array | Int32Array;
export type Attribute = number | string | boolean | readonly number[] | readonly string[] | ConstantData;
// biome-ignore lint/complexity/noBannedTypes: ops without attributes
export type NoAttributes = {};
export type Attributes = { readonly [name: string]: Attribute };

export interface Tensor {
  readonly id: number;
  readonly op: Op;
  readonly inputs: readonly Tensor[];
  readonly attributes: Attributes;
  readonly shape: Shape;
  readonly dtype: DType;
}

/** A result: its shape and, where it is not float32, its type. */
export interface ShapeRule {
  readonly shape: Shape;
  readonly dtype?: DType;
}

/** One operation. Adding an op means writing one of these. */
export interface Op<A extends Attributes = Attributes> {
  readonly name: string;
  /** The result's shape; throws `GraphError` where the inputs do not fit. */
  shape(inputs: readonly Tensor[], attributes: A): ShapeRule;
  /** Vector–Jacobian product: one derivative (or nothing, where it is zero) for each input, as graph nodes. */
  gradient(output: Tensor, upstream: Tensor, attributes: A): readonly (Tensor | undefined)[];
  /** Reference value in float64, on flat row-major arrays. Used to fold constants and by the gradient checker. */
  evaluate(output: Tensor, inputs: readonly Float64Array[], attributes: A): Float64Array;
  /** Adds the ONNX nodes and returns the name of the result. */
  onnx(output: Tensor, inputs: readonly string[], emitter: Emitter, attributes: A): string;
  /** A simpler tensor of the same value, shape and type, or nothing. */
  simplify?(output: Tensor, attributes: A): Tensor | undefined;
  /** An equal tensor that CPU devices compute faster, for a fixed batch size, or nothing. */
  onCpu?(output: Tensor, attributes: A): Tensor | undefined;
  /**
   * Where the op commutes with a permutation of all axes: the attributes of the permuted op. Axis i of the result is
   * axis `order[i]` of the original.
   */
  permute?(attributes: A, order: readonly number[]): A;
  /** The form for batch-last storage (`layout.ts`), where it is not a mere permutation. */
  readonly batchLast?: BatchLastForm<A>;
}

/** The inputs of a node whose batch-last form is being built. */
export interface BatchLastOperands {
  /** Input i stored as […, N], with as many axes as the result where it has fewer. */
  last(i: number): Tensor;
  /** Input i as the graph has it. */
  plain(i: number): Tensor;
}

export interface BatchLastForm<A extends Attributes> {
  /** `always`: worth a transposition; `follow`: when the first input is batch-last; `demand`: when all users are. */
  readonly when: "always" | "follow" | "demand";
  /** Whether the result of `lower` is stored batch-last or as it is; nothing where the form does not apply. */
  layout(output: Tensor, attributes: A): "last" | "plain" | undefined;
  lower(output: Tensor, operands: BatchLastOperands, attributes: A): Tensor;
}

/** A graph that does not fit together. The message names the op, the shapes and what was expected. */
export class GraphError extends UsageError {}

export const formatShape = (shape: Shape): string => `[${shape.join(",")}]`;

export const sizeOf = (shape: Shape): number => shape.reduce((product, n) => product * n, 1);

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((n, i) => n === b[i]);

/** Throws a GraphError in the project's grammar: where, expected, got, remedy. */
export const fail = (op: string, expected: string, inputs: readonly Tensor[], remedy?: string): never => {
  const got = inputs
    .map((t) => formatShape(t.shape) + (t.dtype === "float32" ? "" : ` ${t.dtype}`))
    .join(" and ");
  throw new GraphError(`${op}: ${expected}; got ${got}${remedy === undefined ? "" : `; ${remedy}`}`);
};

let nextId = 0;

/** Makes a node. The only place where tensors come from. */
export const apply = <A extends Attributes>(op: Op<A>, inputs: readonly Tensor[], attributes: A): Tensor => {
  const { shape, dtype = "float32" } = op.shape(inputs, attributes);
  for (const n of shape) {
    if (!Number.isInteger(n) || n < 1)
      fail(op.name, `every axis of ${formatShape(shape)} must be at least 1`, inputs);
  }
  return { id: nextId++, op: op as Op, inputs, attributes, shape, dtype };
};

/** The axis counted from the front; throws where there is no such axis. */
export const normalizeAxis = (op: string, axis: number, x: Tensor): number => {
  const rank = x.shape.length;
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    fail(op, `axis ${axis} must lie in ${-rank} … ${rank - 1}`, [x]);
  }
  return axis < 0 ? axis + rank : axis;
};

export const normalizeAxes = (
  op: string,
  axes: number | readonly number[] | undefined,
  x: Tensor,
): number[] => {
  if (axes === undefined) return x.shape.map((_, i) => i);
  const list = (typeof axes === "number" ? [axes] : axes).map((axis) => normalizeAxis(op, axis, x));
  if (new Set(list).size !== list.length) fail(op, `axes ${formatShape(list)} must differ`, [x]);
  return list.sort((a, b) => a - b);
};

/** NumPy's broadcasting rule; nothing where the shapes do not fit. */
export const broadcastShapes = (...shapes: readonly Shape[]): number[] | undefined => {
  const rank = Math.max(...shapes.map((s) => s.length));
  const result = new Array<number>(rank).fill(1);
  for (const shape of shapes) {
    for (let i = 0; i < shape.length; i++) {
      const at = rank - shape.length + i;
      if (shape[i] === 1) continue;
      if (result[at] !== 1 && result[at] !== shape[i]) return undefined;
      result[at] = shape[i];
    }
  }
  return result;
};

/** Row-major strides; 0 where an axis of length 1 is to be repeated along `target`. */
export const broadcastStrides = (shape: Shape, target: Shape): number[] => {
  const strides = new Array<number>(target.length).fill(0);
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[target.length - shape.length + i] = shape[i] === 1 ? 0 : stride;
    stride *= shape[i];
  }
  return strides;
};

/** Calls `visit(flat, offset)` for each element of `shape` in row-major order, offset following `strides`. */
export const walk = (
  shape: Shape,
  strides: readonly number[],
  visit: (flat: number, offset: number) => void,
): void => {
  const rank = shape.length;
  const total = sizeOf(shape);
  const index = new Array<number>(rank).fill(0);
  let offset = 0;
  for (let flat = 0; flat < total; flat++) {
    visit(flat, offset);
    for (let axis = rank - 1; axis >= 0; axis--) {
      offset += strides[axis];
      if (++index[axis] < shape[axis]) break;
      offset -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
};

/** The shape of a tensor of `shape` when stored batch-last. */
export const rotated = (shape: Shape): number[] => [...shape.slice(1), ...shape.slice(0, 1)];
