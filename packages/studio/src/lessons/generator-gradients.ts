import { number } from "tsgan/define";
import { type Mark, seriesColor } from "tsgan/figure";
import { grad, input, interpret, sigmoid } from "tsgan/graph";
import { type AdversarialLoss, hinge, leastSquares, minimax, nonSaturating, wasserstein } from "tsgan/losses";
import { slider, titled } from "../ui/fields.ts";
import { defineLesson } from "./lesson.ts";

const LOSSES = {
  minimax: minimax(),
  "non-saturating": nonSaturating(),
  "least-squares": leastSquares(),
  hinge: hinge(),
  wasserstein: wasserstein(),
} as const;

type LossName = keyof typeof LOSSES;

const NAMES = Object.keys(LOSSES) as LossName[];

const LABELS = {
  minimax: "saturating, log(1 − D)",
  "non-saturating": "non-saturating, −log D",
  "least-squares": "least squares, ½(s − 1)^{2}",
  hinge: "hinge, −s",
  wasserstein: "Wasserstein, −s",
} as const;

const REACH = 8;
const SCORES = Array.from({ length: 161 }, (_, i) => (i - 80) / 10);

/** The generator's cost of one sample of score s, and its derivative: the library's loss, differentiated by the library. */
const costOf = (loss: AdversarialLoss): ((s: number) => { cost: number; slope: number }) => {
  const score = input("s", [1]);
  const cost = loss.generator(score, score);
  const outputs = [cost, ...grad(cost, [score])];
  return (s) => {
    const [[value], [slope]] = interpret(outputs, { s: [s] });
    return { cost: value, slope };
  };
};

const costs = Object.fromEntries(NAMES.map((name) => [name, costOf(LOSSES[name])])) as Record<
  LossName,
  ReturnType<typeof costOf>
>;

const curves = Object.fromEntries(NAMES.map((name) => [name, SCORES.map(costs[name])])) as Record<
  LossName,
  { cost: number; slope: number }[]
>;

/** D(G(z)) = σ(s) */
const score = input("s", [1]);
const probability = sigmoid(score);
const discriminator = (s: number): number => interpret([probability], { s: [s] })[0][0];

export const lesson = defineLesson({
  fields: {
    loss: titled(LABELS, { default: "minimax", means: "cost of the generator", control: "radio" }),
    score: slider(
      number({ default: -4, least: -REACH, most: REACH, means: "score s of a generated sample" }),
      { step: 0.1 },
    ),
  },
  look: [
    "A generated sample comes to the discriminator and gets a score s; D = σ(s) is the probability that it is real. Early in " +
      "training the discriminator is sure that it is not: the score is far to the left. All that the generator learns from " +
      "this sample is the slope of its cost there. Slide the score and switch the cost.",
  ],
  tries: [
    {
      text: "A sample that is refused: the saturating cost is flat, just when there is most to learn.",
      state: { loss: "minimax", score: -6 },
    },
    { text: "The same sample with −log D: full strength.", state: { loss: "non-saturating", score: -6 } },
    {
      text: "Least squares pulls back a sample that is rated too high: s > 1.",
      state: { loss: "least-squares", score: 4 },
    },
    {
      text: "Hinge and Wasserstein push with the same force wherever the sample is.",
      state: { loss: "hinge", score: 4 },
    },
  ],
  question: {
    text: "Which costs go on pushing a sample that the discriminator takes for real already (s = 4)?",
    state: { loss: "non-saturating", score: 4 },
    answer:
      "log(1 − D), hinge and Wasserstein push with nearly full force; −log D hardly moves it, and least squares pulls it back. Switch between them and read the slope.",
  },
  means: [
    "log(1 − D) and −log D have the same direction everywhere; only the strength differs: D against 1 − D. That is why the " +
      "non-saturating cost took over in the very first paper. Where a critic's score is unbounded, as with hinge and " +
      "Wasserstein, the strength does not depend on the score at all, but then something else must bound the critic's slope.",
  ],
  papers: [
    { text: "Goodfellow et al. 2014, “Generative adversarial nets”, §3", arxiv: "1406.2661" },
    {
      text: "Goodfellow 2016, “NIPS 2016 tutorial: generative adversarial networks”, figure 16",
      arxiv: "1701.00160",
    },
    { text: "Mao et al. 2017, “Least squares GANs”", arxiv: "1611.04076" },
    { text: "Lim and Ye 2017, “Geometric GAN”", arxiv: "1705.02894" },
    { text: "Arjovsky et al. 2017, “Wasserstein GAN”", arxiv: "1701.07875" },
  ],
  playground: [
    {
      text: "Saturating and non-saturating, side by side, against a strong discriminator",
      query: "loss=minimax&k=5&gans=2&b.loss=non-saturating",
    },
    {
      text: "Least squares, hinge and Wasserstein",
      query: "loss=least-squares&gans=3&b.loss=hinge&c.loss=wasserstein&c.pen=gradient-penalty*weight*0.1",
    },
  ],
  picture: [0, 1],
  async show({ loss, score: s }, handle) {
    const d = discriminator(s);
    const here = costs[loss](s);
    const color = seriesColor(NAMES.indexOf(loss));
    const lines = (x: readonly number[], of: (curve: { cost: number; slope: number }) => number): Mark[] =>
      NAMES.map((name) => ({
        type: "line",
        x,
        y: curves[name].map(of),
        label: LABELS[name],
        color: seriesColor(NAMES.indexOf(name)),
        width: name === loss ? 2.5 : 1.2,
        opacity: name === loss ? 1 : 0.6,
      }));
    const probabilities = SCORES.map(discriminator);
    return {
      figures: [
        {
          title: "What a generator hears from one sample",
          panels: [
            {
              wide: true,
              aspect: 0.28,
              title: "D saturates",
              x: { label: "score s", domain: [-REACH, REACH] },
              y: { label: "D(G(z)) = σ(s)", domain: [0, 1] },
              marks: [
                { type: "line", x: SCORES, y: probabilities, color: "muted" },
                { type: "rule", y: 0.5, label: "½", anchor: "start" },
              ],
            },
            {
              title: "Cost",
              x: { label: "score s", domain: [-REACH, REACH] },
              y: { label: "cost of the generator", domain: [-8, 8] },
              marks: [
                ...lines(SCORES, (curve) => curve.cost),
                { type: "scatter", x: [s], y: [here.cost], radius: 5, color },
              ],
            },
            {
              title: "Its slope: what comes back",
              x: { label: "score s", domain: [-REACH, REACH] },
              y: { label: "∂ cost / ∂ s", domain: [-3, 3] },
              marks: [
                { type: "rule", y: 0 },
                ...lines(SCORES, (curve) => curve.slope),
                { type: "scatter", x: [s], y: [here.slope], radius: 5, color },
              ],
            },
            {
              wide: true,
              aspect: 0.34,
              title: "Size of the slope, against D(G(z))",
              x: { label: "D(G(z))", scale: "log", domain: [3e-4, 1] },
              y: { label: "|∂ cost / ∂ s|", scale: "log", domain: [1e-4, 20] },
              marks: [
                ...lines(probabilities, (curve) => Math.abs(curve.slope)),
                { type: "scatter", x: [d], y: [Math.abs(here.slope)], radius: 5, color },
              ],
            },
          ],
        },
      ],
      readouts: [
        { label: "D(G(z))", value: d, decimals: 5 },
        { label: "Cost", value: here.cost },
        {
          label: "Slope ∂ cost / ∂ s",
          value: here.slope,
          decimals: 5,
          note: "negative: it wants a higher score",
        },
      ],
      handles: [handle({ label: "score of the sample", panel: 0, x: s, y: d, color, along: "score" })],
    };
  },
});
