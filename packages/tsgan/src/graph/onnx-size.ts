/** How large the tensors of an ONNX model say that they are, before anything asks for their memory. */

import type { GraphProto, TensorProto, ValueInfoProto } from "./onnx.proto.ts";
import { parseOnnx } from "./onnx-model.ts";

/** Where `int64_data` lies among the fields of a tensor that are not read: field 7, packed. */
const INT64_DATA = (7 << 3) | 2;

/** The integers of a tensor of int64, however they are written. */
const integersOf = ({ rawData, _unknownFields }: TensorProto): number[] => {
  const out: number[] = [];
  if (rawData.length > 0) {
    const view = new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength);
    for (let at = 0; at + 8 <= rawData.length; at += 8) out.push(Number(view.getBigInt64(at, true)));
    return out;
  }
  for (const field of _unknownFields?.[INT64_DATA] ?? []) {
    // A length, then variable-length integers, seven bits a byte.
    let value = 0;
    let place = 1;
    let isLength = true;
    for (const byte of field) {
      value += (byte & 127) * place;
      place *= 128;
      if (byte >= 128) continue;
      if (!isLength) out.push(value);
      isLength = false;
      value = 0;
      place = 1;
    }
  }
  return out;
};

const product = (sides: readonly number[]): number =>
  sides.reduce((total, side) => total * Math.max(1, side), 1);

const declared = ({ type }: ValueInfoProto): number =>
  product((type?.tensorType?.shape?.dim ?? []).map(({ dimValue }) => Number(dimValue ?? 1)));

/** Ops whose output has the sides, or grows by the factors, that an input or an attribute lists. */
const SHAPED: Readonly<Record<string, number>> = { ConstantOfShape: 0, Expand: 1, Tile: 1, Resize: 3 };
const DRAWN = ["RandomNormal", "RandomUniform"];

/** A tensor of a model by its size in memory. */
export interface TensorSize {
  readonly name: string;
  /** Elements; an open size counts as 1. */
  readonly numbers: number;
}

const sizesOf = (graph: GraphProto): TensorSize[] => {
  const constants = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  const sizes: TensorSize[] = [...graph.input, ...graph.output, ...graph.valueInfo].map((value) => ({
    name: value.name,
    numbers: declared(value),
  }));
  for (const { name, dims } of graph.initializer) sizes.push({ name, numbers: product(dims.map(Number)) });
  for (const { opType, input, output, attribute } of graph.node) {
    const [name = opType] = output;
    for (const { g, t, ints, name: key } of attribute) {
      if (g !== undefined) sizes.push(...sizesOf(g));
      if (opType === "Constant" && t !== undefined) constants.set(name, t);
      if (DRAWN.includes(opType) && key === "shape") sizes.push({ name, numbers: product(ints.map(Number)) });
    }
    const shape = constants.get(input[SHAPED[opType] ?? -1] ?? "");
    if (shape !== undefined) sizes.push({ name, numbers: product(integersOf(shape)) });
  }
  return sizes;
};

/**
 * The largest tensor of a model, of those whose size is written in it: a few bytes may ask for any amount of memory.
 *
 * @param file what errors call the model
 * @throws RunError where the bytes are no ONNX model
 */
export const largestTensor = (bytes: Uint8Array, file: string): TensorSize =>
  sizesOf(parseOnnx(bytes, file).graph).reduce((a, b) => (b.numbers > a.numbers ? b : a), {
    name: "none",
    numbers: 0,
  });
