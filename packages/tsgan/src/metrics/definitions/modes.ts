import type { Dataset, MixtureDataset } from "../../data/index.ts";
import { type Matrix, matrix } from "../../distances/index.ts";
import { mostProbable } from "../classifier.ts";
import { type ComputedFigure, defineMetric } from "../metric.ts";
import { countLabelModes, countModes } from "../modes.ts";

const mixtureOf = (dataset: Dataset): MixtureDataset | undefined =>
  "centres" in dataset ? (dataset as MixtureDataset) : undefined;

const covered = (value: number, of: number, how: string, samples: number): ComputedFigure => ({
  key: "modesCovered",
  value,
  note: `of ${of}, ${how}; one lucky sample covers a mode, so look at the KL, too`,
  ...(samples < of && { unreliable: `${samples} samples cannot cover ${of} modes` }),
});

const divergence = (value: number | null): readonly ComputedFigure[] =>
  value === null ? [] : [{ key: "klToUniform", value, note: "nats; of the samples' shares from equal ones" }];

/** Modes that samples fall into: Gaussians of a known mixture, or classes of a classifier. */
export const modesMetric = defineMetric({
  name: "modes",
  title: "modes covered (Srivastava et al. 2017; Metz et al. 2017)",
  papers: [
    {
      authors: "Srivastava et al.",
      year: 2017,
      title: "VEEGAN: reducing mode collapse in GANs using implicit variational learning",
      arxiv: "1705.07761",
    },
    {
      authors: "Metz et al.",
      year: 2017,
      title: "Unrolled generative adversarial networks",
      arxiv: "1611.02163",
    },
  ],
  notes: "one sample covers a mode, as in the papers: look at the KL, too",
  suits: "ring, grid, data with a classifier",
  figures: {
    modesCovered: { label: "modes covered", better: "higher", rank: 130 },
    highQuality: { label: "high quality", better: "higher", rank: 140 },
    klToUniform: { label: "KL to even modes", better: "lower", rank: 150 },
  },
  charts: [
    { title: "Modes covered", label: "modes", series: { modesCovered: "modes" } },
    { title: "Share of samples near a mode", label: "share", series: { highQuality: "share" } },
    { title: "KL to even modes", label: "nats", series: { klToUniform: "nats" } },
  ],
  inTraining: true,
  options: {},
  create: () => ({
    unfit: ({ dataset, extractor }) =>
      mixtureOf(dataset) !== undefined || extractor.classes !== undefined
        ? undefined
        : "it needs known modes: ring, grid, or a data set with a classifier",
    compute: async ({ dataset, extractor, rows, features }) => {
      const mixture = mixtureOf(dataset);
      if (mixture !== undefined) {
        const { centres, deviation } = mixture;
        const found = countModes(rows, matrix(centres.length, rows.columns, centres.flat()), deviation);
        return [
          covered(found.modesCovered, centres.length, "with at least one sample within 3 σ", rows.rows),
          {
            key: "highQuality",
            value: found.highQualityFraction,
            note: "share of samples within 3 σ of a centre; 0.989 for the data",
          },
          ...divergence(found.klToUniform),
        ];
      }
      const { data, columns, rows: count } = (await features()).probabilities as Matrix;
      const found = countLabelModes(mostProbable(data, columns), columns);
      return [
        covered(found.modesCovered, columns, `classes by ${extractor.name}`, count),
        ...divergence(found.klToUniform),
      ];
    },
  }),
});
