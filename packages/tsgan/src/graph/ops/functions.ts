/** Functions of each element. Each op: derivative (its identity in the comment), value in float64, ONNX form. */
import { apply, defineOp, GraphError, type Op, requireFloat, type Tensor } from "../tensor.ts";
import { div, mul, neg, sub, unary } from "./arithmetic.ts";
import { like } from "./broadcast.ts";

/** |x|, with derivative 0 at x = 0. */
// d|x| = sign(x) dx, with sign(0) = 0
export const abs = unary("abs", { value: Math.abs, derivative: (dy, x) => mul(dy, sign(x)), onnx: "Abs" });

/** −1, 0 or 1, by the sign of x; its derivative is 0. */
// piecewise constant
export const sign = unary("sign", { value: Math.sign, derivative: () => undefined, onnx: "Sign" });

/** x², each element times itself. */
// d(x²) = 2x dx
export const square = unary("square", {
  value: (x) => x * x,
  derivative: (dy, x) => mul(dy, mul(x, 2)),
  onnx: (_, [x], emitter) => emitter.node("Mul", [x, x]),
});

/** √x; the derivative at 0 is infinite. */
// d√x = dx / (2√x)
export const sqrt = unary("sqrt", {
  value: Math.sqrt,
  derivative: (dy, _x, y) => div(mul(dy, 0.5), y),
  onnx: "Sqrt",
});

/** 1 / x: infinite at 0, and so is its derivative. */
// d(1/x) = −dx / x²
export const reciprocal = unary("reciprocal", {
  value: (x) => 1 / x,
  derivative: (dy, _x, y) => neg(mul(dy, square(y))),
  onnx: "Reciprocal",
});

/** eˣ: infinite in float32 from x = 89 on. */
// d(eˣ) = eˣ dx
export const exp = unary("exp", { value: Math.exp, derivative: (dy, _x, y) => mul(dy, y), onnx: "Exp" });

/** The natural logarithm of x > 0: −∞ at 0, NaN below. */
// d(log x) = dx / x
export const log = unary("log", { value: Math.log, derivative: (dy, x) => div(dy, x), onnx: "Log" });

/** sin x of each element, in radians. */
// d(sin x) = cos x dx
export const sin = unary("sin", { value: Math.sin, derivative: (dy, x) => mul(dy, cos(x)), onnx: "Sin" });

/** cos x of each element, in radians. */
// d(cos x) = −sin x dx
export const cos = unary("cos", {
  value: Math.cos,
  derivative: (dy, x) => neg(mul(dy, sin(x))),
  onnx: "Cos",
});

/** tanh x, each element, in (−1, 1). */
// d(tanh x) = (1 − tanh² x) dx
export const tanh = unary("tanh", {
  value: Math.tanh,
  derivative: (dy, _x, y) => mul(dy, sub(1, square(y))),
  onnx: "Tanh",
});

const sigmoidValue = (x: number) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));

/** σ(x) = 1 / (1 + e⁻ˣ), in (0, 1). */
// dσ(x) = σ(x) (1 − σ(x)) dx
export const sigmoid = unary("sigmoid", {
  value: sigmoidValue,
  derivative: (dy, _x, y) => mul(dy, mul(y, sub(1, y))),
  onnx: "Sigmoid",
});

const softplusValue = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** softplus(x) = log(1 + eˣ), in the form that neither overflows nor loses digits: max(x, 0) + log1p(e^−|x|). */
// d softplus(x) = σ(x) dx
export const softplus = unary("softplus", {
  value: softplusValue,
  derivative: (dy, x) => mul(dy, sigmoid(x)),
  onnx: "Softplus",
});

/** log σ(x) = −softplus(−x), finite for every finite x. */
export const logSigmoid = (x: Tensor): Tensor => neg(softplus(neg(x)));

/** The same tensor with derivative zero. */
export const stopGradient = unary("stop_gradient", {
  value: (x) => x,
  derivative: () => undefined,
  onnx: (_, [x]) => x,
});

type Exponent = { readonly exponent: number };

const powerOp: Op<Exponent> = defineOp({
  name: "power",
  elementwise: true,
  shape: (inputs) => {
    requireFloat("power", inputs);
    return { shape: inputs[0].shape };
  },
  // d(xᵖ) = p xᵖ⁻¹ dx
  derivative: (y, dy, { exponent }) => [mul(dy, mul(power(y.inputs[0], exponent - 1), exponent))],
  value: (_, [x], { exponent }) => x.map((v) => v ** exponent),
  onnx: (_, [x], emitter, { exponent }) => emitter.node("Pow", [x, emitter.scalar(exponent)]),
});

/** xᵖ for a constant exponent p. For a p that is no integer, x must be positive. */
export const power = (x: Tensor, exponent: number): Tensor => {
  if (exponent === 0) return like(x, 1);
  if (exponent === 1) return x;
  if (exponent === 2) return square(x);
  if (exponent === 0.5) return sqrt(x);
  return apply(powerOp, [x], { exponent });
};

export type Slope = { readonly slope: number };

export const stepOp: Op<Slope> = defineOp({
  name: "step",
  elementwise: true,
  shape: (inputs) => {
    requireFloat("step", inputs);
    return { shape: inputs[0].shape };
  },
  derivative: () => [undefined],
  value: (_, [x], { slope }) => x.map((v) => (Number.isNaN(v) ? Number.NaN : v > 0 ? 1 : slope)),
  // HardSigmoid is clip(αx, 0, 1): with α = 3e38 it leaves 0 or 1 for every normal x, in one node where Greater, Where
  // and their constants take two, each slower. Positive subnormals below 1/3e38 count as 0.
  onnx: (_, [x], emitter, { slope }) => {
    const sharp = emitter.node("HardSigmoid", [x], { alpha: { float: 3e38 }, beta: { float: 0 } });
    return slope === 0 ? sharp : emitter.node("Max", [sharp, emitter.scalar(slope)]);
  },
});

const checkSlope = (op: string, slope: number): void => {
  if (!(slope >= 0 && slope <= 1)) throw new GraphError(`${op}: slope must lie in [0, 1]; got ${slope}`);
};

/**
 * 1 where x > 0, `slope` elsewhere (at 0 too): the derivative of (leaky) ReLU. Its own derivative is zero.
 *
 * @throws GraphError where the slope lies outside [0, 1]
 */
export const step = (x: Tensor, slope = 0): Tensor => {
  checkSlope("step", slope);
  return apply(stepOp, [x], { slope });
};

export const leakyReluOp: Op<Slope> = defineOp({
  name: "leaky_relu",
  elementwise: true,
  shape: (inputs) => {
    requireFloat("leaky_relu", inputs);
    return { shape: inputs[0].shape };
  },
  // d lrelu(x) = (1 where x > 0, else slope) dx
  derivative: (y, dy, { slope }) => [mul(dy, step(y.inputs[0], slope))],
  value: (_, [x], { slope }) => x.map((v) => (v > 0 ? v : slope * v)),
  onnx: (_, inputs, emitter, { slope }) =>
    slope === 0
      ? emitter.node("Relu", inputs)
      : emitter.node("LeakyRelu", inputs, { alpha: { float: slope } }),
});

/**
 * x where x > 0, slope · x elsewhere.
 *
 * @throws GraphError where the slope lies outside [0, 1]
 */
export const leakyRelu = (x: Tensor, slope = 0.2): Tensor => {
  checkSlope("leaky_relu", slope);
  return apply(leakyReluOp, [x], { slope });
};

/** max(x, 0); the derivative at 0 is 0. */
export const relu = (x: Tensor): Tensor => leakyRelu(x, 0);
