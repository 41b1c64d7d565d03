/** Every penalty and constraint as data. */
import { type Definition, makeCatalogue, type Paper } from "../catalogue.ts";
import type { Tensor } from "../graph/index.ts";
import { dragan, gradientPenalty, lazyR1, r1, r2, wganDiv, wganLp, zeroCentred } from "./gradient.ts";
import type { Penalty } from "./penalty.ts";
import { balancedConsistency, consistency, orthogonal, weightClipping } from "./regularizers.ts";

const improvedTraining: Paper = {
  authors: "Gulrajani et al.",
  year: 2017,
  title: "Improved training of Wasserstein GANs",
  arxiv: "1704.00028",
};
const convergence: Paper = {
  authors: "Mescheder, Geiger, Nowozin",
  year: 2018,
  title: "Which training methods for GANs do actually converge?",
  arxiv: "1801.04406",
};

const SLOPE = "g = ∇ₓD(x) of one example, n = √(Σg² + 1e-12); E: batch mean";
const INTERPOLATES = `${SLOPE}; x̂ = ε x + (1 − ε) G(z), ε ~ U[0, 1) for each example`;
const ANY = "raw scores of any kind, before a sigmoid";

const definitions: readonly Definition<Penalty>[] = [
  {
    name: "weight-clipping",
    title: "weight clipping",
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
    scores: ANY,
    failure: "weights gather at ±c, the critic becomes too simple; gradients vanish or explode with depth",
    notes: "Here after each step; the authors' code clips before it. Batch-norm scales are clipped as well.",
    options: { limit: "c" },
    make: weightClipping,
  },
  {
    name: "gradient-penalty",
    title: "gradient penalty (WGAN-GP)",
    formulas: [
      {
        of: "penalty",
        text: "λ E(n(x̂) − t)²; one-sided: λ E max(0, n(x̂) − t)²",
        latex: "\\lambda\\,\\mathbb{E}(n(\\hat x) - t)^2",
      },
    ],
    symbols: INTERPOLATES,
    papers: [{ ...improvedTraining, where: "eq. 3, §4" }],
    approximates:
      "slope t of the critic on lines between real and generated samples, as the best critic has with t = 1",
    scores: ANY,
    failure:
      "batch norm in the critic mixes the examples whose slopes it measures; slows training by about half",
    notes:
      "With t ≠ 1 this is t² times the (n/t − 1)² of TF-GAN. With `mmd-gan`, g is the slope of its witness, as for every " +
      "penalty of this kind.",
    options: {
      weight: "λ",
      target: "t",
      sided: '"two" or "one" (slopes above t only)',
      at: '"interpolates", "perturbed" (as dragan), "real" or "fake"',
    },
    make: gradientPenalty,
  },
  {
    name: "wgan-lp",
    title: "Lipschitz penalty (WGAN-LP)",
    formulas: [
      {
        of: "penalty",
        text: "λ E max(0, n(x̂) − 1)²",
        latex: "\\lambda\\,\\mathbb{E}\\max(0, n(\\hat x) - 1)^2",
      },
    ],
    symbols: INTERPOLATES,
    papers: [
      {
        authors: "Petzka, Fischer, Lukovnikov",
        year: 2018,
        title: "On the regularization of Wasserstein GANs",
        arxiv: "1709.08894",
      },
    ],
    approximates: "slope of at most 1, which is all that the dual of W₁ asks for",
    scores: ANY,
    failure: "as gradient-penalty: no batch norm in the critic, and slow",
    options: { weight: "λ" },
    make: wganLp,
  },
  {
    name: "wgan-div",
    title: "Wasserstein divergence (WGAN-div)",
    formulas: [
      {
        of: "penalty",
        text: "k E n(x̂)^p, or k/2 (E n(x)^p + E n(G(z))^p)",
        latex: "k\\,\\mathbb{E}\\,n(\\hat x)^p",
      },
    ],
    symbols: INTERPOLATES,
    papers: [
      {
        authors: "Wu et al.",
        year: 2018,
        title: "Wasserstein divergence for GANs",
        arxiv: "1712.01026",
      },
    ],
    approximates: "a divergence in place of W₁ that asks for no Lipschitz constant",
    scores: ANY,
    failure: "n^6 explodes for a steep critic: start it flat",
    notes: 'The paper takes interpolates, popular code the samples themselves (at = "real-and-fake").',
    options: { weight: "k", exponent: "p", at: '"interpolates" or "real-and-fake"' },
    make: wganDiv,
  },
  {
    name: "dragan",
    title: "DRAGAN",
    formulas: [
      {
        of: "penalty",
        text: "λ E(n(x + δ) − t)², δ = ½ std(x) · U[0, 1)",
        latex:
          "\\lambda\\,\\mathbb{E}(n(x + \\delta) - t)^2,\\; \\delta = \\tfrac12\\,\\mathrm{std}(x)\\,U[0, 1)",
      },
    ],
    symbols: `${SLOPE}; x: real samples; std over all elements of the batch`,
    papers: [
      {
        authors: "Kodali et al.",
        year: 2017,
        title: "On convergence and stability of GANs",
        arxiv: "1705.07215",
      },
    ],
    approximates: "a discriminator without sharp slopes around the data",
    scores: ANY,
    failure: "slope t around every real sample is more than convergence asks for (compare r1)",
    notes: "The authors' code then draws a point on the segment from x to x + δ; implementations differ.",
    options: { weight: "λ", target: "t" },
    make: dragan,
  },
  {
    name: "r1",
    title: "R1",
    formulas: [{ of: "penalty", text: "γ/2 E Σ g(x)²", latex: "\\tfrac\\gamma2\\,\\mathbb{E}\\sum g(x)^2" }],
    symbols: `${SLOPE}; x: real samples`,
    papers: [{ ...convergence, where: "eq. 9" }],
    approximates: "a discriminator that is flat on the data, where training then converges locally",
    scores: ANY,
    failure: "a γ too large blurs D; γ = 0.0002 · size² / batch is a rule of thumb (Karras et al. 2020)",
    options: { weight: "γ" },
    make: r1,
  },
  {
    name: "r2",
    title: "R2",
    formulas: [
      { of: "penalty", text: "γ/2 E Σ g(G(z))²", latex: "\\tfrac\\gamma2\\,\\mathbb{E}\\sum g(G(z))^2" },
    ],
    symbols: SLOPE,
    papers: [{ ...convergence, where: "eq. 10" }],
    approximates: "a discriminator that is flat on generated samples",
    scores: ANY,
    failure: "alone it leaves the slope at the data free; goes with r1 in R3GAN",
    options: { weight: "γ" },
    make: r2,
  },
  {
    name: "lazy-r1",
    title: "lazy R1",
    formulas: [
      {
        of: "penalty",
        text: "every n-th step: n γ/2 E Σ g(x)²",
        latex: "n\\,\\tfrac\\gamma2\\,\\mathbb{E}\\sum g(x)^2 \\;\\text{every n-th step}",
      },
    ],
    symbols: `${SLOPE}; x: real samples`,
    papers: [
      {
        authors: "Karras et al.",
        year: 2020,
        title: "Analyzing and improving the image quality of StyleGAN",
        arxiv: "1912.04958",
      },
    ],
    approximates: "r1, for a fraction of the time",
    scores: ANY,
    failure: "Adam sees rare large gradients: large n needs smaller learning rates and betas",
    options: { weight: "γ", every: "n" },
    make: lazyR1,
  },
  {
    name: "zero-centred",
    title: "zero-centred gradient penalty (GAN-0GP)",
    formulas: [{ of: "penalty", text: "λ E Σ g(x̂)²", latex: "\\lambda\\,\\mathbb{E}\\sum g(\\hat x)^2" }],
    symbols: INTERPOLATES,
    papers: [
      {
        authors: "Thanh-Tung, Tran, Venkatesh",
        year: 2019,
        title: "Improving generalization and stability of generative adversarial networks",
        arxiv: "1902.03984",
      },
    ],
    approximates: "a discriminator without steep slopes between real and generated samples",
    scores: ANY,
    failure: "a flat discriminator everywhere is a weak one: λ is delicate",
    options: { weight: "λ" },
    make: zeroCentred,
  },
  {
    name: "consistency",
    title: "consistency regularisation (CR-GAN)",
    formulas: [
      {
        of: "penalty",
        text: "λ E(D(x) − D(T(x)))²",
        latex: "\\lambda\\,\\mathbb{E}(D(x) - D(T(x)))^2",
      },
    ],
    symbols: "x: real samples; T: a random augmentation; E: batch mean",
    papers: [
      {
        authors: "Zhang et al.",
        year: 2020,
        title: "Consistency regularization for generative adversarial networks",
        arxiv: "1910.12027",
      },
    ],
    approximates: "a discriminator that does not see the augmentation",
    scores: ANY,
    failure: "artefacts of T may leak into generated samples, since only real ones are held consistent",
    notes: 'Needs an augmentation: create("consistency", options, { augment }).',
    options: { weight: "λ" },
    make: consistency,
  },
  {
    name: "balanced-consistency",
    title: "balanced consistency regularisation (bCR-GAN)",
    formulas: [
      {
        of: "penalty",
        text: "λ_real E(D(x) − D(T(x)))² + λ_fake E(D(G(z)) − D(T(G(z))))²",
        latex:
          "\\lambda_\\text{real}\\,\\mathbb{E}(D(x) - D(T(x)))^2 + \\lambda_\\text{fake}\\,\\mathbb{E}(D(G(z)) - D(T(G(z))))^2",
      },
    ],
    symbols: "x: real samples; T: a random augmentation; E: batch mean",
    papers: [
      {
        authors: "Zhao et al.",
        year: 2020,
        title: "Improved consistency regularization for GANs",
        arxiv: "2002.04724",
      },
    ],
    approximates: "a discriminator that does not see the augmentation, on real and generated samples",
    scores: ANY,
    failure: "a strong T with large weights makes D insensitive to what T changes",
    notes: 'Needs an augmentation: create("balanced-consistency", options, { augment }).',
    options: { realWeight: "λ_real", fakeWeight: "λ_fake" },
    make: balancedConsistency,
  },
  {
    name: "orthogonal",
    title: "orthogonal regularisation",
    formulas: [
      {
        of: "penalty",
        text: "β Σ ‖W Wᵀ − I‖²; off-diagonal: β Σ ‖W Wᵀ ⊙ (1 − I)‖²",
        latex: "\\beta\\sum\\lVert W W^\\top - I\\rVert_F^2",
      },
    ],
    symbols: "W: each weight matrix or filter of the critic, as [out, rest]",
    papers: [
      {
        authors: "Brock et al.",
        year: 2017,
        title: "Neural photo editing with introspective adversarial networks",
        arxiv: "1609.07093",
      },
      {
        authors: "Brock, Donahue, Simonyan",
        year: 2019,
        title: "Large scale GAN training for high fidelity natural image synthesis",
        arxiv: "1809.11096",
        where: "eq. 3",
      },
    ],
    approximates: "layers that keep lengths (full) or do not repeat themselves (off-diagonal)",
    scores: ANY,
    failure: "layers with more outputs than inputs cannot reach zero",
    options: { weight: "β", form: '"full" or "off-diagonal"' },
    make: orthogonal,
  },
];

export const catalogue = makeCatalogue("penalty", definitions, { augment: (x: Tensor) => x });

/** A penalty by its name in the catalogue. `functions` holds the augmentation that consistency penalties need. */
export const create = catalogue.create;
