import { withFacts } from "../../define/index.ts";
import { add, logSumExp, mean, neg, softplus, type Tensor } from "../../graph/index.ts";
import { classCrossEntropy } from "./classification.ts";
import { improvedTechniques } from "./shared-facts.ts";

/** The logit of "real" where there are K class logits and an implicit K+1-th of 0: Z = log Σ exp, [N]. */
export const realnessLogit = (logits: Tensor): Tensor => logSumExp(logits, -1);

const supervised = (logits: Tensor, labels: Tensor): Tensor => classCrossEntropy(logits, labels);
const unsupervisedReal = (logits: Tensor): Tensor => mean(softplus(neg(realnessLogit(logits))));
const unsupervisedFake = (logits: Tensor): Tensor => mean(softplus(realnessLogit(logits)));

/**
 * Semi-supervised GAN with K+1 classes, the K+1-th ("generated") logit fixed at 0, so that D = σ(Z), Z = log Σ_k exp.
 * D minimises the sum of the three parts; the authors' code weighs the last two with ½. The generator is usually given
 * `featureMatching` instead of its own part here. Salimans et al. 2016, arXiv:1606.03498, §5.
 */
export const semiSupervised = withFacts(
  {
    /** E(Z − logit of the label), over labelled samples. */
    supervised,
    /** E softplus(−Z), over unlabelled samples. */
    unsupervisedReal,
    /** E softplus(Z), over generated samples. */
    unsupervisedFake,
    discriminator: (labelled: Tensor, labels: Tensor, unlabelled: Tensor, fake: Tensor): Tensor =>
      add(supervised(labelled, labels), add(unsupervisedReal(unlabelled), unsupervisedFake(fake))),
    /** E softplus(−Z), over generated samples. */
    generator: unsupervisedReal,
  },
  {
    name: "semi-supervised",
    title: "semi-supervised GAN with K+1 classes",
    formulas: [
      {
        of: "discriminator",
        text: "CE(labelled) + ½ (E softplus(−Z(real)) + E softplus(Z(fake)))",
        latex:
          "\\mathrm{CE} + \\tfrac12(\\mathbb{E}\\,\\mathrm{softplus}(-Z(x)) + \\mathbb{E}\\,\\mathrm{softplus}(Z(G(z))))",
      },
      {
        of: "generator",
        text: "‖E φ(real) − E φ(fake)‖²",
        latex: "\\lVert\\mathbb{E}\\,\\phi(x) - \\mathbb{E}\\,\\phi(G(z))\\rVert^2",
      },
    ],
    symbols: "Z = log Σ exp of the K class logits, the logit of generated samples being 0; φ: features",
    papers: [{ ...improvedTechniques, where: "§5" }],
    approximates: "a classifier that has also seen the unlabelled data",
    failure: "a generator that becomes perfect teaches the classifier nothing more (Dai et al. 2017)",
    notes: "Z is the score, a logit.",
    use: "`--model sgan --set labelsPerClass=100`",
  },
);
