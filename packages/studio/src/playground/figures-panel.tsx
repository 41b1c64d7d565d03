/** How each GAN does: the verdict, and the latest figures with the way that they took. */

import { seriesColor } from "../ui/colors.ts";
import type { FigureKey } from "./figures.ts";
import { Info } from "./info.tsx";
import { experiment, report, started } from "./session.ts";
import { letterOf } from "./settings.ts";
import { short } from "./short.ts";
import type { TermName } from "./terms.ts";
import { type FigureColumns, verdictOf } from "./verdict.ts";
import { figuresShown, isTrained } from "./viewing.ts";

/** The colour of a GAN wherever it stands beside others. */
export const ganColor = seriesColor;

/** Of their curves; that of a single one is drawn as generated points are. */
export const ganColors = (count: number): readonly string[] =>
  count === 1 ? ["var(--fake)"] : Array.from({ length: count }, (_, i) => ganColor(i));

export const Verdicts = () => {
  const count = experiment.value.variants.length + 1;
  const modes = started.value?.modes;
  return (
    <section class="verdicts" aria-label="Verdict">
      {Array.from({ length: count }, (_, i) => {
        const { level, title, text } = verdictOf(figuresShown(i), modes, {
          problem: report.value?.gans[i]?.status.problem,
          isTrained: isTrained.value,
        });
        return (
          <div key={letterOf(i)} class="verdict panel" data-level={level}>
            <h2>
              {count > 1 && `${letterOf(i)}: `}
              {title}
            </h2>
            <p>{text}</p>
          </div>
        );
      })}
    </section>
  );
};

interface Row {
  readonly key: FigureKey;
  readonly label: string;
  readonly term: TermName;
  readonly better?: "less" | "more";
  /** The most that a figure can be. */
  readonly most?: number;
}

const rowsOf = (modes: number | undefined): readonly Row[] => [
  { key: "wasserstein", label: "Distance W₁", term: "wasserstein", better: "less" },
  ...(modes === undefined
    ? []
    : [{ key: "modes", label: "Modes covered", term: "modes", most: modes } as const]),
  { key: "precision", label: "Precision", term: "precision", better: "more", most: 1 },
  { key: "recall", label: "Recall", term: "recall", better: "more", most: 1 },
  { key: "slope", label: "Slope of D", term: "slope" },
  { key: "js", label: "JS, nats", term: "js", better: "less", most: Math.LN2 },
  { key: "kl", label: "KL(data ‖ G), nats", term: "kl", better: "less" },
  ...(modes === undefined
    ? []
    : [{ key: "quality", label: "Samples within 3 σ", term: "quality", most: 1 } as const]),
];

const WIDTH = 96;
const HEIGHT = 22;

/** The way of a figure: all GANs on one scale, from 0 to the most that it can be or was. */
const Sparkline = ({
  columns,
  row,
  colors,
}: {
  readonly columns: readonly (FigureColumns | undefined)[];
  readonly row: Row;
  readonly colors: readonly string[];
}) => {
  const all = columns.flatMap((one) => (one === undefined ? [] : [...one[row.key]])).filter(Number.isFinite);
  const last = Math.max(1, ...columns.map((one) => one?.step[one.step.length - 1] ?? 0));
  const top = row.most ?? Math.max(...all, 1e-9);
  const line = (one: FigureColumns): string =>
    Array.from(one.step, (step, i) => [step, one[row.key][i]] as const)
      .filter(([, value]) => Number.isFinite(value))
      .map(
        ([step, value]) =>
          `${((step / last) * WIDTH).toFixed(1)},${(HEIGHT - 1 - (value / top) * (HEIGHT - 2)).toFixed(1)}`,
      )
      .join(" ");
  return (
    <svg class="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} aria-hidden="true">
      {columns.map(
        (one, i) =>
          one !== undefined && (
            <polyline key={letterOf(i)} points={line(one)} style={{ stroke: colors[i] }} />
          ),
      )}
    </svg>
  );
};

/** One legend for all curves of GANs side by side. */
export const Legend = () => {
  const count = experiment.value.variants.length + 1;
  const colors = ganColors(count);
  if (count === 1) return null;
  return (
    <ul class="gan-legend" aria-label="Legend">
      {colors.map((color, i) => (
        <li key={letterOf(i)}>
          <span class="swatch" style={{ background: color }} /> {letterOf(i)}
        </li>
      ))}
    </ul>
  );
};

const last = (values: Float64Array | undefined): number | undefined => values?.[values.length - 1];

export const FiguresTable = () => {
  const count = experiment.value.variants.length + 1;
  const modes = started.value?.modes;
  const columns = Array.from({ length: count }, (_, i) => figuresShown(i));
  const colors = ganColors(count);
  return (
    <table class="figures">
      <caption class="visually-hidden">Latest figures</caption>
      <thead>
        <tr>
          <th scope="col">Figure</th>
          <td class="way" />
          {columns.map((_, i) => (
            <th key={letterOf(i)} scope="col" class="number">
              {count > 1 ? letterOf(i) : "Now"}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rowsOf(modes).map((row) => (
          <tr key={row.key}>
            <th scope="row">
              {row.label} <Info term={row.term} name={row.label} />
              {row.better !== undefined && <span class="visually-hidden">({row.better} is better)</span>}
            </th>
            <td class="way">
              <Sparkline columns={columns} row={row} colors={colors} />
            </td>
            {columns.map((one, i) => (
              <td key={letterOf(i)} class={`number ${row.key}`}>
                {short(last(one?.[row.key]))}
                {row.key === "modes" && `/${modes}`}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
};

const count = (value = 0): string => value.toLocaleString("en");

/** How far each player has come, and how large it is. */
export const Sizes = () => {
  const several = experiment.value.variants.length > 0;
  return (
    <>
      {(report.value?.gans ?? []).map(({ status }, i) => {
        const { parameters } = started.value?.gans[i] ?? {};
        return (
          <p key={letterOf(i)} class="steps muted">
            {several && `${letterOf(i)}: `}D {count(status.discriminatorSteps)} steps,{" "}
            {count(parameters?.discriminator)} parameters · G {count(status.generatorSteps)} steps,{" "}
            {count(parameters?.generator)} parameters
          </p>
        );
      })}
    </>
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
