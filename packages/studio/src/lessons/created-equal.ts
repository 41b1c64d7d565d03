import type { CreatedEqualData } from "@tsgan/theory";
import { integer } from "tsgan/define";
import type { Panel } from "tsgan/figure";
import { slider, titled } from "../ui/fields.ts";
import { exhibitOf, ORIGIN } from "./exhibit.ts";
import { defineLesson } from "./lesson.ts";

const load = exhibitOf<CreatedEqualData>(() => import("./exhibits/created-equal.json?raw"));

const TRIALS = 6;

const SPREADS = [
  { key: "within", label: "runs of one loss" },
  { key: "between", label: "means of the losses" },
  { key: "betweenBest", label: "best of each loss" },
] as const;

export const lesson = defineLesson({
  fields: {
    mine: slider(integer({ default: 2, least: 1, most: TRIALS, means: "your own method gets try" })),
    others: slider(integer({ default: 2, least: 1, most: TRIALS, means: "the others get try" })),
    method: titled(
      {
        minimax: "minimax",
        "non-saturating": "non-saturating",
        "least squares": "least squares",
        hinge: "hinge",
        WGAN: "WGAN",
        "WGAN-GP": "WGAN-GP",
        DRAGAN: "DRAGAN",
      },
      { default: "DRAGAN", means: "your own method", control: "radio" },
    ),
  },
  look: [
    "Seven losses train the same two networks for the same number of steps on images of triangles, a data set whose manifold " +
      "is known; F1 says how many images lie on it and how much of it they cover. Each try draws its learning rate, Adam's β_{1} and " +
      "the strength of the constraint at random. Suppose you publish one run of each: choose which. The large dots are the " +
      "runs in your table.",
  ],
  tries: [
    { text: "The second try of each: a fair table, and your method is in the middle of it.", state: {} },
    { text: "Tune your own method, and leave the others as they are: you win.", state: { mine: 5 } },
    { text: "The same for hinge, with the same right.", state: { method: "hinge", mine: 5 } },
    { text: "The first try of each: every loss fails with those settings.", state: { mine: 1, others: 1 } },
  ],
  question: {
    text: "Your method got five tries and the others two, and it wins. What have you shown?",
    state: { mine: 5, others: 5 },
    answer:
      "That you tried more. With five tries for everybody look at the places again, and set the spread within a loss beside that between the means.",
  },
  means: [
    "Runs of one loss differ more from each other than the losses do from one another. A comparison with one run of each, " +
      "or with settings tuned for one's own method, shows nothing. Report distributions over seeds and settings, and the " +
      "budget that was spent on each. In the large study the best runs of the losses are nearly alike.",
  ],
  papers: [{ text: "Lucic et al. 2018, “Are GANs created equal? A large-scale study”", arxiv: "1711.10337" }],
  playground: [
    {
      text: "One loss, four seeds",
      query: "gans=4&b.seed=2&c.seed=3&d.seed=4",
    },
    {
      text: "Four losses, one seed",
      query:
        "gans=4&b.loss=least-squares&c.loss=hinge&d.loss=wasserstein&d.pen=gradient-penalty*weight*0.1&d.k=5",
    },
  ],
  origin: ORIGIN,
  picture: [0, 0],
  async show({ mine, others, method }) {
    const { losses, spread } = (await load()).data;
    const chosen = losses.map(({ loss, runs }) => runs[(loss === method ? mine : others) - 1].f1);
    const own = losses.findIndex(({ loss }) => loss === method);
    const rank = 1 + chosen.filter((f1) => f1 > chosen[own]).length;
    const best = chosen.indexOf(Math.max(...chosen));
    const ticks = losses.map(({ loss }, i) => ({ value: i, label: loss }));
    return {
      figures: [
        {
          title: "Seven losses, six tries each",
          panels: [
            {
              wide: true,
              aspect: 0.46,
              title: "Every dot is a run",
              // Names of losses beside the axis: under it they have no room on a telephone.
              x: { label: "F1", domain: [-0.03, 1.03] },
              y: { domain: [-0.5, losses.length - 0.5], ticks },
              marks: [
                {
                  type: "scatter",
                  x: losses.flatMap(({ runs }) => runs.map(({ f1 }) => f1)),
                  y: losses.flatMap(({ runs }, i) => runs.map(() => i)),
                  label: "run",
                  color: 3,
                  opacity: 0.5,
                  radius: 4,
                },
                {
                  type: "scatter",
                  x: losses.map(({ mean }) => mean),
                  y: losses.map((_, i) => i),
                  label: "mean of the runs",
                  symbol: "cross",
                  color: "ink",
                  radius: 5,
                },
                {
                  type: "scatter",
                  x: chosen,
                  y: losses.map((_, i) => i),
                  label: "in your table",
                  color: 4,
                  radius: 7,
                },
              ],
            },
            {
              wide: true,
              aspect: 0.32,
              title: "Spread within a loss, and between losses",
              x: { domain: [-0.5, 2.5], ticks: SPREADS.map(({ label }, i) => ({ value: i, label })) },
              y: { label: "standard deviation of F1", domain: [0, 0.5] },
              marks: [
                {
                  type: "bars",
                  x: [0, 1, 2],
                  y: SPREADS.map(({ key }) => spread[key]),
                  width: 0.5,
                  color: 5,
                },
              ],
            },
          ] satisfies Panel[],
        },
      ],
      readouts: [
        { label: `F1 of ${method}`, value: chosen[own], decimals: 3 },
        { label: "Its place in your table", value: rank, decimals: 0, unit: `of ${losses.length}` },
        { label: `F1 of the winner, ${losses[best].loss}`, value: chosen[best], decimals: 3 },
        { label: "Spread within a loss", value: spread.within, decimals: 3 },
        {
          label: "Spread between means",
          value: spread.between,
          decimals: 3,
          note: "smaller: chance beats choice",
        },
      ],
      handles: [],
    };
  },
});
