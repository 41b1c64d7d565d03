import { nashOscillation } from "@tsgan/theory";
import { type Mark, seriesColor } from "tsgan/figure";
import { slider, titled } from "../ui/fields.ts";
import { defineLesson } from "./lesson.ts";

const RULES = ["simultaneous", "alternating", "optimistic", "consensus"] as const;

const REACH = 3;

const { learningRate, steps, consensus, x, y } = nashOscillation.definition.options;

export const lesson = defineLesson({
  fields: {
    rule: titled(
      {
        simultaneous: "simultaneous",
        alternating: "alternating",
        optimistic: "optimistic",
        consensus: "consensus",
      },
      { default: "simultaneous", means: "update rule", control: "radio" },
    ),
    learningRate: slider(learningRate, { label: "learning rate η", from: 0.01, to: 1, step: 0.01 }),
    steps: slider(steps, { label: "steps", from: 10, to: 500, step: 10, play: 10 }),
    consensus: slider(consensus, { label: "weight γ of the consensus term", to: 2, step: 0.05 }),
    x: slider(x, { label: "start x", from: -2.5, to: 2.5, step: 0.1 }),
    y: slider(y, { label: "start y", from: -2.5, to: 2.5, step: 0.1 }),
  },
  look: [
    "One player moves x to make x·y small, the other moves y to make it large. The only equilibrium is (0, 0), the cross in " +
      "the middle. Both follow their gradients. Do they get there? Drag the start, turn the learning rate, change the rule.",
  ],
  tries: [
    {
      text: "Make simultaneous steps smaller: the spiral opens more slowly, but it opens.",
      state: { rule: "simultaneous", learningRate: 0.02, steps: 500 },
    },
    {
      text: "Let them move in turn: a closed curve, with no progress and no disaster.",
      state: { rule: "alternating", learningRate: 0.3 },
    },
    {
      text: "Optimism, steps that reckon with the other's next one: it spirals inwards.",
      state: { rule: "optimistic", learningRate: 0.3 },
    },
    {
      text: "Too much of it: beyond η = 1/√3 ≈ 0.58 optimism diverges as well.",
      state: { rule: "optimistic", learningRate: 0.6 },
    },
    {
      text: "Consensus: both also make the gradient small. With a larger γ it goes straight in.",
      state: { rule: "consensus", consensus: 1, learningRate: 0.3 },
    },
  ],
  question: {
    text: "Both players step at once. Is there a learning rate small enough to reach the equilibrium?",
    state: { rule: "simultaneous", learningRate: 0.01, steps: 500 },
    answer:
      "No: each step multiplies the distance by √(1 + η²), which is above 1 for every η. Small steps only make the spiral slow.",
  },
  means: [
    "Nothing here is about networks: the rotation belongs to games, and a GAN is one. Its losses go up and down without " +
      "either player having become worse, and a smaller learning rate alone does not cure that.",
    "What practice makes of it: the players move in turn, momentum is kept low or negative (β_{1} = 0 or 0.5 in Adam), the " +
      "average of the generator's weights is taken, and gradient penalties such as R_{1} pull the rotation inwards as the " +
      "consensus term does.",
  ],
  papers: [
    { text: "Salimans et al. 2016, “Improved techniques for training GANs”, §3", arxiv: "1606.03498" },
    { text: "Mescheder et al. 2017, “The numerics of GANs”", arxiv: "1705.10461" },
    { text: "Daskalakis et al. 2018, “Training GANs with optimism”", arxiv: "1711.00141" },
    { text: "Gidel et al. 2019, “Negative momentum for improved game dynamics”", arxiv: "1807.04740" },
  ],
  playground: [
    {
      text: "Momentum 0.9 against none, side by side",
      query: "go=adam*beta1*0.9&do=adam*beta1*0.9&gans=2&b.go=adam*beta1*0&b.do=adam*beta1*0",
    },
    {
      text: "Without and with the R1 penalty",
      query: "gans=2&b.pen=r1*weight*1",
    },
  ],
  picture: [0, 0],
  async show({ rule, ...options }, handle) {
    const data = await nashOscillation(options).run();
    const steps = data.simultaneous.x.map((_, t) => t);
    const chosen = data[rule];
    const line = (kind: (typeof RULES)[number], x: number[], y: number[]): Mark => ({
      type: "line",
      x,
      y,
      label: kind,
      color: seriesColor(RULES.indexOf(kind)),
      width: kind === rule ? 2.5 : 1.2,
      opacity: kind === rule ? 1 : 0.5,
    });
    const color = seriesColor(RULES.indexOf(rule));
    return {
      figures: [
        {
          title: "Gradient steps in the game x·y",
          panels: [
            {
              title: "Paths",
              aspect: "equal",
              x: { label: "x", domain: [-REACH, REACH] },
              y: { label: "y", domain: [-REACH, REACH] },
              marks: [
                ...RULES.map((kind) => line(kind, data[kind].x, data[kind].y)),
                { type: "scatter", x: [chosen.x.at(-1)!], y: [chosen.y.at(-1)!], radius: 5, color },
                { type: "scatter", x: [0], y: [0], symbol: "cross", radius: 6, color: "ink" },
              ],
            },
            {
              title: "Distance from the equilibrium",
              x: { label: "step" },
              y: { label: "distance", scale: "log" },
              aspect: 1,
              marks: RULES.map((kind) => line(kind, steps, data[kind].distance)),
            },
            {
              wide: true,
              aspect: 0.34,
              title: `What each player sees, ${rule} steps`,
              x: { label: "step" },
              y: { label: "value" },
              marks: [
                { type: "rule", y: 0 },
                { type: "line", x: steps, y: chosen.x, label: "x", color: 1 },
                { type: "line", x: steps, y: chosen.y, label: "y", color: 2 },
                {
                  type: "line",
                  x: steps,
                  y: chosen.x.map((x, t) => x * chosen.y[t]),
                  label: "x·y",
                  color: "muted",
                  dash: "dashed",
                },
              ],
            },
          ],
        },
      ],
      readouts: [
        {
          label: "Factor of each step",
          value: chosen.growth.measured,
          decimals: 5,
          note: "above 1 it runs away, below 1 it arrives",
        },
        {
          label: "Modulus of the eigenvalue",
          value: chosen.growth.expected,
          decimals: 5,
          note: "what linear algebra says",
        },
        { label: "Distance at the start", value: chosen.distance[0] },
        { label: "Distance at the end", value: chosen.distance.at(-1)! },
      ],
      handles: [handle({ label: "start", panel: 0, x: options.x, y: options.y, color, along: "x", up: "y" })],
    };
  },
});
