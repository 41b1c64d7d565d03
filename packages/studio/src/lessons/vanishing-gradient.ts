import type { VanishingGradientData } from "@tsgan/theory";
import { integer } from "tsgan/define";
import { type Mark, type Panel, seriesColor } from "tsgan/figure";
import { slider, titled } from "../ui/fields.ts";
import { exhibitOf, ORIGIN } from "./exhibit.ts";
import { defineLesson, nearestIndex } from "./lesson.ts";

const load = exhibitOf<VanishingGradientData>(() => import("./exhibits/vanishing-gradient.json?raw"));

type Run = VanishingGradientData["runs"][number];

export const lesson = defineLesson({
  fields: {
    length: titled(
      { "100": "100 steps", "250": "250 steps", "500": "500 steps" },
      { default: "100", means: "the generator has been trained for", control: "radio" },
    ),
    step: slider(integer({ default: 300, least: 0, most: 1500, means: "steps of the fresh discriminator" }), {
      step: 10,
      play: 30,
    }),
  },
  look: [
    "A DCGAN learns digits for a while; then its generator is held, and a new discriminator learns against it from " +
      "scratch. Move along its training: at each step the figures show the gradient that the generator would get, with the " +
      "original cost log(1 − D) and with −log D.",
  ],
  tries: [
    { text: "Before its first step: both costs have about the same gradient.", state: { step: 0 } },
    { text: "After 1,500 steps: the original one has lost four orders of magnitude.", state: { step: 1500 } },
    {
      text: "The generator of step 500 against that of step 100: more gradient is left, but it dies as well.",
      state: { length: "500", step: 300 },
    },
  ],
  question: {
    text: "A generator that has learnt for longer: does the original cost keep its gradient before a good discriminator?",
    state: { length: "500", step: 1500 },
    answer:
      "It begins larger and dies as well: the certainty of the discriminator makes it vanish, not how bad the samples are.",
  },
  means: [
    "The better the discriminator, the less there is to learn from it with the original cost. So a standard GAN needs a " +
      "discriminator that is good, but not too good: the balance that makes training delicate.",
    "−log D does not vanish; it grows, and with it the variance of the steps. The one starves the generator, the other " +
      "shakes it. A critic of the Wasserstein kind may be trained as well as one can.",
  ],
  papers: [
    {
      text: "Arjovsky and Bottou 2017, “Towards principled methods for training generative adversarial networks”, figures 2 and 3",
      arxiv: "1701.04862",
    },
  ],
  playground: [
    {
      text: "The saturating loss against a discriminator of one step and of twenty",
      query: "data=disjoint&loss=minimax&gans=2&b.k=20",
    },
  ],
  origin: ORIGIN,
  picture: [0, 0],
  async show({ length, step }, handle) {
    const { runs } = (await load()).data;
    const run = runs.find((each) => String(each.length) === length)!;
    const i = nearestIndex(run.step, step);
    const norms = runs.flatMap((each) => [...each.original, ...each.logD]).filter((norm) => norm > 0);
    // One scale for both panels, so that they can be compared.
    const domain = [Math.min(...norms) / 2, Math.max(...norms) * 2] as const;
    const curves = (pick: (run: Run) => Run["accuracy"]): Mark[] => [
      { type: "rule", x: run.step[i] },
      ...runs.map(
        (each): Mark => ({
          type: "line",
          x: each.step,
          y: pick(each),
          label: `generator trained for ${each.length} steps`,
          color: seriesColor(runs.indexOf(each)),
          width: each === run ? 2.5 : 1.4,
          opacity: each === run ? 1 : 0.65,
        }),
      ),
      {
        type: "scatter",
        x: [run.step[i]],
        y: [pick(run)[i]],
        radius: 5,
        color: seriesColor(runs.indexOf(run)),
      },
    ];
    const x = { label: "step of the fresh discriminator", domain: [0, 1500] } as const;
    const norm = (title: string, label: string, pick: (run: Run) => readonly number[]): Panel => ({
      title,
      x,
      y: { label, scale: "log", domain },
      marks: curves((each) => [...pick(each)]),
    });
    return {
      figures: [
        {
          title: "The generator's gradient while a fresh discriminator learns",
          panels: [
            norm("Original cost: it vanishes", "‖∇_{θ} E log(1 − D(G(z)))‖", ({ original }) => original),
            norm("−log D: it does not", "‖∇_{θ} E (−log D(G(z)))‖", ({ logD }) => logD),
          ],
        },
      ],
      readouts: [
        { label: "Step of the discriminator", value: run.step[i], decimals: 0 },
        { label: "Gradient, log(1 − D)", value: run.original[i], decimals: 5 },
        { label: "Gradient, −log D", value: run.logD[i], decimals: 3 },
        {
          label: "Images told right",
          value: 100 * (run.accuracy[i] ?? 0.5),
          unit: "%",
          decimals: 1,
          note: "of the discriminator's last batch; 50 % before its first step",
        },
        { label: "The original, over its start", value: run.original[i] / run.original[0], decimals: 5 },
      ],
      handles: [
        handle({
          label: "step of the discriminator",
          panel: 0,
          x: run.step[i],
          y: run.original[i],
          color: seriesColor(runs.indexOf(run)),
          along: "step",
        }),
      ],
    };
  },
});
