import { withFacts } from "../../define/index.ts";
import { add, mean, mul, square, sub, sum, type Tensor } from "../../graph/index.ts";
import { checkNumber } from "../../options.ts";
import { classCrossEntropy } from "./classification.ts";

/** InfoGAN's part of both players' losses, −log likelihood of the latent code. Chen et al. 2016, arXiv:1606.03657, §4–5. */
export const mutualInformation = withFacts(
  {
    /** Cross-entropy of a categorical code: log K minus this bounds the mutual information for a uniform code. */
    categorical: (logits: Tensor, code: Tensor): Tensor => classCrossEntropy(logits, code),
    /** E Σ over code dimensions of ½((c − μ)/s)² + log s + ½ log 2π: a Gaussian of fixed deviation s. */
    gaussian: (predictedMean: Tensor, code: Tensor, std = 1): Tensor => {
      checkNumber("mutualInformation", "std", std, { above: 0 });
      const standard = mul(sub(code, predictedMean), 1 / std);
      const perDimension = add(mul(square(standard), 0.5), Math.log(std) + 0.5 * Math.log(2 * Math.PI));
      return mean(sum(perDimension, -1));
    },
    /** log K − cross-entropy, a lower bound of the mutual information of sample and uniform code, in nats. */
    categoricalBound: (logits: Tensor, code: Tensor): Tensor =>
      sub(Math.log(logits.shape[logits.shape.length - 1]), classCrossEntropy(logits, code)),
  },
  {
    name: "mutual-information",
    title: "mutual information of InfoGAN",
    formulas: [
      {
        of: "both",
        text: "λ (CE(Q(G(z, c)), c) + E Σ ½(c − μ)² + ½ log 2π)",
        latex:
          "\\lambda(\\mathrm{CE}(Q(G(z, c)), c) + \\mathbb{E}\\sum\\tfrac12(c - \\mu)^2 + \\tfrac12\\log 2\\pi)",
      },
    ],
    symbols:
      "c: categorical and continuous code; Q: a head of the discriminator; μ: its guess of the continuous code",
    papers: [
      {
        authors: "Chen et al.",
        year: 2016,
        title:
          "InfoGAN: interpretable representation learning by information maximizing generative adversarial nets",
        arxiv: "1606.03657",
        where: "§4–5",
      },
    ],
    approximates:
      "minus a lower bound of the mutual information of code and sample, up to the code's entropy",
    failure: "the code may settle on something else than the classes, or split one and merge two",
    use: "`--model infogan`",
  },
);
