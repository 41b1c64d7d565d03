import { type FunctionFacts, withFacts } from "../../define/index.ts";
import { UsageError } from "../../errors.ts";
import { abs, add, formatShape, mean, mul, sameShape, sub, type Tensor } from "../../graph/index.ts";

const facts: FunctionFacts = {
  name: "translation",
  title: "L1 of pix2pix, cycles and identities of CycleGAN",
  formulas: [
    { of: "pix2pix", text: "λ E|G(x) − y|", latex: "\\lambda\\,\\mathbb{E}|G(x) - y|" },
    {
      of: "cycle",
      text: "λ (E|F(G(x)) − x| + E|G(F(y)) − y|)",
      latex: "\\lambda(\\mathbb{E}|F(G(x)) - x| + \\mathbb{E}|G(F(y)) - y|)",
    },
    {
      of: "identity",
      text: "λ ι (E|G(y) − y| + E|F(x) − x|)",
      latex: "\\lambda\\iota(\\mathbb{E}|G(y) - y| + \\mathbb{E}|F(x) - x|)",
    },
  ],
  symbols: "x, y: images of the two kinds; G: x → y; F: y → x; means over pixels",
  papers: [
    {
      authors: "Isola et al.",
      year: 2017,
      title: "Image-to-image translation with conditional adversarial networks",
      arxiv: "1611.07004",
      where: "eq. 3–4",
    },
    {
      authors: "Zhu et al.",
      year: 2017,
      title: "Unpaired image-to-image translation using cycle-consistent adversarial networks",
      arxiv: "1703.10593",
      where: "eq. 2, §5.2",
    },
  ],
  approximates: "a translation near the truth (pix2pix), or one that can be undone (CycleGAN)",
  failure: "L1 alone blurs; a cycle may hide what it needs in a pattern that nobody sees",
  use: "`--recipe pix2pix` and `--recipe cyclegan`",
};

/** E|x − y|, the L1 distance of pix2pix (Isola et al. 2017, arXiv:1611.07004, eq. 3), cycles and identities. */
export const l1 = withFacts((x: Tensor, y: Tensor): Tensor => {
  if (!sameShape(x.shape, y.shape)) {
    throw new UsageError(`l1: shapes must agree; got ${formatShape(x.shape)} and ${formatShape(y.shape)}`);
  }
  return mean(abs(sub(x, y)));
}, facts);

/**
 * Cycle consistency λ(E|F(G(x)) − x| + E|G(F(y)) − y|). Zhu et al. 2017, arXiv:1703.10593, eq. 2. (TF-GAN's value is half
 * of the sum.)
 */
export const cycleConsistency = withFacts(
  (x: Tensor, xReconstructed: Tensor, y: Tensor, yReconstructed: Tensor, lambda = 10): Tensor =>
    mul(add(l1(xReconstructed, x), l1(yReconstructed, y)), lambda),
  facts,
);
