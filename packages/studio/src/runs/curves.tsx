/** The curves of runs: those of one run by what belongs together, those of several by figure. */
import { useMemo, useState } from "preact/hooks";
import { number } from "tsgan/define";
import { chartsOf } from "tsgan/metrics";
import { keepText, recallText } from "../stored.ts";
import { colorsByName, seriesColor } from "../ui/colors.ts";
import { FieldControl } from "../ui/controls.tsx";
import { fieldsOf, slider, titled, type ValuesOf } from "../ui/fields.ts";
import { LineChart, type Series } from "../ui/line-chart.tsx";
import { Menu } from "../ui/menu.tsx";
import { session } from "./connection.ts";
import { type Column, type Records, smoothed } from "./records.ts";

/** How curves are drawn. */
const drawnFields = fieldsOf({
  weight: slider(number({ default: 0, least: 0, most: 0.99, means: "Smoothing" }), { step: 0.01 }),
  scale: titled({ usual: "as usual", linear: "linear", log: "log" }, { default: "usual", means: "Scale" }),
});
type Scale = ValuesOf<typeof drawnFields>["scale"];

interface Chart {
  readonly title: string;
  readonly label: string;
  readonly isLog: boolean;
  readonly series: readonly { readonly name: string; readonly column: Column; readonly color: string }[];
}

export interface Source {
  readonly id: string;
  readonly records: Records;
}

const chartsFor = (sources: readonly Source[]): Chart[] => {
  const names = new Set(sources.flatMap(({ records }) => [...records.columns.keys()]));
  return chartsOf(names, session.value?.charts ?? []).flatMap(({ title, label, scale, series }): Chart[] => {
    const isLog = scale === "log";
    const known = Object.entries(series).filter(([key]) => names.has(key));
    if (sources.length === 1) {
      const [{ records }] = sources;
      const colors = colorsByName(known.map(([, name]) => name));
      return [
        {
          title,
          label,
          isLog,
          series: known.map(([key, name], i) => ({
            name,
            column: records.columns.get(key)!,
            color: colors[i],
          })),
        },
      ];
    }
    return known.map(([key, name]) => ({
      title: known.length === 1 ? title : `${title}: ${name}`,
      label,
      isLog,
      series: sources.flatMap(({ id, records }, run) => {
        const column = records.columns.get(key);
        return column === undefined ? [] : [{ name: id, column, color: seriesColor(run) }];
      }),
    }));
  });
};

const KEY = "tsgan-runs-hidden";

const storedHidden = (): ReadonlySet<string> => {
  try {
    const value: unknown = JSON.parse(recallText("local", KEY) ?? "[]");
    return new Set(Array.isArray(value) ? value.map(String) : []);
  } catch {
    // Not written by this page.
    return new Set();
  }
};

const Curve = ({ chart, weight, scale }: { chart: Chart; weight: number; scale: Scale }) => {
  const lengths = chart.series.map(({ column }) => column.steps.length).join();
  // Columns grow in place: their lengths tell whether there is anything new.
  const series = useMemo(
    () =>
      chart.series.map(
        ({ name, column, color }): Series => ({
          name,
          x: [...column.steps],
          y: smoothed(column.values, weight),
          color,
        }),
      ),
    [
      chart.title,
      chart.series.map(({ name, color }) => `${name} ${color}`).join("\n"),
      chart.series[0]?.column,
      lengths,
      weight,
    ],
  );
  return (
    <LineChart
      title={chart.title}
      series={series}
      xLabel="step"
      yLabel={chart.label}
      logY={scale === "log" || (scale === "usual" && chart.isLog)}
      height={220}
      linked="runs"
      fileName={chart.title.toLowerCase().replace(/[^\w]+/g, "-")}
    />
  );
};

export const Curves = ({ sources }: { sources: readonly Source[] }) => {
  const [weight, setWeight] = useState(0);
  const [scale, setScale] = useState<Scale>("usual");
  const [hidden, setHidden] = useState(storedHidden);
  const charts = chartsFor(sources);
  if (charts.length === 0) return null;

  const toggle = (title: string): void => {
    const next = new Set(hidden);
    if (!next.delete(title)) next.add(title);
    keepText("local", KEY, JSON.stringify([...next]));
    setHidden(next);
  };

  return (
    <section aria-labelledby="curves">
      <h2 id="curves">Curves</h2>
      <div class="filters">
        <FieldControl
          label={drawnFields.weight.label}
          field={drawnFields.weight}
          value={weight}
          onChange={setWeight}
        />
        <FieldControl
          label={drawnFields.scale.label}
          field={drawnFields.scale}
          value={scale}
          onChange={setScale}
        />
        <Menu label="Figures" class="figures">
          {() =>
            charts.map(({ title }) => (
              <label key={title}>
                <input type="checkbox" checked={!hidden.has(title)} onChange={() => toggle(title)} /> {title}
              </label>
            ))
          }
        </Menu>
      </div>
      <div class="charts">
        {charts
          .filter(({ title }) => !hidden.has(title))
          .map((chart) => (
            <Curve key={chart.title} chart={chart} weight={weight} scale={scale} />
          ))}
      </div>
    </section>
  );
};
