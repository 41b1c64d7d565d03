import { divergences } from "@tsgan/theory";
import { gaussianJensenShannon1d, gaussianKl, matrix, totalVariation, wasserstein1d } from "tsgan/distances";
import type { Mark } from "tsgan/figure";
import { slider } from "../ui/fields.ts";
import { defineLesson, remember, tier } from "./lesson.ts";

interface Law {
  readonly mean: number;
  readonly deviation: number;
}

const REACH = 7;

/** Distances of the means at which the comparison is drawn: close ones, for curves without corners. */
const GAPS = Array.from({ length: 241 }, (_, i) => -6 + i / 20);
/** Of those that are summed over a grid, which takes longer: their curves are straighter. */
const GRID_GAPS = GAPS.filter((_, i) => i % 4 === 0);

const gaussian = ({ mean, deviation }: Law) => ({
  mean: [mean],
  covariance: matrix(1, 1, [deviation ** 2]),
});

const dataOf = (p: Law, q: Law) =>
  divergences({
    meanP: p.mean,
    deviationP: p.deviation,
    meanQ: q.mean,
    deviationQ: q.deviation,
  }).run();

/** Total variation and W₁ of two densities on the same equidistant grid, the second moved by whole steps of it. */
const onGrid = (p: readonly number[], q: readonly number[], step: number, moved: number) => {
  const none = new Array<number>(Math.abs(moved)).fill(0);
  const masses = (density: readonly number[]) => density.map((value) => value * step);
  const [a, b] =
    moved < 0
      ? [
          [...none, ...p],
          [...q, ...none],
        ]
      : [
          [...p, ...none],
          [...none, ...q],
        ];
  const places = a.map((_, i) => i * step);
  return {
    totalVariation: totalVariation(masses(a), masses(b)),
    wasserstein: wasserstein1d(places, places, { xWeights: a, yWeights: b }),
  };
};

/** The distances as Q moves past P, for the two widths. */
const sweep = remember(async (deviationP: number, deviationQ: number) => {
  const p = { mean: 0, deviation: deviationP };
  const data = await dataOf(p, { mean: 0, deviation: deviationQ });
  const step = data.x[1] - data.x[0];
  const exact = GAPS.map((gap) => {
    const q = { mean: gap, deviation: deviationQ };
    return {
      gap,
      kl: gaussianKl(gaussian(p), gaussian(q)),
      reverseKl: gaussianKl(gaussian(q), gaussian(p)),
    };
  });
  const summed = GRID_GAPS.map((gap) => {
    const moved = Math.round(gap / step);
    const q = { mean: moved * step, deviation: deviationQ };
    return {
      gap: q.mean,
      jensenShannon: gaussianJensenShannon1d(p.mean, p.deviation, q.mean, q.deviation),
      ...onGrid(data.p, data.q, step, moved),
    };
  });
  return { exact, summed };
});

/** A curve on an equidistant grid, between its points; 0 outside. */
const densityAt = (x: readonly number[], density: readonly number[], at: number): number => {
  const place = (at - x[0]) / (x[1] - x[0]);
  const i = Math.floor(place);
  return i < 0 || i + 1 >= x.length ? 0 : density[i] + (place - i) * (density[i + 1] - density[i]);
};

const COLOR = {
  p: 0,
  q: 1,
  kl: 3,
  reverseKl: 4,
  jensenShannon: 5,
  wasserstein: 6,
  totalVariation: 8,
} as const;

const { options } = divergences.definition;
const MEANS = { from: -3, to: 3, step: 0.05 };
const WIDTHS = { from: 0.3, to: 2.5, step: 0.05 };

export const lesson = defineLesson({
  fields: {
    meanP: slider(options.meanP, MEANS),
    deviationP: slider(options.deviationP, { ...WIDTHS, label: "width of P" }),
    meanQ: slider(options.meanQ, MEANS),
    deviationQ: slider(options.deviationQ, { ...WIDTHS, label: "width of Q" }),
  },
  look: [
    "P is the law of the data, Q the law of the generator. Every loss of a GAN measures, one way or another, how far Q " +
      "is from P. Drag a round handle to move a law and a wide one to change its width (its standard deviation).",
    "A divergence is the area under its integrand. Each direction of KL weighs the logarithm by its first law alone, so " +
      "the two look at different places; JS compares both laws with their mixture m, and its integrand is never negative.",
  ],
  tries: [
    {
      text: "Make Q narrow: KL(P‖Q) punishes what Q misses.",
      state: { meanP: 0, deviationP: 1, meanQ: 0, deviationQ: 0.4 },
    },
    {
      text: "Make Q wide: now KL(Q‖P) is the larger one; it punishes what Q makes up.",
      state: { meanP: 0, deviationP: 1, meanQ: 0, deviationQ: 2.2 },
    },
    {
      text: "Take them apart: JS and TV stop at their ceilings while W goes on counting.",
      state: { meanP: -3, deviationP: 0.6, meanQ: 3, deviationQ: 0.6 },
    },
    { text: "Back to N(0, 1) and N(1, 1): both directions of KL are ½.", state: { meanQ: 1 } },
  ],
  question: {
    text: "Q is half as wide as P. Which direction of KL is the larger one, and why?",
    state: { meanP: 0, deviationP: 1, meanQ: 0, deviationQ: 0.5 },
    answer:
      "KL(P‖Q), 0.81 against 0.32: where P still has mass Q has next to none, and the logarithm weighed by P is large there.",
  },
  means: [
    "A generator that minimises KL(P‖Q) — maximum likelihood — spreads over everything the data have, and beyond. One " +
      "that minimises KL(Q‖P) stays where the data are, and may leave parts of them out. The minimax GAN minimises JS " +
      "when its discriminator is the best one. JS and TV are bounded: once the laws hardly overlap they are flat, and a " +
      "flat distance gives no gradient. W keeps its slope, which is the point of the Wasserstein GAN.",
  ],
  papers: [
    { text: "Goodfellow et al. 2014, “Generative adversarial nets”, §4.1", arxiv: "1406.2661" },
    {
      text: "Lin 1991, “Divergence measures based on the Shannon entropy”",
      url: "https://doi.org/10.1109/18.61115",
    },
    { text: "Arjovsky et al. 2017, “Wasserstein GAN”, §2", arxiv: "1701.07875" },
  ],
  playground: [
    {
      text: "Train against three divergences side by side: KL, reverse KL and Jensen–Shannon",
      query: "loss=fgan-kl&gans=3&b.loss=fgan-reverse-kl&c.loss=fgan-jensen-shannon",
    },
  ],
  picture: [0, 0],
  async show({ meanP, deviationP, meanQ, deviationQ }, handle) {
    const p = { mean: meanP, deviation: deviationP };
    const q = { mean: meanQ, deviation: deviationQ };
    const data = await dataOf(p, q);
    const grid = onGrid(data.p, data.q, data.x[1] - data.x[0], 0);
    const swept = await sweep(deviationP, deviationQ);
    const { x, integrands, integrals, exact } = data;
    const peak = { p: Math.max(...data.p), q: Math.max(...data.q) };
    const xAxis = { label: "x", domain: [-REACH, REACH] as const };
    const inView = (values: readonly number[]) =>
      values.filter((_, i) => Math.abs(x[i]) <= REACH).map((value) => Math.abs(value));
    const steepest = Math.max(...inView(integrands.kl), ...inView(integrands.reverseKl));
    const top = tier(steepest, [0.5, 1, 2, 5, 10, 20, 50, 100, 200]);

    const gap = meanQ - meanP;
    const curve = <Key extends keyof typeof COLOR>(
      values: readonly ({ readonly gap: number } & Readonly<Record<Key, number>>)[],
      key: Key,
      label: string,
    ): Mark => ({
      type: "line",
      x: values.map((each) => each.gap),
      y: values.map((each) => each[key]),
      label,
      color: COLOR[key],
    });
    const curves = [
      curve(swept.exact, "kl", "KL(P‖Q)"),
      curve(swept.exact, "reverseKl", "KL(Q‖P)"),
      curve(swept.summed, "jensenShannon", "JS"),
      curve(swept.summed, "totalVariation", "TV"),
      curve(swept.summed, "wasserstein", "W_{1}"),
    ];
    const now = { ...exact, ...grid };
    return {
      figures: [
        {
          title: "Two laws, and how far they are apart",
          panels: [
            {
              wide: true,
              aspect: 0.34,
              title: "The two laws",
              x: xAxis,
              y: {
                label: "density",
                domain: [0, tier(1.12 * Math.max(peak.p, peak.q), [0.5, 0.8, 1.1, 1.5])],
              },
              marks: [
                { type: "area", x, y: data.p, color: COLOR.p },
                { type: "area", x, y: data.q, color: COLOR.q },
                { type: "line", x, y: data.p, label: "P", color: COLOR.p },
                { type: "line", x, y: data.q, label: "Q", color: COLOR.q },
              ],
            },
            {
              title: "KL: the areas count, below the line as negative",
              x: xAxis,
              y: { label: "p log(p/q), q log(q/p)", unit: "nats per unit of x", domain: [-top / 2, top] },
              marks: [
                { type: "rule", y: 0 },
                { type: "line", x, y: integrands.kl, label: "KL(P‖Q)", color: COLOR.kl },
                { type: "line", x, y: integrands.reverseKl, label: "KL(Q‖P)", color: COLOR.reverseKl },
              ],
            },
            {
              title: "JS: never negative",
              x: xAxis,
              y: {
                label: "½ [p log(p/m) + q log(q/m)]",
                unit: "nats per unit of x",
                domain: [0, tier(Math.max(...integrands.jensenShannon), [0.05, 0.1, 0.2, 0.4, 0.6, 1])],
              },
              marks: [
                { type: "area", x, y: integrands.jensenShannon, color: COLOR.jensenShannon },
                { type: "line", x, y: integrands.jensenShannon, label: "JS", color: COLOR.jensenShannon },
              ],
            },
            {
              wide: true,
              aspect: 0.4,
              title: "As Q moves past P, with these widths",
              x: { label: "mean of Q − mean of P", domain: [-6, 6] },
              y: { label: "distance", unit: "nats; W in units of x", domain: [0, 4] },
              marks: [
                { type: "rule", x: gap, label: "now" },
                ...curves,
                {
                  type: "scatter",
                  x: [gap, gap, gap],
                  y: [now.jensenShannon, now.totalVariation, now.wasserstein],
                  color: "ink",
                },
              ],
            },
          ],
        },
      ],
      readouts: [
        { label: "KL(P‖Q)", value: integrals.kl, unit: "nats" },
        { label: "KL(Q‖P)", value: integrals.reverseKl, unit: "nats" },
        { label: "JS", value: integrals.jensenShannon, unit: "nats", note: "at most log 2 ≈ 0.6931" },
        { label: "TV", value: grid.totalVariation, note: "at most 1" },
        { label: "W_{1}", value: grid.wasserstein, unit: "units of x", note: "no upper bound" },
      ],
      handles: [
        ...(["P", "Q"] as const).flatMap((name) => {
          const [law, color] = name === "P" ? [p, COLOR.p] : [q, COLOR.q];
          const [mean, deviation] =
            name === "P" ? (["meanP", "deviationP"] as const) : (["meanQ", "deviationQ"] as const);
          const density = name === "P" ? data.p : data.q;
          const edge = law.mean + law.deviation;
          return [
            handle({
              label: `mean of ${name}`,
              panel: 0,
              x: law.mean,
              y: densityAt(x, density, law.mean),
              color,
              along: mean,
            }),
            handle({
              label: `width of ${name}`,
              panel: 0,
              x: edge,
              y: densityAt(x, density, edge),
              color,
              shape: "wide",
              along: deviation,
              place: (at) => ({ [deviation]: Math.abs(at.x - law.mean) }),
            }),
          ];
        }),
      ],
    };
  },
});
