/** CTGAN (Xu et al. 2019, arXiv:1907.00503): rows of a table of numbers and categories, made to a condition. */
import { integer, number, numbers } from "../define/index.ts";
import {
  add,
  broadcastTo,
  concat,
  dense as denseProduct,
  div,
  gather,
  logSoftmax,
  mul,
  relu,
  reshape,
  sliceAxis,
  softmax,
  sqrt,
  sub,
  sum,
  type Tensor,
  tanh,
  transpose,
} from "../graph/index.ts";
import { conditionSize, rowSize } from "../layout.ts";
import type { Term } from "../losses/term.ts";
import { constantInit, fanInInit, type Layer, layers, pack, type Scope } from "../nn/index.ts";
import { alongChoices, gumbel, plainLayout, widthsOf } from "./choices.ts";
import { defineModel, type LatentPart } from "./model.ts";

/** Added to the variance in batch norm. */
const EPSILON = 1e-5;
const [zeros, ones] = [constantInit(0), constantInit(1)];

const dense = (units: number) => layers.dense(units, { biasInit: fanInInit });
const hiddenLayer = (units: number): Layer =>
  layers.sequential(dense(units), layers.batchNorm({ epsilon: EPSILON }), layers.relu());

/** How a generator's layers are made. */
interface Making {
  readonly hidden: (units: number) => Layer;
  readonly output: (units: number) => Layer;
}

const plainly: Making = { hidden: hiddenLayer, output: dense };

/**
 * The same layers when nothing is learnt, of inputs that would end in a one-hot vector of `size` numbers, of which only the
 * places [N] are given: each adds a column of the weight, which is what the product comes to. The running statistics of
 * batch norm become part of weight and bias.
 */
const quickly = (size: number, places: Tensor | undefined): Making => {
  const product = (x: Tensor, weight: Tensor, bias: Tensor): Tensor => {
    const [, length] = x.shape;
    if (places === undefined) return denseProduct(x, weight, bias);
    const columns = transpose(sliceAxis(weight, 1, length, length + size));
    return add(denseProduct(x, sliceAxis(weight, 1, 0, length), bias), gather(columns, places));
  };
  const variables = (x: Tensor, scope: Scope, units: number): readonly [weight: Tensor, bias: Tensor] => [
    scope.parameter("weight", [units, x.shape[1] + (places === undefined ? 0 : size)], fanInInit),
    scope.parameter("bias", [units], fanInInit),
  ];
  return {
    hidden: (units) => (x, scope) => {
      const [weight, bias] = variables(x, scope.child("0"), units);
      const norm = scope.child("1");
      const [gamma, beta] = [norm.parameter("gamma", [units], ones), norm.parameter("beta", [units], zeros)];
      const [mean, variance] = [norm.buffer("mean", [units], zeros), norm.buffer("variance", [units], ones)];
      const factor = div(gamma, sqrt(add(variance, EPSILON)));
      const scaled = mul(weight, broadcastTo(reshape(factor, [units, 1]), weight.shape));
      return relu(product(x, scaled, add(mul(sub(bias, mean), factor), beta)));
    },
    output: (units) => (x, scope) => product(x, ...variables(x, scope, units)),
  };
};

/** Slope below 0 of the discriminator's leaky ReLU, and share of its hidden units that are left out, as in the authors' code. */
const LEAK = 0.2;
const DROPOUT = 0.5;

const widths = widthsOf([256, 256]);

/**
 * Generator: residual layers, each of which appends batch-normalised units to what it is given, (z, condition) at first; numbers
 * out of a tanh, choices out of a Gumbel softmax. Discriminator: dense layers with dropout over packs of rows with their
 * conditions. Cross-entropy sees to it that a row has the choice that it was asked for.
 */
export const ctgan = defineModel({
  name: "ctgan",
  title: "rows of tables: numbers, categories, and conditions on them",
  data: "points",
  papers: [
    {
      authors: "Xu et al.",
      year: 2019,
      title: "Modeling tabular data using conditional GAN",
      arxiv: "1907.00503",
    },
  ],
  options: {
    latent: integer({ default: 128, least: 1, means: "length of the noise" }),
    hidden: numbers({ ...widths, means: "widths of the generator's residual layers" }),
    discriminatorHidden: numbers({ ...widths, means: "widths of the discriminator's hidden layers" }),
    packing: integer({ default: 10, least: 1, means: "rows that are judged together" }),
    temperature: number({
      default: 0.2,
      above: 0,
      means: "of the Gumbel softmax: the lower, the nearer are choices to one-hot vectors",
      symbol: "τ",
    }),
    conditionWeight: number({
      default: 1,
      least: 0,
      means: "weight of the cross-entropy between the choice asked for and the one made",
    }),
  },
  create: (options, { shape, layout = plainLayout(shape[0]) }) => {
    const { latent, hidden, discriminatorHidden, packing, temperature, conditionWeight } = options;
    const { numbers: continuous, choices, conditions } = layout;
    const size = rowSize(layout);
    const hots = size - continuous;
    const asked = conditionSize(layout);
    // Its logits, for the cross-entropy: of one-hot vectors the logarithm is lost.
    const logitsOf = new WeakMap<Tensor, Tensor>();

    const condition: Term = {
      name: "condition",
      generator: ({ fake }) => {
        const last = choices.slice(choices.length - conditions);
        const logits = logitsOf.get(fake)!;
        const own = sliceAxis(logits, 1, hots - asked, hots);
        const wanted = sliceAxis(fake, 1, size, size + asked);
        const likely = alongChoices(own, last, (x) => logSoftmax(x));
        return mul(sum(mul(wanted, likely)), -conditionWeight / fake.shape[0]);
      },
    };
    const parts: readonly LatentPart[] = [
      { name: "noise", size: latent, distribution: "normal" },
      { name: "gumbel", size: hots, distribution: "uniform-01" },
    ];
    /** What becomes a row: numbers before the tanh, and logits. */
    const rowOf = (x: Tensor, scope: Scope, make: Making): Tensor => {
      const h = hidden.reduce(
        (before, units, i) => concat([make.hidden(units)(before, scope.child(`block${i}`)), before], 1),
        x,
      );
      return make.output(size)(h, scope.child("output"));
    };
    const body = layers.sequential(
      ...discriminatorHidden.flatMap((units) => [
        dense(units),
        layers.leakyRelu(LEAK),
        layers.dropout(DROPOUT),
      ]),
    );
    const head = dense(1);
    return {
      latent: {
        size: latent + hots,
        distribution: "normal",
        ...(hots > 0 && { parts }),
      },
      scores: "logit",
      ...(packing > 1 && { packing, penalisesPacks: true as const }),
      ...(asked > 0 && { given: [size, size + asked] }),
      ...(asked > 0 && conditionWeight > 0 && { terms: [condition] }),
      generator: ({ z, source }, scope) => {
        const noise = sliceAxis(z, 1, 0, latent);
        const begin = source === undefined ? noise : concat([noise, source], 1);
        const raw = rowOf(begin, scope, plainly);
        const made: Tensor[] = [];
        if (continuous > 0) made.push(tanh(sliceAxis(raw, 1, 0, continuous)));
        const logits = hots > 0 ? sliceAxis(raw, 1, continuous, size) : undefined;
        if (logits !== undefined) {
          const noisy = add(logits, gumbel(sliceAxis(z, 1, latent, latent + hots)));
          made.push(alongChoices(mul(noisy, 1 / temperature), choices, (x) => softmax(x)));
        }
        if (source !== undefined) made.push(source);
        const row = made.length === 1 ? made[0] : concat(made, 1);
        if (logits !== undefined) logitsOf.set(row, logits);
        return row;
      },
      rows: {
        noise: latent,
        make: ({ z, places }, scope) => {
          const raw = rowOf(z, scope, quickly(asked, places));
          const made: Tensor[] = [];
          if (continuous > 0) made.push(tanh(sliceAxis(raw, 1, 0, continuous)));
          if (hots > 0)
            made.push(alongChoices(sliceAxis(raw, 1, continuous, size), choices, (x) => softmax(x)));
          return made.length === 1 ? made[0] : concat(made, 1);
        },
      },
      discriminator: ({ x }, scope) => {
        if (packing > 1) scope.mixesExamples();
        const features = body(pack(x, packing), scope.child("body"));
        return { scores: head(features, scope.child("head")), features };
      },
    };
  },
});
