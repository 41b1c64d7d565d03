/**
 * f-GAN: any f-divergence by its variational bound D_f(P‖Q) ≥ E_P T − E_Q f*(T), with T = g(v), v the score and g the
 * output activation, increasing (Nowozin et al. 2016, arXiv:1606.00709, §2–3, table 2).
 *
 * D minimises −(E g(r) − E f*(g(f))); G minimises −E f*(g(f)) (`original`) or −E g(f) (`non-saturating`). Scores: unbounded,
 * before the activation g, any shape. Minus D's loss is a lower bound of the divergence D_f(P_data‖P_G). Where e^±v appears
 * (kl, reverse-kl, squared-hellinger) it is exact for |v| ≤ 70 and its tangent beyond.
 */
import { choice } from "../define/index.ts";
import {
  add,
  exp,
  mean,
  minimum,
  mul,
  neg,
  relu,
  softplus,
  square,
  sub,
  type Tensor,
  tanh,
} from "../graph/index.ts";
import { defineLoss, type Equilibrium } from "./loss.ts";
import { SYMBOLS } from "./shared-facts.ts";

/** float32 ends at e^88.7; from here on the exponential goes on along its tangent, so that sums stay finite. */
const TANGENT_FROM = 70;

/** eˣ, exact up to x = 70. */
const exponential = (x: Tensor): Tensor =>
  mul(exp(minimum(x, TANGENT_FROM)), add(1, relu(sub(x, TANGENT_FROM))));

interface Part {
  readonly of: (v: Tensor) => Tensor;
  readonly text: string;
  readonly latex: string;
}

interface FDivergence {
  readonly name: string;
  readonly title: string;
  /** g(v) */
  readonly activation: Part;
  /** f*(g(v)), composed: f* alone would overflow or lose digits. */
  readonly conjugate: Part;
  readonly approximates: string;
  readonly failure: string;
  /** −f(1), by default 0. */
  readonly equilibrium?: Equilibrium;
}

const generator = choice(["original", "non-saturating"], {
  default: "original",
  means: "whether G minimises the bound itself (§3.1) or takes the paper's alternative (§3.2)",
});

const defineFGan = ({ name, title, activation, conjugate, equilibrium, ...facts }: FDivergence) =>
  defineLoss({
    name: `fgan-${name}`,
    title: `f-GAN, ${title}`,
    scores: "unbounded",
    scoresNote: "the loss applies the activation g itself",
    options: { generator },
    formulas: [
      {
        of: "discriminator",
        text: `−E g(r) + E f*(g(f)), g(v) = ${activation.text}, f*(g(v)) = ${conjugate.text}`,
        latex: `-\\mathbb{E}\\,g(r) + \\mathbb{E}\\,f^*(g(f)),\\; g(v) = ${activation.latex},\\; f^*(g(v)) = ${conjugate.latex}`,
      },
      {
        of: "generator",
        text: "original: −E f*(g(f)); non-saturating: −E g(f)",
        latex: "-\\mathbb{E}\\,f^*(g(f)) \\;\\text{or}\\; -\\mathbb{E}\\,g(f)",
      },
    ],
    symbols: `${SYMBOLS}; g: output activation; f*: convex conjugate of the divergence's function`,
    papers: [
      {
        authors: "Nowozin, Cseke, Tomioka",
        year: 2016,
        title: "f-GAN: training generative neural samplers using variational divergence minimization",
        arxiv: "1606.00709",
        where: "§3.2, table 2",
      },
    ],
    ...facts,
    equilibrium: () => equilibrium ?? { discriminatorLoss: 0, scoreGap: 0, text: "0, score gap 0" },
    create: (options) => ({
      discriminator: (real, fake) => sub(mean(conjugate.of(fake)), mean(activation.of(real))),
      generator: (_real, fake) =>
        neg(mean(options.generator === "original" ? conjugate.of(fake) : activation.of(fake))),
    }),
  });

/** The f-GAN of KL(P_data ‖ P_G) (Nowozin et al. 2016, table 2): f*(t) = exp(t − 1). */
export const fganKl = defineFGan({
  name: "kl",
  title: "Kullback–Leibler",
  activation: { of: (v) => v, text: "v", latex: "v" },
  conjugate: { of: (v) => exponential(sub(v, 1)), text: "e^(v−1)", latex: "e^{v-1}" },
  approximates: "KL(P_data ‖ P_G), which punishes missing modes",
  failure: "e^v makes one confident score dominate the batch; infinite where the supports do not meet",
});

/** The f-GAN of KL(P_G ‖ P_data) (Nowozin et al. 2016, table 2): f*(t) = −1 − log(−t). */
export const fganReverseKl = defineFGan({
  name: "reverse-kl",
  title: "reverse Kullback–Leibler",
  activation: { of: (v) => neg(exponential(neg(v))), text: "−e^(−v)", latex: "-e^{-v}" },
  conjugate: { of: (v) => sub(v, 1), text: "v − 1", latex: "v - 1" },
  approximates: "KL(P_G ‖ P_data), which punishes implausible samples and forgives missing modes",
  failure: "mode dropping; e^−v makes one badly scored real sample dominate the batch",
});

/** The f-GAN of Pearson's χ² (Nowozin et al. 2016, table 2): f*(t) = ¼t² + t. */
export const fganPearson = defineFGan({
  name: "pearson",
  title: "Pearson χ²",
  activation: { of: (v) => v, text: "v", latex: "v" },
  conjugate: { of: (v) => add(mul(square(v), 0.25), v), text: "v²/4 + v", latex: "v^2/4 + v" },
  approximates: "χ²(P_data ‖ P_G) of Pearson",
  failure: "the conjugate turns at v = −2: below it, D is asked to raise the scores of generated samples",
});

/** The f-GAN of the squared Hellinger distance (Nowozin et al. 2016, table 2): f*(t) = t / (1 − t). */
export const fganSquaredHellinger = defineFGan({
  name: "squared-hellinger",
  title: "squared Hellinger",
  activation: { of: (v) => sub(1, exponential(neg(v))), text: "1 − e^(−v)", latex: "1 - e^{-v}" },
  conjugate: { of: (v) => sub(exponential(v), 1), text: "e^v − 1", latex: "e^{v} - 1" },
  approximates: "H²(P_data, P_G), bounded and symmetric",
  failure: "gradients grow as e^|v| on wrongly scored samples",
});

/** The f-GAN of the Jensen–Shannon divergence (Nowozin et al. 2016, table 2): f*(t) = −log(2 − eᵗ). */
export const fganJensenShannon = defineFGan({
  name: "jensen-shannon",
  title: "Jensen–Shannon",
  activation: {
    of: (v) => sub(Math.LN2, softplus(neg(v))),
    text: "log 2 − softplus(−v)",
    latex: "\\log 2 - \\mathrm{softplus}(-v)",
  },
  conjugate: {
    of: (v) => sub(softplus(v), Math.LN2),
    text: "softplus(v) − log 2",
    latex: "\\mathrm{softplus}(v) - \\log 2",
  },
  approximates: "2 JS(P_data, P_G), bounded by 2 log 2",
  failure: "the original generator's gradient vanishes where D wins, as in minimax",
});

/** The f-GAN of the original game (Nowozin et al. 2016, table 2): f*(t) = −log(1 − eᵗ). */
export const fganGan = defineFGan({
  name: "gan",
  title: "GAN",
  activation: {
    of: (v) => neg(softplus(neg(v))),
    text: "−softplus(−v) = log σ(v)",
    latex: "-\\mathrm{softplus}(-v) = \\log\\sigma(v)",
  },
  conjugate: { of: softplus, text: "softplus(v)", latex: "\\mathrm{softplus}(v)" },
  approximates: "2 JS(P_data, P_G) − log 4; the same game as minimax",
  failure: "the original generator's gradient vanishes where D wins",
  equilibrium: { discriminatorLoss: 2 * Math.LN2, scoreGap: 0, text: "2 log 2 = 1.386, score gap 0" },
});

const halfTanh: Part = { of: (v) => mul(tanh(v), 0.5), text: "½ tanh v", latex: "\\tfrac12\\tanh v" };

/** The f-GAN of the total variation (Nowozin et al. 2016, table 2): f*(t) = t, |t| ≤ ½. */
export const fganTotalVariation = defineFGan({
  name: "total-variation",
  title: "total variation",
  activation: halfTanh,
  conjugate: halfTanh,
  approximates: "TV(P_data, P_G), in [0, 1]",
  failure: "tanh saturates: gradients of both players vanish once D is confident",
});
