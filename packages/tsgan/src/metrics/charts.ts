/** How the figures of a run are drawn: which belong together, and what readers call them. */

/** Figures of metrics.jsonl that are drawn together. */
export interface MetricChart {
  readonly title: string;
  readonly scale?: "log";
  /** Keys of metrics.jsonl with the names that readers see. */
  readonly series: Readonly<Record<string, string>>;
}

const CHARTS: readonly MetricChart[] = [
  { title: "Losses", series: { discriminatorLoss: "discriminator", generatorLoss: "generator" } },
  { title: "Mean scores", series: { realScore: "real", fakeScore: "generated" } },
  {
    title: "Gradient norms",
    scale: "log",
    series: { discriminatorGradient: "discriminator", generatorGradient: "generator" },
  },
  { title: "Accuracy of the discriminator", series: { accuracy: "accuracy" } },
  { title: "Penalty", series: { penalty: "penalty" } },
  { title: "FID", series: { fid: "FID" } },
  { title: "Precision and recall", series: { precision: "precision", recall: "recall" } },
  { title: "Density and coverage", series: { density: "density", coverage: "coverage" } },
  { title: "Sliced Wasserstein distance", series: { slicedWasserstein: "distance" } },
  { title: "Modes covered", series: { modesCovered: "modes" } },
  { title: "Share of samples near a mode", series: { highQuality: "share" } },
  { title: "KL to even modes", series: { klToUniform: "nats" } },
];

/** The charts for figures of these names, but for `step`. What is not listed above gets a chart of its own. */
export const chartsOf = (names: ReadonlySet<string>): MetricChart[] => {
  const listed = new Set(CHARTS.flatMap(({ series }) => Object.keys(series)));
  const others = [...names].filter((name) => !listed.has(name));
  return [
    ...CHARTS.filter(({ series }) => Object.keys(series).some((name) => names.has(name))),
    ...others.map((name): MetricChart => ({ title: name, series: { [name]: name } })),
  ];
};
