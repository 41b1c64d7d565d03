import { type FunctionFacts, number, withFacts } from "../../define/index.ts";
import { UsageError } from "../../errors.ts";
import {
  add,
  formatShape,
  logSoftmax,
  mean,
  mul,
  neg,
  oneHot,
  sameShape,
  sum,
  type Tensor,
} from "../../graph/index.ts";
import { checkNumber } from "../../options.ts";
import { defineTerm, headOf, type TermContext } from "../term.ts";

const facts: FunctionFacts = {
  name: "classification",
  title: "classes of AC-GAN",
  formulas: [
    {
      of: "discriminator",
      text: "w_real CE(real, y) + w_fake CE(fake, y)",
      latex: "w_\\text{real}\\,\\mathrm{CE}(x, y) + w_\\text{fake}\\,\\mathrm{CE}(G(z, y), y)",
    },
    { of: "generator", text: "w_G CE(fake, y)", latex: "w_G\\,\\mathrm{CE}(G(z, y), y)" },
  ],
  symbols: "CE: softmax cross-entropy of the class logits; y: label, for generated samples the one asked for",
  papers: [
    {
      authors: "Odena, Olah, Shlens",
      year: 2017,
      title: "Conditional image synthesis with auxiliary classifier GANs",
      arxiv: "1610.09585",
      where: "eq. 2–3",
    },
  ],
  approximates: "samples that a classifier is sure of",
  failure: "prefers samples that are easy to classify, so that classes lose variety",
  notes:
    "The paper has weight 1 everywhere; w_fake = 0, the default here, lets real images alone say what a class is. The logits are " +
    "the head `classes` of the discriminator.",
  use:
    "`--model acgan --set model.classWeight=1 --set model.fakeClassWeight=0 --set model.generatorClassWeight=1`; models of one's " +
    "own whose discriminator has that head: the term `classification`",
};

/**
 * Softmax cross-entropy −E Σ_k t_k log softmax(x)_k of logits [N, K] against classes [N] (int32). With `smoothing` s the
 * targets are (1 − s) onehot + s/K.
 */
export const classCrossEntropy = withFacts((logits: Tensor, labels: Tensor, smoothing = 0): Tensor => {
  const classes = logits.shape[logits.shape.length - 1];
  if (!sameShape(logits.shape, [...labels.shape, classes])) {
    const got = `${formatShape(logits.shape)} and ${formatShape(labels.shape)}`;
    throw new UsageError(`classCrossEntropy: logits [N,K] and labels [N] are needed; got ${got}`);
  }
  checkNumber("classCrossEntropy", "smoothing", smoothing, { least: 0, most: 1 });
  const targets = add(mul(oneHot(labels, classes), 1 - smoothing), smoothing / classes);
  return neg(mean(sum(mul(targets, logSoftmax(logits)), -1)));
}, facts);

const labelOf = ({ label }: TermContext): Tensor => {
  if (label !== undefined) return label;
  throw new UsageError("classification: the model gives no labels; choose a conditional model");
};

/** Both players want the discriminator to name the class: real examples' and, weighted, generated ones'. */
export const classificationTerm = defineTerm({
  ...facts,
  options: {
    realWeight: number({
      default: 1,
      least: 0,
      means: "weight of the real examples' classes for D",
      symbol: "w_real",
    }),
    // Gulrajani et al. 2017 leave it out: otherwise the players may agree on any meaning of a class.
    fakeWeight: number({
      default: 0,
      least: 0,
      means: "weight of the samples' classes for D",
      symbol: "w_fake",
    }),
    generatorWeight: number({
      default: 1,
      least: 0,
      means: "weight of the samples' classes for G",
      symbol: "w_G",
    }),
  },
  create: ({ realWeight, fakeWeight, generatorWeight }) => {
    const of = (output: TermContext["realOutput"], context: TermContext, weight: number): Tensor =>
      mul(classCrossEntropy(headOf("classification", "classes", output), labelOf(context)), weight);
    return {
      discriminator: (context) => {
        const real = of(context.realOutput, context, realWeight);
        return fakeWeight === 0 ? real : add(real, of(context.fakeOutput, context, fakeWeight));
      },
      generator: (context) => of(context.fakeOutput, context, generatorWeight),
    };
  },
});
