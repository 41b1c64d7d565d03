/** How the figures of a run are drawn: which belong together, and what readers call them. */

/** Figures of metrics.jsonl that are drawn together. */
export interface MetricChart {
  readonly title: string;
  /** What the vertical axis counts, or its unit. */
  readonly label: string;
  readonly scale?: "log";
  /** Keys of metrics.jsonl with the names that readers see. */
  readonly series: Readonly<Record<string, string>>;
}

/** Of the figures of training. */
const TRAINING: readonly MetricChart[] = [
  {
    title: "Losses",
    label: "loss",
    series: { discriminatorLoss: "discriminator", generatorLoss: "generator" },
  },
  { title: "Mean scores", label: "score", series: { realScore: "real", fakeScore: "generated" } },
  {
    title: "Gradient norms",
    label: "norm",
    scale: "log",
    series: { discriminatorGradient: "discriminator", generatorGradient: "generator" },
  },
  { title: "Accuracy of the discriminator", label: "share of examples", series: { accuracy: "accuracy" } },
  { title: "Penalty", label: "penalty", series: { penalty: "penalty" } },
];

/**
 * The charts for figures of these names, but for `step`. What no chart shows gets one of its own.
 *
 * @param judging the charts of metrics, as `metricCharts` gives them
 */
export const chartsOf = (names: ReadonlySet<string>, judging: readonly MetricChart[]): MetricChart[] => {
  const charts = [...TRAINING, ...judging];
  const listed = new Set(charts.flatMap(({ series }) => Object.keys(series)));
  const others = [...names].filter((name) => !listed.has(name));
  return [
    ...charts.filter(({ series }) => Object.keys(series).some((name) => names.has(name))),
    ...others.map((name): MetricChart => ({ title: name, label: name, series: { [name]: name } })),
  ];
};
