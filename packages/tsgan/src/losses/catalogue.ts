/** Every adversarial loss as data. */
import { type Definition, makeCatalogue, type Paper } from "../catalogue.ts";
import { hinge, leastSquares, minimax, nonSaturating, wasserstein, wassersteinLabels } from "./classic.ts";
import { began, ebgan } from "./energy.ts";
import { type FGanDivergence, type FGanOptions, fGan } from "./f-gan.ts";
import type { AdversarialLoss } from "./loss.ts";
import { mmdGan } from "./mmd.ts";
import {
  relativisticAverage,
  relativisticAverageHinge,
  relativisticAverageLeastSquares,
  relativisticPaired,
} from "./relativistic.ts";
import { sinkhorn } from "./sinkhorn.ts";

const goodfellow: Paper = {
  authors: "Goodfellow et al.",
  year: 2014,
  title: "Generative adversarial nets",
  arxiv: "1406.2661",
};
const relativism: Paper = {
  authors: "Jolicoeur-Martineau",
  year: 2018,
  title: "The relativistic discriminator: a key element missing from standard GAN",
  arxiv: "1807.00734",
};
const wassersteinGan: Paper = {
  authors: "Arjovsky, Chintala, Bottou",
  year: 2017,
  title: "Wasserstein GAN",
  arxiv: "1701.07875",
};
const fGanPaper: Paper = {
  authors: "Nowozin, Cseke, Tomioka",
  year: 2016,
  title: "f-GAN: training generative neural samplers using variational divergence minimization",
  arxiv: "1606.00709",
  where: "§3.2, table 2",
};

const LOGITS = "logits: their sigmoid is the probability of being real";
const UNBOUNDED = "unbounded real numbers, no sigmoid";
const ENERGIES = "energies ≥ 0, low for real samples: reconstruction errors of an auto-encoder";
const EMBEDDINGS = "embeddings [N,d]: the discriminator is a feature map";

const SYMBOLS = "r = D(x), f = D(G(z)): scores of real and generated samples; E: batch mean; σ: sigmoid";
const AVERAGED = `${SYMBOLS}; r̄, f̄: batch means of r and f`;

const labelOptions = {
  realLabel: "target for real samples in [0, 1]; 0.9 is one-sided label smoothing (Salimans et al. 2016)",
  fakeLabel: "target for generated samples in [0, 1]",
};
const crossEntropyFormula = {
  of: "discriminator",
  text: "−E log σ(r) − E log(1 − σ(f))",
  latex: "-\\mathbb{E}\\log\\sigma(r) - \\mathbb{E}\\log(1 - \\sigma(f))",
};

/** g, f* ∘ g and what is known of each divergence. */
const fGanFacts: Readonly<
  Record<
    FGanDivergence,
    {
      readonly title: string;
      readonly activation: readonly [text: string, latex: string];
      readonly conjugate: readonly [text: string, latex: string];
      readonly divergence: string;
      readonly failure: string;
    }
  >
> = {
  kl: {
    title: "Kullback–Leibler",
    activation: ["v", "v"],
    conjugate: ["e^(v−1)", "e^{v-1}"],
    divergence: "KL(P_data ‖ P_G), which punishes missing modes",
    failure: "e^v makes one confident score dominate the batch; infinite where the supports do not meet",
  },
  "reverse-kl": {
    title: "reverse Kullback–Leibler",
    activation: ["−e^(−v)", "-e^{-v}"],
    conjugate: ["v − 1", "v - 1"],
    divergence: "KL(P_G ‖ P_data), which punishes implausible samples and forgives missing modes",
    failure: "mode dropping; e^−v makes one badly scored real sample dominate the batch",
  },
  pearson: {
    title: "Pearson χ²",
    activation: ["v", "v"],
    conjugate: ["v²/4 + v", "v^2/4 + v"],
    divergence: "χ²(P_data ‖ P_G) of Pearson",
    failure: "the conjugate turns at v = −2: below it, D is asked to raise the scores of generated samples",
  },
  "squared-hellinger": {
    title: "squared Hellinger",
    activation: ["1 − e^(−v)", "1 - e^{-v}"],
    conjugate: ["e^v − 1", "e^{v} - 1"],
    divergence: "H²(P_data, P_G), bounded and symmetric",
    failure: "gradients grow as e^|v| on wrongly scored samples",
  },
  "jensen-shannon": {
    title: "Jensen–Shannon",
    activation: ["log 2 − softplus(−v)", "\\log 2 - \\mathrm{softplus}(-v)"],
    conjugate: ["softplus(v) − log 2", "\\mathrm{softplus}(v) - \\log 2"],
    divergence: "2 JS(P_data, P_G), bounded by 2 log 2",
    failure: "the original generator's gradient vanishes where D wins, as in minimax",
  },
  gan: {
    title: "GAN",
    activation: ["−softplus(−v) = log σ(v)", "-\\mathrm{softplus}(-v) = \\log\\sigma(v)"],
    conjugate: ["softplus(v)", "\\mathrm{softplus}(v)"],
    divergence: "2 JS(P_data, P_G) − log 4; the same game as minimax",
    failure: "the original generator's gradient vanishes where D wins",
  },
  "total-variation": {
    title: "total variation",
    activation: ["½ tanh v", "\\tfrac12\\tanh v"],
    conjugate: ["½ tanh v", "\\tfrac12\\tanh v"],
    divergence: "TV(P_data, P_G), in [0, 1]",
    failure: "tanh saturates: gradients of both players vanish once D is confident",
  },
};

const fGanEntry = (divergence: FGanDivergence): Definition<AdversarialLoss> => {
  const { title, activation, conjugate, divergence: approximated, failure } = fGanFacts[divergence];
  return {
    name: `fgan-${divergence}`,
    title: `f-GAN, ${title}`,
    formulas: [
      {
        of: "discriminator",
        text: `−E g(r) + E f*(g(f)), g(v) = ${activation[0]}, f*(g(v)) = ${conjugate[0]}`,
        latex: `-\\mathbb{E}\\,g(r) + \\mathbb{E}\\,f^*(g(f)),\\; g(v) = ${activation[1]},\\; f^*(g(v)) = ${conjugate[1]}`,
      },
      {
        of: "generator",
        text: "original: −E f*(g(f)); non-saturating: −E g(f)",
        latex: "-\\mathbb{E}\\,f^*(g(f)) \\;\\text{or}\\; -\\mathbb{E}\\,g(f)",
      },
    ],
    symbols: `${SYMBOLS}; g: output activation; f*: convex conjugate of the divergence's function`,
    papers: [fGanPaper],
    approximates: approximated,
    scores: `${UNBOUNDED}; the loss applies the activation g itself`,
    failure,
    options: { generator: '"original" or "non-saturating"' },
    make: (options: Omit<FGanOptions, "divergence">) => fGan({ divergence, ...options }),
  };
};

const definitions: readonly Definition<AdversarialLoss>[] = [
  {
    name: "minimax",
    title: "minimax GAN",
    formulas: [
      crossEntropyFormula,
      { of: "generator", text: "E log(1 − σ(f))", latex: "\\mathbb{E}\\log(1 - \\sigma(f))" },
    ],
    symbols: SYMBOLS,
    papers: [{ ...goodfellow, where: "eq. 1" }],
    approximates: "at the best D, 2 JS(P_data, P_G) − log 4",
    scores: LOGITS,
    failure:
      "the generator's gradient vanishes where D is sure that a sample is generated, so early training stalls",
    notes: "Zero-sum. Label smoothing changes the discriminator's targets only.",
    options: labelOptions,
    make: minimax,
  },
  {
    name: "non-saturating",
    title: "non-saturating GAN",
    formulas: [
      crossEntropyFormula,
      { of: "generator", text: "−E log σ(f)", latex: "-\\mathbb{E}\\log\\sigma(f)" },
    ],
    symbols: SYMBOLS,
    papers: [{ ...goodfellow, where: "§3" }],
    approximates:
      "at the best D, the gradient of KL(P_G ‖ P_data) − 2 JS(P_data, P_G) (Arjovsky & Bottou 2017)",
    scores: LOGITS,
    failure: "mode dropping; unstable gradients where D is nearly perfect. R1 (`r1`) repairs much of it",
    notes: "Not zero-sum. Label smoothing changes the discriminator's targets only.",
    options: labelOptions,
    make: nonSaturating,
  },
  {
    name: "least-squares",
    title: "least-squares GAN (LSGAN)",
    formulas: [
      {
        of: "discriminator",
        text: "½ E(r − b)² + ½ E(f − a)²",
        latex: "\\tfrac12\\mathbb{E}(r - b)^2 + \\tfrac12\\mathbb{E}(f - a)^2",
      },
      { of: "generator", text: "½ E(f − c)²", latex: "\\tfrac12\\mathbb{E}(f - c)^2" },
    ],
    symbols: SYMBOLS,
    papers: [
      {
        authors: "Mao et al.",
        year: 2017,
        title: "Least squares generative adversarial networks",
        arxiv: "1611.04076",
        where: "eq. 8–9",
      },
    ],
    approximates:
      "with b − c = 1 and b − a = 2 (codes −1, 1, 0), Pearson's χ² between (P_data + P_G)/2 and P_G",
    scores: UNBOUNDED,
    failure:
      "scores far beyond their code are punished too, so a very good D gets large gradients of the wrong kind",
    notes: "Some code squares the sigmoid of the score instead; this is the raw score, as in the paper.",
    options: {
      a: "code of generated samples for D",
      b: "code of real samples for D",
      c: "code that G wants for its samples",
    },
    make: leastSquares,
  },
  {
    name: "wasserstein",
    title: "Wasserstein GAN",
    formulas: [
      { of: "discriminator", text: "E f − E r", latex: "\\mathbb{E}\\,f - \\mathbb{E}\\,r" },
      { of: "generator", text: "−E f", latex: "-\\mathbb{E}\\,f" },
    ],
    symbols: SYMBOLS,
    papers: [{ ...wassersteinGan, where: "eq. 2–3, algorithm 1" }],
    approximates:
      "minus the critic's loss is K · W₁(P_data, P_G) from below, for a K-Lipschitz critic near its best",
    scores: `${UNBOUNDED}: a sigmoid would bound the critic and break the duality`,
    failure:
      "without a constraint the critic's loss falls without end; clipped weights make it slow and too simple " +
      "(use `gradient-penalty`)",
    notes:
      "The sign, which tutorials confuse: the critic maximises E[D(x)] − E[D(G(z))], so as a loss it minimises " +
      "E[D(G(z))] − E[D(x)]. That loss is negative in training and rises to 0; minus it estimates the distance. " +
      "G minimises −E[D(G(z))]. Flipping the sign of D flips all of it and is the same game: real samples then score " +
      "low. Both players must use the same convention. For mean(y · score) see `wasserstein-labels`.",
    options: {},
    make: wasserstein,
  },
  {
    name: "wasserstein-labels",
    title: "Wasserstein loss with labels",
    formulas: [
      {
        of: "discriminator",
        text: "E(y_real · r) + E(y_fake · f)",
        latex: "\\mathbb{E}(y_\\text{real}\\,r) + \\mathbb{E}(y_\\text{fake}\\,f)",
      },
      { of: "generator", text: "E(y_real · f)", latex: "\\mathbb{E}(y_\\text{real}\\,f)" },
    ],
    symbols: `${SYMBOLS}; y: labels`,
    papers: [wassersteinGan],
    approximates: "the same as `wasserstein` for labels −1 and +1, in either order",
    scores: UNBOUNDED,
    failure:
      "labels that do not sum to 0, such as 0 and 1: the critic's loss then changes with a constant added to all " +
      "scores, and falls without end even under a Lipschitz constraint",
    notes:
      "The mean(yTrue · yPred) of Keras examples. y_real = −1, y_fake = +1 is exactly `wasserstein`. y_real = +1, " +
      "y_fake = −1 is `wasserstein` of −D: the same game, with real samples scoring low, and minus the critic's loss " +
      "still estimates the distance. The two agree when y_real = −1 and y_fake = +1; otherwise compare " +
      "losses only, never scores.",
    options: { realLabel: "factor of real scores", fakeLabel: "factor of generated scores" },
    make: wassersteinLabels,
  },
  {
    name: "hinge",
    title: "hinge (geometric) GAN",
    formulas: [
      {
        of: "discriminator",
        text: "E max(0, 1 − r) + E max(0, 1 + f)",
        latex: "\\mathbb{E}\\max(0, 1 - r) + \\mathbb{E}\\max(0, 1 + f)",
      },
      { of: "generator", text: "−E f", latex: "-\\mathbb{E}\\,f" },
    ],
    symbols: SYMBOLS,
    papers: [
      { authors: "Lim, Ye", year: 2017, title: "Geometric GAN", arxiv: "1705.02894" },
      {
        authors: "Miyato et al.",
        year: 2018,
        title: "Spectral normalization for generative adversarial networks",
        arxiv: "1802.05957",
        where: "eq. 16–17",
      },
    ],
    approximates: "at the best D, whose loss is 2 − 2 TV, the total variation TV(P_data, P_G)",
    scores: UNBOUNDED,
    failure:
      "D learns nothing from samples beyond the margin; without spectral norm G can be driven off by large slopes",
    options: {},
    make: hinge,
  },
  {
    name: "relativistic-average",
    title: "relativistic average GAN (RaSGAN)",
    formulas: [
      {
        of: "discriminator",
        text: "−E log σ(r − f̄) − E log(1 − σ(f − r̄))",
        latex: "-\\mathbb{E}\\log\\sigma(r - \\bar f) - \\mathbb{E}\\log(1 - \\sigma(f - \\bar r))",
      },
      {
        of: "generator",
        text: "−E log σ(f − r̄) − E log(1 − σ(r − f̄))",
        latex: "-\\mathbb{E}\\log\\sigma(f - \\bar r) - \\mathbb{E}\\log(1 - \\sigma(r - \\bar f))",
      },
    ],
    symbols: AVERAGED,
    papers: [relativism],
    approximates:
      "the average version of a relativistic divergence; not a divergence in general on small batches",
    scores: `${LOGITS}, as differences`,
    failure: "batch means are noisy and biased for small batches",
    notes: "The sum of both halves; the author's code halves it.",
    options: {},
    make: relativisticAverage,
  },
  {
    name: "relativistic-average-hinge",
    title: "relativistic average hinge GAN (RaHingeGAN)",
    formulas: [
      {
        of: "discriminator",
        text: "E max(0, 1 − (r − f̄)) + E max(0, 1 + (f − r̄))",
        latex: "\\mathbb{E}\\max(0, 1 - (r - \\bar f)) + \\mathbb{E}\\max(0, 1 + (f - \\bar r))",
      },
      {
        of: "generator",
        text: "E max(0, 1 − (f − r̄)) + E max(0, 1 + (r − f̄))",
        latex: "\\mathbb{E}\\max(0, 1 - (f - \\bar r)) + \\mathbb{E}\\max(0, 1 + (r - \\bar f))",
      },
    ],
    symbols: AVERAGED,
    papers: [relativism],
    approximates: "the relativistic average form of `hinge`",
    scores: UNBOUNDED,
    failure:
      "unlike in `hinge` G too stops learning beyond the margin; batch means are noisy for small batches",
    options: {},
    make: relativisticAverageHinge,
  },
  {
    name: "relativistic-average-least-squares",
    title: "relativistic average least-squares GAN (RaLSGAN)",
    formulas: [
      {
        of: "discriminator",
        text: "E(r − f̄ − 1)² + E(f − r̄ + 1)²",
        latex: "\\mathbb{E}(r - \\bar f - 1)^2 + \\mathbb{E}(f - \\bar r + 1)^2",
      },
      {
        of: "generator",
        text: "E(f − r̄ − 1)² + E(r − f̄ + 1)²",
        latex: "\\mathbb{E}(f - \\bar r - 1)^2 + \\mathbb{E}(r - \\bar f + 1)^2",
      },
    ],
    symbols: AVERAGED,
    papers: [relativism],
    approximates: "the relativistic average form of `least-squares`",
    scores: UNBOUNDED,
    failure: "batch means are noisy for small batches; scores beyond their code are punished too",
    notes: "No factor ½, unlike `least-squares`.",
    options: {},
    make: relativisticAverageLeastSquares,
  },
  {
    name: "relativistic-paired",
    title: "relativistic paired GAN (RpGAN)",
    formulas: [
      {
        of: "discriminator",
        text: "E softplus(−(r − f))",
        latex: "\\mathbb{E}\\,\\mathrm{softplus}(-(r - f))",
      },
      { of: "generator", text: "E softplus(r − f)", latex: "\\mathbb{E}\\,\\mathrm{softplus}(r - f)" },
    ],
    symbols: `${SYMBOLS}, paired by their place in the batch`,
    papers: [
      relativism,
      {
        authors: "Huang et al.",
        year: 2024,
        title: "The GAN is dead; long live the GAN! A modern GAN baseline",
        arxiv: "2501.05441",
      },
    ],
    approximates:
      "a relativistic divergence, whose landscape does not reward dropped modes (Sun et al. 2020)",
    scores: `${LOGITS} of "more real than its partner", as differences`,
    failure: "does not converge without a gradient penalty: use `r1` and `r2`",
    options: {},
    make: relativisticPaired,
  },
  ...(Object.keys(fGanFacts) as FGanDivergence[]).map(fGanEntry),
  {
    name: "ebgan",
    title: "energy-based GAN (EBGAN)",
    formulas: [
      {
        of: "discriminator",
        text: "E r + E max(0, m − f)",
        latex: "\\mathbb{E}\\,r + \\mathbb{E}\\max(0, m - f)",
      },
      { of: "generator", text: "E f", latex: "\\mathbb{E}\\,f" },
    ],
    symbols: `${SYMBOLS}; scores are energies`,
    papers: [
      {
        authors: "Zhao, Mathieu, LeCun",
        year: 2017,
        title: "Energy-based generative adversarial network",
        arxiv: "1609.03126",
        where: "eq. 1–2",
      },
    ],
    approximates: "at the equilibrium, a multiple of the total variation (Arjovsky et al. 2017, appendix)",
    scores: ENERGIES,
    failure:
      "a margin that does not fit the scale of the reconstruction error: D then ignores G, or never stops",
    notes:
      "The margin is in units of the energy, which differs between codes. `pullingAway` keeps samples apart.",
    options: { margin: "m: generated samples with more energy are left alone" },
    make: ebgan,
  },
  {
    name: "began",
    title: "boundary equilibrium GAN (BEGAN)",
    formulas: [
      { of: "discriminator", text: "E r − k E f", latex: "\\mathbb{E}\\,r - k\\,\\mathbb{E}\\,f" },
      { of: "generator", text: "E f", latex: "\\mathbb{E}\\,f" },
      {
        of: "state",
        text: "k ← clip(k + λ(γ E r − E f), 0, 1)",
        latex:
          "k \\leftarrow \\mathrm{clip}(k + \\lambda(\\gamma\\,\\mathbb{E}\\,r - \\mathbb{E}\\,f), 0, 1)",
      },
    ],
    symbols: `${SYMBOLS}; scores are reconstruction errors`,
    papers: [
      {
        authors: "Berthelot, Schumm, Metz",
        year: 2017,
        title: "BEGAN: boundary equilibrium generative adversarial networks",
        arxiv: "1703.10717",
        where: "§3.4",
      },
    ],
    approximates: "a lower bound of W₁ between the distributions of reconstruction errors, not of samples",
    scores: ENERGIES,
    failure:
      "low γ gives sharp but few kinds of samples; does not minimise W₁ of the data, so modes go missing",
    notes: "E r + |γ E r − E f| (`beganMeasure`) measures convergence: lower is better.",
    options: {
      gamma: "γ: E f / E r that is held, in [0, 1]; lower is sharper and less diverse",
      lambda: "λ: gain of the controller",
      k: "k before the first step, in [0, 1]",
    },
    make: began,
  },
  {
    name: "mmd-gan",
    title: "MMD-GAN",
    formulas: [
      {
        of: "discriminator",
        text: "−MMD²(r, f)",
        latex: "-\\mathrm{MMD}^2(r, f)",
      },
      {
        of: "generator",
        text: "MMD²(r, f) = E k(r, r′) + E k(f, f′) − 2 E k(r, f)",
        latex:
          "\\mathrm{MMD}^2(r, f) = \\mathbb{E}\\,k(r, r') + \\mathbb{E}\\,k(f, f') - 2\\,\\mathbb{E}\\,k(r, f)",
      },
    ],
    symbols: `${SYMBOLS}; scores are vectors; k: kernel; E k(r, r′) over different samples`,
    papers: [
      {
        authors: "Li et al.",
        year: 2017,
        title: "MMD GAN: towards deeper understanding of moment matching network",
        arxiv: "1705.08584",
      },
      {
        authors: "Bińkowski et al.",
        year: 2018,
        title: "Demystifying MMD GANs",
        arxiv: "1801.01401",
      },
    ],
    approximates: "the largest squared maximum mean discrepancy over the discriminator's feature maps",
    scores: EMBEDDINGS,
    failure:
      "needs a constraint on the feature map (`gradient-penalty` or `weight-clipping`); kernels of fixed width are " +
      "flat for embeddings far apart",
    notes:
      "Unbiased, so values below 0 are normal near the end. Li et al. take its root and add an auto-encoder. Gradient " +
      "penalties look at the slope of the witness E k(D(x), r) − E k(D(x), f), as Bińkowski et al. do.",
    options: {
      kernel: '"gaussian" (σ = 1, 2, 4, 8, 16) or "rational-quadratic" (α = 0.1, 1, 10, plus dot product)',
    },
    make: mmdGan,
  },
  {
    name: "sinkhorn",
    title: "Sinkhorn divergence",
    formulas: [
      { of: "discriminator", text: "−S_ε(r, f)", latex: "-S_\\varepsilon(r, f)" },
      {
        of: "generator",
        text: "S_ε(r, f) = OT_ε(r, f) − ½ OT_ε(r, r) − ½ OT_ε(f, f), cost ½‖x − y‖²",
        latex:
          "S_\\varepsilon(r, f) = \\mathrm{OT}_\\varepsilon(r, f) - \\tfrac12\\mathrm{OT}_\\varepsilon(r, r) - \\tfrac12\\mathrm{OT}_\\varepsilon(f, f)",
      },
    ],
    symbols: `${SYMBOLS}; scores are vectors; OT_ε: entropic optimal transport between the batches`,
    papers: [
      {
        authors: "Genevay, Peyré, Cuturi",
        year: 2018,
        title: "Learning generative models with Sinkhorn divergences",
        arxiv: "1706.00292",
      },
      {
        authors: "Feydy et al.",
        year: 2019,
        title: "Interpolating between optimal transport and MMD using Sinkhorn divergences",
        arxiv: "1810.08278",
        where: "eq. 3",
      },
    ],
    approximates: "½ W₂² of the embeddings for small ε, half the squared distance of their means for large ε",
    scores: EMBEDDINGS,
    failure: "biased for small batches; too few iterations for a small ε; the feature map needs a constraint",
    options: {
      epsilon: "ε > 0: temperature, in units of ½‖x − y‖²",
      iterations: "updates of each potential, unrolled in the graph",
    },
    make: sinkhorn,
  },
];

export const catalogue = makeCatalogue("loss", definitions);

/** A loss by its name in the catalogue, such as `create("hinge")` or `create("ebgan", { margin: 10 })`. */
export const create = catalogue.create;
