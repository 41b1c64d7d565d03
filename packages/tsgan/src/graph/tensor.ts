/**
 * Symbolic tensors: nodes of an immutable graph with static shapes. A tensor holds no values, only the op that makes
 * it. What an op is (its shape rule, derivative, value and ONNX form) is one `Op` entry; what rewrites a graph or stores
 * it otherwise stands beside the ops (`rewrites.ts`, `batch-last.ts`) and knows them as objects.
 */
import { UsageError } from "../errors.ts";
import { describeValue } from "../options.ts";
import { formatShape, type Shape } from "./shapes.ts";

/** Type of a tensor's elements. Derivatives are taken of float32 only. */
export type DType = "float32" | "int32" | "bool";
/** Values of a constant; their array says whether they are float32 or int32. */
export type ConstantData = Float32Array | Int32Array;
/** What an op may be told beside its inputs. */
export type Attribute = number | string | boolean | readonly number[] | readonly string[] | ConstantData;
/** The attributes of an op, by name. They are plain data, so that equal nodes can be found. */
export type Attributes = { readonly [name: string]: Attribute };
/** Of an op that its inputs say everything to. */
export type NoAttributes = Record<never, Attribute>;

/** A node of the graph. Made by functions such as `input`, `add`, `conv2d`, and by `apply` for ops of one's own. */
export interface Tensor<A extends Attributes = Attributes> {
  readonly id: number;
  readonly op: Op;
  readonly inputs: readonly Tensor[];
  readonly attributes: A;
  readonly shape: Shape;
  readonly dtype: DType;
}

/** A result: its shape and, where it is not float32, its type. */
export interface ShapeRule {
  readonly shape: Shape;
  readonly dtype?: DType;
}

/** An attribute of an ONNX node: a number is an int, a list is ints; `{ float }`, `{ floats }` and `{ type }` say otherwise. */
export type NodeAttribute =
  | number
  | string
  | readonly number[]
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly type: DType | "int64" | "float16" };

/** What an op needs in order to write its ONNX form: standard nodes of opset 17, and constants. */
export interface Emitter {
  /** Whether only ONNX Runtime is to run the model: its `FusedMatMul` and `FusedConv` may then stand beside the standard's nodes. */
  readonly forOnnxRuntime: boolean;
  /** Adds a node and returns its output's name. An empty input name leaves an optional input out. */
  node(
    type: string,
    inputs: readonly string[],
    attributes?: { readonly [name: string]: NodeAttribute },
  ): string;
  /** As `node`, a product of matrices or a convolution: its factors are stored in float16 where the model is to be so. */
  product: Emitter["node"];
  /** A shared int64 vector. */
  integers(values: readonly number[]): string;
  /** A shared float32 scalar. */
  scalar(value: number): string;
  /** A tensor constant. */
  constant(data: Float32Array | Int32Array | Uint8Array, shape: Shape, dtype: DType): string;
  /**
   * The shape of a tensor as int64, for an exported model of any batch size too. `open`: how many axes the op that
   * takes the shape can work out by itself (Reshape one, as −1; Expand none).
   */
  shapeOf(tensor: Tensor, open: "one" | "none"): string;
}

/** One operation: everything that is to be known about it, in one entry. `defineOp` makes one. */
export interface Op<A extends Attributes = Attributes> {
  /** What `print` and errors call it. */
  readonly name: string;
  /**
   * Whether each element of the result is made of the elements at its place, its inputs being broadcast by NumPy's
   * rule, and the attributes speak of no axis. Such an op takes inputs of any rank, and works in any layout.
   */
  readonly elementwise?: boolean;
  /** The result's shape; throws `GraphError` where the inputs do not fit. */
  shape(inputs: readonly Tensor[], attributes: A): ShapeRule;
  /**
   * Vector–Jacobian product, as graph nodes: for each input the derivative Σ upstream · ∂output/∂input, in the input's
   * shape (`reduceTo` undoes broadcasting), or nothing where it is zero.
   */
  derivative(output: Tensor, upstream: Tensor, attributes: A): readonly (Tensor | undefined)[];
  /** The value in float64, on flat row-major arrays: for `interpret`, and to fold constants. */
  value(output: Tensor, inputs: readonly Float64Array[], attributes: A): Float64Array;
  /** Adds the ONNX nodes and returns the name of the result. */
  onnx(output: Tensor, inputs: readonly string[], emitter: Emitter, attributes: A): string;
}

/** A graph that does not fit together. The message names the op, what was expected, and what it got. */
export class GraphError extends UsageError {}

/** A tensor as errors show it: its shape and, where it is not float32, its type. */
export const formatTensor = ({ shape, dtype }: Pick<Tensor, "shape" | "dtype">): string =>
  formatShape(shape) + (dtype === "float32" ? "" : ` ${dtype}`);

/** Throws a GraphError in the project's grammar: where, expected, got, remedy. */
export const fail = (op: string, expected: string, inputs: readonly Tensor[], remedy?: string): never => {
  const got = inputs.map(formatTensor).join(" and ");
  throw new GraphError(`${op}: ${expected}; got ${got}${remedy === undefined ? "" : `; ${remedy}`}`);
};

/** Throws where an input is int32 or bool. */
export const requireFloat = (op: string, inputs: readonly Tensor[]): void => {
  for (let i = 0; i < inputs.length; i++) {
    if (inputs[i].dtype !== "float32") fail(op, "inputs must be float32", inputs, "use cast");
  }
};

const parts = ["shape", "derivative", "value", "onnx"] as const;

/**
 * An op of one's own. Its parts are those of the built-in ones: with them it can be used in any graph, be differentiated
 * any number of times (its derivative is made of ops), be evaluated, compiled and exported. `apply` makes tensors of it.
 *
 * @throws GraphError where a part is missing, or the name is not in snake_case
 * @example
 * ```ts
 * import { add, apply, defineOp, div, type Op, square, type Tensor } from "tsgan/graph";
 *
 * // d arctan(x) = dx / (1 + x²)
 * const arctanOp: Op = defineOp({
 *   name: "arctan",
 *   elementwise: true,
 *   shape: ([x]) => ({ shape: x.shape }),
 *   derivative: (y, dy) => [div(dy, add(1, square(y.inputs[0])))],
 *   value: (_, [x]) => x.map(Math.atan),
 *   onnx: (_, [x], emitter) => emitter.node("Atan", [x]),
 * });
 * export const arctan = (x: Tensor): Tensor => apply(arctanOp, [x], {});
 * ```
 */
export const defineOp = <A extends Attributes = NoAttributes>(op: Op<A>): Op<A> => {
  if (!/^[a-z][a-z0-9_]*$/.test(op.name)) {
    throw new GraphError(`defineOp: expected a name in snake_case; got "${op.name}"`);
  }
  const missing = parts.filter((part) => typeof op[part] !== "function");
  if (missing.length > 0) {
    throw new GraphError(
      `defineOp: op ${op.name} needs the functions ${parts.join(", ")}; got none for ${missing.join(", ")}`,
    );
  }
  return Object.freeze({ ...op });
};

/** Whether a value is a tensor and not a record of them. */
export const isTensor = (value: unknown): value is Tensor =>
  typeof value === "object" && value !== null && "op" in value && "shape" in value;

/**
 * What a function of somebody's own gave, for an error: the shape of a tensor, or what is there in its place.
 *
 * @param value what it gave
 */
export const describeOutput = (value: unknown): string =>
  isTensor(value) ? formatShape(value.shape) : describeValue(value);

/**
 * A value where it is a tensor of one element.
 *
 * @param what it is, for the error
 * @param value what a function of somebody's own gave
 * @throws GraphError for anything else
 */
export const checkScalar = (what: string, value: Tensor): Tensor => {
  if (isTensor(value) && value.shape.every((n) => n === 1)) return value;
  throw new GraphError(`${what} must be a scalar tensor; got ${describeOutput(value)}; take its mean`);
};

let nextId = 0;

/**
 * Makes a node: the result of an op. The only place where tensors come from.
 *
 * @param inputs the tensors that the op is of
 * @param attributes what else its rules need: an axis, a stride
 * @throws GraphError from the op's shape rule, and where the result has an axis below 1
 */
export const apply = <A extends Attributes>(op: Op<A>, inputs: readonly Tensor[], attributes: A): Tensor => {
  for (let i = 0; i < inputs.length; i++) {
    if (inputs[i]?.op === undefined) {
      throw new GraphError(`${op.name}: expected a tensor as input ${i}; got ${inputs[i]}`);
    }
  }
  const { shape, dtype = "float32" } = op.shape(inputs, attributes);
  for (let i = 0; i < shape.length; i++) {
    if (!Number.isInteger(shape[i]) || shape[i] < 1)
      fail(op.name, `every axis of ${formatShape(shape)} must be at least 1`, inputs);
  }
  return { id: nextId++, op: op as Op, inputs, attributes, shape, dtype };
};

/** Whether t is the result of this op; its attributes are then the op's. */
export const isMadeBy = <A extends Attributes>(t: Tensor, op: Op<A>): t is Tensor<A> => t.op === op;

/** The axis counted from the front; throws where there is no such axis. */
export const normalizeAxis = (op: string, axis: number, x: Tensor): number => {
  const rank = x.shape.length;
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    fail(op, `axis ${axis} must lie in ${-rank} … ${rank - 1}`, [x]);
  }
  return axis < 0 ? axis + rank : axis;
};

/** Axes counted from the front, in order; all of them where none are given. Throws where two are the same. */
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
