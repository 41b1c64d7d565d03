import { type FunctionFacts, withFacts } from "../../define/index.ts";
import { add, logSoftmax, mean, mul, softmax, softplus, sub, sum, type Tensor } from "../../graph/index.ts";
import { type DiagonalGaussian, expectation, type NormalRule, normalGrid } from "./gaussian.ts";
import { SYMBOLS, USE } from "./shared-facts.ts";

const facts: FunctionFacts = {
  name: "jensen-shannon",
  title: "Jensen–Shannon divergence",
  formulas: [
    {
      of: "both",
      text: "½ KL(p ‖ m) + ½ KL(q ‖ m), m = ½(p + q)",
      latex:
        "\\tfrac12\\mathrm{KL}(p\\,\\|\\,m) + \\tfrac12\\mathrm{KL}(q\\,\\|\\,m),\\; m = \\tfrac12(p + q)",
    },
  ],
  symbols: SYMBOLS,
  papers: [{ authors: "Lin", year: 1991, title: "Divergence measures based on the Shannon entropy" }],
  approximates:
    "itself, in [0, log 2]; between Gaussians by a quadrature rule, since there is no closed form",
  failure: "log 2 with no gradient wherever the two do not overlap",
  use: USE,
};

/** log((eᵃ + eᵇ) / 2) */
const logMean = (a: Tensor, b: Tensor): Tensor => sub(add(a, softplus(sub(b, a))), Math.LN2);

/** ½ KL(p‖m) + ½ KL(q‖m), m = ½(p + q), of distributions given by logits. Range [0, log 2]. */
export const discreteJensenShannon = withFacts((pLogits: Tensor, qLogits: Tensor): Tensor => {
  const [logP, logQ] = [logSoftmax(pLogits), logSoftmax(qLogits)];
  const logM = logMean(logP, logQ);
  const terms = add(mul(softmax(pLogits), sub(logP, logM)), mul(softmax(qLogits), sub(logQ, logM)));
  return mul(mean(sum(terms, -1)), 0.5);
}, facts);

/** ½ E_p(log p − log m) + ½ E_q(log q − log m), m = ½(p + q), of Gaussians. No closed form: by a rule. */
export const gaussianJensenShannon = withFacts(
  (p: DiagonalGaussian, q: DiagonalGaussian, rule: NormalRule = normalGrid()): Tensor => {
    // log p − log m = log 2 − softplus(log q − log p)
    const half = (a: DiagonalGaussian, b: DiagonalGaussian): Tensor =>
      expectation(a, b, rule, (logRatio) => sub(Math.LN2, softplus(logRatio)));
    return mul(add(half(p, q), half(q, p)), 0.5);
  },
  facts,
);
