/** Facts that several losses share. */
import type { Paper } from "../define/index.ts";

export const SYMBOLS =
  "r = D(x), f = D(G(z)): scores of real and generated samples; E: batch mean; σ: sigmoid";

export const goodfellow: Paper = {
  authors: "Goodfellow et al.",
  year: 2014,
  title: "Generative adversarial nets",
  arxiv: "1406.2661",
};

export const wassersteinGan: Paper = {
  authors: "Arjovsky, Chintala, Bottou",
  year: 2017,
  title: "Wasserstein GAN",
  arxiv: "1701.07875",
};
