/** Facts that several divergences share. */
import type { Paper } from "../../define/index.ts";

export const SYMBOLS =
  "p, q: softmaxes of the logits, or Gaussians N(μ, diag σ²), for which Σ is over dimensions; natural logarithms";

export const USE = "as a training objective in code; `tsgan/distances` has the figures for plain arrays";

export const textbook: Paper = {
  authors: "Cover, Thomas",
  year: 2006,
  title: "Elements of information theory",
  where: "§2.3",
};
