/** Papers that several experiments follow. */
import type { Paper } from "tsgan/define";

export const generativeAdversarialNets: Paper = {
  authors: "Goodfellow et al.",
  year: 2014,
  title: "Generative adversarial nets",
  arxiv: "1406.2661",
};

export const principledMethods: Paper = {
  authors: "Arjovsky & Bottou",
  year: 2017,
  title: "Towards principled methods for training generative adversarial networks",
  arxiv: "1701.04862",
};

export const wassersteinGan: Paper = {
  authors: "Arjovsky et al.",
  year: 2017,
  title: "Wasserstein GAN",
  arxiv: "1701.07875",
};

export const improvedWasserstein: Paper = {
  authors: "Gulrajani et al.",
  year: 2017,
  title: "Improved training of Wasserstein GANs",
  arxiv: "1704.00028",
};
