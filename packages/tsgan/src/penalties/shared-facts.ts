/** Facts that several penalties share. */
import type { Paper } from "../define/index.ts";

/** How the discriminator's output is read, by all of them. */
export const SCORES = "raw scores of any kind, before a sigmoid";

export const convergence: Paper = {
  authors: "Mescheder, Geiger, Nowozin",
  year: 2018,
  title: "Which training methods for GANs do actually converge?",
  arxiv: "1801.04406",
};
