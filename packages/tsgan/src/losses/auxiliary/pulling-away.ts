import { type FunctionFacts, withFacts } from "../../define/index.ts";
import { UsageError } from "../../errors.ts";
import {
  div,
  exampleNorm,
  expandLast,
  flatten,
  matmul,
  mul,
  square,
  sum,
  type Tensor,
} from "../../graph/index.ts";
import { offDiagonal } from "../pairwise.ts";
import { defineTerm, featuresOf } from "../term.ts";

const facts: FunctionFacts = {
  name: "pulling-away",
  title: "pulling-away term of EBGAN",
  formulas: [
    {
      of: "generator",
      text: "w / (N(N − 1)) Σ_{i≠j} cos²(sᵢ, sⱼ)",
      latex: "\\frac{w}{N(N-1)}\\sum_{i\\ne j}\\cos^2(s_i, s_j)",
    },
  ],
  symbols: "s: the auto-encoder's codes of the N generated samples",
  papers: [
    {
      authors: "Zhao, Mathieu, LeCun",
      year: 2017,
      title: "Energy-based generative adversarial network",
      arxiv: "1609.03126",
      where: "§2.4",
    },
  ],
  approximates: "codes at right angles to each other, so that samples differ",
  failure: "rewards differing codes, whether or not they look like data",
  use:
    "`--loss ebgan --model ebgan --set model.pullingAway=0.1`; other models, of their discriminator's features: " +
    '`--set \'terms=[{"name":"pulling-away","weight":0.1}]\'`',
};

/** Under the root of a norm: keeps the derivative finite at 0. */
const NORM_EPSILON = 1e-12;

/**
 * Pulling-away term of EBGAN's generator: 1/(N(N − 1)) Σ_{i≠j} cos²(sᵢ, sⱼ) of the encoder's features [N, …].
 * Range [0, 1]. Zhao et al. 2017, arXiv:1609.03126, §2.4.
 */
export const pullingAway = withFacts((features: Tensor): Tensor => {
  const [n] = features.shape;
  if (n < 2) throw new UsageError(`pullingAway: at least two examples are needed; got ${n}`);
  const unit = div(flatten(features), expandLast(exampleNorm(features, NORM_EPSILON)));
  const cosines = matmul(unit, unit, { transposeB: true });
  return mul(sum(mul(square(cosines), offDiagonal(n))), 1 / (n * (n - 1)));
}, facts);

/** `pullingAway` of the discriminator's last hidden layer, for the generator. */
export const pullingAwayTerm = defineTerm({
  ...facts,
  options: {},
  create: () => ({ generator: ({ fakeOutput }) => pullingAway(featuresOf(facts.name, fakeOutput)) }),
});
