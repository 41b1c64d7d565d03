/** TVAE (Xu et al. 2019, arXiv:1907.00503, §4.4): a variational auto-encoder of rows of a table. */
import { integer, number, numbers } from "../define/index.ts";
import { UsageError } from "../errors.ts";
import {
  add,
  broadcastTo,
  concat,
  constant,
  div,
  exp,
  log,
  logSoftmax,
  mul,
  reshape,
  sliceAxis,
  softmax,
  square,
  sub,
  sum,
  type Tensor,
  tanh,
} from "../graph/index.ts";
import { rowSize } from "../layout.ts";
import type { Term } from "../losses/term.ts";
import { constantInit, fanInInit, type Layer, layers, type Scope } from "../nn/index.ts";
import { alongChoices, gumbel, plainLayout, widthsOf } from "./choices.ts";
import { defineModel, type LatentPart } from "./model.ts";

/** δ of the numbers: where it begins, and what it is kept within, as in the authors' code. */
const DEVIATION = 0.1;
const DEVIATIONS = [0.01, 1] as const;
const optimizer = { name: "adam", learningRate: 1e-3, beta1: 0.9, beta2: 0.999, weightDecay: 1e-5 } as const;
/** Of the softmax that makes one-hot vectors of samples. */
const SHARPNESS = 20;

const dense = (units: number): Layer => layers.dense(units, { biasInit: fanInInit });
const perceptron = (hidden: readonly number[], size: number): Layer =>
  layers.sequential(...hidden.flatMap((units) => [dense(units), layers.relu()]), dense(size));

/** What the decoder says of rows [N, …]: the distribution of each number, and the logits of all choices. */
interface Decoded {
  /** [N, numbers] */
  readonly means: Tensor | undefined;
  /** [1, numbers] */
  readonly deviations: Tensor | undefined;
  /** [N, lengths of the choices together] */
  readonly logits: Tensor | undefined;
}

/** log p(x | z) up to a constant, all rows together: normal numbers, and choices by their probabilities. */
const likelihood = (
  x: Tensor,
  { means, deviations, logits }: Decoded,
  choices: readonly number[],
): Tensor[] => {
  const [n, size] = x.shape;
  const count = means?.shape[1] ?? 0;
  const parts: Tensor[] = [];
  if (means !== undefined && deviations !== undefined) {
    const wide = broadcastTo(deviations, means.shape);
    const off = div(sub(sliceAxis(x, 1, 0, count), means), wide);
    parts.push(mul(sum(square(off)), -0.5), mul(sum(log(deviations)), -n));
  }
  if (logits !== undefined) {
    const likely = alongChoices(logits, choices, (part) => logSoftmax(part));
    parts.push(sum(mul(sliceAxis(x, 1, count, size), likely)));
  }
  return parts;
};

/**
 * The generator is the decoder, the discriminator the encoder: of a row it gives the mean and the logarithm of the variance
 * of its code, and as a score −KL of that from N(0, 1). One player trains both. Sampled numbers are normal around what is decoded, and
 * choices are drawn by their probabilities.
 */
export const tvae = defineModel({
  name: "tvae",
  title: "rows of tables by a variational auto-encoder: no adversary, rows as they come",
  data: "points",
  together: true,
  asIs: true,
  papers: [
    {
      authors: "Xu et al.",
      year: 2019,
      title: "Modeling tabular data using conditional GAN",
      arxiv: "1907.00503",
      where: "§4.4",
    },
  ],
  notes:
    "The encoder stands in the discriminator's place; one player trains both, by the evidence lower bound",
  settings: {
    loss: { name: "wasserstein" },
    penalties: [],
    terms: [],
    techniques: [],
    optimizer: { generator: optimizer, discriminator: optimizer },
    criticSteps: 1,
    generatorSteps: 1,
  },
  options: {
    latent: integer({ default: 128, least: 1, means: "length of the code" }),
    hidden: numbers({ ...widthsOf([128, 128]), means: "widths of the decoder's hidden layers" }),
    encoderHidden: numbers({ ...widthsOf([128, 128]), means: "widths of the encoder's hidden layers" }),
    reconstructionWeight: number({
      default: 2,
      above: 0,
      means: "weight of the reconstruction beside the divergence of the codes",
      symbol: "w",
    }),
    temperature: number({
      default: 1,
      least: 0.001,
      means: "of sampled choices: 1 draws them by their probabilities, small ones take the likeliest",
      symbol: "τ",
    }),
  },
  create: (options, { shape, layout = plainLayout(shape[0]) }) => {
    const { latent, hidden, encoderHidden, reconstructionWeight, temperature } = options;
    const { numbers: count, choices, conditions } = layout;
    if (conditions > 0) {
      throw new UsageError(
        "tvae: expected rows as they come; got rows with conditions; open the table with rowsFromCsv(text, name, { asIs: true })",
      );
    }
    const hots = rowSize(layout) - count;
    const decodedOf = new WeakMap<Tensor, Decoded>();
    const encoder = perceptron(encoderHidden, 2 * latent);
    const decoder = perceptron(hidden, count + hots);
    const parts: readonly LatentPart[] = [
      { name: "code", size: latent, distribution: "normal" },
      ...(count > 0 ? [{ name: "deviation", size: count, distribution: "normal" } as const] : []),
      ...(hots > 0 ? [{ name: "gumbel", size: hots, distribution: "uniform-01" } as const] : []),
    ];
    const decode = (code: Tensor, scope: Scope): Decoded => {
      const raw = decoder(code, scope);
      const deviations =
        count > 0
          ? scope.parameter("deviation", [count], constantInit(DEVIATION), { within: DEVIATIONS })
          : undefined;
      return {
        means: count > 0 ? tanh(sliceAxis(raw, 1, 0, count)) : undefined,
        deviations: deviations && reshape(deviations, [1, count]),
        logits: hots > 0 ? sliceAxis(raw, 1, count, count + hots) : undefined,
      };
    };
    /** The numbers of rows, drawn, where the noise z begins with their codes. */
    const numbersOf = (z: Tensor, { means, deviations }: Decoded): Tensor[] => {
      if (means === undefined || deviations === undefined) return [];
      const noise = sliceAxis(z, 1, latent, latent + count);
      return [add(means, mul(noise, broadcastTo(deviations, means.shape)))];
    };
    const joined = (some: readonly Tensor[]): Tensor => (some.length === 1 ? some[0] : concat(some, 1));

    const bound: Term = {
      name: "evidence",
      generator: ({ real, realOutput, generate, random, record }) => {
        const [n] = real.shape;
        const { mean, logVariance } = realOutput.heads!;
        const code = add(mean, mul(exp(mul(logVariance, 0.5)), random("normal", mean.shape)));
        // What draws samples plays no part in what is decoded.
        const rest = count + hots;
        const z = concat([code, constant(new Float32Array(n * rest).fill(0.5), [n, rest])], 1);
        const likely = likelihood(real, decodedOf.get(generate({ z }))!, choices);
        const reconstruction = mul(
          likely.reduce((a, b) => add(a, b)),
          -1 / n,
        );
        const divergence = mul(sum(realOutput.scores), -1 / n);
        record("reconstruction", reconstruction);
        record("divergence", divergence);
        return add(mul(reconstruction, reconstructionWeight), divergence);
      },
    };
    return {
      latent: { size: latent + count + hots, distribution: "normal", parts },
      scores: "unbounded",
      adversarialWeights: { generator: 0, discriminator: 0 },
      terms: [bound],
      generator: ({ z }, scope) => {
        const decoded = decode(sliceAxis(z, 1, 0, latent), scope);
        const made = numbersOf(z, decoded);
        if (decoded.logits !== undefined) {
          const noise = gumbel(sliceAxis(z, 1, latent + count, latent + count + hots));
          const noisy = add(mul(decoded.logits, 1 / temperature), noise);
          made.push(alongChoices(mul(noisy, SHARPNESS), choices, (x) => softmax(x)));
        }
        const row = joined(made);
        decodedOf.set(row, decoded);
        return row;
      },
      rows: {
        noise: latent + count,
        make: ({ z }, scope) => {
          const decoded = decode(sliceAxis(z, 1, 0, latent), scope);
          const made = numbersOf(z, decoded);
          if (decoded.logits !== undefined) {
            made.push(alongChoices(mul(decoded.logits, 1 / temperature), choices, (x) => softmax(x)));
          }
          return joined(made);
        },
      },
      discriminator: ({ x }, scope) => {
        const code = encoder(x, scope);
        const mean = sliceAxis(code, 1, 0, latent);
        const logVariance = sliceAxis(code, 1, latent, 2 * latent);
        // −KL(N(μ, σ²) ‖ N(0, 1)) = ½ Σ (1 + log σ² − μ² − σ²)
        const inside = sub(sub(add(logVariance, 1), square(mean)), exp(logVariance));
        return { scores: mul(sum(inside, 1), 0.5), features: mean, heads: { mean, logVariance } };
      },
    };
  },
});
