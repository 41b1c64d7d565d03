import { type FunctionFacts, flag, number, text, withFacts } from "../../define/index.ts";
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
  name: "consistency",
  title: "one class for two looks at an image",
  formulas: [
    {
      of: "discriminator",
      text: "E [max q > τ] ½ (CE(p₁, y) + CE(p₂, y)), q = ½ (p₁ + p₂), y = argmax q",
      latex:
        "\\mathbb{E}\\,[\\max q > \\tau]\\,\\tfrac12(\\mathrm{CE}(p_1, y) + \\mathrm{CE}(p_2, y)),\\ q = \\tfrac12(p_1 + p_2),\\ y = \\arg\\max q",
    },
  ],
  symbols:
    "p₁, p₂: classes of two looks at a real image without label, each changed and with dropout of its own; q has no derivative",
  papers: [
    {
      authors: "Sohn et al.",
      year: 2020,
      title: "FixMatch: simplifying semi-supervised learning with consistency and confidence",
      arxiv: "2001.07685",
    },
    {
      authors: "Berthelot et al.",
      year: 2019,
      title: "MixMatch: a holistic approach to semi-supervised learning",
      arxiv: "1905.02249",
    },
  ],
  approximates: "classes that the changes leave alone, learnt from what the classifier is already sure of",
  failure: "what it is sure of and wrong about it learns, too",
  use: "with the technique `diff-augment`, which changes each look; `--model sgan`",
};

/** Predictions [N, K] in which all classes are equally frequent: each divided by its mean, and together 1 again. */
const balance = (q: Tensor): Tensor => {
  const raised = div(q, add(mean(q, 0, true), 1e-6));
  return div(raised, sum(raised, -1, true));
};

/**
 * E over examples whose mean prediction q = (p₁ + p₂)/2 has a class above `threshold`: the mean cross-entropy of both predictions
 * with that class. Logits [N, K] of two looks; no derivative flows through q. Where `balanced`, q is first divided by its mean over the
 * batch (ReMixMatch's alignment of distributions, with classes that are equally frequent).
 */
export const consistency = withFacts(
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

/** `consistency` of two looks of the discriminator at the same real examples. */
export const consistencyTerm = defineTerm({
  ...facts,
  options: {
    head: text({ default: "classes", means: "the discriminator's head with the logits" }),
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
  create: ({ head, threshold, balanced }) => ({
    discriminator: ({ real, label, realOutput, discriminate }) =>
      consistency(
        headOf(facts.name, head, realOutput),
        headOf(facts.name, head, discriminate({ x: real, label })),
        threshold,
        balanced,
      ),
  }),
});
