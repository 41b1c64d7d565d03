import { type FunctionFacts, text, withFacts } from "../../define/index.ts";
import { add, log, matmul, mul, softmax, sub, sum, type Tensor, transpose } from "../../graph/index.ts";
import { defineTerm, headOf } from "../term.ts";

const facts: FunctionFacts = {
  name: "invariant-information",
  title: "mutual information of the categories of two looks at an image",
  formulas: [
    {
      of: "discriminator",
      text: "−I(P), P = E (p₁ p₂ᵀ + p₂ p₁ᵀ)/2",
      latex: "-I(P),\\ P = \\tfrac12\\mathbb{E}\\,(p_1 p_2^\\top + p_2 p_1^\\top)",
    },
  ],
  symbols:
    "p₁, p₂: categories of two looks at a real image, each changed; I: mutual information of a joint distribution, in nats",
  papers: [
    {
      authors: "Ji, Henriques, Vedaldi",
      year: 2019,
      title: "Invariant information clustering for unsupervised image classification and segmentation",
      arxiv: "1807.06653",
      where: "eq. 3",
    },
  ],
  approximates: "categories that are equally frequent, and that the changes leave alone",
  failure: "small batches are never balanced: it makes categories more equal than they are",
  use: "with the technique `diff-augment`, which changes each look; `--model infogan`, head `category`",
};

/** −I(P) of predictions, logits [N, K] of two looks: P = E ½ (p₁ p₂ᵀ + p₂ p₁ᵀ). Ji et al. 2019, arXiv:1807.06653, eq. 3. */
export const invariantInformation = withFacts((first: Tensor, second: Tensor): Tensor => {
  const [n] = first.shape;
  const one = mul(matmul(transpose(softmax(first)), softmax(second)), 1 / n);
  const joint = mul(add(one, transpose(one)), 0.5);
  const marginal = sum(joint, 0);
  const plogp = (p: Tensor): Tensor => sum(mul(p, log(add(p, 1e-9))));
  return sub(mul(plogp(marginal), 2), plogp(joint));
}, facts);

export const invariantInformationTerm = defineTerm({
  ...facts,
  options: { head: text({ default: "category", means: "the discriminator's head with the logits" }) },
  create: ({ head }) => ({
    discriminator: ({ real, label, realOutput, discriminate }) =>
      invariantInformation(
        headOf(facts.name, head, realOutput),
        headOf(facts.name, head, discriminate({ x: real, label })),
      ),
  }),
});
