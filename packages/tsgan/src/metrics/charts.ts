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

const CHARTS: readonly MetricChart[] = [
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
  { title: "FID", label: "FID", series: { fid: "FID" } },
  { title: "Precision and recall", label: "share", series: { precision: "precision", recall: "recall" } },
  { title: "Density and coverage", label: "share", series: { density: "density", coverage: "coverage" } },
  { title: "Sliced Wasserstein distance", label: "distance", series: { slicedWasserstein: "distance" } },
  { title: "Modes covered", label: "modes", series: { modesCovered: "modes" } },
  { title: "Share of samples near a mode", label: "share", series: { highQuality: "share" } },
  { title: "KL to even modes", label: "nats", series: { klToUniform: "nats" } },
];

/** The charts for figures of these names, but for `step`. What is not listed above gets a chart of its own. */
export const chartsOf = (names: ReadonlySet<string>): MetricChart[] => {
  const listed = new Set(CHARTS.flatMap(({ series }) => Object.keys(series)));
  const others = [...names].filter((name) => !listed.has(name));
  return [
    ...CHARTS.filter(({ series }) => Object.keys(series).some((name) => names.has(name))),
    ...others.map((name): MetricChart => ({ title: name, label: name, series: { [name]: name } })),
  ];
};
