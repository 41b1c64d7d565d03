/** Elementwise ops. Each entry: shape rule, derivative (its identity in the comment), reference value, ONNX form. */
import { constant, isConstantValue, like, scalarValue } from "./constant.ts";
import { broadcastTo, expandLast, reduceTo } from "./shape.ts";
import {
  apply,
  broadcastShapes,
  broadcastStrides,
  fail,
  GraphError,
  type NoAttributes,
  type Op,
  sameShape,
  sizeOf,
  type Tensor,
  walk,
} from "./tensor.ts";

const float = (op: string, inputs: readonly Tensor[]): void => {
  if (inputs.some((t) => t.dtype !== "float32")) fail(op, "inputs must be float32", inputs, "use cast");
};

interface UnaryEntry {
  readonly value: (x: number) => number;
  /** dL/dx from upstream dL/dy, x and y = op(x). */
  readonly gradient: (dy: Tensor, x: Tensor, y: Tensor) => Tensor | undefined;
  readonly onnx: string | Op<NoAttributes>["onnx"];
  readonly simplify?: (x: Tensor) => Tensor | undefined;
}

const unary = (name: string, entry: UnaryEntry): ((x: Tensor) => Tensor) => {
  const op: Op<NoAttributes> = {
    name,
    shape: (inputs) => {
      float(name, inputs);
      return { shape: inputs[0].shape };
    },
    gradient: (y, dy) => [entry.gradient(dy, y.inputs[0], y)],
    evaluate: (_, [x]) => x.map(entry.value),
    onnx: (y, inputs, emitter, attributes) =>
      typeof entry.onnx === "string"
        ? emitter.node(entry.onnx, inputs)
        : entry.onnx(y, inputs, emitter, attributes),
    simplify: (y) => entry.simplify?.(y.inputs[0]),
    permute: (attributes) => attributes,
  };
  return (x) => apply(op, [x], {});
};

const softplusValue = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const sigmoidValue = (x: number) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));

// d(−x) = −dx
export const neg = unary("neg", {
  value: (x) => -x,
  gradient: (dy) => neg(dy),
  onnx: "Neg",
  simplify: (x) => (x.op.name === "neg" ? x.inputs[0] : undefined),
});
// d|x| = sign(x) dx, with sign(0) = 0
export const abs = unary("abs", { value: Math.abs, gradient: (dy, x) => mul(dy, sign(x)), onnx: "Abs" });
// piecewise constant
export const sign = unary("sign", { value: Math.sign, gradient: () => undefined, onnx: "Sign" });
// d(x²) = 2x dx
export const square = unary("square", {
  value: (x) => x * x,
  gradient: (dy, x) => mul(dy, mul(x, 2)),
  onnx: (_, [x], emitter) => emitter.node("Mul", [x, x]),
});
// d√x = dx / (2√x)
export const sqrt = unary("sqrt", {
  value: Math.sqrt,
  gradient: (dy, _x, y) => div(mul(dy, 0.5), y),
  onnx: "Sqrt",
});
// d(1/x) = −dx / x²
export const reciprocal = unary("reciprocal", {
  value: (x) => 1 / x,
  gradient: (dy, _x, y) => neg(mul(dy, square(y))),
  onnx: "Reciprocal",
});
// d(eˣ) = eˣ dx
export const exp = unary("exp", { value: Math.exp, gradient: (dy, _x, y) => mul(dy, y), onnx: "Exp" });
// d(log x) = dx / x
export const log = unary("log", { value: Math.log, gradient: (dy, x) => div(dy, x), onnx: "Log" });
// d(sin x) = cos x dx
export const sin = unary("sin", { value: Math.sin, gradient: (dy, x) => mul(dy, cos(x)), onnx: "Sin" });
// d(cos x) = −sin x dx
export const cos = unary("cos", { value: Math.cos, gradient: (dy, x) => neg(mul(dy, sin(x))), onnx: "Cos" });
// d(tanh x) = (1 − tanh² x) dx
export const tanh = unary("tanh", {
  value: Math.tanh,
  gradient: (dy, _x, y) => mul(dy, sub(1, square(y))),
  onnx: "Tanh",
});
// dσ(x) = σ(x) (1 − σ(x)) dx
export const sigmoid = unary("sigmoid", {
  value: sigmoidValue,
  gradient: (dy, _x, y) => mul(dy, mul(y, sub(1, y))),
  onnx: "Sigmoid",
});
/** softplus(x) = log(1 + eˣ), in the form that neither overflows nor loses digits: max(x, 0) + log1p(e^−|x|). */
// d softplus(x) = σ(x) dx
export const softplus = unary("softplus", {
  value: softplusValue,
  gradient: (dy, x) => mul(dy, sigmoid(x)),
  onnx: "Softplus",
});

/** The same tensor with derivative zero. */
export const stopGradient = unary("stop_gradient", {
  value: (x) => x,
  gradient: () => undefined,
  onnx: (_, [x]) => x,
  simplify: (x) => x,
});

type Slope = { readonly slope: number };

const stepOp: Op<Slope> = {
  name: "step",
  shape: ([x]) => ({ shape: x.shape }),
  gradient: () => [undefined],
  evaluate: (_, [x], { slope }) => x.map((v) => (Number.isNaN(v) ? Number.NaN : v > 0 ? 1 : slope)),
  // HardSigmoid is clip(αx, 0, 1): with α = 3e38 it leaves 0 or 1 for every normal x, in one node where Greater, Where
  // and their constants take two, each slower. Positive subnormals below 1/3e38 count as 0.
  onnx: (_, [x], emitter, { slope }) => {
    const sharp = emitter.node("HardSigmoid", [x], { alpha: { float: 3e38 }, beta: { float: 0 } });
    return slope === 0 ? sharp : emitter.node("Max", [sharp, emitter.scalar(slope)]);
  },
  permute: (attributes) => attributes,
};

/** 1 where x > 0, `slope` elsewhere (at 0 too): the derivative of (leaky) ReLU. Its own derivative is zero. */
export const step = (x: Tensor, slope = 0): Tensor => {
  if (!(slope >= 0 && slope <= 1)) throw new GraphError(`step: slope must lie in [0, 1]; got ${slope}`);
  return apply(stepOp, [x], { slope });
};

const leakyReluOp: Op<Slope> = {
  name: "leaky_relu",
  shape: (inputs) => {
    float("leaky_relu", inputs);
    return { shape: inputs[0].shape };
  },
  // d lrelu(x) = (1 where x > 0, else slope) dx
  gradient: (y, dy, { slope }) => [mul(dy, step(y.inputs[0], slope))],
  evaluate: (_, [x], { slope }) => x.map((v) => (v > 0 ? v : slope * v)),
  onnx: (_, inputs, emitter, { slope }) =>
    slope === 0
      ? emitter.node("Relu", inputs)
      : emitter.node("LeakyRelu", inputs, { alpha: { float: slope } }),
  permute: (attributes) => attributes,
};

/** x where x > 0, slope · x elsewhere. */
export const leakyRelu = (x: Tensor, slope = 0.2): Tensor => {
  if (!(slope >= 0 && slope <= 1)) throw new GraphError(`leaky_relu: slope must lie in [0, 1]; got ${slope}`);
  return apply(leakyReluOp, [x], { slope });
};

/** max(x, 0); the derivative at 0 is 0. */
export const relu = (x: Tensor): Tensor => leakyRelu(x, 0);

/** x where x > 0, eˣ − 1 elsewhere. */
export const elu = (x: Tensor): Tensor => where(greater(x, 0), x, sub(exp(minimum(x, 0)), 1));

/** log σ(x) = −softplus(−x). */
export const logSigmoid = (x: Tensor): Tensor => neg(softplus(neg(x)));

type Exponent = { readonly exponent: number };

const powerOp: Op<Exponent> = {
  name: "power",
  shape: (inputs) => {
    float("power", inputs);
    return { shape: inputs[0].shape };
  },
  // d(xᵖ) = p xᵖ⁻¹ dx
  gradient: (y, dy, { exponent }) => [mul(dy, mul(power(y.inputs[0], exponent - 1), exponent))],
  evaluate: (_, [x], { exponent }) => x.map((v) => v ** exponent),
  onnx: (_, [x], emitter, { exponent }) => emitter.node("Pow", [x, emitter.scalar(exponent)]),
  permute: (attributes) => attributes,
};

/** xᵖ for a constant exponent p. For a p that is no integer, x must be positive. */
export const power = (x: Tensor, exponent: number): Tensor => {
  if (exponent === 0) return like(x, 1);
  if (exponent === 1) return x;
  if (exponent === 2) return square(x);
  if (exponent === 0.5) return sqrt(x);
  return apply(powerOp, [x], { exponent });
};

/** A tensor, or a number that stands for a scalar constant. */
export type Operand = Tensor | number;
export const tensor = (x: Operand): Tensor => (typeof x === "number" ? scalarValue(x) : x);

interface BinaryEntry {
  readonly value: (a: number, b: number) => number;
  readonly gradient: (dy: Tensor, a: Tensor, b: Tensor, y: Tensor) => readonly (Tensor | undefined)[];
  readonly onnx: string;
  readonly simplify?: (a: Tensor, b: Tensor) => Tensor | undefined;
  readonly result?: "bool";
  readonly integers?: boolean;
}

/** The source of an input that was only broadcast, where the op's own broadcasting gives the same shape. */
const withoutBroadcasts = (y: Tensor): readonly Tensor[] | undefined => {
  let inputs = y.inputs;
  for (let i = 0; i < inputs.length; i++) {
    if (inputs[i].op.name !== "broadcast_to") continue;
    const candidate = inputs.with(i, inputs[i].inputs[0]);
    const shape = broadcastShapes(...candidate.map((t) => t.shape));
    if (shape !== undefined && sameShape(shape, y.shape)) inputs = candidate;
  }
  return inputs === y.inputs ? undefined : inputs;
};

const binary = (name: string, entry: BinaryEntry): ((a: Operand, b: Operand) => Tensor) => {
  const op: Op<NoAttributes> = {
    name,
    shape: (inputs) => {
      const [a, b] = inputs;
      if (a.dtype !== b.dtype || (a.dtype !== "float32" && entry.integers !== true)) {
        fail(name, "both inputs must be float32", inputs, "use cast");
      }
      const shape = broadcastShapes(a.shape, b.shape) ?? fail(name, "shapes must broadcast", inputs);
      return entry.result === undefined ? { shape } : { shape, dtype: entry.result };
    },
    gradient: (y, dy) => {
      const [a, b] = y.inputs;
      const [da, db] = entry.gradient(dy, a, b, y);
      return [da && reduceTo(da, a.shape), db && reduceTo(db, b.shape)];
    },
    evaluate: (y, [a, b]) => {
      const out = new Float64Array(sizeOf(y.shape));
      const stridesB = broadcastStrides(y.inputs[1].shape, y.shape);
      walk(y.shape, broadcastStrides(y.inputs[0].shape, y.shape), (flat, offset) => {
        out[flat] = a[offset];
      });
      walk(y.shape, stridesB, (flat, offset) => {
        out[flat] = entry.value(out[flat], b[offset]);
      });
      return out;
    },
    onnx: (_, inputs, emitter) => emitter.node(entry.onnx, inputs),
    simplify: (y) => {
      const inputs = withoutBroadcasts(y);
      if (inputs !== undefined) return apply(op, inputs, {});
      const simpler = entry.simplify?.(y.inputs[0], y.inputs[1]);
      return simpler === undefined || sameShape(simpler.shape, y.shape)
        ? simpler
        : broadcastTo(simpler, y.shape);
    },
    permute: (attributes) => attributes,
  };
  return (a, b) => apply(op, [tensor(a), tensor(b)], {});
};

/** Product of the constant factors of x = c · u: [c, u]. */
const scaled = (x: Tensor): [number, Tensor] | undefined => {
  if (x.op.name !== "multiply") return undefined;
  const [a, b] = x.inputs;
  const right = scalarConstant(b);
  if (right !== undefined && sameShape(a.shape, x.shape)) return [right, a];
  const left = scalarConstant(a);
  if (left !== undefined && sameShape(b.shape, x.shape)) return [left, b];
  return undefined;
};

const scalarConstant = (x: Tensor): number | undefined =>
  x.op.name === "constant" && x.shape.length === 0 ? (x.attributes.data as Float32Array)[0] : undefined;

// d(a + b) = da + db
export const add = binary("add", {
  value: (a, b) => a + b,
  gradient: (dy) => [dy, dy],
  onnx: "Add",
  simplify: (a, b) =>
    isConstantValue(a, 0)
      ? b
      : isConstantValue(b, 0)
        ? a
        : b.op.name === "neg"
          ? sub(a, b.inputs[0])
          : a.op.name === "neg"
            ? sub(b, a.inputs[0])
            : undefined,
});
// d(a − b) = da − db
export const sub = binary("subtract", {
  value: (a, b) => a - b,
  gradient: (dy) => [dy, neg(dy)],
  onnx: "Sub",
  simplify: (a, b) =>
    isConstantValue(b, 0)
      ? a
      : isConstantValue(a, 0)
        ? neg(b)
        : b.op.name === "neg"
          ? add(a, b.inputs[0])
          : undefined,
});
// d(ab) = b da + a db
export const mul = binary("multiply", {
  value: (a, b) => a * b,
  gradient: (dy, a, b) => [mul(dy, b), mul(dy, a)],
  onnx: "Mul",
  simplify: (a, b) => {
    if (isConstantValue(a, 1)) return b;
    if (isConstantValue(b, 1)) return a;
    if (isConstantValue(a, 0)) return a;
    if (isConstantValue(b, 0)) return b;
    if (isConstantValue(a, -1)) return neg(b);
    if (isConstantValue(b, -1)) return neg(a);
    // (c u) d = (cd) u, (−u) d = (−d) u
    for (const [x, factor] of [
      [a, scalarConstant(b)],
      [b, scalarConstant(a)],
    ] as const) {
      if (factor === undefined) continue;
      if (x.op.name === "neg") return mul(x.inputs[0], -factor);
      const inner = scaled(x);
      if (inner !== undefined) return mul(inner[1], inner[0] * factor);
    }
    return undefined;
  },
});
// d(a / b) = da / b − (a / b) db / b
export const div = binary("divide", {
  value: (a, b) => a / b,
  gradient: (dy, _a, b, y) => [div(dy, b), neg(div(mul(dy, y), b))],
  onnx: "Div",
  simplify: (a, b) => {
    const divisor = scalarConstant(b);
    // Division by a power of two is exact as a product.
    if (divisor !== undefined && Number.isInteger(Math.log2(Math.abs(divisor)))) return mul(a, 1 / divisor);
    return isConstantValue(a, 0) ? a : undefined;
  },
});
// d max(a, b) = da where a ≥ b, else db
export const maximum = binary("maximum", {
  value: Math.max,
  gradient: (dy, a, b) => {
    const mask = step(sub(b, a));
    return [mul(dy, sub(1, mask)), mul(dy, mask)];
  },
  onnx: "Max",
});
// d min(a, b) = da where a ≤ b, else db
export const minimum = binary("minimum", {
  value: Math.min,
  gradient: (dy, a, b) => {
    const mask = step(sub(a, b));
    return [mul(dy, sub(1, mask)), mul(dy, mask)];
  },
  onnx: "Min",
});
const noGradient = () => [undefined, undefined];
export const greater = binary("greater", {
  value: (a, b) => (a > b ? 1 : 0),
  gradient: noGradient,
  onnx: "Greater",
  result: "bool",
  integers: true,
});
export const less = (a: Operand, b: Operand): Tensor => greater(b, a);
export const equal = binary("equal", {
  value: (a, b) => (a === b ? 1 : 0),
  gradient: noGradient,
  onnx: "Equal",
  result: "bool",
  integers: true,
});

/** x limited to [low, high]; the derivative is 0 outside and at the limits. */
export const clip = (x: Tensor, low: number, high: number): Tensor => {
  if (!(low <= high)) throw new GraphError(`clip: low must not exceed high; got ${low} and ${high}`);
  return apply(clipOp, [x], { low, high });
};

const clipOp: Op<{ readonly low: number; readonly high: number }> = {
  name: "clip",
  shape: (inputs) => {
    float("clip", inputs);
    return { shape: inputs[0].shape };
  },
  // d clip(x) = dx inside, 0 outside
  gradient: (y, dy, { low, high }) => {
    const [x] = y.inputs;
    return [mul(dy, mul(step(sub(x, low)), step(sub(high, x))))];
  },
  evaluate: (_, [x], { low, high }) => x.map((v) => Math.min(Math.max(v, low), high)),
  onnx: (_, [x], emitter, { low, high }) =>
    emitter.node("Clip", [x, emitter.scalar(low), emitter.scalar(high)]),
  permute: (attributes) => attributes,
};

const whereOp: Op<NoAttributes> = {
  name: "where",
  shape: (inputs) => {
    if (inputs[0].dtype !== "bool") fail("where", "the condition must be bool", inputs, "compare first");
    const shape =
      broadcastShapes(...inputs.map((t) => t.shape)) ?? fail("where", "shapes must broadcast", inputs);
    return { shape };
  },
  // d where(c, a, b) = where(c, da, db)
  gradient: (y, dy) => {
    const [condition, a, b] = y.inputs;
    return [
      undefined,
      reduceTo(where(condition, dy, 0), a.shape),
      reduceTo(where(condition, 0, dy), b.shape),
    ];
  },
  evaluate: (y, [condition, a, b]) => {
    const out = new Float64Array(sizeOf(y.shape));
    const chosen = new Uint8Array(out.length);
    const strides = y.inputs.map((t) => broadcastStrides(t.shape, y.shape));
    walk(y.shape, strides[0], (flat, offset) => {
      chosen[flat] = condition[offset];
    });
    walk(y.shape, strides[1], (flat, offset) => {
      if (chosen[flat] === 1) out[flat] = a[offset];
    });
    walk(y.shape, strides[2], (flat, offset) => {
      if (chosen[flat] === 0) out[flat] = b[offset];
    });
    return out;
  },
  onnx: (_, inputs, emitter) => emitter.node("Where", inputs),
  simplify: (y) => {
    const inputs = withoutBroadcasts(y);
    return inputs === undefined ? undefined : apply(whereOp, inputs, {});
  },
  permute: (attributes) => attributes,
};

/** a where the condition holds, b elsewhere. */
export const where = (condition: Tensor, a: Operand, b: Operand): Tensor =>
  apply(whereOp, [condition, tensor(a), tensor(b)], {});

const castOp: Op<{ readonly to: "float32" | "int32" }> = {
  name: "cast",
  shape: ([x], { to }) => ({ shape: x.shape, dtype: to }),
  gradient: () => [undefined],
  evaluate: (_, [x], { to }) => (to === "int32" ? x.map(Math.trunc) : x),
  onnx: (_, [x], emitter, { to }) => emitter.node("Cast", [x], { to: to === "float32" ? 1 : 6 }),
  permute: (attributes) => attributes,
};

/** bool or int32 to float32, or the other way, towards zero. No derivative flows through it. */
export const cast = (x: Tensor, to: "float32" | "int32"): Tensor =>
  x.dtype === to ? x : apply(castOp, [x], { to });

/** One-hot vectors along a new last axis: [...] int32 → [..., classes] float32. */
export const oneHot = (labels: Tensor, classes: number): Tensor => {
  if (labels.dtype !== "int32") fail("one_hot", "labels must be int32", [labels]);
  const range = constant(
    Int32Array.from({ length: classes }, (_, i) => i),
    [classes],
  );
  return cast(equal(expandLast(labels), range), "float32");
};
