/** Constraints that are not added to the loss by name, as data: a model, an optimiser or the step has them. */
import type { Described } from "../catalogue.ts";

const ANY = "raw scores of any kind, before a sigmoid";

export const constraints: readonly Described[] = [
  {
    name: "spectral-norm",
    title: "spectral normalisation (SN-GAN)",
    formulas: [
      {
        of: "constraint",
        text: "W / σ(W), σ(W) ≈ uᵀ W v, by one power iteration a step",
        latex: "W / \\sigma(W),\\; \\sigma(W) \\approx u^\\top W v",
      },
    ],
    symbols:
      "W: each weight of the critic as [out, rest]; σ: its largest singular value; u, v kept from step to step",
    papers: [
      {
        authors: "Miyato et al.",
        year: 2018,
        title: "Spectral normalization for generative adversarial networks",
        arxiv: "1802.05957",
        where: "eq. 8, algorithm 1",
      },
    ],
    approximates: "layers with slope of at most 1, and so a critic with slope of at most 1",
    scores: ANY,
    failure:
      "for convolutions σ is that of the filter's matrix, not of the layer; u lags behind weights that change fast; the " +
      "bound is loose for deep critics, which become too flat",
    use: "`--model sngan`; `--set model.discriminatorNorm=spectral` for dcgan and resnet; `--model mlp --set model.spectralNorm=true`",
  },
  {
    name: "gradient-norm",
    title: "gradient-norm clipping",
    formulas: [
      {
        of: "gradient",
        text: "g ← g · min(1, c / ‖g‖)",
        latex: "g \\leftarrow g\\,\\min(1, c / \\lVert g\\rVert)",
      },
    ],
    symbols: "g: gradient of all parameters of a player; c: its greatest length",
    papers: [
      {
        authors: "Pascanu, Mikolov, Bengio",
        year: 2013,
        title: "On the difficulty of training recurrent neural networks",
        arxiv: "1211.5063",
        where: "algorithm 1",
      },
    ],
    approximates: "steps of bounded length",
    scores: ANY,
    failure: "hides a diverging loss; Adam undoes a scale that is the same in every step",
    use: "`--set optimizer.discriminator.gradientNorm=1 --set optimizer.generator.gradientNorm=1`",
  },
  {
    name: "consensus",
    title: "consensus optimisation",
    formulas: [
      {
        of: "both",
        text: "γ/2 ‖(∇_θ L_G, ∇_ψ L_D)‖²",
        latex: "\\tfrac\\gamma2\\lVert(\\nabla_\\theta L_G, \\nabla_\\psi L_D)\\rVert^2",
      },
    ],
    symbols: "L_G, L_D: the players' losses; θ, ψ: their parameters",
    papers: [
      {
        authors: "Mescheder, Nowozin, Geiger",
        year: 2017,
        title: "The numerics of GANs",
        arxiv: "1705.10461",
        where: "§4",
      },
    ],
    approximates: "a game whose players are drawn to a point where neither gradient pulls",
    scores: ANY,
    failure: "such points include unstable ones; costs second derivatives of both networks; γ is delicate",
    functions: ["consensus"],
    use: "`--set consensus=0.1`",
  },
];
