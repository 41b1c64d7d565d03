import { type FunctionFacts, number, text, withFacts } from "../../define/index.ts";
import {
  add,
  cast,
  greater,
  logSoftmax,
  max,
  mean,
  mul,
  neg,
  softmax,
  stopGradient,
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
      text: "E [max q > τ] (CE(q, p₁) + CE(q, p₂)) / 2, q = (p₁ + p₂)/2",
      latex:
        "\\mathbb{E}\\,[\\max q > \\tau]\\,\\tfrac12(\\mathrm{CE}(q, p_1) + \\mathrm{CE}(q, p_2)),\\ q = \\tfrac12(p_1 + p_2)",
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

/**
 * E over examples whose mean prediction q = (p₁ + p₂)/2 has a class above `threshold`: the mean cross-entropy of both predictions
 * with that class. Logits [N, K] of two looks; no derivative flows through q.
 */
export const consistency = withFacts((first: Tensor, second: Tensor, threshold = 0.95): Tensor => {
  const q = stopGradient(mul(add(softmax(first), softmax(second)), 0.5));
  const top = max(q, -1, true);
  const sure = cast(greater(top, threshold), "float32");
  const rest = cast(greater(top, q), "float32");
  const target = mul(add(neg(rest), 1), sure);
  const both = mul(add(logSoftmax(first), logSoftmax(second)), 0.5);
  return neg(mean(sum(mul(target, both), -1)));
}, facts);

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
  },
  create: ({ head, threshold }) => ({
    discriminator: ({ real, label, realOutput, discriminate }) =>
      consistency(
        headOf(facts.name, head, realOutput),
        headOf(facts.name, head, discriminate({ x: real, label })),
        threshold,
      ),
  }),
});
