import { choice, type FunctionFacts, flag, number, withFacts } from "../../define/index.ts";
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
      text: "E [max q > τ] CE(p, argmax q)",
      latex: "\\mathbb{E}\\,[\\max q > \\tau]\\,\\mathrm{CE}(p, \\operatorname{argmax} q)",
    },
  ],
  symbols:
    "p: classes of a look at a real image, changed anew; q: those that the average of the discriminator sees in the image itself, or the mean p of two looks; no derivative flows through q",
  papers: [
    {
      authors: "Sohn et al.",
      year: 2020,
      title: "FixMatch: simplifying semi-supervised learning with consistency and confidence",
      arxiv: "2001.07685",
    },
    {
      authors: "Tarvainen, Valpola",
      year: 2017,
      title: "Mean teachers are better role models",
      arxiv: "1703.01780",
    },
  ],
  approximates: "classes that the changes leave alone",
  failure: "what the classifier is sure of and wrong about it learns, too",
  notes: "FixMatch names the class by a look that is changed little.",
  use: "`--model sgan`, with the technique `diff-augment`, which changes each look; `target` `average` with `ema` of `discriminator`",
};

/** Predictions [N, K] in which all classes are equally frequent: each divided by its mean, and together 1 again. */
const balance = (q: Tensor): Tensor => {
  const raised = div(q, add(mean(q, 0, true), 1e-6));
  return div(raised, sum(raised, -1, true));
};

/** What `classConsistency` takes beside the looks. */
export interface ClassConsistencyOptions {
  /** Logits [N, K] that name the class; without, the mean of the looks' predictions does. */
  readonly teacher?: Tensor | undefined;
  /** How sure of a class one must be, τ; 0.95 without. */
  readonly threshold?: number | undefined;
  /**
   * Whether predictions are first divided by their mean over the batch: the alignment of distributions of ReMixMatch (Berthelot et
   * al. 2020, arXiv:1911.09785), for classes that are equally frequent.
   */
  readonly balanced?: boolean | undefined;
}

/**
 * E [max q > τ] CE(p, argmax q): the cross-entropy of each look's prediction p with the class that q names, the mean over looks and
 * over all examples; those that q is not sure of count as 0. q is the prediction of a teacher, or the mean of the looks'; no derivative
 * flows through it. Sohn et al. 2020, arXiv:2001.07685, eq. 4; the average of a network as its teacher: Tarvainen and Valpola 2017,
 * arXiv:1703.01780.
 *
 * @param looks logits [N, K] of one or more looks at the same examples
 */
export const classConsistency = withFacts(
  (
    looks: readonly Tensor[],
    { teacher, threshold = 0.95, balanced = false }: ClassConsistencyOptions = {},
  ): Tensor => {
    const share = 1 / looks.length;
    const named =
      teacher === undefined ? mul(looks.map((p) => softmax(p)).reduce(add), share) : softmax(teacher);
    const fixed = stopGradient(named);
    const q = balanced ? balance(fixed) : fixed;
    const top = max(q, -1, true);
    const sure = cast(greater(top, threshold), "float32");
    const target = mul(sub(1, cast(greater(top, q), "float32")), sure);
    const logs = mul(looks.map((p) => logSoftmax(p)).reduce(add), share);
    return neg(mean(sum(mul(target, logs), -1)));
  },
  facts,
);

/** `classConsistency` of the discriminator's looks at real examples, by its head `classes`. */
export const classConsistencyTerm = defineTerm({
  ...facts,
  options: {
    threshold: number({
      default: 0.95,
      least: 0,
      below: 1,
      means: "how sure of a class one must be",
      symbol: "τ",
    }),
    balanced: flag({
      default: false,
      means: "whether all classes are equally frequent: q is divided by its mean over the batch first",
    }),
    target: choice(["looks", "average"], {
      default: "looks",
      means: "what names the class: two looks, or the average of the discriminator, of the image itself",
    }),
  },
  create: ({ threshold, balanced, target }) => ({
    discriminator: ({ real, label, realOutput, discriminate, averaged }) => {
      const classes = (output: typeof realOutput): Tensor => headOf(facts.name, "classes", output);
      const look = classes(realOutput);
      const input = { x: real, label };
      return target === "average"
        ? classConsistency([look], { teacher: classes(averaged(input)), threshold, balanced })
        : classConsistency([look, classes(discriminate(input))], { threshold, balanced });
    },
  }),
});
