import { defineDataset } from "../definition.ts";
import { distribution } from "../synthetic.ts";

/**
 * Uniform on the segment from (−1, −1) to (1, 1): the simplest distribution that lives on a manifold of lower
 * dimension than its space, where the divergences of Arjovsky et al. (2017, WGAN, Example 1) give no gradient.
 */
export const line = defineDataset({
  name: "line",
  title: "the segment from (−1, −1) to (1, 1)",
  holds: "points",
  shape: [2],
  papers: [
    {
      authors: "Arjovsky et al.",
      year: 2017,
      title: "Wasserstein GAN",
      arxiv: "1701.07875",
      where: "Example 1",
    },
  ],
  options: {},
  open: () =>
    distribution({
      name: "line",
      dimension: 2,
      sample(random, out, offset) {
        const t = 2 * random.uniform() - 1;
        out[offset] = t;
        out[offset + 1] = t;
        return 0;
      },
    }),
});
