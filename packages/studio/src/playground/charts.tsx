/** The curves of all GANs, and their latest figures side by side. */
import { LineChart, type Series } from "../ui/line-chart.tsx";
import type { FigureKey } from "./figures.ts";
import type { CurveKey, Curves } from "./protocol.ts";
import { experiment, report, started } from "./session.ts";
import { letterOf } from "./settings.ts";
import { short } from "./short.ts";

type Line =
  | { readonly of: "losses"; readonly key: CurveKey; readonly name: string }
  | { readonly of: "figures"; readonly key: FigureKey; readonly name: string };

interface Chart {
  readonly title: string;
  readonly yLabel: string;
  readonly fileName: string;
  readonly lines: readonly Line[];
  readonly logY?: boolean;
}

const charts: readonly Chart[] = [
  {
    title: "Losses",
    yLabel: "loss",
    fileName: "losses",
    lines: [
      { of: "losses", key: "discriminatorLoss", name: "discriminator" },
      { of: "losses", key: "generatorLoss", name: "generator" },
    ],
  },
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
      { of: "losses", key: "discriminatorGradient", name: "discriminator" },
      { of: "losses", key: "generatorGradient", name: "generator" },
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

const ChartOf = ({ chart }: { readonly chart: Chart }) => {
  const gans = report.value?.gans ?? [];
  const series: Series[] = gans.flatMap(({ curves }, i) =>
    chart.lines.map((line) => ({
      name: gans.length > 1 ? letterOf(i) : line.name,
      x: [...curves[line.of].step],
      y: [...columnOf(curves, line)],
    })),
  );
  const { title, yLabel, fileName, logY = false } = chart;
  return (
    <LineChart
      title={title}
      series={series}
      xLabel="iteration"
      yLabel={yLabel}
      logY={logY}
      height={180}
      fileName={`playground-${fileName}`}
    />
  );
};

export const Charts = () => {
  const all = started.value?.modes === undefined ? charts : [...charts, modesChart];
  const shown = experiment.value.variants.length === 0 ? all : all.flatMap(apart);
  return (
    <section class="charts" aria-label="Curves">
      {shown.map((chart) => (
        <ChartOf key={chart.title} chart={chart} />
      ))}
    </section>
  );
};

const rows: readonly {
  readonly key: FigureKey;
  readonly label: string;
  readonly better?: "less" | "more";
}[] = [
  { key: "wasserstein", label: "Wasserstein W₁", better: "less" },
  { key: "js", label: "JS, nats", better: "less" },
  { key: "kl", label: "KL(data ‖ G), nats", better: "less" },
  { key: "precision", label: "Precision", better: "more" },
  { key: "recall", label: "Recall", better: "more" },
  { key: "slope", label: "Slope ‖∇ₓD‖" },
];

const last = (values: Float64Array | undefined): number | undefined => values?.[values.length - 1];

export const FiguresTable = () => {
  const count = experiment.value.variants.length + 1;
  const modes = started.value?.modes;
  const latest = (index: number, key: FigureKey): number | undefined =>
    last(report.value?.gans[index]?.curves.figures[key]);
  const indices = Array.from({ length: count }, (_, i) => i);
  return (
    <table class="figures">
      <caption class="visually-hidden">Latest figures</caption>
      <thead>
        <tr>
          <th scope="col">Figure</th>
          {indices.map((i) => (
            <th key={i} scope="col" class="number">
              {count > 1 ? letterOf(i) : "Now"}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, label, better }) => (
          <tr key={key}>
            <th scope="row">
              {label} {better !== undefined && <span class="muted">({better} is better)</span>}
            </th>
            {indices.map((i) => (
              <td key={i} class="number">
                {short(latest(i, key))}
              </td>
            ))}
          </tr>
        ))}
        {modes !== undefined && (
          <tr>
            <th scope="row">Modes covered</th>
            {indices.map((i) => (
              <td key={i} class="number modes">
                {short(latest(i, "modes"))}/{modes}
              </td>
            ))}
          </tr>
        )}
        {modes !== undefined && (
          <tr>
            <th scope="row">Samples within 3 σ of a mode</th>
            {indices.map((i) => (
              <td key={i} class="number">
                {short(latest(i, "quality"))}
              </td>
            ))}
          </tr>
        )}
      </tbody>
    </table>
  );
};

/** The figures as a sentence, for those who listen to the page. */
export const summary = (): string => {
  const current = report.peek();
  if (current === undefined) return "";
  const modes = started.peek()?.modes;
  const parts = current.gans.map(({ status, curves }, i) => {
    const who = current.gans.length > 1 ? `GAN ${letterOf(i)}: ` : "";
    if (status.problem !== undefined) return `${who}stopped, ${status.problem}`;
    const covered = modes === undefined ? "" : `, ${short(last(curves.figures.modes))} of ${modes} modes`;
    return `${who}Wasserstein ${short(last(curves.figures.wasserstein))}${covered}`;
  });
  return `Iteration ${current.step}. ${parts.join(". ")}.`;
};
