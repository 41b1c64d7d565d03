import { type FunctionFacts, withFacts } from "../../define/index.ts";
import { mean, square, sub, sum, type Tensor } from "../../graph/index.ts";
import { defineTerm, featuresOf } from "../term.ts";
import { improvedTechniques } from "./shared-facts.ts";

const facts: FunctionFacts = {
  name: "feature-matching",
  title: "feature matching",
  formulas: [
    {
      of: "generator",
      text: "‖E φ(real) − E φ(fake)‖²",
      latex: "\\lVert\\mathbb{E}\\,\\phi(x) - \\mathbb{E}\\,\\phi(G(z))\\rVert^2",
    },
  ],
  symbols: "φ: the discriminator's last hidden layer",
  papers: [{ ...improvedTechniques, where: "§3.1" }],
  approximates: "equal means of the features of real and generated batches",
  failure: "equal means do not make equal distributions: samples alone look worse than with a plain loss",
  use:
    '`--set \'terms=[{"name":"feature-matching","weight":1}]\'`, or with `gradientRatio` for a weight that makes its gradient so ' +
    'many times as long as the adversarial one\'s; `--set \'terms=[{"name":"feature-matching"}]\' --set adversarialWeight=0` ' +
    "for it alone; `--model sgan` brings it",
};

/** ‖E φ(real) − E φ(fake)‖² of features [N, …]. Salimans et al. 2016, arXiv:1606.03498, §3.1. */
export const featureMatching = withFacts(
  (realFeatures: Tensor, fakeFeatures: Tensor): Tensor =>
    sum(square(sub(mean(realFeatures, 0), mean(fakeFeatures, 0)))),
  facts,
);

/** `featureMatching` of the discriminator's last hidden layer, for the generator. */
export const featureMatchingTerm = defineTerm({
  ...facts,
  options: {},
  create: () => ({
    generator: ({ realOutput, fakeOutput }) =>
      featureMatching(featuresOf(facts.name, realOutput), featuresOf(facts.name, fakeOutput)),
  }),
});
