/** Emission: a graph as a standard ONNX model. The one place that writes ONNX. */
import { ModelWriter, type WriterOptions, writeValueInfo } from "./onnx-writer.ts";
import { inputName, inputOp } from "./ops/leaves.ts";
import { sliceOp } from "./ops/movement.ts";
import { topologicalOrder } from "./order.ts";
import { formatNode } from "./print.ts";
import { type Shape, sizeOf } from "./shapes.ts";
import { GraphError, isMadeBy, type Tensor } from "./tensor.ts";
import { verify } from "./verify.ts";
import { Wire } from "./wire.ts";

/** Old enough for every tool in use, new enough for ScatterND's reduction (16). */
const OPSET = 17;
const IR_VERSION = 8;

/** What a model is to be called and to carry, and how it is written. */
export interface OnnxOptions extends WriterOptions {
  /** Name of the graph, shown by viewers. */
  readonly name?: string;
  /**
   * Whether a vector is cut into its pieces by one Split (the default) rather than by one Slice each. WebGPU allows a
   * shader no more than 8 to 10 buffers, which a long Split exceeds.
   */
  readonly useSplit?: boolean;
  /** Kept in the model as metadata. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The piece that a node takes of a vector: [begin, end). */
const pieceOf = (node: Tensor): [number, number] | undefined =>
  isMadeBy(node, sliceOp) && node.shape.length === 1
    ? [node.attributes.begin[0], node.attributes.end[0]]
    : undefined;

const pieceKey = ([begin, end]: readonly [number, number]): string => `${begin}:${end}`;

/** Vectors of which at least two disjoint pieces are taken: parameters travel as one vector and are cut here. */
const findCuts = (order: readonly Tensor[]): ReadonlyMap<Tensor, readonly (readonly [number, number])[]> => {
  const ranges = new Map<Tensor, Map<string, [number, number]>>();
  for (const node of order) {
    const piece = pieceOf(node);
    if (piece === undefined) continue;
    const [source] = node.inputs;
    ranges.set(source, (ranges.get(source) ?? new Map()).set(pieceKey(piece), piece));
  }
  const cuts = new Map<Tensor, readonly (readonly [number, number])[]>();
  for (const [source, pieces] of ranges) {
    const sorted = [...pieces.values()].sort((a, b) => a[0] - b[0]);
    const disjoint = sorted.every(([begin], i) => i === 0 || sorted[i - 1][1] <= begin);
    if (sorted.length > 1 && disjoint) cuts.set(source, sorted);
  }
  return cuts;
};

/** Shapes of the nodes of two graphs that differ only in their batch size: the second's, by the first's id. */
const pairShapes = (order: readonly Tensor[], other: readonly Tensor[]): Map<number, Shape> => {
  const shapes = new Map<number, Shape>();
  for (let i = 0; i < Math.max(order.length, other.length); i++) {
    const [t, u] = [order[i], other[i]];
    if (t === undefined || u === undefined || t.op !== u.op || t.shape.length !== u.shape.length) {
      const name = (node: Tensor | undefined): string => (node === undefined ? "nothing" : formatNode(node));
      throw new GraphError(
        "onnx: the graph's structure must not depend on the batch size; " +
          `got ${name(t)} for ${SIZES[0]} examples and ${name(u)} for ${SIZES[1]}`,
      );
    }
    shapes.set(t.id, u.shape);
  }
  return shapes;
};

/** The inputs that `outputs` depend on, in the order in which the graph meets them. */
export const inputsOf = (outputs: readonly Tensor[]): Tensor[] =>
  topologicalOrder(outputs).filter((t) => isMadeBy(t, inputOp));

type Outputs = Readonly<Record<string, Tensor>>;

/** The batch sizes for which a graph is built in order to see which axes follow the batch. */
const SIZES = [2, 3] as const;

/**
 * A complete ONNX model (opset 17, standard nodes only) that computes `outputs`, by name, from the inputs that they depend
 * on. From a graph it takes the batch size of that graph; from a function that builds the graph for a batch size, any: the
 * function is called with 2 and 3, and axes that differ become the symbolic axis "batch".
 *
 * @throws GraphError where the graph does not hold together (`verify`), or its structure depends on the batch size
 * @example
 * ```ts
 * import { constant, dense, input, tanh, toOnnx } from "tsgan/graph";
 *
 * const weight = constant(new Float32Array(2 * 16), [2, 16]);
 * const fixed = toOnnx({ image: tanh(dense(input("z", [64, 16]), weight)) }); // 64 latents at a time
 * const open = toOnnx((batch) => ({ image: tanh(dense(input("z", [batch, 16]), weight)) })); // any number
 * ```
 */
export const toOnnx = (
  outputs: Outputs | ((batch: number) => Outputs),
  options: OnnxOptions = {},
): Uint8Array =>
  typeof outputs === "function"
    ? emit(outputs(SIZES[0]), outputs(SIZES[1]), options)
    : emit(outputs, undefined, options);

const emit = (outputs: Outputs, otherOutputs: Outputs | undefined, options: OnnxOptions): Uint8Array => {
  const order = verify(Object.values(outputs), "onnx");
  const inputs = order.filter((t) => isMadeBy(t, inputOp));
  const otherShapes =
    otherOutputs &&
    pairShapes(order, topologicalOrder(Object.keys(outputs).map((name) => otherOutputs[name])));
  const otherOf = (t: Tensor): Shape => otherShapes?.get(t.id) ?? t.shape;
  const batched = inputs.find((t) => otherOf(t)[0] !== t.shape[0]);
  const writer = new ModelWriter(options, otherShapes, batched && inputName(batched));

  const cuts = (options.useSplit ?? true) ? findCuts(order) : new Map<Tensor, never>();
  const pieces = new Map<Tensor, Map<string, string>>();
  const values = new Map<Tensor, string>();
  for (const node of order) {
    const inputNames = node.inputs.map((t) => values.get(t) as string);
    const piece = pieceOf(node);
    const cutOff = piece && pieces.get(node.inputs[0])?.get(pieceKey(piece));
    values.set(node, cutOff ?? node.op.onnx(node, inputNames, writer, node.attributes));
    const cut = cuts.get(node);
    if (cut !== undefined) pieces.set(node, writeSplit(writer, values.get(node) as string, node, cut));
  }

  for (const [name, t] of Object.entries(outputs)) writer.nameOutput(values.get(t) as string, name);
  // The numbers of fields are those of onnx.proto.
  const wire = new Wire();
  wire.integer(1, IR_VERSION);
  writer.writeOpsets(wire, OPSET);
  wire.string(2, "tsgan");
  wire.message(7, () => {
    writer.writeNodes(wire);
    wire.string(2, options.name ?? "tsgan");
    writer.writeConstants(wire);
    for (const t of inputs) {
      wire.message(11, () => writeValueInfo(wire, inputName(t) as string, t, otherOf(t)));
    }
    for (const [name, t] of Object.entries(outputs)) {
      wire.message(12, () => writeValueInfo(wire, name, t, otherOf(t)));
    }
  });
  for (const [key, value] of Object.entries(options.metadata ?? {})) {
    wire.message(14, () => {
      wire.string(1, key);
      wire.string(2, value);
    });
  }
  return wire.finish();
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
