/** Symbolic tensors, the ops, `grad`, simplification, and emission as ONNX. */
export { constant, fill, input } from "./constant.ts";
export { type Conv2dOptions, type ConvTranspose2dOptions, conv2d, convTranspose2d } from "./convolution.ts";
export * from "./elementwise.ts";
export { evaluate } from "./evaluate.ts";
export { grad, topologicalOrder } from "./grad.ts";
export { batchLast } from "./layout.ts";
export { dense, type MatmulOptions, matmul } from "./linear.ts";
export { inputsOf, type OnnxOptions, toOnnx } from "./onnx.ts";
export {
  describeOnnx,
  elementTypes,
  exposeTensor,
  float64Product,
  type OnnxDescription,
  type OnnxInput,
} from "./onnx-model.ts";
export { print } from "./print.ts";
export { avgPool2d, maxPool2d, sumPool2d, upsampleNearest } from "./resample.ts";
export * from "./shape.ts";
export { type SimplifyOptions, simplify } from "./simplify.ts";
export {
  type ConstantData,
  type DType,
  formatShape,
  GraphError,
  type Op,
  type Shape,
  sameShape,
  sizeOf,
  type Tensor,
} from "./tensor.ts";
