/** What an op needs in order to write its ONNX form. */
import type { DType, Tensor } from "./tensor.ts";

export type NodeAttribute = number | string | readonly number[] | { readonly float: number };

export interface Emitter {
  /**
   * Adds a node and returns its output's name. Numbers are int attributes; `{ float }` marks a float attribute.
   * An empty input name leaves an optional input out.
   */
  node(
    type: string,
    inputs: readonly string[],
    attributes?: { readonly [name: string]: NodeAttribute },
  ): string;
  /** A shared int64 vector. */
  integers(values: readonly number[]): string;
  /** A shared float32 scalar. */
  scalar(value: number): string;
  /** A tensor constant. */
  constant(data: Float32Array | Int32Array | Uint8Array, shape: readonly number[], dtype: DType): string;
  /**
   * The shape of a tensor as int64, for an exported model of any batch size too. `open`: how many axes the op that
   * takes the shape can work out by itself (Reshape one, as −1; Expand none).
   */
  shapeOf(tensor: Tensor, open: "one" | "none"): string;
}
