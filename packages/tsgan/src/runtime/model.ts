/** ONNX models as programs, where they were not made from a graph here: feature extractors, a float64 product. */
import { engine } from "#onnxruntime";
import { RunError } from "../errors.ts";
import { float64Product } from "../graph/index.ts";
import { type ModelData, releaseOf } from "./engine.ts";
import type { CompileOptions } from "./program.ts";

/** A tensor that goes into a loaded model or comes out of one. */
export interface ModelTensor {
  readonly data: ModelData;
  readonly shape: readonly number[];
}

/** An ONNX model on a device. */
export interface LoadedModel {
  /** Runs once; feeds and results by the model's own names. */
  run(feeds: Readonly<Record<string, ModelTensor>>): Promise<Record<string, ModelTensor>>;
  /** Releases the session. Once more does nothing. */
  dispose(): Promise<void>;
}

/**
 * An ONNX model, wherever it comes from, on a device.
 *
 * @param file what errors call it
 * @throws RunError where ONNX Runtime cannot load it
 * @example
 * ```ts
 * import { input, mul, toOnnx } from "tsgan/graph";
 * import { loadModel } from "tsgan/runtime";
 *
 * const model = await loadModel(toOnnx({ y: mul(input("x", [2]), 3) }), "triple.onnx"); // or the bytes of any ONNX file
 * const { y } = await model.run({ x: { data: Float32Array.of(1, 2), shape: [2] } });
 * console.log(y.data); // 3, 6
 * await model.dispose();
 * ```
 */
export const loadModel = async (
  model: Uint8Array,
  file: string,
  { device = engine.defaultDevice(), threads = engine.defaultThreads() }: Omit<CompileOptions, "state"> = {},
): Promise<LoadedModel> => {
  const failed = (what: string, error: unknown): RunError =>
    new RunError(`${file}: ${what}: ${error instanceof Error ? error.message : error}`, { cause: error });
  const { session, tensors } = await engine.open({ model, device, threads }).catch((error: unknown) => {
    throw failed("the model cannot be loaded", error);
  });
  return {
    run: async (feeds) => {
      const fed = Object.entries(feeds).map(([name, { data, shape }]) => [name, tensors.make(data, shape)]);
      const results = await session.run(Object.fromEntries(fed)).catch((error: unknown) => {
        throw failed("the model cannot be run", error);
      });
      const outputs: Record<string, ModelTensor> = {};
      for (const [name, result] of Object.entries(results)) {
        outputs[name] = { data: (await result.getData()) as ModelData, shape: result.dims };
        result.dispose();
      }
      return outputs;
    },
    dispose: releaseOf(session),
  };
};

/** A dense float64 matrix, row-major. */
interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

/** Multiplies dense matrices, row-major, in float64. */
export interface Product {
  multiply(left: Matrix, right: Matrix): Promise<Matrix>;
  dispose(): Promise<void>;
}

/** The matrix product of ONNX Runtime, in float64: for hundreds of columns some twenty times as fast as plain code. */
export const openProduct = async (options: Pick<CompileOptions, "threads"> = {}): Promise<Product> => {
  const model = await loadModel(float64Product(), "matrix product", options);
  return {
    multiply: async (left, right) => {
      const { product } = await model.run({
        left: { data: left.data, shape: [left.rows, left.columns] },
        right: { data: right.data, shape: [right.rows, right.columns] },
      });
      return { rows: left.rows, columns: right.columns, data: product.data as Float64Array };
    },
    dispose: () => model.dispose(),
  };
};
