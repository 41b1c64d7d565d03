import { integer } from "../../define/index.ts";
import { checkInteger } from "../../options.ts";
import { isTable } from "../../tables/index.ts";
import { defineMetric } from "../metric.ts";
import { type PrecisionRecall, precisionRecall, squaredRadii } from "../precision-recall.ts";
import type { Reference } from "../reference.ts";
import { firstRows } from "../rows.ts";

/** Of the training data, which are the same at each evaluation of a run; most of the work. */
const known = new WeakMap<Reference, Map<string, Float64Array>>();

const radiiOf = (reference: Reference, most: number, k: number): Float64Array => {
  const own = known.get(reference) ?? new Map<string, Float64Array>();
  known.set(reference, own);
  const key = `${most} ${k}`;
  const radii = own.get(key) ?? squaredRadii(firstRows(reference.features, most), k);
  own.set(key, radii);
  return radii;
};

/** 2 · precision · recall / (precision + recall), 0 where both are 0. */
const harmonicMean = ({ precision, recall }: Readonly<Record<string, number>>): number | undefined => {
  if (precision === undefined || recall === undefined) return undefined;
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
};

/** Balls around features up to their k-th nearest neighbour: which samples lie in those of the data, and the other way round. */
export const precisionRecallMetric = defineMetric({
  name: "precision-recall",
  title: "precision and recall (Kynkäänniemi et al. 2019), density and coverage (Naeem et al. 2020)",
  papers: [
    {
      authors: "Kynkäänniemi et al.",
      year: 2019,
      title: "Improved precision and recall metric for assessing generative models",
      arxiv: "1904.06991",
    },
    {
      authors: "Naeem et al.",
      year: 2020,
      title: "Reliable fidelity and diversity metrics for generative models",
      arxiv: "2002.09797",
    },
  ],
  notes: "one outlier raises recall; coverage falls with fewer samples",
  suits: "all",
  figures: {
    precision: { label: "precision", better: "higher", rank: 70 },
    recall: { label: "recall", better: "higher", rank: 80 },
    density: { label: "density", better: "higher", rank: 90 },
    coverage: { label: "coverage", better: "higher", rank: 30 },
    f1: { label: "F1", better: "higher", rank: 60, from: harmonicMean },
  },
  charts: [
    {
      title: "Precision and recall",
      label: "share",
      series: { precision: "precision", recall: "recall" },
    },
    { title: "Density and coverage", label: "share", series: { density: "density", coverage: "coverage" } },
  ],
  inTraining: true,
  unasked: ({ dataset }) => !isTable(dataset),
  byClass: true,
  options: {
    k: integer({ default: 5, least: 1, means: "nearest neighbour that a ball reaches to", symbol: "k" }),
    most: integer({ default: 5000, least: 2, means: "samples and training examples that are looked at" }),
  },
  create: ({ k, most }) => {
    checkInteger("precision-recall", "most", most, k + 1);
    return {
      unfit: ({ count = Number.POSITIVE_INFINITY, reference }) => {
        const examples = reference?.features.rows ?? Number.POSITIVE_INFINITY;
        return Math.min(count, examples) > k
          ? undefined
          : `its ${k} nearest neighbours need ${k + 1} samples and ${k + 1} training examples; got ${count} and ${examples}`;
      },
      compute: async (context) => {
        const { extractor, reference } = context;
        const real = firstRows(reference.features, most);
        const fake = firstRows((await context.features()).features, most);
        const figures = precisionRecall(real, fake, { k, realRadii: radiiOf(reference, most, k) });
        const about = `k = ${k}, ${fake.rows} samples against ${real.rows}, features: ${extractor.name}`;
        const row = (key: keyof PrecisionRecall, note: string) => ({ key, value: figures[key], note });
        return [
          row("precision", `share of samples among the data; ${about}`),
          row("recall", "share of the data among the samples; one outlier can raise it"),
          row("density", "1 for the data themselves, may be above"),
          row("coverage", "share of the data with a sample nearby; falls with fewer samples"),
        ];
      },
    };
  },
});
