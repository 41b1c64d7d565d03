/** Writes the nodes and constants of an ONNX graph: what ops emit their form with. */

import { EqualConstants } from "./equal-constants.ts";
import { formatShape, type Shape } from "./shapes.ts";
import { type DType, type Emitter, GraphError, type NodeAttribute, type Tensor } from "./tensor.ts";
import type { Wire } from "./wire.ts";

/** ONNX's numbers of element types (`TensorProto.DataType`). */
const dataTypes = { float32: 1, int32: 6, int64: 7, bool: 9, float16: 10 } as const;

/** ONNX's numbers of the types of attributes (`AttributeProto.AttributeType`). */
const [FLOAT, INT, STRING, FLOATS, INTS] = [1, 2, 3, 6, 7];

/** The domain of nodes that ONNX Runtime adds to the standard's. */
const RUNTIME_DOMAIN = "com.microsoft";
const runtimeNodes: ReadonlySet<string> = new Set(["FusedMatMul", "FusedConv"]);

type NodeAttributes = { readonly [name: string]: NodeAttribute };

interface WrittenNode {
  readonly name: string;
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: NodeAttributes;
}

interface WrittenConstant {
  readonly name: string;
  readonly dims: readonly number[];
  readonly type: number;
  readonly data: Uint8Array;
}

/** A list of integers: one packed field. */
const writeIntegers = (wire: Wire, field: number, values: readonly number[]): void => {
  if (values.length === 0) return;
  wire.message(field, () => {
    for (const value of values) wire.varint(value);
  });
};

// The numbers of fields are those of onnx.proto.

const writeAttribute = (wire: Wire, name: string, value: NodeAttribute): void => {
  const kind = (type: number): void => wire.integer(20, type);
  wire.string(1, name);
  if (typeof value === "number") {
    kind(INT);
    wire.integer(3, value);
  } else if (typeof value === "string") {
    kind(STRING);
    wire.string(4, value);
  } else if ("type" in value) {
    kind(INT);
    wire.integer(3, dataTypes[value.type]);
  } else if ("float" in value) {
    kind(FLOAT);
    wire.float(2, value.float);
  } else if ("floats" in value) {
    kind(FLOATS);
    wire.floats(7, value.floats);
  } else {
    kind(INTS);
    writeIntegers(wire, 8, value);
  }
};

const writeNode = (wire: Wire, node: WrittenNode, rename: (name: string) => string): void => {
  for (const name of node.inputs) wire.string(1, rename(name));
  for (const name of node.outputs) wire.string(2, rename(name));
  wire.string(3, node.name);
  wire.string(4, node.type);
  if (runtimeNodes.has(node.type)) wire.string(7, RUNTIME_DOMAIN);
  for (const name in node.attributes) {
    wire.message(5, () => writeAttribute(wire, name, node.attributes[name]));
  }
};

const writeConstant = (wire: Wire, { name, dims, type, data }: WrittenConstant): void => {
  writeIntegers(wire, 1, dims);
  wire.integer(2, type);
  wire.string(8, name);
  wire.bytes(9, data);
};

/** What a model takes or gives: axes that `other` has otherwise follow the batch. */
export const writeValueInfo = (
  wire: Wire,
  name: string,
  { shape, dtype }: Pick<Tensor, "shape" | "dtype">,
  other: Shape,
): void => {
  wire.string(1, name);
  wire.message(2, () => {
    wire.message(1, () => {
      wire.integer(1, dataTypes[dtype]);
      wire.message(2, () => {
        shape.forEach((n, i) => {
          wire.message(1, () => {
            if (n === other[i]) wire.integer(1, n);
            else wire.string(2, "batch");
          });
        });
      });
    });
  });
};

const bytesOf = (view: ArrayBufferView): Uint8Array =>
  new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

/** How models are written. */
export interface WriterOptions {
  /** Whether only ONNX Runtime is to run the model: with nodes beside the standard's, where they are faster. Not without. */
  readonly forOnnxRuntime?: boolean;
  /**
   * Whether products of matrices and convolutions take and give float16, everything else being float32. They are then sums of float16
   * where the device's are, as those of WebGPU.
   */
  readonly halfProducts?: boolean;
}

export class ModelWriter implements Emitter {
  readonly #nodes: WrittenNode[] = [];
  readonly #initializers: WrittenConstant[] = [];
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
  readonly forOnnxRuntime: boolean;
  readonly #halfProducts: boolean;
  /** Results of products in float16, by the names of the same in float32. */
  readonly #halves = new Map<string, string>();
  #count = 0;

  constructor(
    { forOnnxRuntime = false, halfProducts = false }: WriterOptions,
    otherShapes?: ReadonlyMap<number, Shape>,
    batchSource?: string,
  ) {
    this.forOnnxRuntime = forOnnxRuntime;
    this.#halfProducts = halfProducts;
    this.#otherShapes = otherShapes;
    this.#batchSource = batchSource;
  }

  #fresh(): string {
    return `t${this.#count++}`;
  }

  node(type: string, inputs: readonly string[], attributes: NodeAttributes = {}): string {
    return this.many(type, inputs, 1, attributes)[0];
  }

  product(...[type, inputs, attributes]: Parameters<Emitter["node"]>): string {
    if (!this.#halfProducts) return this.node(type, inputs, attributes);
    const half = (name: string): string =>
      this.#halves.get(name) ?? this.node("Cast", [name], { to: { type: "float16" } });
    const product = this.node(type, inputs.map(half), attributes);
    const result = this.node("Cast", [product], { to: { type: "float32" } });
    this.#halves.set(result, product);
    return result;
  }

  many(
    type: string,
    inputs: readonly string[],
    outputs: number,
    attributes: NodeAttributes = {},
  ): readonly string[] {
    // What several ops write the same, such as a reshaped filter, is written once.
    let key = `${type}/${outputs}/${inputs.join()}`;
    for (const name in attributes) key += `/${name}${JSON.stringify(attributes[name])}`;
    const known = this.#written.get(key);
    if (known !== undefined) return known;
    const output = Array.from({ length: outputs }, () => this.#fresh());
    this.#written.set(key, output);
    for (const name of output) this.#computed.add(name);
    this.#nodes.push({
      name: `${type}_${output[0]}`,
      type,
      inputs: [...inputs],
      outputs: output,
      attributes,
    });
    return output;
  }

  #initializer(key: string | undefined, dims: readonly number[], type: number, data: Uint8Array): string {
    const known = key === undefined ? undefined : this.#shared.get(key);
    if (known !== undefined) return known;
    const name = `c${this.#initializers.length}`;
    this.#initializers.push({ name, dims, type, data });
    if (key !== undefined) this.#shared.set(key, name);
    return name;
  }

  integers(values: readonly number[]): string {
    const key = `i${values.join()}`;
    const known = this.#shared.get(key);
    if (known !== undefined) return known;
    return this.#initializer(
      key,
      [values.length],
      dataTypes.int64,
      bytesOf(BigInt64Array.from(values, BigInt)),
    );
  }

  scalar(value: number): string {
    const data = Float32Array.of(value);
    return this.#initializer(
      `f${Object.is(data[0], -0) ? "-0" : data[0]}`,
      [],
      dataTypes.float32,
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
    const copy = { name: `output_${name}`, type: "Identity", inputs: [value], outputs: [name] };
    this.#nodes.push({ ...copy, attributes: {} });
  }

  /** Writes the sets of nodes that the model is made of, the standard's in a version. */
  writeOpsets(wire: Wire, version: number): void {
    wire.message(8, () => wire.integer(2, version));
    if (!this.#nodes.some(({ type }) => runtimeNodes.has(type))) return;
    wire.message(8, () => {
      wire.string(1, RUNTIME_DOMAIN);
      wire.integer(2, 1);
    });
  }

  /** Writes the nodes of the graph, under the names that their outputs were given. */
  writeNodes(wire: Wire): void {
    const rename = (name: string): string => this.#renamed.get(name) ?? name;
    for (const node of this.#nodes) wire.message(1, () => writeNode(wire, node, rename));
  }

  /** Writes the constants of the graph. */
  writeConstants(wire: Wire): void {
    for (const constant of this.#initializers) wire.message(5, () => writeConstant(wire, constant));
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
