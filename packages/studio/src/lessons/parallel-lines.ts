import { parallelLines } from "@tsgan/theory";
import { number } from "tsgan/define";
import { parallelLines as closedForm } from "tsgan/distances";
import { slider } from "../ui/fields.ts";
import { defineLesson, nearestIndex, remember } from "./lesson.ts";

const REACH = 1;
const STEP = 0.02;

const compared = remember(async () =>
  parallelLines({ theta: REACH, points: Math.round(REACH / STEP) }).run(),
);

const COLOR = { p: 0, q: 1, wasserstein: 3, jensenShannon: 4, kl: 5 } as const;

export const lesson = defineLesson({
  fields: {
    theta: slider(number({ default: 0.6, least: -REACH, most: REACH, means: "θ" }), { step: STEP }),
  },
  look: [
    "P is uniform on a line, Q on a parallel line at distance θ: the simplest picture of data and samples that have no point in " +
      "common. The generator has one number to learn, θ, and 0 is the answer. Slide it, and ask of each distance: does it say " +
      "which way to go?",
  ],
  tries: [
    { text: "Go from far to near: JS stays at log 2 as if nothing happened.", state: { theta: 0.2 } },
    { text: "One step from the solution, and JS still does not know.", state: { theta: 0.02 } },
    { text: "At the solution all of them are 0, suddenly.", state: { theta: 0 } },
  ],
  question: {
    text: "Which distance tells a generator at θ = 0.5 whether to go left or right?",
    state: { theta: 0.5 },
    answer: "W_{1} alone: its slope is 1 there. JS is log 2 wherever θ is not 0, and KL is infinite.",
  },
  means: [
    "A gradient is a slope, and only W has one: ±1, pointing to the solution from everywhere. KL is infinite and JS is " +
      "log 2 for every θ but 0. A discriminator that estimates JS can be perfect and still tell the generator nothing; a critic that " +
      "estimates W can be followed all the way.",
  ],
  papers: [{ text: "Arjovsky et al. 2017, “Wasserstein GAN”, example 1 and figure 1", arxiv: "1701.07875" }],
  playground: [
    {
      text: "Two squares that do not touch: minimax beside Wasserstein",
      query: "data=disjoint&loss=minimax&gans=2&b.loss=wasserstein&b.pen=gradient-penalty*weight*0.1&b.k=5",
    },
  ],
  picture: [0, 1],
  async show({ theta }, handle) {
    const data = await compared();
    const i = nearestIndex(data.theta, theta);
    const zero = data.theta.indexOf(0);
    // The jump at 0 is not a slope: leave a gap there.
    const gap = (values: readonly number[]) =>
      values.flatMap((value, k) => (k === zero ? [Number.NaN, value, Number.NaN] : [value]));
    const gapped = data.theta.flatMap((value, k) => (k === zero ? [value, value, value] : [value]));
    const away = data.slopes.theta.map((_, k) => k).filter((k) => k !== zero && k !== zero - 1);
    const slope =
      away[
        nearestIndex(
          away.map((k) => data.slopes.theta[k]),
          theta,
        )
      ];
    const heights = [0.1, 0.3, 0.5, 0.7, 0.9];
    const axis = { label: "θ", domain: [-REACH, REACH] as const };
    return {
      figures: [
        {
          title: "Two parallel lines",
          panels: [
            {
              title: "Drag Q",
              x: { label: "x_{1}", domain: [-1.1 * REACH, 1.1 * REACH] },
              y: { label: "x_{2}", domain: [0, 1] },
              marks: [
                { type: "line", x: [0, 0], y: [0, 1], label: "P", color: COLOR.p, width: 4 },
                { type: "line", x: [theta, theta], y: [0, 1], label: "Q", color: COLOR.q, width: 4 },
                ...(Math.abs(theta) < 0.1
                  ? []
                  : [
                      {
                        type: "arrows" as const,
                        x: heights.map(() => theta * 0.95),
                        y: heights,
                        toX: heights.map(() => theta * 0.05),
                        toY: heights,
                        color: "muted" as const,
                      },
                    ]),
              ],
            },
            {
              title: "Distances",
              x: axis,
              y: { label: "distance", unit: "JS in nats", domain: [-0.03, 1.05] },
              marks: [
                {
                  type: "line",
                  x: data.theta,
                  y: data.wasserstein,
                  label: "W_{1}",
                  color: COLOR.wasserstein,
                },
                {
                  type: "line",
                  x: gapped,
                  y: gap(data.jensenShannon),
                  label: "JS",
                  color: COLOR.jensenShannon,
                  width: 2.5,
                },
                {
                  type: "scatter",
                  x: [0],
                  y: [0],
                  label: "KL, finite only here",
                  color: COLOR.kl,
                  radius: 4,
                },
                { type: "rule", x: theta },
                {
                  type: "scatter",
                  x: [theta],
                  y: [data.wasserstein[i]],
                  color: COLOR.wasserstein,
                  radius: 6,
                },
                {
                  type: "scatter",
                  x: [theta],
                  y: [data.jensenShannon[i]],
                  color: COLOR.jensenShannon,
                  radius: 6,
                },
              ],
            },
            {
              wide: true,
              aspect: 0.3,
              title: "Slope that a generator could follow; JS has none but its jump at 0",
              x: axis,
              y: { label: "derivative with respect to θ", domain: [-1.3, 1.3] },
              marks: [
                {
                  type: "scatter",
                  x: away.map((k) => data.slopes.theta[k]),
                  y: away.map((k) => data.slopes.wasserstein[k]),
                  label: "W_{1}",
                  color: COLOR.wasserstein,
                  radius: 2,
                },
                {
                  type: "scatter",
                  x: away.map((k) => data.slopes.theta[k]),
                  y: away.map((k) => data.slopes.jensenShannon[k]),
                  label: "JS",
                  color: COLOR.jensenShannon,
                  radius: 2,
                },
                { type: "rule", x: theta },
              ],
            },
          ],
        },
      ],
      readouts: [
        { label: "KL(P‖Q)", value: data.kl[i], unit: "nats" },
        { label: "JS", value: data.jensenShannon[i], unit: "nats", note: "log 2 ≈ 0.6931 unless θ = 0" },
        { label: "TV", value: closedForm(theta).totalVariation },
        { label: "W_{1}", value: data.wasserstein[i], note: "= |θ|" },
        ...(theta === 0
          ? []
          : [
              { label: "Slope of JS", value: data.slopes.jensenShannon[slope] },
              { label: "Slope of W_{1}", value: data.slopes.wasserstein[slope], note: "go the other way" },
            ]),
      ],
      handles: [handle({ label: "line Q", panel: 0, x: theta, y: 0.5, color: COLOR.q, along: "theta" })],
    };
  },
});
