import { optimalDiscriminator } from "@tsgan/theory";
import { number } from "tsgan/define";
import { gaussianJensenShannon1d } from "tsgan/distances";
import { slider } from "../ui/fields.ts";
import { defineLesson, nearestIndex, tier } from "./lesson.ts";

const COLOR = { real: 0, generated: 1, discriminator: 2 } as const;

const REACH = 7;

/** A curve on an equidistant grid, at its nearest point. */
const at = (x: readonly number[], y: readonly number[], value: number): number => y[nearestIndex(x, value)];

const { options } = optimalDiscriminator.definition;
const MEANS = { from: -3, to: 3, step: 0.05 };
const WIDTHS = { from: 0.3, to: 2.5, step: 0.05 };

export const lesson = defineLesson({
  fields: {
    meanReal: slider(options.meanReal, { ...MEANS, label: "mean of the data" }),
    deviationReal: slider(options.deviationReal, { ...WIDTHS, label: "width of the data" }),
    meanGenerated: slider(options.meanGenerated, { ...MEANS, label: "mean of the samples" }),
    deviationGenerated: slider(options.deviationGenerated, { ...WIDTHS, label: "width of the samples" }),
    confidence: slider(
      number({ default: 0.3, least: 0, most: 3, means: "confidence a of your discriminator" }),
      { step: 0.05 },
    ),
  },
  look: [
    "Hold the generator still and let the discriminator become as good as it can be. Then it is p_{r}/(p_{r} + p_{g}): at each " +
      "place the share of what is found there that is real. It crosses ½ where the two densities cross.",
    "The second figure is the value V(D) of other discriminators, which believe the same as the best one, but " +
      "more timidly (a < 1) or with too much confidence (a > 1). None attains more than the one at a = 1.",
  ],
  tries: [
    {
      text: "Lay the samples onto the data: D* is ½ everywhere, and V is −2 log 2.",
      state: { meanGenerated: 0, deviationGenerated: 1 },
    },
    {
      text: "Pull them apart: V rises to 0, and D* becomes a step.",
      state: { meanReal: -3, deviationReal: 0.5, meanGenerated: 3, deviationGenerated: 0.5 },
    },
    {
      text: "Same centre, another width: D* can be above ½ on both sides.",
      state: { meanGenerated: 0, deviationGenerated: 0.4 },
    },
    {
      text: "Be overconfident: a = 3 can be worse than knowing nothing (a = 0).",
      state: { meanGenerated: 0.5, deviationGenerated: 1, confidence: 3 },
    },
  ],
  question: {
    text: "The loss of a discriminator stands at 2 log 2 ≈ 1.386. Is the generator perfect?",
    state: { meanReal: -2, meanGenerated: 2, confidence: 0 },
    answer:
      "Not by that alone: a discriminator that says ½ everywhere (a = 0) has that value whatever the samples are, and here they are far from the data.",
  },
  means: [
    "With the best discriminator the value is 2 JS − 2 log 2. So a generator that minimises it minimises the " +
      "Jensen–Shannon divergence, and the game ends at −2 log 2 ≈ −1.386.",
    "A discriminator's loss near 1.386 can therefore mean two things: a perfect generator, or a discriminator that has " +
      "learnt nothing. Look at the samples before you are glad.",
  ],
  papers: [
    {
      text: "Goodfellow et al. 2014, “Generative adversarial nets”, proposition 1 and theorem 1",
      arxiv: "1406.2661",
    },
  ],
  playground: [
    {
      text: "A real game: the discriminator's loss near 2 log 2 ≈ 1.386, and what the samples look like then",
      query: "data=moons",
    },
    {
      text: "A discriminator that takes ten steps for each of the generator's",
      query: "data=moons&k=10",
    },
  ],
  picture: [0, 0],
  async show({ meanReal, deviationReal, meanGenerated, deviationGenerated, confidence }, handle) {
    const data = await optimalDiscriminator({
      meanReal,
      deviationReal,
      meanGenerated,
      deviationGenerated,
      // None is trained: this is the mathematics of it.
      steps: 0,
    }).run();
    const { x, real, generated, discriminator, approach } = data;
    const chosen = nearestIndex(data.confidence.scale, confidence);
    const peak = Math.max(...real, ...generated);
    const lowest = Math.min(...data.confidence.value);
    const axis = { label: "x", domain: [-REACH, REACH] as const };
    return {
      figures: [
        {
          title: "The best discriminator of two known laws",
          panels: [
            {
              wide: true,
              aspect: 0.4,
              title: "D* crosses ½ where the densities cross",
              x: axis,
              y: {
                label: "density; probability of being real",
                domain: [0, tier(1.1 * Math.max(peak, 1), [1.1, 1.5])],
              },
              marks: [
                { type: "area", x, y: real, color: COLOR.real },
                { type: "area", x, y: generated, color: COLOR.generated },
                { type: "line", x, y: real, label: "data p_{r}", color: COLOR.real },
                { type: "line", x, y: generated, label: "samples p_{g}", color: COLOR.generated },
                { type: "line", x, y: discriminator, label: "D*", color: COLOR.discriminator, width: 2.5 },
                { type: "rule", y: 0.5, label: "½" },
              ],
            },
            {
              title: "No other attains as much",
              x: { label: "a, for D = σ(a log p_{r}/p_{g})", domain: [0, 3] },
              y: {
                label: "V(D)",
                unit: "nats",
                domain: [-tier(-lowest * 1.05, [1.6, 2.5, 5, 10, 25, 60, 150]), 0],
              },
              marks: [
                {
                  type: "line",
                  x: data.confidence.scale,
                  y: data.confidence.value,
                  color: COLOR.discriminator,
                },
                { type: "rule", x: 1, label: "D*" },
              ],
            },
            {
              title: "On the way to the data, V(D*) falls to −2 log 2",
              x: { label: "share of the way from here", domain: [0, 1] },
              y: { label: "V(D*) = 2 JS − 2 log 2", unit: "nats", domain: [-1.5, 0] },
              marks: [
                { type: "line", x: approach.share, y: approach.value, color: COLOR.generated },
                { type: "rule", y: -2 * Math.LN2, label: "−2 log 2", anchor: "start" },
              ],
            },
          ],
        },
      ],
      readouts: [
        { label: "V(D*), integrated", value: data.value, unit: "nats" },
        { label: "2 JS − 2 log 2", value: data.expected, unit: "nats", note: "theorem 1 says: the same" },
        {
          label: "JS",
          value: gaussianJensenShannon1d(meanReal, deviationReal, meanGenerated, deviationGenerated),
          unit: "nats",
        },
        { label: "V of your discriminator", value: data.confidence.value[chosen], unit: "nats" },
      ],
      handles: [
        handle({
          label: "mean of the data",
          panel: 0,
          x: meanReal,
          y: at(x, real, meanReal),
          color: COLOR.real,
          along: "meanReal",
        }),
        handle({
          label: "width of the data",
          panel: 0,
          x: meanReal + deviationReal,
          y: at(x, real, meanReal + deviationReal),
          color: COLOR.real,
          shape: "wide",
          along: "deviationReal",
          place: (to) => ({ deviationReal: Math.abs(to.x - meanReal) }),
        }),
        handle({
          label: "mean of the samples",
          panel: 0,
          x: meanGenerated,
          y: at(x, generated, meanGenerated),
          color: COLOR.generated,
          along: "meanGenerated",
        }),
        handle({
          label: "width of the samples",
          panel: 0,
          x: meanGenerated + deviationGenerated,
          y: at(x, generated, meanGenerated + deviationGenerated),
          color: COLOR.generated,
          shape: "wide",
          along: "deviationGenerated",
          place: (to) => ({ deviationGenerated: Math.abs(to.x - meanGenerated) }),
        }),
        handle({
          label: "confidence a",
          panel: 1,
          x: data.confidence.scale[chosen],
          y: data.confidence.value[chosen],
          color: COLOR.discriminator,
          along: "confidence",
        }),
      ],
    };
  },
});
