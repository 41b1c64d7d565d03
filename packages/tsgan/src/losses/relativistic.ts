/**
 * What relativistic losses share: how much more real are real samples than generated ones, and the other way for G
 * (Jolicoeur-Martineau 2018, arXiv:1807.00734). r, f: scores of real and fake; r̄, f̄ their batch means, through which
 * the gradient flows. The averages are sums of their two halves; the author's code halves them.
 */
import type { Paper } from "../define/index.ts";
import type { Tensor } from "../graph/index.ts";
import type { LossFunctions } from "./loss.ts";
import { SYMBOLS } from "./shared-facts.ts";

export const relativism: Paper = {
  authors: "Jolicoeur-Martineau",
  year: 2018,
  title: "The relativistic discriminator: a key element missing from standard GAN",
  arxiv: "1807.00734",
};

export const AVERAGED = `${SYMBOLS}; r̄, f̄: batch means of r and f`;

/** G's loss is D's with real and fake changing places. */
export const symmetric = (discriminator: (real: Tensor, fake: Tensor) => Tensor): LossFunctions => ({
  discriminator,
  generator: (real, fake) => discriminator(fake, real),
});
