/** Checks `ops.json`: every op with its derivative and the derivative of that. */
import {
  abs,
  add,
  avgPool2d,
  type Conv2dOptions,
  concat,
  conv2d,
  convTranspose2d,
  dense,
  div,
  elu,
  exp,
  gather,
  grad,
  leakyRelu,
  log,
  logSigmoid,
  logSoftmax,
  logSumExp,
  matmul,
  maximum,
  mean,
  minimum,
  mul,
  reciprocal,
  relu,
  reshape,
  sigmoid,
  slice,
  softmax,
  softplus,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  tanh,
  transpose,
  upsampleNearest,
} from "tsgan/graph";
import { batchNorm, instanceNorm, layerNorm } from "tsgan/nn";
import { type CaseResult, type JsonRecord, number, numbers, record, UnknownKind } from "./case.ts";
import { type Answer, checkPrograms, type Feed } from "./programs.ts";

type Inputs = Readonly<Record<string, Tensor>>;
type Build = (inputs: Inputs, options: JsonRecord) => Tensor;

const pair = (value: unknown): [number, number] => {
  const [height, width] = numbers(value);
  return [height, width];
};

const geometry = ({ stride, padding, dilation, groups }: JsonRecord): Conv2dOptions => ({
  stride: pair(stride),
  padding: pair(padding),
  dilation: pair(dilation),
  groups: number(groups),
});

const unary =
  (op: (x: Tensor) => Tensor): Build =>
  ({ x }) =>
    op(x);

const binary =
  (op: (a: Tensor, b: Tensor) => Tensor): Build =>
  ({ a, b }) =>
    op(a, b);

const ops: Readonly<Record<string, Build>> = {
  conv2d: ({ x, weight, bias }, options) => conv2d(x, weight, { ...geometry(options), bias }),
  conv_transpose2d: ({ x, weight, bias }, options) => {
    const y = convTranspose2d(x, weight, {
      ...geometry(options),
      outputPadding: pair(options.outputPadding),
    });
    return bias === undefined ? y : add(y, reshape(bias, [1, -1, 1, 1]));
  },
  dense: ({ x, weight, bias }) => dense(x, weight, bias),
  matmul: binary(matmul),
  batch_norm: ({ x, gamma, beta }, { epsilon }) => batchNorm(x, gamma, beta, number(epsilon)),
  layer_norm: ({ x, gamma, beta }, { axes, epsilon }) =>
    layerNorm(x, gamma, beta, numbers(axes), number(epsilon)),
  instance_norm: ({ x, gamma, beta }, { epsilon }) => instanceNorm(x, gamma, beta, number(epsilon)),
  upsample_nearest: ({ x }, { scale }) => upsampleNearest(x, number(scale)),
  avg_pool2d: ({ x }, { kernel, stride }) => avgPool2d(x, number(kernel), number(stride)),
  relu: unary(relu),
  leaky_relu: ({ x }, { slope }) => leakyRelu(x, number(slope)),
  tanh: unary(tanh),
  sigmoid: unary(sigmoid),
  softplus: unary(softplus),
  log_sigmoid: unary(logSigmoid),
  elu: unary(elu),
  exp: unary(exp),
  log: unary(log),
  sqrt: unary(sqrt),
  reciprocal: unary(reciprocal),
  abs: unary(abs),
  square: unary(square),
  softmax: ({ x }, { axis }) => softmax(x, number(axis)),
  log_softmax: ({ x }, { axis }) => logSoftmax(x, number(axis)),
  logsumexp: ({ x }, { axis, keepdim }) => logSumExp(x, number(axis), keepdim === true),
  sum: ({ x }, { axes, keepdim }) => sum(x, numbers(axes), keepdim === true),
  mean: ({ x }, { axes, keepdim }) => mean(x, numbers(axes), keepdim === true),
  add: binary(add),
  subtract: binary(sub),
  multiply: binary(mul),
  divide: binary(div),
  maximum: binary(maximum),
  minimum: binary(minimum),
  concat: ({ a, b }, { axis }) => concat([a, b], number(axis)),
  slice: ({ x }, { begin, end }) => slice(x, numbers(begin), numbers(end)),
  reshape: ({ x }, { shape }) => reshape(x, numbers(shape)),
  transpose: ({ x }, { axes }) => transpose(x, numbers(axes)),
  embedding: ({ table, labels }) => gather(table, labels),
};

/** The op that a case names, with its inputs or its result squared where the case says so. */
const build = (golden: JsonRecord, inputs: Inputs, labels: Inputs): Tensor => {
  const name = String(golden.op);
  if (!Object.hasOwn(ops, name)) throw new UnknownKind(`no op "${name}"`);
  const options = record(golden.options);
  for (const key of ["of", "then"]) {
    if (options[key] !== undefined && options[key] !== "square") {
      throw new UnknownKind(`no rule for ${key} ${JSON.stringify(options[key])}`);
    }
  }
  const prepared =
    options.of === "square"
      ? Object.fromEntries(Object.entries(inputs).map(([key, x]) => [key, square(x)]))
      : inputs;
  const output = ops[name]({ ...prepared, ...labels }, options);
  return options.then === "square" ? square(output) : output;
};

const answer = (golden: JsonRecord, feed: Feed): { [field: string]: Answer } => {
  const inputs = Object.fromEntries(
    Object.entries(record(golden.inputs)).map(([name, value]) => [name, feed(name, value)]),
  );
  const labels: Inputs =
    golden.labels === undefined ? {} : { labels: feed("labels", golden.labels, "int32") };
  const output = build(golden, inputs, labels);
  const upstream = feed("upstream", golden.upstream);
  const names = Object.keys(inputs);
  const first = grad(output, Object.values(inputs), upstream);
  const value = first.map((g) => sum(square(g))).reduce(add);
  const second = grad(value, [...Object.values(inputs), upstream]);
  const named = (tensors: readonly Tensor[], keys: readonly string[]) =>
    Object.fromEntries(keys.map((key, i) => [key, tensors[i]]));
  return {
    output,
    gradients: named(first, names),
    doubleBackward: { value, gradients: named(second, [...names, "upstream"]) },
  };
};

/** Checks every case of a parsed `ops.json`. */
export const checkOps = (json: unknown): Promise<CaseResult[]> =>
  checkPrograms(json, { inputs: ["id", "op", "options", "inputs", "labels", "upstream"], answer });
