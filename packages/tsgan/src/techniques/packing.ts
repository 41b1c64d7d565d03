import { integer } from "../define/index.ts";
import { defineTechnique } from "../game/index.ts";
import { packed } from "../models/index.ts";

/** The discriminator judges several examples together, so that it sees a lack of variety. Lin et al. 2018, arXiv:1712.04086. */
export const packing = defineTechnique({
  name: "packing",
  title: "PacGAN: a discriminator that sees several examples at once",
  formulas: [{ of: "scores", text: "D(x₁, …, x_m) in place of D(x)", latex: "D(x_1, \\ldots, x_m)" }],
  symbols: "x₁ … x_m: independent examples, all real or all generated, side by side along the channels",
  papers: [
    {
      authors: "Lin, Khetan, Fanti, Oh",
      year: 2018,
      title: "PacGAN: the power of two samples in generative adversarial networks",
      arxiv: "1712.04086",
    },
  ],
  options: {
    count: integer({ default: 2, least: 2, most: 1000, means: "examples that are judged together" }),
  },
  create: ({ count }) => ({ model: (model) => packed(model, count) }),
});
