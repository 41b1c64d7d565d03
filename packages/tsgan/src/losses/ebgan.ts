import { number } from "../define/index.ts";
import { add, mean, relu, sub } from "../graph/index.ts";
import { defineLoss } from "./loss.ts";
import { pointModel } from "./preset-parts.ts";
import { SYMBOLS } from "./shared-facts.ts";

/**
 * EBGAN: D minimises E r + E max(0, m − f), G minimises E f.
 *
 * Scores: energies ≥ 0, any shape: reconstruction errors of an auto-encoding discriminator, low for real samples. The margin
 * m is in units of the energy. `pullingAway` is the paper's further term for G. Zhao et al. 2017, arXiv:1609.03126, eq. 1–2.
 */
export const ebgan = defineLoss({
  name: "ebgan",
  title: "energy-based GAN (EBGAN)",
  scores: "energy",
  options: {
    margin: number({
      default: 1,
      least: 0,
      means: "energy from which on generated samples are left alone",
      symbol: "m",
      search: { low: 0.01, high: 100, log: true },
    }),
  },
  formulas: [
    {
      of: "discriminator",
      text: "E r + E max(0, m − f)",
      latex: "\\mathbb{E}\\,r + \\mathbb{E}\\max(0, m - f)",
    },
    { of: "generator", text: "E f", latex: "\\mathbb{E}\\,f" },
  ],
  symbols: `${SYMBOLS}; scores are energies`,
  papers: [
    {
      authors: "Zhao, Mathieu, LeCun",
      year: 2017,
      title: "Energy-based generative adversarial network",
      arxiv: "1609.03126",
      where: "eq. 1–2",
    },
  ],
  approximates: "at the equilibrium, a multiple of the total variation (Arjovsky et al. 2017, appendix)",
  failure:
    "a margin that does not fit the scale of the reconstruction error: D then ignores G, or never stops",
  notes:
    "The margin is in units of the energy, which differs between codes. `pulling-away` keeps samples apart.",
  equilibrium: ({ margin }) => ({
    discriminatorLoss: margin,
    scoreGap: 0,
    text: `the margin, ${margin}`,
  }),
  presets: {
    // It brings the discriminator that it reads, and drops modes all the same.
    ebgan: {
      points: {
        penalties: [{ name: "r1", weight: 0.05 }],
        model: { ...pointModel, discriminatorOutput: "reconstruction" },
      },
      source: "tuned on ring and grid",
    },
  },
  create: ({ margin }) => ({
    discriminator: (real, fake) => add(mean(real), mean(relu(sub(margin, fake)))),
    generator: (_real, fake) => mean(fake),
  }),
});
