/** Writes the nodes and constants of an ONNX graph: what ops emit their form with. */

import { EqualConstants } from "./equal-constants.ts";
import {
  AttributeProto,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
  type NodeProto,
  NodeProto as NodeProtoCodec,
  TensorProto,
} from "./onnx.proto.ts";
import { formatShape, type Shape } from "./shapes.ts";
import { type DType, type Emitter, GraphError, type NodeAttribute, type Tensor } from "./tensor.ts";

/** ONNX's numbers of element types. */
export const dataTypes = {
  float32: DataType.FLOAT,
  int32: DataType.INT32,
  bool: DataType.BOOL,
  int64: DataType.INT64,
} as const;

const attributeProto = (name: string, value: NodeAttribute): AttributeProto => {
  if (typeof value === "number")
    return AttributeProto.fromPartial({ name, type: AttributeType.INT, i: BigInt(value) });
  if (typeof value === "string") {
    return AttributeProto.fromPartial({
      name,
      type: AttributeType.STRING,
      s: new TextEncoder().encode(value),
    });
  }
  if ("type" in value)
    return AttributeProto.fromPartial({ name, type: AttributeType.INT, i: BigInt(dataTypes[value.type]) });
  if ("float" in value)
    return AttributeProto.fromPartial({ name, type: AttributeType.FLOAT, f: value.float });
  return AttributeProto.fromPartial({ name, type: AttributeType.INTS, ints: value.map(BigInt) });
};

const bytesOf = (view: ArrayBufferView): Uint8Array =>
  new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

export class ModelWriter implements Emitter {
  readonly #nodes: NodeProto[] = [];
  readonly initializers: TensorProto[] = [];
  readonly #shared = new Map<string, string>();
  /** Outputs of nodes, by what the nodes do to what. */
  readonly #written = new Map<string, readonly string[]>();
  readonly #constants = new EqualConstants();
  readonly #otherShapes: ReadonlyMap<number, Shape> | undefined;
  /** A fed tensor whose first axis is the batch, for shapes that must be computed. */
  readonly #batchSource: string | undefined;
  /** Names of values that nodes compute. */
  readonly #computed = new Set<string>();
  /** Names that values are given which are outputs of the model. */
  readonly #renamed = new Map<string, string>();
  #count = 0;

  constructor(otherShapes?: ReadonlyMap<number, Shape>, batchSource?: string) {
    this.#otherShapes = otherShapes;
    this.#batchSource = batchSource;
  }

  #fresh(): string {
    return `t${this.#count++}`;
  }

  node(
    type: string,
    inputs: readonly string[],
    attributes: { readonly [name: string]: NodeAttribute } = {},
  ): string {
    return this.many(type, inputs, 1, attributes)[0];
  }

  many(
    type: string,
    inputs: readonly string[],
    outputs: number,
    attributes: { readonly [name: string]: NodeAttribute } = {},
  ): string[] {
    // What several ops write the same, such as a reshaped filter, is written once.
    const key = JSON.stringify([type, inputs, outputs, attributes]);
    const known = this.#written.get(key);
    if (known !== undefined) return [...known];
    const output = Array.from({ length: outputs }, () => this.#fresh());
    this.#written.set(key, output);
    const attribute = Object.entries(attributes).map(([name, value]) => attributeProto(name, value));
    for (const name of output) this.#computed.add(name);
    this.#nodes.push(
      NodeProtoCodec.fromPartial({
        name: `${type}_${output[0]}`,
        opType: type,
        input: [...inputs],
        output,
        attribute,
      }),
    );
    return output;
  }

  #initializer(
    key: string | undefined,
    dims: readonly number[],
    dataType: number,
    rawData: Uint8Array,
  ): string {
    const known = key === undefined ? undefined : this.#shared.get(key);
    if (known !== undefined) return known;
    const name = `c${this.initializers.length}`;
    this.initializers.push(TensorProto.fromPartial({ name, dims: dims.map(BigInt), dataType, rawData }));
    if (key !== undefined) this.#shared.set(key, name);
    return name;
  }

  integers(values: readonly number[]): string {
    const raw = bytesOf(BigInt64Array.from(values, BigInt));
    return this.#initializer(`i${values.join(",")}`, [values.length], DataType.INT64, raw);
  }

  scalar(value: number): string {
    const data = Float32Array.of(value);
    return this.#initializer(
      `f${Object.is(data[0], -0) ? "-0" : data[0]}`,
      [],
      DataType.FLOAT,
      bytesOf(data),
    );
  }

  constant(data: Float32Array | Int32Array | Uint8Array, shape: Shape, dtype: DType): string {
    const key =
      data instanceof Uint8Array ? undefined : `${dtype} ${shape}: ${this.#constants.numberOf(data)}`;
    return this.#initializer(key, shape, dataTypes[dtype], bytesOf(data));
  }

  /** Gives a value the name of a model output: by renaming it or, where it has a name to keep, by a copy. */
  nameOutput(value: string, name: string): void {
    if (this.#computed.has(value) && !this.#renamed.has(value)) {
      this.#renamed.set(value, name);
      return;
    }
    const copy = { name: `output_${name}`, opType: "Identity", input: [value], output: [name] };
    this.#nodes.push(NodeProtoCodec.fromPartial(copy));
  }

  /** The nodes, under the names that their outputs were given. */
  nodes(): NodeProto[] {
    const rename = (name: string): string => this.#renamed.get(name) ?? name;
    for (const node of this.#nodes) {
      node.input = node.input.map(rename);
      node.output = node.output.map(rename);
    }
    return this.#nodes;
  }

  shapeOf(of: Tensor, open: "one" | "none"): string {
    const other = this.#otherShapes?.get(of.id) ?? of.shape;
    const moving = of.shape.map((n, i) => (n === other[i] ? n : -1));
    const count = moving.filter((n) => n === -1).length;
    if (count === 0 || (count === 1 && open === "one")) return this.integers(moving);
    if (this.#batchSource === undefined || count > 1 || moving[0] !== -1) {
      throw new GraphError(
        `onnx: ${of.op.name} to ${formatShape(of.shape)} follows the batch size in a way that cannot be exported; ` +
          "keep the batch as the first axis",
      );
    }
    const start = this.integers([0]);
    const size = this.node("Slice", [
      this.node("Shape", [this.#batchSource]),
      start,
      this.integers([1]),
      start,
    ]);
    return this.node("Concat", [size, this.integers(of.shape.slice(1))], { axis: 0 });
  }
}
