/** Symbolic tensors, the ops, `grad`, simplification, and emission as ONNX. */

export { type ExampleGradients, exampleGrad } from "./example-grad.ts";
export { derivatives, grad } from "./grad.ts";
export { interpret } from "./interpret.ts";
export { batchLast } from "./layout.ts";
export { inputsOf, type OnnxOptions, toOnnx } from "./onnx.ts";
export { type Adaptation, type AdaptedInput, adaptOnnx } from "./onnx-adapt.ts";
export { finalOp, gatheredRows } from "./onnx-clues.ts";
export {
  describeOnnx,
  elementTypeName,
  elementTypes,
  exposeTensor,
  float64Product,
  type OnnxDescription,
  type OnnxInput,
  type ReadPart,
  withWeights,
} from "./onnx-model.ts";
export { largestTensor, type TensorSize } from "./onnx-size.ts";
export { add, type Binary, div, mul, neg, sub, type Unary } from "./ops/arithmetic.ts";
export { broadcastTo, expandLast, fill, flatten, reduceTo, reshape, sum, zeros } from "./ops/broadcast.ts";
export {
  cast,
  clip,
  elu,
  equal,
  greater,
  less,
  maximum,
  minimum,
  oneHot,
  where,
} from "./ops/choice.ts";
export {
  type Conv2dOptions,
  type ConvTranspose2dOptions,
  convTranspose2d,
} from "./ops/convolution.ts";
export {
  abs,
  cos,
  exp,
  leakyRelu,
  log,
  logSigmoid,
  power,
  reciprocal,
  relu,
  sigmoid,
  sign,
  sin,
  softplus,
  sqrt,
  square,
  step,
  stopGradient,
  tanh,
} from "./ops/functions.ts";
export { gather } from "./ops/gather.ts";
export { avgPool2d, conv2d } from "./ops/joined-convolution.ts";
export { constant, input, inputName, type Operand, tensor } from "./ops/leaves.ts";
export { dense, type MatmulOptions, matmul } from "./ops/linear.ts";
export { concat, flip, pad, reflectPad2d, slice, sliceAxis, transpose } from "./ops/movement.ts";
export { exampleNorm, sumSquares } from "./ops/norms.ts";
export { max, mean, variance } from "./ops/reductions.ts";
export { maxPool2d, sumPool2d, upsampleBilinear, upsampleNearest } from "./ops/resample.ts";
export { logSoftmax, logSumExp, softmax } from "./ops/softmax.ts";
export { topologicalOrder } from "./order.ts";
export { print } from "./print.ts";
export { broadcastShapes, formatShape, type Shape, sameShape, sizeOf } from "./shapes.ts";
export { type SimplifyOptions, simplify } from "./simplify.ts";
export {
  type Attribute,
  type Attributes,
  apply,
  type ConstantData,
  checkScalar,
  type DType,
  defineOp,
  describeOutput,
  type Emitter,
  GraphError,
  isTensor,
  type NoAttributes,
  type NodeAttribute,
  type Op,
  type ShapeRule,
  type Tensor,
} from "./tensor.ts";
export { verify } from "./verify.ts";
