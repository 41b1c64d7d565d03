/** Emission: a graph as a standard ONNX model. The one place that writes ONNX. */
import type { Emitter, NodeAttribute } from "./emitter.ts";
import { topologicalOrder } from "./grad.ts";
import {
  AttributeProto,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
  ModelProto,
  type NodeProto,
  NodeProto as NodeProtoCodec,
  TensorProto,
  ValueInfoProto as ValueInfoCodec,
  type ValueInfoProto,
} from "./onnx.proto.ts";
import { type DType, formatShape, GraphError, type Shape, sizeOf, type Tensor } from "./tensor.ts";

/** Old enough for every tool in use, new enough for ScatterND's reduction (16). */
const OPSET = 17;
const IR_VERSION = 8;

const dataTypes = { float32: DataType.FLOAT, int32: DataType.INT32, bool: DataType.BOOL } as const;

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
  if ("float" in value)
    return AttributeProto.fromPartial({ name, type: AttributeType.FLOAT, f: value.float });
  return AttributeProto.fromPartial({ name, type: AttributeType.INTS, ints: value.map(BigInt) });
};

const bytesOf = (view: ArrayBufferView): Uint8Array =>
  new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

export interface OnnxOptions {
  /** Name of the graph, shown by viewers. */
  readonly name?: string;
  /**
   * The same outputs built for another batch size. Axes that differ between the two are written as the symbolic axis
   * "batch", and the model takes any batch size.
   */
  readonly otherBatch?: Readonly<Record<string, Tensor>>;
  /**
   * Whether a vector is cut into its pieces by one Split (the default) rather than by one Slice each. WebGPU allows a
   * shader no more than 8 to 10 buffers, which a long Split exceeds.
   */
  readonly useSplit?: boolean;
  /** Kept in the model as metadata. */
  readonly metadata?: Readonly<Record<string, string>>;
}

const pieceKey = (node: Tensor): string => {
  const [begin] = node.attributes.begin as readonly number[];
  const [end] = node.attributes.end as readonly number[];
  return `${begin}:${end}`;
};

/** Vectors of which at least two disjoint pieces are taken: parameters travel as one vector and are cut here. */
const findCuts = (order: readonly Tensor[]): ReadonlyMap<Tensor, readonly (readonly [number, number])[]> => {
  const ranges = new Map<Tensor, Map<string, [number, number]>>();
  for (const node of order) {
    if (node.op.name !== "slice" || node.shape.length !== 1) continue;
    const source = node.inputs[0];
    const begin = (node.attributes.begin as readonly number[])[0];
    const end = (node.attributes.end as readonly number[])[0];
    ranges.set(source, (ranges.get(source) ?? new Map()).set(`${begin}:${end}`, [begin, end]));
  }
  const cuts = new Map<Tensor, readonly (readonly [number, number])[]>();
  for (const [source, pieces] of ranges) {
    const sorted = [...pieces.values()].sort((a, b) => a[0] - b[0]);
    const disjoint = sorted.every(([begin], i) => i === 0 || sorted[i - 1][1] <= begin);
    if (sorted.length > 1 && disjoint) cuts.set(source, sorted);
  }
  return cuts;
};

/** Shapes of the nodes of two graphs that differ only in their batch size, as one list for each node of the first. */
const pairShapes = (order: readonly Tensor[], other: readonly Tensor[]): Map<number, readonly number[]> => {
  const shapes = new Map<number, readonly number[]>();
  const same =
    order.length === other.length &&
    order.every((t, i) => t.op === other[i].op && t.shape.length === other[i].shape.length);
  if (!same) throw new GraphError("onnx: the graph's structure must not depend on the batch size");
  order.forEach((t, i) => {
    shapes.set(t.id, other[i].shape);
  });
  return shapes;
};

class ModelWriter implements Emitter {
  readonly nodes: NodeProto[] = [];
  readonly initializers: TensorProto[] = [];
  readonly #shared = new Map<string, string>();
  readonly #otherShapes: Map<number, readonly number[]> | undefined;
  /** A fed tensor whose first axis is the batch, for shapes that must be computed. */
  readonly #batchSource: string | undefined;
  /** Names of model outputs that are taken. */
  readonly #kept = new Set<string>();
  #count = 0;

  constructor(otherShapes?: Map<number, readonly number[]>, batchSource?: string) {
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
    const output = Array.from({ length: outputs }, () => this.#fresh());
    const attribute = Object.entries(attributes).map(([name, value]) => attributeProto(name, value));
    this.nodes.push(
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

  constant(data: Float32Array | Int32Array | Uint8Array, shape: readonly number[], dtype: DType): string {
    return this.#initializer(undefined, shape, dataTypes[dtype], bytesOf(data));
  }

  /** Gives the value of `t` the name of a model output: by renaming it or, where it has a name to keep, by a copy. */
  nameOutput(values: Map<Tensor, string>, t: Tensor, name: string): void {
    const old = values.get(t) as string;
    const producer = this.#kept.has(old) ? undefined : this.nodes.find((node) => node.output.includes(old));
    this.#kept.add(name);
    if (producer === undefined) {
      const copy = { name: `output_${name}`, opType: "Identity", input: [old], output: [name] };
      this.nodes.push(NodeProtoCodec.fromPartial(copy));
      return;
    }
    const rename = (names: readonly string[]): string[] => names.map((n) => (n === old ? name : n));
    for (const node of this.nodes) {
      node.input = rename(node.input);
      node.output = rename(node.output);
    }
    for (const [tensor, value] of values) if (value === old) values.set(tensor, name);
  }

  shapeOf(of: Tensor, open: "one" | "none"): string {
    const other = this.#otherShapes?.get(of.id) ?? of.shape;
    const moving = of.shape.map((n, i) => (n === other[i] ? n : -1));
    const count = moving.filter((n) => n === -1).length;
    if (count === 0 || (count === 1 && open === "one")) return this.integers(moving);
    if (this.#batchSource === undefined || count > 1 || moving[0] !== -1) {
      throw new GraphError(
        `onnx: ${of.op.name} to ${formatShape(of.shape)} follows the batch size in a way that cannot be exported`,
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

const valueInfo = (name: string, shape: Shape, dtype: DType, other: Shape): ValueInfoProto =>
  ValueInfoCodec.fromPartial({
    name,
    type: {
      tensorType: {
        elemType: dataTypes[dtype],
        shape: {
          dim: shape.map((n, i) => (n === other[i] ? { dimValue: BigInt(n) } : { dimParam: "batch" })),
        },
      },
    },
  });

/** The inputs that `outputs` depend on, in the order in which the graph meets them. */
export const inputsOf = (outputs: readonly Tensor[]): Tensor[] =>
  topologicalOrder(outputs).filter((t) => t.op.name === "input");

/** A complete ONNX model (opset 17) that computes `outputs` by name from the inputs they depend on. */
export const toOnnx = (outputs: Readonly<Record<string, Tensor>>, options: OnnxOptions = {}): Uint8Array => {
  const order = topologicalOrder(Object.values(outputs));
  const inputs = order.filter((t) => t.op.name === "input");
  const names = inputs.map((t) => String(t.attributes.name));
  const repeated = names.find((name, i) => names.indexOf(name) !== i);
  if (repeated !== undefined) throw new GraphError(`onnx: input names must differ; got "${repeated}" twice`);

  const otherOrder = options.otherBatch && topologicalOrder(Object.values(options.otherBatch));
  const otherShapes = otherOrder && pairShapes(order, otherOrder);
  const otherOf = (t: Tensor): Shape => otherShapes?.get(t.id) ?? t.shape;
  const batched = inputs.find((t) => otherOf(t)[0] !== t.shape[0]);
  const writer = new ModelWriter(
    otherShapes,
    batched === undefined ? undefined : String(batched.attributes.name),
  );

  const cuts = (options.useSplit ?? true) ? findCuts(order) : new Map<Tensor, never>();
  const pieces = new Map<Tensor, Map<string, string>>();
  const values = new Map<Tensor, string>();
  for (const node of order) {
    const inputNames = node.inputs.map((t) => values.get(t) as string);
    const piece =
      node.op.name === "slice" && node.shape.length === 1 ? pieces.get(node.inputs[0]) : undefined;
    values.set(node, piece?.get(pieceKey(node)) ?? node.op.onnx(node, inputNames, writer, node.attributes));
    const cut = cuts.get(node);
    if (cut !== undefined) pieces.set(node, writeSplit(writer, values.get(node) as string, node, cut));
  }

  const graphOutputs = Object.entries(outputs).map(([name, t]) => {
    writer.nameOutput(values, t, name);
    return valueInfo(name, t.shape, t.dtype, otherOf(t));
  });
  const model = ModelProto.fromPartial({
    irVersion: BigInt(IR_VERSION),
    opsetImport: [{ domain: "", version: BigInt(OPSET) }],
    producerName: "tsgan",
    graph: {
      name: options.name ?? "tsgan",
      node: writer.nodes,
      initializer: writer.initializers,
      input: inputs.map((t) => valueInfo(String(t.attributes.name), t.shape, t.dtype, otherOf(t))),
      output: graphOutputs,
    },
    metadataProps: Object.entries(options.metadata ?? {}).map(([key, value]) => ({ key, value })),
  });
  return ModelProto.encode(model).finish();
};

/** One Split for all pieces of a vector; what lies between them is cut off and unused. */
const writeSplit = (
  writer: ModelWriter,
  source: string,
  node: Tensor,
  ranges: readonly (readonly [number, number])[],
): Map<string, string> => {
  const sizes: number[] = [];
  const keys: (string | undefined)[] = [];
  let at = 0;
  for (const [begin, end] of ranges) {
    if (begin > at) {
      sizes.push(begin - at);
      keys.push(undefined);
    }
    sizes.push(end - begin);
    keys.push(`${begin}:${end}`);
    at = end;
  }
  if (at < sizeOf(node.shape)) {
    sizes.push(sizeOf(node.shape) - at);
    keys.push(undefined);
  }
  const outputs = writer.many("Split", [source, writer.integers(sizes)], sizes.length, { axis: 0 });
  const names = new Map<string, string>();
  keys.forEach((key, i) => {
    if (key !== undefined) names.set(key, outputs[i]);
  });
  return names;
};
