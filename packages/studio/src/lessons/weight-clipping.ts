import { constraintColor, constraintName, type WeightClippingData } from "@tsgan/theory";
import { integer } from "tsgan/define";
import type { Mark } from "tsgan/figure";
import { formatFixed } from "tsgan/figure";
import { slider, titled } from "../ui/fields.ts";
import { exhibitOf, ORIGIN } from "./exhibit.ts";
import { defineLesson } from "./lesson.ts";

const load = exhibitOf<WeightClippingData>(() => import("./exhibits/weight-clipping.json?raw"));

export const lesson = defineLesson({
  fields: {
    constraint: titled(
      {
        "0.001": "clipped, c = 0.001",
        "0.01": "clipped, c = 0.01",
        "0.1": "clipped, c = 0.1",
        penalty: "gradient penalty, λ = 10",
      },
      { default: "0.1", means: "how the critic is held", control: "radio" },
    ),
    data: titled(
      { ring: "ring", grid: "grid" },
      { default: "ring", means: "data of the surface", control: "radio" },
    ),
    layer: slider(integer({ default: 0, least: 0, most: 12, means: "layer looked at" })),
  },
  look: [
    "The critic of a Wasserstein GAN must have a bounded slope. Clipping its weights to [−c, c] is the blunt way; a penalty " +
      "on the length of its gradient is the other. The generator is fixed here: it makes real points with noise. Switch between the two, and " +
      "watch the gradient through the layers, the weights, and what the critic thinks of the plane.",
  ],
  tries: [
    {
      text: "c = 0.01, as in the first WGAN: what reaches the input is tiny.",
      state: { constraint: "0.01", layer: 0 },
    },
    { text: "c = 0.1: most weights stand at a bound.", state: { constraint: "0.1" } },
    {
      text: "The penalty: gradients near 1 in every layer, weights spread out, and a surface that follows the data.",
      state: { constraint: "penalty", data: "grid" },
    },
    { text: "The same data under clipping: a plain bowl.", state: { constraint: "0.1", data: "grid" } },
  ],
  question: {
    text: "The bound is ten times smaller: 0.01 instead of 0.1. Are the gradients at the input ten times smaller?",
    state: { constraint: "0.01", layer: 0 },
    answer:
      "Far smaller: every layer multiplies by its weights, so that the factor counts once for each of them. Compare with c = 0.1.",
  },
  means: [
    "With a small c the gradient vanishes on its way to the input, with a large one it explodes; between them there is hardly " +
      "a c that suits all depths. And weights that stand at their bounds make simple functions, which miss the modes. The gradient " +
      "penalty costs a second derivative in each critic step and removes both ills; that is WGAN-GP.",
  ],
  papers: [
    { text: "Gulrajani et al. 2017, “Improved training of Wasserstein GANs”, figure 1", arxiv: "1704.00028" },
    { text: "Arjovsky et al. 2017, “Wasserstein GAN”, §3", arxiv: "1701.07875" },
  ],
  playground: [
    {
      text: "Clipping and gradient penalty, side by side",
      query: "loss=wasserstein&k=5&pen=weight-clipping*limit*0.1&gans=2&b.pen=gradient-penalty*weight*0.1",
    },
  ],
  origin: ORIGIN,
  picture: [0, 0],
  async show({ constraint, data, layer }, handle) {
    const { critics, surfaces } = (await load()).data;
    const limit = constraint === "penalty" ? null : Number(constraint);
    const index = critics.findIndex((critic) => critic.limit === limit);
    const { gradientNorms, weights, atLimit } = critics[index];
    const surface = surfaces.find((each) => each.data === data && each.limit === limit) ?? surfaces[0];
    const total = weights.heights.reduce((sum, height) => sum + height, 0);
    const color = constraintColor(limit, index);
    const { reach, values } = surface;
    return {
      figures: [
        {
          title: "What a constraint makes of a critic",
          panels: [
            {
              wide: true,
              aspect: 0.36,
              title: "A deep critic: gradient of the score, layer by layer",
              x: { label: "layer: the input is 0, the last hidden layer 12", domain: [0, 12] },
              y: { label: "mean |∂D/∂h_{l}|", scale: "log" },
              marks: [
                { type: "rule", y: 1, label: "1" },
                ...critics.map((critic, i): Mark => {
                  return {
                    type: "line",
                    x: critic.gradientNorms.map((_, l) => l),
                    // Gradients that are 0 in single precision have no logarithm.
                    y: critic.gradientNorms.map((norm) => (norm > 0 ? norm : null)),
                    label: constraintName(critic.limit),
                    color: constraintColor(critic.limit, i),
                    width: i === index ? 3 : 1.2,
                    opacity: i === index ? 1 : 0.5,
                  };
                }),
              ],
            },
            {
              title:
                limit === null
                  ? "Its weights"
                  : `Its weights: ${formatFixed(100 * atLimit.after, 0)} % at ±c`,
              x: { label: "weight" },
              y: { label: "share of the weights", unit: "%" },
              marks: [
                {
                  type: "histogram",
                  edges: weights.edges,
                  heights: weights.heights.map((height) => (100 * height) / total),
                  color,
                },
              ],
            },
            {
              title: `Its values on the ${data}${limit === null ? ", λ = 0.1" : ""}`,
              aspect: "equal",
              x: { label: "x_{1}" },
              y: { label: "x_{2}" },
              marks: [{ type: "heatmap", x: [-reach, reach], y: [-reach, reach], values, label: "D(x)" }],
            },
          ],
        },
      ],
      readouts: [
        {
          label: `Gradient at layer ${layer}`,
          value: gradientNorms[layer],
          decimals: 4,
        },
        {
          label: "Gradient at the last layer",
          value: gradientNorms.at(-1)!,
          decimals: 4,
        },
        { label: "Weights at ±c, before", value: 100 * atLimit.before, unit: "%", decimals: 1 },
        { label: "Weights at ±c, after training", value: 100 * atLimit.after, unit: "%", decimals: 1 },
      ],
      handles: [
        handle({
          label: "layer",
          panel: 0,
          x: layer,
          y: gradientNorms[layer],
          color,
          along: "layer",
        }),
      ],
    };
  },
});
