import { type FunctionFacts, flag, number, withFacts } from "../../define/index.ts";
import {
  add,
  cast,
  div,
  greater,
  logSoftmax,
  max,
  mean,
  mul,
  neg,
  softmax,
  stopGradient,
  sub,
  sum,
  type Tensor,
} from "../../graph/index.ts";
import { defineTerm, headOf } from "../term.ts";

const facts: FunctionFacts = {
  name: "class-consistency",
  title: "one class for two looks at an image",
  formulas: [
    {
      of: "discriminator",
      text: "E [max q > τ] ½ (CE(p₁, y) + CE(p₂, y)), q = ½ (p₁ + p₂), y = argmax q",
      latex:
        "\\mathbb{E}\\,[\\max q > \\tau]\\,\\tfrac12(\\mathrm{CE}(p_1, y) + \\mathrm{CE}(p_2, y)),\\ q = \\tfrac12(p_1 + p_2)",
    },
  ],
  symbols: "p₁, p₂: classes of two looks at a real image, each changed anew; no derivative flows through q",
  papers: [
    {
      authors: "Sohn et al.",
      year: 2020,
      title: "FixMatch: simplifying semi-supervised learning with consistency and confidence",
      arxiv: "2001.07685",
    },
  ],
  approximates: "classes that the changes leave alone",
  failure: "what the classifier is sure of and wrong about it learns, too",
  notes: "There one look is changed little and names the class, the other much; here both are alike.",
  use: "`--model sgan`, with the technique `diff-augment`, which changes each look",
};

/** Predictions [N, K] in which all classes are equally frequent: each divided by its mean, and together 1 again. */
const balance = (q: Tensor): Tensor => {
  const raised = div(q, add(mean(q, 0, true), 1e-6));
  return div(raised, sum(raised, -1, true));
};

/**
 * E over examples whose mean prediction q = (p₁ + p₂)/2 has a class above `threshold`: the mean cross-entropy of both predictions
 * with that class. Logits [N, K] of two looks; no derivative flows through q. Where `balanced`, q is first divided by its mean over the
 * batch (the alignment of distributions of ReMixMatch, Berthelot et al. 2020, arXiv:1911.09785, for classes that are equally frequent).
 * Sohn et al. 2020, arXiv:2001.07685, eq. 4.
 */
export const classConsistency = withFacts(
  (first: Tensor, second: Tensor, threshold = 0.95, balanced = false): Tensor => {
    const mixed = stopGradient(mul(add(softmax(first), softmax(second)), 0.5));
    const q = balanced ? balance(mixed) : mixed;
    const top = max(q, -1, true);
    const sure = cast(greater(top, threshold), "float32");
    const target = mul(sub(1, cast(greater(top, q), "float32")), sure);
    const both = mul(add(logSoftmax(first), logSoftmax(second)), 0.5);
    return neg(mean(sum(mul(target, both), -1)));
  },
  facts,
);

/** `classConsistency` of two looks of the discriminator at the same real examples, of its head `classes`. */
export const classConsistencyTerm = defineTerm({
  ...facts,
  options: {
    threshold: number({
      default: 0.95,
      least: 0,
      below: 1,
      means: "how sure the classifier must be",
      symbol: "τ",
    }),
    balanced: flag({
      default: false,
      means: "whether all classes are equally frequent: q is divided by its mean over the batch first",
    }),
  },
  create: ({ threshold, balanced }) => ({
    discriminator: ({ real, label, realOutput, discriminate }) => {
      const classes = (output: typeof realOutput): Tensor => headOf(facts.name, "classes", output);
      return classConsistency(
        classes(realOutput),
        classes(discriminate({ x: real, label })),
        threshold,
        balanced,
      );
    },
  }),
});
