/** The curves of all GANs. */
import { signal } from "@preact/signals";
import type { ChartNotes } from "../ui/chart-notes.ts";
import { LineChart, type Series } from "../ui/line-chart.tsx";
import type { FigureKey } from "./figures.ts";
import { ganColors } from "./figures-panel.tsx";
import type { CurveKey, Curves, Mark } from "./protocol.ts";
import { experiment, report, started } from "./session.ts";
import { letterOf } from "./settings.ts";
import { short } from "./short.ts";
import { shown, viewed } from "./viewing.ts";

type Line =
  | { readonly of: "losses"; readonly key: CurveKey; readonly name: string; readonly color?: string }
  | { readonly of: "figures"; readonly key: FigureKey; readonly name: string; readonly color?: string };

interface Chart {
  readonly title: string;
  readonly yLabel: string;
  readonly fileName: string;
  readonly lines: readonly Line[];
  readonly logY?: boolean;
  /** The most that its values can be. */
  readonly yMost?: number;
  /** What it will show. */
  readonly before?: string;
}

const losses: Chart = {
  title: "Losses",
  yLabel: "loss",
  fileName: "losses",
  before:
    "With the first iteration two curves begin here: D’s loss is low where it tells real points from generated ones, G’s where it fools D.",
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
    yMost: 1,
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

/** Where the discriminator's loss ends when it can tell nothing apart; of several GANs where they agree. */
const levelsOf = ({ lines }: Chart): NonNullable<ChartNotes["levels"]> => {
  const values = new Set(started.value?.gans.map(({ equilibrium }) => equilibrium?.discriminatorLoss));
  const [y] = values;
  if (!lines.some(({ key }) => key === "discriminatorLoss") || values.size !== 1 || y === undefined)
    return [];
  return [{ y, label: `D at equilibrium: ${short(y)}`, brief: short(y), color: "var(--disc)" }];
};

/** Where settings were changed, numbered as they are listed. */
const changeMarks = () => changes().map(({ step }, i) => ({ x: step, label: String(i + 1) }));

/** The moment of the past that is looked at. */
const momentMark = () =>
  viewed.value === undefined || shown.value === undefined
    ? []
    : [{ x: shown.value.step, color: "var(--text)" }];

/** Settings that were changed while it ran. */
const changes = (): readonly Mark[] => {
  const gans = report.value?.gans ?? [];
  const all = gans.flatMap(({ marks }, i) =>
    marks.map(({ step, text }) => ({ step, text: gans.length > 1 ? `${letterOf(i)}: ${text}` : text })),
  );
  return all.sort((a, b) => a.step - b.step);
};

const Changes = () =>
  changes().length === 0 ? null : (
    <ol class="changes" aria-label="Changes while it ran">
      {changes().map(({ step, text }, i) => (
        <li key={i}>
          {text} <span class="muted">from iteration {step} on</span>
        </li>
      ))}
    </ol>
  );

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
  const notes: ChartNotes = {
    levels: levelsOf(chart),
    marks: [...changeMarks(), ...momentMark()],
    ...(chart.yMost !== undefined && { yRange: [0, chart.yMost] }),
  };
  // An empty chart tells nothing.
  if (!series.some(({ y }) => y.some(Number.isFinite))) {
    return (
      <figure class="line-chart" aria-label={title}>
        <figcaption>{title}</figcaption>
        <p class="muted empty">{chart.before ?? "It begins with the first iterations."}</p>
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
      notes={notes}
    />
  );
};

const phone = matchMedia("(max-width: 560px)");
const isNarrow = signal(phone.matches);
phone.addEventListener("change", ({ matches }) => {
  isNarrow.value = matches;
});

const several = (): boolean => experiment.value.variants.length > 0;

/** The losses: the curve that stands beside the picture. */
export const MainCharts = () => {
  const shown = several() ? apart(losses) : [losses];
  return (
    <>
      {shown.map((chart) => (
        <ChartOf key={chart.title} chart={chart} height={isNarrow.value ? 92 : several() ? 128 : 210} />
      ))}
      <Changes />
    </>
  );
};

/** All others. */
export const MoreCharts = () => {
  const { modes } = started.value ?? {};
  const all = modes === undefined ? charts : [...charts, { ...modesChart, yMost: modes }];
  const shown = several() ? all.flatMap(apart) : all;
  return (
    <div class="charts">
      {shown.map((chart) => (
        <ChartOf key={chart.title} chart={chart} height={180} />
      ))}
    </div>
  );
};
