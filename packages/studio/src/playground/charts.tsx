/** The curves of all GANs. */
import { LineChart, type Series } from "../ui/line-chart.tsx";
import type { FigureKey } from "./figures.ts";
import { ganColors } from "./figures-panel.tsx";
import type { CurveKey, Curves } from "./protocol.ts";
import { experiment, report, started } from "./session.ts";
import { letterOf } from "./settings.ts";

type Line =
  | { readonly of: "losses"; readonly key: CurveKey; readonly name: string; readonly color?: string }
  | { readonly of: "figures"; readonly key: FigureKey; readonly name: string; readonly color?: string };

interface Chart {
  readonly title: string;
  readonly yLabel: string;
  readonly fileName: string;
  readonly lines: readonly Line[];
  readonly logY?: boolean;
}

const losses: Chart = {
  title: "Losses",
  yLabel: "loss",
  fileName: "losses",
  lines: [
    { of: "losses", key: "discriminatorLoss", name: "discriminator", color: "var(--disc)" },
    { of: "losses", key: "generatorLoss", name: "generator", color: "var(--fake)" },
  ],
};

const charts: readonly Chart[] = [
  {
    title: "Wasserstein distance",
    yLabel: "W₁",
    fileName: "wasserstein",
    lines: [{ of: "figures", key: "wasserstein", name: "W₁ of 256 points, exact" }],
  },
  {
    title: "Divergences on a grid",
    yLabel: "nats",
    fileName: "divergences",
    lines: [
      { of: "figures", key: "js", name: "JS" },
      { of: "figures", key: "kl", name: "KL(data ‖ G)" },
    ],
  },
  {
    title: "Precision and recall",
    yLabel: "share",
    fileName: "precision-recall",
    lines: [
      { of: "figures", key: "precision", name: "precision" },
      { of: "figures", key: "recall", name: "recall" },
    ],
  },
  {
    title: "Slope of the discriminator",
    yLabel: "mean ‖∇ₓD‖",
    fileName: "slope",
    lines: [{ of: "figures", key: "slope", name: "between real and generated points" }],
  },
  {
    title: "Gradients of the parameters",
    yLabel: "norm",
    fileName: "gradients",
    logY: true,
    lines: [
      { of: "losses", key: "discriminatorGradient", name: "discriminator", color: "var(--disc)" },
      { of: "losses", key: "generatorGradient", name: "generator", color: "var(--fake)" },
    ],
  },
];

const modesChart: Chart = {
  title: "Modes covered",
  yLabel: "modes",
  fileName: "modes",
  lines: [{ of: "figures", key: "modes", name: "modes covered" }],
};

const columnOf = (curves: Curves, { of, key }: Line): Float64Array =>
  (curves[of] as Readonly<Record<string, Float64Array>>)[key];

/** With several GANs a chart for each line, so that a colour stands for a GAN everywhere. */
const apart = (chart: Chart): Chart[] =>
  chart.lines.length === 1
    ? [chart]
    : chart.lines.map((line) => ({
        ...chart,
        title: `${chart.title}: ${line.name}`,
        fileName: `${chart.fileName}-${line.key}`,
        lines: [line],
      }));

const ChartOf = ({ chart, height }: { readonly chart: Chart; readonly height: number }) => {
  const gans = report.value?.gans ?? [];
  const colors = ganColors(gans.length);
  const series: Series[] = gans.flatMap(({ curves }, i) =>
    chart.lines.map((line) => ({
      name: gans.length > 1 ? letterOf(i) : line.name,
      x: [...curves[line.of].step],
      y: [...columnOf(curves, line)],
      color: gans.length > 1 ? colors[i] : line.color,
    })),
  );
  const { title, yLabel, fileName, logY = false } = chart;
  // A single point is no curve.
  if (!series.some(({ y }) => y.filter(Number.isFinite).length > 1)) {
    return (
      <figure class="line-chart" aria-label={title}>
        <figcaption>{title}</figcaption>
        <p class="muted empty">It begins with the first iterations.</p>
      </figure>
    );
  }
  return (
    <LineChart
      title={title}
      series={series}
      xLabel="iteration"
      yLabel={yLabel}
      logY={logY}
      height={height}
      fileName={`playground-${fileName}`}
    />
  );
};

const several = (): boolean => experiment.value.variants.length > 0;

/** The losses: the curve that stands beside the picture. */
export const MainCharts = () => {
  const shown = several() ? apart(losses) : [losses];
  return (
    <>
      {shown.map((chart) => (
        <ChartOf key={chart.title} chart={chart} height={several() ? 128 : 210} />
      ))}
    </>
  );
};

/** All others. */
export const MoreCharts = () => {
  const all = started.value?.modes === undefined ? charts : [...charts, modesChart];
  const shown = several() ? all.flatMap(apart) : all;
  return (
    <div class="charts">
      {shown.map((chart) => (
        <ChartOf key={chart.title} chart={chart} height={180} />
      ))}
    </div>
  );
};
