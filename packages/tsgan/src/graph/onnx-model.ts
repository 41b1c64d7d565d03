/** ONNX models as they come from files: what they take, what they compute inside, and an inner tensor as their output. */
import { nearestSome, RunError, UsageError } from "../errors.ts";
import {
  TensorProto_DataLocation as DataLocation,
  TensorProto_DataType as DataType,
  type GraphProto,
  ModelProto,
  type TensorProto,
  ValueInfoProto,
} from "./onnx.proto.ts";

/** Element types of ONNX tensors. */
export const elementTypes = {
  float32: DataType.FLOAT,
  uint8: DataType.UINT8,
  int8: DataType.INT8,
  int32: DataType.INT32,
  int64: DataType.INT64,
  bool: DataType.BOOL,
  float16: DataType.FLOAT16,
  float64: DataType.DOUBLE,
} as const;

/** The name of an element type by ONNX's number. */
export const elementTypeName = (type: number): string =>
  Object.entries(elementTypes).find(([, number]) => number === type)?.[0] ?? `type ${type}`;

/** An input of a model. */
export interface OnnxInput {
  readonly name: string;
  /** Element type in ONNX's numbers: 1 float32, 2 uint8 … */
  readonly type: number;
  /** Undefined where the model leaves a size open. */
  readonly shape: readonly (number | undefined)[];
}

/** What a model says of itself. */
export interface OnnxDescription {
  /** What must be fed: the graph's inputs but for those that are weights. */
  readonly inputs: readonly OnnxInput[];
  /** Names of its outputs. */
  readonly outputs: readonly string[];
  /** Every tensor that a node computes. */
  readonly tensors: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
}

type Model = ModelProto & { graph: GraphProto };

/** The model in a file, wherever its weights lie. */
const decodeModel = (bytes: Uint8Array, file: string): Model => {
  let model: ModelProto | undefined;
  try {
    model = ModelProto.decode(bytes);
  } catch {
    // The same sentence as for bytes that happen to parse as something else.
  }
  if (model?.graph === undefined || model.graph.node.length === 0) {
    throw new RunError(
      `${file}: expected an ONNX model; got a file of ${bytes.length} bytes that is not one`,
    );
  }
  if (model.graph.output.length === 0) {
    throw new RunError(`${file}: expected an ONNX model; got one without outputs`);
  }
  return model as Model;
};

/** Tensors that are written in a graph, those within its nodes included. */
const tensorsOf = ({ initializer, node }: GraphProto): TensorProto[] => [
  ...initializer,
  ...node.flatMap(({ attribute }) =>
    attribute.flatMap(({ t, g }) => [
      ...(t === undefined ? [] : [t]),
      ...(g === undefined ? [] : tensorsOf(g)),
    ]),
  ),
];

const isElsewhere = ({ dataLocation, externalData }: TensorProto): boolean =>
  dataLocation !== DataLocation.DEFAULT || externalData.length > 0;

/** Where the weights of a tensor lie that are not in the model's file. */
const placeOf = ({ externalData }: TensorProto): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(externalData.map(({ key, value }) => [key, value]));

/**
 * The model in a file, which must have nodes, outputs and all its weights.
 *
 * @throws RunError where the bytes are no ONNX model, or weights lie in another file
 */
export const parseOnnx = (bytes: Uint8Array, file: string): Model => {
  const model = decodeModel(bytes, file);
  const outside = tensorsOf(model.graph).find(isElsewhere);
  if (outside === undefined) return model;
  throw new RunError(
    `${file}: expected a model with its weights; those of ${outside.name || "a tensor"} lie in another file, ` +
      `${placeOf(outside).location ?? "which it does not name"}; put them into one, as tsgan import does for generators`,
  );
};

/** Reads a part of a file that a model names. `length`: to its end where undefined. */
export type ReadPart = (location: string, offset: number, length: number | undefined) => Uint8Array;

/**
 * The model with the weights that lie in other files.
 *
 * @param bytes an ONNX model
 * @param file what errors call the model
 * @param read gives the bytes of a part of another file
 * @throws RunError for places that are no places
 */
export const withWeights = (bytes: Uint8Array, file: string, read: ReadPart): Uint8Array => {
  const model = decodeModel(bytes, file);
  const outside = tensorsOf(model.graph).filter(isElsewhere);
  if (outside.length === 0) return bytes;
  for (const tensor of outside) {
    const { location, offset = "0", length } = placeOf(tensor);
    const whole = [offset, length ?? "0"].map(Number);
    if (location === undefined || !whole.every((n) => Number.isSafeInteger(n) && n >= 0)) {
      throw new RunError(
        `${file}: expected where the weights of ${tensor.name} lie; got ${JSON.stringify(placeOf(tensor))}; export it anew`,
      );
    }
    tensor.rawData = read(location, whole[0], length === undefined ? undefined : whole[1]);
    tensor.externalData = [];
    tensor.dataLocation = DataLocation.DEFAULT;
  }
  return ModelProto.encode(model).finish();
};

/**
 * What a model takes, what it computes, and its metadata.
 *
 * @param file what errors call the model
 * @throws RunError where the bytes are no ONNX model
 */
export const describeOnnx = (bytes: Uint8Array, file: string): OnnxDescription => {
  const { graph, metadataProps } = parseOnnx(bytes, file);
  const weights = new Set(graph.initializer.map(({ name }) => name));
  return {
    inputs: graph.input
      .filter(({ name }) => !weights.has(name))
      .map(({ name, type }) => {
        const { elemType = DataType.UNDEFINED, shape } = type?.tensorType ?? {};
        const sizes = (shape?.dim ?? []).map(({ dimValue }) => Number(dimValue ?? 0));
        return { name, type: elemType, shape: sizes.map((size) => (size > 0 ? size : undefined)) };
      }),
    outputs: graph.output.map(({ name }) => name),
    tensors: graph.node.flatMap(({ output }) => output.filter((name) => name !== "")),
    metadata: Object.fromEntries(metadataProps.map(({ key, value }) => [key, value])),
  };
};

/**
 * The model with the named tensor as its only output. A node's name stands for its first output.
 *
 * @param bytes an ONNX model
 * @param file what errors call the model
 * @throws UsageError with the nearest names where there is no such tensor
 */
export const exposeTensor = (
  bytes: Uint8Array,
  tensor: string,
  file: string,
): { readonly model: Uint8Array; readonly output: string } => {
  const model = parseOnnx(bytes, file);
  const { node } = model.graph;
  const tensors = node.flatMap((each) => each.output);
  const output = tensors.includes(tensor) ? tensor : node.find(({ name }) => name === tensor)?.output[0];
  if (output === undefined || output === "") {
    const names = [...new Set([...tensors, ...node.map(({ name }) => name)])].filter((name) => name !== "");
    throw new UsageError(
      `${file}: there is no layer "${tensor}"; the nearest names are ${nearestSome(tensor, names, 5).join(", ")} ` +
        `(${names.length} in all; its outputs are ${model.graph.output.map(({ name }) => name).join(", ")})`,
    );
  }
  const known = model.graph.output.find(({ name }) => name === output);
  // ONNX Runtime works out type and shape of an output that has a name only.
  model.graph.output = [known ?? ValueInfoProto.fromPartial({ name: output })];
  return { model: ModelProto.encode(model).finish(), output };
};

/** A model that multiplies: inputs `left` [n, k] and `right` [k, m], output `product` [n, m], all float64. */
export const float64Product = (): Uint8Array => {
  const value = (name: string, rows: string, columns: string): ValueInfoProto =>
    ValueInfoProto.fromPartial({
      name,
      type: {
        tensorType: {
          elemType: DataType.DOUBLE,
          shape: { dim: [{ dimParam: rows }, { dimParam: columns }] },
        },
      },
    });
  const model = ModelProto.fromPartial({
    irVersion: 8n,
    opsetImport: [{ domain: "", version: 17n }],
    producerName: "tsgan",
    graph: {
      name: "product",
      node: [{ name: "product", opType: "MatMul", input: ["left", "right"], output: ["product"] }],
      input: [value("left", "n", "k"), value("right", "k", "m")],
      output: [value("product", "n", "m")],
    },
  });
  return ModelProto.encode(model).finish();
};
