import { type FunctionFacts, number, text, withFacts } from "../../define/index.ts";
import {
  add,
  exp,
  log,
  logSoftmax,
  mean,
  mul,
  neg,
  stopGradient,
  sub,
  sum,
  type Tensor,
} from "../../graph/index.ts";
import { augmentationPolicy, diffAugment } from "../../nn/augment.ts";
import { defineTerm, headOf } from "../term.ts";

const facts: FunctionFacts = {
  name: "information-maximisation",
  title: "categories of real images, found without labels",
  formulas: [
    {
      of: "discriminator",
      text: "KL(p(x) ‖ p(T(x))) − λ (μ H(E p(x)) − E H(p(x)))",
      latex:
        "\\mathrm{KL}(p(x) \\,\\|\\, p(T(x))) - \\lambda\\,(\\mu H(\\mathbb{E}\\,p(x)) - \\mathbb{E}H(p(x)))",
    },
  ],
  symbols: "p: categories of a real image; T: a random change of it; H: entropy",
  papers: [
    {
      authors: "Hu et al.",
      year: 2017,
      title: "Learning discrete representations via information maximizing self-augmented training",
      arxiv: "1702.08720",
      where: "eq. 6",
    },
  ],
  approximates: "categories that are sure, equally frequent, and that T leaves alone",
  failure: "small batches, or a network without batch norm, split a class and merge two",
  use: "`--model infogan --set model.categoryNetwork=own --set model.fakeCategoryWeight=0`",
};

/** How `informationMaximisation` weighs its parts. */
export interface InformationWeights {
  /** λ ≥ 0, of the information. */
  readonly information?: number | undefined;
  /** μ ≥ 0, of the balance of the categories. */
  readonly balance?: number | undefined;
}

/** Added to a probability before its logarithm is taken. */
const TINY = 1e-12;

/**
 * KL(p ‖ q) − λ (μ H(mean p) − mean H(p)), in nats: p and q are the categories seen in an image and in a changed one; no derivative of the
 * first summand flows through p. Hu et al. 2017, arXiv:1702.08720, eq. 6.
 *
 * @param logits of the images, [N, K]
 * @param changed of the changed images, [N, K]
 * @param options the weights λ and μ, 0.3 and 4 without
 */
export const informationMaximisation = withFacts(
  (logits: Tensor, changed: Tensor, { information = 0.3, balance = 4 }: InformationWeights = {}): Tensor => {
    const logs = logSoftmax(logits);
    const p = exp(logs);
    const divergence = mean(sum(mul(stopGradient(p), sub(stopGradient(logs), logSoftmax(changed))), -1));
    const unsure = neg(mean(sum(mul(p, logs), -1)));
    const share = mean(p, 0);
    const spread = neg(sum(mul(share, log(add(share, TINY)))));
    return add(divergence, mul(sub(unsure, mul(spread, balance)), information));
  },
  facts,
);

/** `informationMaximisation` of a head of the discriminator, at real images. */
export const informationMaximisationTerm = defineTerm({
  ...facts,
  options: {
    information: number({ default: 0.3, least: 0, means: "weight of the information", symbol: "λ" }),
    balance: number({ default: 4, least: 0, means: "weight of equally frequent categories", symbol: "μ" }),
    policy: { ...augmentationPolicy, default: "warp" },
    head: text({ default: "category", means: "head of the discriminator that has the logits" }),
  },
  create: ({ information, balance, policy, head }) => ({
    discriminator: ({ real, label, realOutput, discriminate, random }) => {
      const of = (output: typeof realOutput): Tensor => headOf(facts.name, head, output);
      const logits = of(realOutput);
      const changed = of(discriminate({ x: diffAugment(policy)(real, random), label }));
      return informationMaximisation(logits, changed, { information, balance });
    },
  }),
});
