import {
  type CollapseCurve,
  type ImageRun,
  type ModeCollapseData,
  mosaic,
  type PointCollapse,
  pointPanel,
} from "@tsgan/theory";
import { integer } from "tsgan/define";
import type { Mark, Panel } from "tsgan/figure";
import { slider, titled } from "../ui/fields.ts";
import { exhibitOf, ORIGIN } from "./exhibit.ts";
import { defineLesson, nearestIndex } from "./lesson.ts";

const load = exhibitOf<ModeCollapseData>(() => import("./exhibits/mode-collapse.json?raw"));

const LOSSES = { nonSaturating: "non-saturating", wasserstein: "Wasserstein" } as const;
type LossName = keyof typeof LOSSES;
const NAMES = Object.keys(LOSSES) as LossName[];

const COLOR = { nonSaturating: 3, wasserstein: 4 } as const;

/** Points as they were at the snapshot nearest to a share of the training. */
const pointsAt = ({ centres, ...runs }: PointCollapse, loss: LossName, share: number): Panel => {
  const { snapshots, step } = runs[loss];
  const wanted = (share / 100) * step.at(-1)!;
  const nearest = nearestIndex(
    snapshots.map((snapshot) => snapshot.step),
    wanted,
  );
  const { points, step: at } = snapshots[nearest];
  return pointPanel(`${LOSSES[loss]}, step ${at}`, points, centres);
};

/** How many samples show each digit. */
const countPanel = ({ counts, step }: ImageRun, loss: LossName, at: number): Panel => ({
  title: `${LOSSES[loss]}, step ${step[at]}`,
  aspect: 0.9,
  x: {
    label: "digit",
    domain: [-0.6, counts[at].length - 0.4],
    ticks: counts[at].map((_, digit) => ({ value: digit, label: String(digit) })),
  },
  y: { label: "samples", domain: [0, counts[at].reduce((sum, count) => sum + count, 0)] },
  marks: [
    { type: "bars", x: counts[at].map((_, digit) => digit), y: counts[at], width: 0.7, color: COLOR[loss] },
  ],
});

export const lesson = defineLesson({
  fields: {
    data: titled(
      { ring: "8 Gaussians on a ring", grid: "25 Gaussians on a grid", images: "digits" },
      { default: "ring", means: "data", control: "radio" },
    ),
    share: slider(integer({ default: 100, least: 0, most: 100, means: "share of the training" }), {
      play: 1,
      describe: (value) => `${value} %`,
    }),
  },
  look: [
    "The same networks, twice: with the non-saturating loss and with the Wasserstein loss and a gradient penalty. Each cross is a " +
      "mode of the data. Move through the training and count those that have samples. A mode counts as covered when it has " +
      "1 % of all samples, near enough. Points are shown as they were at the nearest of four steps.",
  ],
  tries: [
    {
      text: "The ring, halfway: the non-saturating samples run about and cover no mode at all.",
      state: { share: 50 },
    },
    { text: "25 modes, at the end.", state: { data: "grid" } },
    {
      text: "Digits, halfway: one digit is all that a generator makes.",
      state: { data: "images", share: 50 },
    },
    { text: "Digits, at the end, under both losses.", state: { data: "images" } },
  ],
  question: {
    text: "Halfway, a generator covers few modes. Has it lost the others for good?",
    state: { data: "ring", share: 50 },
    answer:
      "One moment does not say so: move on to the end and watch the curves. Modes come and go, and a run is judged by its curve, not by one picture.",
  },
  means: [
    "The non-saturating generator puts all of its samples where the discriminator is weakest at the moment; when the " +
      "discriminator catches up, it moves on. The loss does not show it. A Wasserstein critic " +
      "pulls every sample towards where mass is missing, and the modes fill up. Count modes, or recall, when you judge a GAN.",
  ],
  papers: [
    { text: "Metz et al. 2017, “Unrolled generative adversarial networks”, figure 2", arxiv: "1611.02163" },
    { text: "Arjovsky et al. 2017, “Wasserstein GAN”, §4.3", arxiv: "1701.07875" },
    { text: "Gulrajani et al. 2017, “Improved training of Wasserstein GANs”, §4", arxiv: "1704.00028" },
  ],
  playground: [
    {
      text: "The ring, with both losses",
      query: "gans=2&b.loss=wasserstein&b.pen=gradient-penalty*weight*0.1&b.k=5",
    },
    {
      text: "The grid of 25, with both losses",
      query: "data=grid&gans=2&b.loss=wasserstein&b.pen=gradient-penalty*weight*0.1&b.k=5",
    },
  ],
  origin: ORIGIN,
  picture: [0, 0],
  async show({ data, share }, handle) {
    const exhibit = (await load()).data;
    const total = data === "images" ? exhibit.images.classes : exhibit[data].centres.length;
    const runs: Readonly<Record<LossName, CollapseCurve>> = exhibit[data];
    const at = (loss: LossName): number =>
      nearestIndex(runs[loss].step, (share / 100) * runs[loss].step.at(-1)!);
    const percent = ({ step }: CollapseCurve): number[] => step.map((value) => (100 * value) / step.at(-1)!);
    const curves = NAMES.map(
      (loss): Mark => ({
        type: "line",
        x: percent(runs[loss]),
        y: runs[loss].modes,
        label: LOSSES[loss],
        color: COLOR[loss],
      }),
    );
    const shown =
      data === "images"
        ? NAMES.flatMap((loss) => [
            countPanel(exhibit.images[loss], loss, at(loss)),
            mosaic(`${LOSSES[loss]}, images at the end`, exhibit.images[loss].images),
          ])
        : NAMES.map((loss) => pointsAt(exhibit[data], loss, share));
    return {
      figures: [
        {
          title: "Which modes does a generator find?",
          panels: [
            ...shown,
            {
              wide: true,
              aspect: 0.32,
              title: "Modes covered",
              x: { label: "share of the training", unit: "%", domain: [0, 100] },
              y: { label: `modes, of ${total}`, domain: [0, total * 1.05] },
              marks: [
                { type: "rule", x: share },
                ...curves,
                ...NAMES.map(
                  (loss): Mark => ({
                    type: "scatter",
                    x: [percent(runs[loss])[at(loss)]],
                    y: [runs[loss].modes[at(loss)]],
                    color: COLOR[loss],
                    radius: 5,
                  }),
                ),
              ],
            },
          ],
        },
      ],
      readouts: NAMES.flatMap((loss) => [
        {
          label: `${LOSSES[loss]}: modes now`,
          value: runs[loss].modes[at(loss)],
          unit: `of ${total}`,
          decimals: 0,
        },
        { label: `${LOSSES[loss]}: generator steps`, value: runs[loss].step[at(loss)], decimals: 0 },
      ]),
      handles: [
        handle({
          label: "share of the training",
          panel: shown.length,
          x: share,
          y: total / 2,
          color: 7,
          along: "share",
        }),
      ],
    };
  },
});
