/** Generators of others as generators of tsgan: nodes before and after a model's own, which stay as they are. */
import { RunError } from "../errors.ts";
import {
  AttributeProto,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
  GraphProto,
  ModelProto,
  NodeProto,
  TensorProto,
  ValueInfoProto,
} from "./onnx.proto.ts";
import { parseOnnx } from "./onnx-model.ts";
import { sizeOf } from "./shapes.ts";

/** An input of a model: element type in ONNX's numbers, and shape without the batch. */
export interface AdaptedInput {
  readonly name: string;
  readonly type: number;
  readonly shape: readonly number[];
}

export interface Adaptation {
  /** Inputs that parts of z become, one after the other. */
  readonly latents: readonly AdaptedInput[];
  /** The input that a label becomes: its number, or a one and zeros. */
  readonly label?: (AdaptedInput & { readonly oneHot: boolean; readonly classes: number }) | undefined;
  /** Inputs that are always one number; their shapes with the batch. */
  readonly set: readonly (AdaptedInput & { readonly value: number })[];
  readonly output: {
    readonly name: string;
    /** What becomes of it: [channels, height, width], or [n]; its own shape without. */
    readonly shape?: readonly number[];
    /** Whether its channels come last. */
    readonly channelsLast?: boolean;
    /** image = scale · output + shift */
    readonly scale?: number;
    readonly shift?: number;
  };
  /** Runs the model for one example after the other. */
  readonly oneByOne: boolean;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Names of what is added, which no other tool gives. */
const OURS = "tsgan.import/";
const NEW = ["z", "label", "image"];

const integer = (name: string, value: number): AttributeProto =>
  AttributeProto.fromPartial({ name, type: AttributeType.INT, i: BigInt(value) });
const integers = (name: string, values: readonly number[]): AttributeProto =>
  AttributeProto.fromPartial({ name, type: AttributeType.INTS, ints: values.map(BigInt) });

const rawBytes = (values: Float32Array | Int32Array | BigInt64Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** Gathers nodes, each with a name of its own. */
const nodeWriter = (prefix: string) => {
  const nodes: NodeProto[] = [];
  const add = (opType: string, input: readonly string[], attribute: AttributeProto[] = []): string => {
    const name = `${prefix}${nodes.length}`;
    nodes.push(
      NodeProto.fromPartial({
        name,
        opType,
        input: [...input],
        output: [name],
        attribute,
      }),
    );
    return name;
  };
  const constant = (values: Float32Array | Int32Array | BigInt64Array, dims: readonly number[]): string => {
    const dataType =
      values instanceof Float32Array
        ? DataType.FLOAT
        : values instanceof Int32Array
          ? DataType.INT32
          : DataType.INT64;
    const t = TensorProto.fromPartial({ dims: dims.map(BigInt), dataType, rawData: rawBytes(values) });
    return add(
      "Constant",
      [],
      [AttributeProto.fromPartial({ name: "value", type: AttributeType.TENSOR, t })],
    );
  };
  const list = (values: readonly number[]): string =>
    constant(BigInt64Array.from(values, BigInt), [values.length]);
  return {
    nodes,
    add,
    constant,
    list,
    reshape: (tensor: string, shape: readonly number[]) => add("Reshape", [tensor, list(shape)]),
    cast: (tensor: string, from: number, to: number) =>
      from === to ? tensor : add("Cast", [tensor], [integer("to", to)]),
    /** Renames the tensor that a node has computed. */
    named: (tensor: string, name: string) => {
      nodes.push(
        NodeProto.fromPartial({
          name: `${prefix}${name}`,
          opType: "Identity",
          input: [tensor],
          output: [name],
        }),
      );
    },
  };
};

/** Gives nodes and tensors of a graph, and of those within its nodes, other names. */
const rename = (graph: GraphProto, to: (name: string) => string): void => {
  for (const node of graph.node) {
    node.name = to(node.name);
    node.input = node.input.map(to);
    node.output = node.output.map(to);
    for (const { g } of node.attribute) if (g !== undefined) rename(g, to);
  }
  for (const each of [...graph.initializer, ...graph.input, ...graph.output]) each.name = to(each.name);
};

const valueInfo = (name: string, elemType: number, sizes: readonly (number | string)[]): ValueInfoProto =>
  ValueInfoProto.fromPartial({
    name,
    type: {
      tensorType: {
        elemType,
        shape: {
          dim: sizes.map((size) =>
            typeof size === "string" ? { dimParam: size } : { dimValue: BigInt(size) },
          ),
        },
      },
    },
  });

/** A tensor of whatever shape. */
const untyped = (name: string): ValueInfoProto =>
  ValueInfoProto.fromPartial({ name, type: { tensorType: { elemType: DataType.FLOAT } } });

/**
 * The model with input `z` float32 [batch, latent], where it is conditional `label` int32 [batch], and output `image`.
 *
 * @param bytes an ONNX model
 * @param plan which of its inputs and outputs are meant, and what stands between them and ours
 * @param file what errors call the model
 * @throws RunError where the bytes are no ONNX model, or use an older operator set than the nodes that are added
 */
export const adaptOnnx = (bytes: Uint8Array, plan: Adaptation, file: string): Uint8Array => {
  const model = parseOnnx(bytes, file);
  const { graph } = model;
  const opset = Number(
    model.opsetImport.find(({ domain }) => domain === "" || domain === "ai.onnx")?.version ?? 0,
  );
  if (opset < 10) {
    throw new RunError(
      `${file}: expected operators of version 10 or newer; got ${opset}; convert it with onnx.version_converter`,
    );
  }
  // What was imported before has names of this kind, too.
  const inner = (name: string): string =>
    NEW.includes(name) || name.startsWith(OURS) ? `${OURS}theirs/${name}` : name;
  rename(graph, inner);
  const { latents, label, set, output, oneByOne } = plan;
  const [z, labels, image] = oneByOne ? NEW.map((name) => `${OURS}one/${name}`) : NEW;
  const batch = oneByOne ? 1 : -1;
  const before = nodeWriter(`${OURS}before/`);
  const size = latents.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const rows = oneByOne ? before.reshape(z, [1, size]) : z;
  let from = 0;
  for (const latent of latents) {
    const to = from + sizeOf(latent.shape);
    const part =
      latents.length === 1
        ? rows
        : before.add("Slice", [rows, before.list([from]), before.list([to]), before.list([1])]);
    const shaped = latent.shape.length === 1 ? part : before.reshape(part, [batch, ...latent.shape]);
    before.named(before.cast(shaped, DataType.FLOAT, latent.type), inner(latent.name));
    from = to;
  }
  if (label !== undefined) {
    let tensor = before.reshape(labels, label.oneHot ? [batch, 1] : [batch, ...label.shape]);
    if (label.oneHot) {
      const { classes } = label;
      const each = before.constant(
        Int32Array.from({ length: classes }, (_, i) => i),
        [1, classes],
      );
      tensor = before.cast(before.add("Equal", [tensor, each]), DataType.BOOL, label.type);
      if (label.shape.length > 1) tensor = before.reshape(tensor, [batch, ...label.shape]);
    } else tensor = before.cast(tensor, DataType.INT32, label.type);
    before.named(tensor, inner(label.name));
  }
  for (const { name, type, shape, value } of set) {
    const numbers = before.constant(new Float32Array(sizeOf(shape)).fill(value), shape);
    before.named(before.cast(numbers, DataType.FLOAT, type), inner(name));
  }

  const after = nodeWriter(`${OURS}after/`);
  const found = graph.output.find(({ name }) => name === inner(output.name));
  let tensor = after.cast(inner(output.name), found?.type?.tensorType?.elemType ?? 0, DataType.FLOAT);
  const { shape, channelsLast = false, scale = 1, shift = 0 } = output;
  if (shape !== undefined) {
    if (shape.length === 3 && channelsLast) {
      const [channels, height, width] = shape;
      tensor = after.reshape(tensor, [batch, height, width, channels]);
      tensor = after.add("Transpose", [tensor], [integers("perm", [0, 3, 1, 2])]);
    }
    if (scale !== 1) tensor = after.add("Mul", [tensor, after.constant(Float32Array.of(scale), [])]);
    if (shift !== 0) tensor = after.add("Add", [tensor, after.constant(Float32Array.of(shift), [])]);
    tensor = after.reshape(tensor, oneByOne ? shape : [batch, ...shape]);
  }
  after.named(tensor, image);
  const nodes = [...before.nodes, ...graph.node, ...after.nodes];
  const inputs = [
    valueInfo("z", DataType.FLOAT, ["batch", size]),
    ...(label === undefined ? [] : [valueInfo("label", DataType.INT32, ["batch"])]),
  ];
  const outputs = [
    shape === undefined ? untyped("image") : valueInfo("image", DataType.FLOAT, ["batch", ...shape]),
  ];
  const body = GraphProto.fromPartial({
    name: "one example",
    node: nodes,
    initializer: graph.initializer,
    input: [
      valueInfo(z, DataType.FLOAT, [size]),
      ...(label === undefined ? [] : [valueInfo(labels, DataType.INT32, [])]),
    ],
    output: [untyped(image)],
  });
  const scan = NodeProto.fromPartial({
    name: `${OURS}scan`,
    opType: "Scan",
    input: label === undefined ? ["z"] : ["z", "label"],
    output: ["image"],
    attribute: [
      AttributeProto.fromPartial({ name: "body", type: AttributeType.GRAPH, g: body }),
      integer("num_scan_inputs", label === undefined ? 1 : 2),
    ],
  });
  model.graph = {
    ...graph,
    node: oneByOne ? [scan] : nodes,
    initializer: oneByOne ? [] : graph.initializer,
    input: inputs,
    output: outputs,
    // Shapes that are written down are of the model's own batch.
    valueInfo: [],
  };
  // Before, weights had to be inputs, too.
  if (model.irVersion < 4n) model.irVersion = 4n;
  if (plan.metadata !== undefined) {
    model.metadataProps = Object.entries(plan.metadata).map(([key, value]) => ({ key, value }));
  }
  return ModelProto.encode(model).finish();
};
