import { mul, sub } from "../../graph/index.ts";
import { defineLink } from "../optimizer.ts";

/**
 * Optimistic descent (Daskalakis et al. 2018; extrapolation from the past, Gidel et al. 2019): 2gₜ − gₜ₋₁ in place of gₜ, which
 * keeps two players from circling. g₀ = 0, so the first gradient counts twice.
 */
export const optimistic = defineLink({
  name: "optimistic",
  title: "gradients extrapolated from the last one",
  formulas: [{ of: "gradient", text: "g ← 2gₜ − gₜ₋₁", latex: "g \\leftarrow 2 g_t - g_{t-1}" }],
  papers: [
    {
      authors: "Daskalakis, Ilyas, Syrgkanis, Zeng",
      year: 2018,
      title: "Training GANs with optimism",
      arxiv: "1711.00141",
      where: "eq. 3",
    },
    {
      authors: "Gidel et al.",
      year: 2019,
      title: "A variational inequality perspective on generative adversarial networks",
      arxiv: "1802.10551",
      where: "§3.2",
    },
  ],
  options: {},
  create: () => ({
    slots: [{ name: "before" }],
    gradient: (gradient, { slots: [before] }) => ({
      value: sub(mul(gradient, 2), before),
      slots: [gradient],
    }),
  }),
});
