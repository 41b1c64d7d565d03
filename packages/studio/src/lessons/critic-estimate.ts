import type { CriticEstimateData, EstimateCurve } from "@tsgan/theory";
import { integer } from "tsgan/define";
import type { Mark, Panel } from "tsgan/figure";
import { slider } from "../ui/fields.ts";
import { exhibitOf, ORIGIN } from "./exhibit.ts";
import { defineLesson } from "./lesson.ts";

const load = exhibitOf<CriticEstimateData>(() => import("./exhibits/critic-estimate.json?raw"));

const COLOR = { estimate: 2, quality: 3 } as const;

export const lesson = defineLesson({
  fields: {
    position: slider(integer({ default: 12, least: 0, most: 40, means: "share of the training" }), {
      play: 1,
      describe: (value) => `${(value * 2.5).toFixed(1)} %`,
    }),
  },
  look: [
    "Two trainings on digits, a WGAN-GP and a standard GAN. Walk along them. The teal curves are what the loss of each says; the " +
      "violet ones how good the images are in the eyes of an independent judge, the sliced Wasserstein distance to real images, " +
      "pixel by pixel (lower is better). Which loss would have told you?",
  ],
  tries: [
    { text: "Early: both losses move.", state: { position: 3 } },
    {
      text: "The middle: the JS estimate is near log 2 and stays there, while the images still change.",
      state: { position: 16 },
    },
    { text: "The end: of the WGAN-GP, loss and judge came down together.", state: { position: 40 } },
  ],
  question: {
    text: "Whose loss would you watch to decide when to stop?",
    state: { position: 40 },
    answer:
      "That of the WGAN-GP: it fell together with the judge. The JS estimate has stood near its ceiling since long before the samples stopped changing.",
  },
  means: [
    "A standard discriminator's estimate of JS climbs to log 2 early and stays there, whatever the images do: it tells them " +
      "apart with ease. A WGAN's critic estimates a Wasserstein distance, which goes on falling as the images come nearer. " +
      "That makes its loss curve worth looking at, within one run; across runs its scale depends on the critic.",
  ],
  papers: [{ text: "Arjovsky et al. 2017, “Wasserstein GAN”, figures 3 and 4", arxiv: "1701.07875" }],
  playground: [
    {
      text: "Both losses beside the exact Wasserstein distance",
      query: "gans=2&b.loss=wasserstein&b.pen=gradient-penalty*weight*0.1&b.k=5",
    },
  ],
  origin: ORIGIN,
  picture: [0, 0],
  async show({ position }, handle) {
    const { wasserstein: w, standard: s } = (await load()).data;
    const worst = 1.08 * Math.max(...w.quality, ...s.quality);
    const marker = (curve: EstimateCurve, values: readonly number[], color: number): Mark[] => [
      { type: "rule", x: curve.step[position] },
      { type: "scatter", x: [curve.step[position]], y: [values[position]], color, radius: 6 },
    ];
    const estimate = (title: string, curve: EstimateCurve, y: Panel["y"], more: Mark[] = []): Panel => ({
      title,
      x: { label: "generator step" },
      y,
      marks: [
        {
          type: "line",
          x: curve.step,
          y: curve.estimate,
          label: "what the loss says",
          color: COLOR.estimate,
        },
        ...marker(curve, curve.estimate, COLOR.estimate),
        ...more,
      ],
    });
    const quality = (title: string, curve: EstimateCurve): Panel => ({
      title,
      x: { label: "generator step" },
      y: { label: "sliced Wasserstein, pixels", domain: [0, worst] },
      marks: [
        { type: "line", x: curve.step, y: curve.quality, label: "independent judge", color: COLOR.quality },
        ...marker(curve, curve.quality, COLOR.quality),
      ],
    });
    const against = (title: string, curve: EstimateCurve, x: Panel["x"]): Panel => ({
      title,
      x,
      y: { label: "sliced Wasserstein, pixels", domain: [0, worst] },
      marks: [
        { type: "scatter", x: curve.estimate, y: curve.quality, color: "muted" },
        {
          type: "scatter",
          x: [curve.estimate[position]],
          y: [curve.quality[position]],
          color: COLOR.estimate,
          radius: 6,
        },
      ],
    });
    return {
      figures: [
        {
          title: "Does the loss tell how good the samples are?",
          panels: [
            estimate("WGAN-GP: the critic's estimate", w, { label: "E D(x) − E D(G(z))" }),
            estimate(
              "Standard GAN: the JS estimate",
              s,
              { label: "lower bound of JS", unit: "nats", domain: [-0.05, 0.8] },
              [{ type: "rule", y: Math.LN2, label: "log 2" }],
            ),
            quality("WGAN-GP: the images", w),
            quality("Standard GAN: the images", s),
            against("WGAN-GP: one against the other", w, { label: "critic's estimate" }),
            against("Standard GAN: one against the other", s, { label: "JS estimate", unit: "nats" }),
          ],
        },
      ],
      readouts: [
        { label: "WGAN-GP: critic's estimate", value: w.estimate[position], decimals: 2 },
        { label: "WGAN-GP: judge", value: w.quality[position] },
        {
          label: "WGAN-GP: rank correlation",
          value: w.correlation ?? 0,
          decimals: 3,
          note: "of loss and judge, over the whole run",
        },
        { label: "Standard: JS estimate", value: s.estimate[position], unit: "nats" },
        { label: "Standard: judge", value: s.quality[position] },
        { label: "Standard: rank correlation", value: s.correlation ?? 0, decimals: 3 },
      ],
      handles: [w, s].map((curve, panel) =>
        handle({
          label: panel === 0 ? "place in the WGAN-GP's training" : "place in the standard GAN's training",
          panel,
          x: curve.step[position],
          y: curve.estimate[position],
          color: COLOR.estimate,
          along: "position",
          place: (at) => ({ position: (at.x / curve.step.at(-1)!) * 40 }),
        }),
      ),
    };
  },
});
