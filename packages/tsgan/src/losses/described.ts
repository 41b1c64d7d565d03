/** Losses that are not adversarial, as data: they have no name in a configuration, but models and code that use them. */
import type { Described, Paper } from "../catalogue.ts";

const DISTRIBUTIONS = "none: it compares two distributions, discrete ones by their logits [..., K]";
const NO_SCORES = "none";
const HEADS = "a further head of the discriminator, beside its scores";
const DIVERGENCE_USE = "as a training objective in code; `tsgan/distances` has the figures for plain arrays";
const KL_SYMBOLS =
  "p, q: softmaxes of the logits, or Gaussians N(μ, diag σ²), for which Σ is over dimensions; natural logarithms";

const improvedTechniques: Paper = {
  authors: "Salimans et al.",
  year: 2016,
  title: "Improved techniques for training GANs",
  arxiv: "1606.03498",
};

const textbook: Paper = {
  authors: "Cover, Thomas",
  year: 2006,
  title: "Elements of information theory",
  where: "§2.3",
};

/** Divergences as training objectives in their own right. */
export const distributionLosses: readonly Described[] = [
  {
    name: "kl",
    title: "Kullback–Leibler divergence",
    formulas: [
      { of: "discrete", text: "Σ p (log p − log q)", latex: "\\sum p (\\log p - \\log q)" },
      {
        of: "Gaussian",
        text: "Σ log(σ_q/σ_p) + (σ_p² + (μ_p − μ_q)²) / 2σ_q² − ½",
        latex:
          "\\sum\\log\\frac{\\sigma_q}{\\sigma_p} + \\frac{\\sigma_p^2 + (\\mu_p - \\mu_q)^2}{2\\sigma_q^2} - \\tfrac12",
      },
    ],
    symbols: KL_SYMBOLS,
    papers: [textbook],
    approximates: "KL(p ‖ q) itself: maximum likelihood of q where p is the data",
    scores: DISTRIBUTIONS,
    failure: "infinite where q misses a part of p: a q of too few modes is spread over all of them",
    functions: ["discreteKl", "gaussianKl"],
    use: DIVERGENCE_USE,
  },
  {
    name: "reverse-kl",
    title: "reverse Kullback–Leibler divergence",
    formulas: [{ of: "both", text: "KL(q ‖ p)", latex: "\\mathrm{KL}(q\\,\\|\\,p)" }],
    symbols: KL_SYMBOLS,
    papers: [textbook],
    approximates: "KL(q ‖ p) itself",
    scores: DISTRIBUTIONS,
    failure: "forgives missing parts of p: a q of too few modes settles on one of them",
    functions: ["discreteReverseKl", "gaussianReverseKl"],
    use: DIVERGENCE_USE,
  },
  {
    name: "jensen-shannon",
    title: "Jensen–Shannon divergence",
    formulas: [
      {
        of: "both",
        text: "½ KL(p ‖ m) + ½ KL(q ‖ m), m = ½(p + q)",
        latex:
          "\\tfrac12\\mathrm{KL}(p\\,\\|\\,m) + \\tfrac12\\mathrm{KL}(q\\,\\|\\,m),\\; m = \\tfrac12(p + q)",
      },
    ],
    symbols: KL_SYMBOLS,
    papers: [
      {
        authors: "Lin",
        year: 1991,
        title: "Divergence measures based on the Shannon entropy",
      },
    ],
    approximates:
      "itself, in [0, log 2]; between Gaussians by a quadrature rule, since there is no closed form",
    scores: DISTRIBUTIONS,
    failure: "log 2 with no gradient wherever the two do not overlap",
    functions: ["discreteJensenShannon", "gaussianJensenShannon"],
    use: DIVERGENCE_USE,
  },
  {
    name: "total-variation",
    title: "total variation",
    formulas: [
      { of: "discrete", text: "½ Σ |p − q|", latex: "\\tfrac12\\sum|p - q|" },
      { of: "Gaussian", text: "E_p max(0, 1 − q/p)", latex: "\\mathbb{E}_p\\max(0, 1 - q/p)" },
    ],
    symbols: KL_SYMBOLS,
    papers: [
      {
        authors: "Levin, Peres, Wilmer",
        year: 2009,
        title: "Markov chains and mixing times",
        where: "§4.1",
      },
    ],
    approximates: "itself, in [0, 1]; between Gaussians by a quadrature rule",
    scores: DISTRIBUTIONS,
    failure:
      "1 with no gradient where the two do not overlap; its gradient does not see by how much they differ",
    functions: ["discreteTotalVariation", "gaussianTotalVariation"],
    use: DIVERGENCE_USE,
  },
  {
    name: "gaussian-wasserstein",
    title: "Wasserstein distances between Gaussians",
    formulas: [
      {
        of: "W₂",
        text: "√(‖μ_p − μ_q‖² + ‖σ_p − σ_q‖²)",
        latex: "\\sqrt{\\lVert\\mu_p - \\mu_q\\rVert^2 + \\lVert\\sigma_p - \\sigma_q\\rVert^2}",
      },
      {
        of: "W₁, d = 1",
        text: "E|μ_p − μ_q + (σ_p − σ_q) t|, t ~ N(0, 1)",
        latex: "\\mathbb{E}|\\mu_p - \\mu_q + (\\sigma_p - \\sigma_q)t|,\\; t \\sim \\mathcal{N}(0, 1)",
      },
    ],
    symbols: "Gaussians N(μ, diag σ²)",
    papers: [
      {
        authors: "Peyré, Cuturi",
        year: 2019,
        title: "Computational optimal transport",
        arxiv: "1803.00567",
        where: "remark 2.31",
      },
    ],
    approximates: "itself; has a gradient wherever the two differ, overlap or not",
    scores: NO_SCORES,
    failure: "W₂ has no derivative where the two are equal",
    functions: ["gaussianW2", "gaussianW1"],
    use: DIVERGENCE_USE,
  },
];

/** What stands beside an adversarial loss: the models that need a loss bring it. */
export const auxiliaryLosses: readonly Described[] = [
  {
    name: "class",
    title: "classes of AC-GAN",
    formulas: [
      {
        of: "discriminator",
        text: "w_real CE(real, y) + w_fake CE(fake, y)",
        latex: "w_\\text{real}\\,\\mathrm{CE}(x, y) + w_\\text{fake}\\,\\mathrm{CE}(G(z, y), y)",
      },
      { of: "generator", text: "w_G CE(fake, y)", latex: "w_G\\,\\mathrm{CE}(G(z, y), y)" },
    ],
    symbols:
      "CE: softmax cross-entropy of the class logits; y: label, for generated samples the one asked for",
    papers: [
      {
        authors: "Odena, Olah, Shlens",
        year: 2017,
        title: "Conditional image synthesis with auxiliary classifier GANs",
        arxiv: "1610.09585",
        where: "eq. 2–3",
      },
    ],
    approximates: "samples that a classifier is sure of",
    scores: HEADS,
    failure: "prefers samples that are easy to classify, so that classes lose variety",
    notes:
      "The paper has weight 1 everywhere; w_fake = 0, the default of the model here, lets real images alone say what a class is.",
    functions: ["acgan", "classCrossEntropy"],
    use: "`--model acgan --set model.classWeight=1 --set model.fakeClassWeight=0 --set model.generatorClassWeight=1`",
  },
  {
    name: "semi-supervised",
    title: "semi-supervised GAN with K+1 classes",
    formulas: [
      {
        of: "discriminator",
        text: "CE(labelled) + ½ (E softplus(−Z(real)) + E softplus(Z(fake)))",
        latex:
          "\\mathrm{CE} + \\tfrac12(\\mathbb{E}\\,\\mathrm{softplus}(-Z(x)) + \\mathbb{E}\\,\\mathrm{softplus}(Z(G(z))))",
      },
      {
        of: "generator",
        text: "‖E φ(real) − E φ(fake)‖²",
        latex: "\\lVert\\mathbb{E}\\,\\phi(x) - \\mathbb{E}\\,\\phi(G(z))\\rVert^2",
      },
    ],
    symbols: "Z = log Σ exp of the K class logits, the logit of generated samples being 0; φ: features",
    papers: [{ ...improvedTechniques, where: "§5" }],
    approximates: "a classifier that has also seen the unlabelled data",
    scores: "logit: Z is the score",
    failure: "a generator that becomes perfect teaches the classifier nothing more (Dai et al. 2017)",
    functions: ["semiSupervised", "realnessLogit"],
    use: "`--model sgan --set labelsPerClass=100`",
  },
  {
    name: "information",
    title: "mutual information of InfoGAN",
    formulas: [
      {
        of: "both",
        text: "λ (CE(Q(G(z, c)), c) + E Σ ½(c − μ)² + ½ log 2π)",
        latex:
          "\\lambda(\\mathrm{CE}(Q(G(z, c)), c) + \\mathbb{E}\\sum\\tfrac12(c - \\mu)^2 + \\tfrac12\\log 2\\pi)",
      },
    ],
    symbols:
      "c: categorical and continuous code; Q: a head of the discriminator; μ: its guess of the continuous code",
    papers: [
      {
        authors: "Chen et al.",
        year: 2016,
        title:
          "InfoGAN: interpretable representation learning by information maximizing generative adversarial nets",
        arxiv: "1606.03657",
        where: "§4–5",
      },
    ],
    approximates:
      "minus a lower bound of the mutual information of code and sample, up to the code's entropy",
    scores: HEADS,
    failure: "the code may settle on something else than the classes, or split one and merge two",
    functions: ["infogan"],
    use: "`--model infogan`",
  },
  {
    name: "translation",
    title: "L1 of pix2pix, cycles and identities of CycleGAN",
    formulas: [
      { of: "pix2pix", text: "λ E|G(x) − y|", latex: "\\lambda\\,\\mathbb{E}|G(x) - y|" },
      {
        of: "cycle",
        text: "λ (E|F(G(x)) − x| + E|G(F(y)) − y|)",
        latex: "\\lambda(\\mathbb{E}|F(G(x)) - x| + \\mathbb{E}|G(F(y)) - y|)",
      },
      {
        of: "identity",
        text: "λ ι (E|G(y) − y| + E|F(x) − x|)",
        latex: "\\lambda\\iota(\\mathbb{E}|G(y) - y| + \\mathbb{E}|F(x) - x|)",
      },
    ],
    symbols: "x, y: images of the two kinds; G: x → y; F: y → x; means over pixels",
    papers: [
      {
        authors: "Isola et al.",
        year: 2017,
        title: "Image-to-image translation with conditional adversarial networks",
        arxiv: "1611.07004",
        where: "eq. 3–4",
      },
      {
        authors: "Zhu et al.",
        year: 2017,
        title: "Unpaired image-to-image translation using cycle-consistent adversarial networks",
        arxiv: "1703.10593",
        where: "eq. 2, §5.2",
      },
    ],
    approximates: "a translation near the truth (pix2pix), or one that can be undone (CycleGAN)",
    scores: NO_SCORES,
    failure: "L1 alone blurs; a cycle may hide what it needs in a pattern that nobody sees",
    functions: ["l1", "pix2pix", "cycleConsistency"],
    use: "`--recipe pix2pix` and `--recipe cyclegan`",
  },
  {
    name: "feature-matching",
    title: "feature matching",
    formulas: [
      {
        of: "generator",
        text: "‖E φ(real) − E φ(fake)‖²",
        latex: "\\lVert\\mathbb{E}\\,\\phi(x) - \\mathbb{E}\\,\\phi(G(z))\\rVert^2",
      },
    ],
    symbols: "φ: the discriminator's last hidden layer",
    papers: [{ ...improvedTechniques, where: "§3.1" }],
    approximates: "equal means of the features of real and generated batches",
    scores: NO_SCORES,
    failure: "equal means do not make equal distributions: samples alone look worse than with a plain loss",
    functions: ["featureMatching"],
    use:
      '`--set \'terms=[{"name":"feature-matching","weight":1}]\'`, or with `gradientRatio` for a weight that makes its gradient so ' +
      'many times as long as the adversarial one\'s; `--set \'terms=[{"name":"feature-matching"}]\' --set adversarialWeight=0` ' +
      "for it alone; `--model sgan` brings it",
  },
  {
    name: "historical-averaging",
    title: "historical averaging",
    formulas: [
      {
        of: "both",
        text: "w ‖θ − mean of past θ‖²",
        latex: "w\\lVert\\theta - \\tfrac1t\\sum_i\\theta_i\\rVert^2",
      },
    ],
    symbols: "θ: the player's own parameters",
    papers: [{ ...improvedTechniques, where: "§3.3" }],
    approximates: "players that stop circling each other",
    scores: NO_SCORES,
    failure: "slows both players; the first parameters weigh in the mean for good",
    functions: ["historicalAveraging", "historicalMean"],
    use: "`--set historicalAveraging=0.1`",
  },
  {
    name: "pulling-away",
    title: "pulling-away term of EBGAN",
    formulas: [
      {
        of: "generator",
        text: "w / (N(N − 1)) Σ_{i≠j} cos²(sᵢ, sⱼ)",
        latex: "\\frac{w}{N(N-1)}\\sum_{i\\ne j}\\cos^2(s_i, s_j)",
      },
    ],
    symbols: "s: the auto-encoder's codes of the N generated samples",
    papers: [
      {
        authors: "Zhao, Mathieu, LeCun",
        year: 2017,
        title: "Energy-based generative adversarial network",
        arxiv: "1609.03126",
        where: "§2.4",
      },
    ],
    approximates: "codes at right angles to each other, so that samples differ",
    scores: NO_SCORES,
    failure: "rewards differing codes, whether or not they look like data",
    functions: ["pullingAway"],
    use:
      "`--loss ebgan --model ebgan --set model.pullingAway=0.1`; other models, of their discriminator's features: " +
      '`--set \'terms=[{"name":"pulling-away","weight":0.1}]\'`',
  },
];
