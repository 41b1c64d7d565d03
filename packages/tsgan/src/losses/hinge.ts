import { add, mean, neg, relu, sub } from "../graph/index.ts";
import { defineLoss } from "./loss.ts";
import { SYMBOLS } from "./shared-facts.ts";

/**
 * Hinge (geometric) GAN: D minimises E max(0, 1 − r) + E max(0, 1 + f), G minimises −E f.
 *
 * Scores: unbounded, any shape. D takes no gradient from a sample beyond its margin of 1.
 * Lim & Ye 2017, arXiv:1705.02894; Miyato et al. 2018, arXiv:1802.05957, eq. 16–17.
 *
 * @example
 * ```ts
 * import { grad, input } from "tsgan/graph";
 * import { hinge } from "tsgan/losses";
 *
 * const [real, fake] = [input("real", [64, 1]), input("fake", [64, 1])];
 * const loss = hinge().discriminator(real, fake);
 * const [byReal, byFake] = grad(loss, [real, fake]);
 * ```
 */
export const hinge = defineLoss({
  name: "hinge",
  title: "hinge (geometric) GAN",
  scores: "unbounded",
  options: {},
  formulas: [
    {
      of: "discriminator",
      text: "E max(0, 1 − r) + E max(0, 1 + f)",
      latex: "\\mathbb{E}\\max(0, 1 - r) + \\mathbb{E}\\max(0, 1 + f)",
    },
    { of: "generator", text: "−E f", latex: "-\\mathbb{E}\\,f" },
  ],
  symbols: SYMBOLS,
  papers: [
    { authors: "Lim, Ye", year: 2017, title: "Geometric GAN", arxiv: "1705.02894" },
    {
      authors: "Miyato et al.",
      year: 2018,
      title: "Spectral normalization for generative adversarial networks",
      arxiv: "1802.05957",
      where: "eq. 16–17",
    },
  ],
  approximates: "at the best D, whose loss is 2 − 2 TV, the total variation TV(P_data, P_G)",
  failure:
    "D learns nothing from samples beyond the margin; without spectral norm G can be driven off by large slopes",
  equilibrium: () => ({ discriminatorLoss: 2, scoreGap: 0, text: "2, score gap 0" }),
  create: () => ({
    discriminator: (real, fake) => add(mean(relu(sub(1, real))), mean(relu(add(1, fake)))),
    generator: (_real, fake) => neg(mean(fake)),
  }),
});
