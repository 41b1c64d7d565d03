/** The lessons, in the order in which they tell the story. Each is a chunk of its own. */
import type { Lesson } from "./lesson.ts";

export interface Entry {
  /** Name of the experiment in `@tsgan/theory`, and the lesson's path. */
  readonly name: string;
  readonly title: string;
  /** One line. */
  readonly question: string;
  readonly load: () => Promise<{ readonly lesson: Lesson }>;
}

export const lessons: readonly Entry[] = [
  {
    name: "divergences",
    title: "How far apart are two distributions?",
    question: "Drag two Gaussians and watch KL, JS, total variation and Wasserstein.",
    load: () => import("./divergences.ts"),
  },
  {
    name: "optimal-discriminator",
    title: "The optimal discriminator",
    question: "p_{r} / (p_{r} + p_{g}), and why a perfect game is worth −2 log 2.",
    load: () => import("./optimal-discriminator.ts"),
  },
  {
    name: "nash-oscillation",
    title: "The game x·y",
    question: "Two gradient players that circle for ever: turn the learning rate and the update rule.",
    load: () => import("./nash-oscillation.ts"),
  },
  {
    name: "low-dimensional-supports",
    title: "Thin manifolds",
    question: "Why a discriminator between lines or surfaces becomes perfect, and useless.",
    load: () => import("./low-dimensional-supports.ts"),
  },
  {
    name: "generator-gradients",
    title: "What the generator hears",
    question: "D saturates and the gradient dies. Slide the score, switch the loss.",
    load: () => import("./generator-gradients.ts"),
  },
  {
    name: "vanishing-gradient",
    title: "The better the discriminator, the weaker the gradient",
    question: "The same in a real network: follow a fresh discriminator step by step.",
    load: () => import("./vanishing-gradient.ts"),
  },
  {
    name: "mode-collapse",
    title: "Mode collapse",
    question: "One generator, two losses: which modes does it find, and when?",
    load: () => import("./mode-collapse.ts"),
  },
  {
    name: "earth-mover",
    title: "Moving earth",
    question: "Pile it up yourself; read the work, the plan and the dual.",
    load: () => import("./earth-mover.ts"),
  },
  {
    name: "parallel-lines",
    title: "Parallel lines",
    question: "Slide θ: only one distance says which way to go.",
    load: () => import("./parallel-lines.ts"),
  },
  {
    name: "weight-clipping",
    title: "Clipping against a gradient penalty",
    question: "Two ways to bound a critic's slope, and what each makes of it.",
    load: () => import("./weight-clipping.ts"),
  },
  {
    name: "critic-estimate",
    title: "A loss that means something",
    question: "Walk along two trainings: whose loss tells how good the samples are?",
    load: () => import("./critic-estimate.ts"),
  },
  {
    name: "created-equal",
    title: "Are GANs created equal?",
    question: "Seven losses, six tries each: pick the tries that you publish.",
    load: () => import("./created-equal.ts"),
  },
];
