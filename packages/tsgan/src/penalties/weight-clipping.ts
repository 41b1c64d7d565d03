import { number } from "../define/index.ts";
import { clip } from "../graph/index.ts";
import { definePenalty } from "./penalty.ts";

/**
 * Weight clipping: after each step every parameter of the critic is clipped to [−c, c].
 * Arjovsky et al. 2017, arXiv:1701.07875, algorithm 1.
 */
export const weightClipping = definePenalty({
  name: "weight-clipping",
  title: "weight clipping",
  options: {
    limit: number({
      default: 0.01,
      least: 0,
      means: "largest absolute value of a weight",
      symbol: "c",
      // The study of Lucic et al. 2018, arXiv:1711.10337.
      search: { low: 1e-3, high: 1, log: true },
    }),
  },
  formulas: [
    { of: "constraint", text: "w ← clip(w, −c, c)", latex: "w \\leftarrow \\mathrm{clip}(w, -c, c)" },
  ],
  symbols: "w: every parameter of the critic, after each of its steps",
  papers: [
    {
      authors: "Arjovsky, Chintala, Bottou",
      year: 2017,
      title: "Wasserstein GAN",
      arxiv: "1701.07875",
      where: "algorithm 1",
    },
  ],
  approximates: "a critic that is Lipschitz with some constant fixed by c and the architecture",
  failure: "weights gather at ±c, the critic becomes too simple; gradients vanish or explode with depth",
  notes: "Here after each step; the authors' code clips before it. Batch-norm scales are clipped as well.",
  create: ({ limit }) => ({ constraint: (parameters) => clip(parameters, -limit, limit) }),
});
