/** What the nodes of a model say of what it takes and gives. */
import type { NodeProto } from "./onnx.proto.ts";
import { parseOnnx } from "./onnx-model.ts";

/** Ops that lay numbers out otherwise, or write them otherwise. */
const LAYOUT = ["Reshape", "Transpose", "Identity", "Cast", "Flatten", "Squeeze", "Unsqueeze", "Dropout"];

/**
 * The op that computes the numbers of a tensor; undefined where it is fed, or constant.
 *
 * @param bytes an ONNX model
 * @param file what errors call the model
 */
export const finalOp = (bytes: Uint8Array, tensor: string, file: string): string | undefined => {
  const { node } = parseOnnx(bytes, file).graph;
  const makers = new Map(node.flatMap((each) => each.output.map((name) => [name, each] as const)));
  // Not more steps than nodes: a file may go in circles.
  let maker: NodeProto | undefined = makers.get(tensor);
  for (let left = node.length; maker !== undefined && left > 0; left--) {
    if (!LAYOUT.includes(maker.opType)) return maker.opType;
    maker = makers.get(maker.input[0]);
  }
  return undefined;
};

/**
 * Rows of the table from which an input of numbers of classes takes its rows; undefined where it goes into none.
 *
 * @param bytes an ONNX model
 * @param file what errors call the model
 */
export const gatheredRows = (bytes: Uint8Array, input: string, file: string): number | undefined => {
  const { node, initializer } = parseOnnx(bytes, file).graph;
  const tables = new Map(initializer.map(({ name, dims }) => [name, Number(dims[0])]));
  const names = new Set([input]);
  for (const { opType, input: from, output } of node) {
    if (opType === "Gather" && names.has(from[1])) return tables.get(from[0]);
    if (LAYOUT.includes(opType) && names.has(from[0])) for (const name of output) names.add(name);
  }
  return undefined;
};
