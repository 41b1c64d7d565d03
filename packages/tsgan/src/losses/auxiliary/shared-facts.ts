/** Facts that several auxiliary losses share. */
import type { Paper } from "../../define/index.ts";

export const improvedTechniques: Paper = {
  authors: "Salimans et al.",
  year: 2016,
  title: "Improved techniques for training GANs",
  arxiv: "1606.03498",
};
