/** A study as one self-contained page: no script, nothing loaded from anywhere. */
import { escapeText, type FigureSpec, figure } from "tsgan/figure";
import { formatP } from "./comparison.ts";
import type { ParameterValue } from "./definition.ts";
import { bestOfKFigure, type Look, looksOf, sensitivityFigure, trialsFigure } from "./report-figures.ts";
import { html, parameter, plural, prose, table } from "./report-markup.ts";
import { otherFigures, pairsTable, rankingTable, resultsTable } from "./report-tables.ts";
import type { DataSummary, Sensitivity, StudySummary, TrialCounts } from "./study-summary.ts";

export interface StudyReportInput {
  readonly summary: StudySummary;
  /** Sample grids as PNG, by the id of the trial. */
  readonly samples?: ReadonlyMap<string, Uint8Array>;
  /** What could not be read, one line each. */
  readonly warnings?: readonly string[];
}

/** Figures are laid out twice, and the page shows the one that fits. */
const WIDTHS = { wide: 800, narrow: 340 } as const;
const NARROW_BELOW = 640;

const base64 = (bytes: Uint8Array): string => {
  let binary = "";
  // In pieces: a call takes no more than some ten thousand arguments.
  for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(binary);
};

const drawing = (label: string, spec: (narrow: boolean, width: number) => FigureSpec | undefined): string => {
  const drawn = (["wide", "narrow"] as const).map((kind) => {
    const found = spec(kind === "narrow", WIDTHS[kind]);
    return found === undefined ? "" : `<div class="${kind}">${figure(found, { width: WIDTHS[kind] })}</div>`;
  });
  return drawn.join("") === "" ? "" : `<figure aria-label="${escapeText(label)}">${drawn.join("")}</figure>`;
};

const countsText = ({ expected, finished, failed, stopped, missing }: TrialCounts): string => {
  const parts = [`${finished} of ${plural(expected, "trial")} finished`];
  if (failed > 0) parts.push(`${failed} failed`);
  if (stopped > 0) parts.push(`${stopped} stopped early`);
  if (missing > 0) parts.push(`${missing} not there yet`);
  return parts.join(", ");
};

const effect = (entry: Sensitivity): string =>
  entry.kind === "number"
    ? `ρ = ${html(entry.correlation)}`
    : entry.choices
        .map(({ value, draws, median }) => `${parameter(value)}: ${html(median)} (${draws})`)
        .join(", ");

const sensitivitySection = (summary: StudySummary, data: DataSummary, look: Look): string => {
  const rows = data.models.flatMap(({ model, sensitivity }) =>
    sensitivity.map((entry) => [
      escapeText(model),
      escapeText(entry.parameter),
      effect(entry),
      formatP(entry.p).replace("p = ", ""),
      String(entry.draws),
    ]),
  );
  const drawn = drawing(`${data.data}: results against hyper-parameters`, (narrow) =>
    sensitivityFigure(summary, data, look, narrow),
  );
  if (drawn === "" && rows.length === 0) return "";
  const { label = "", better } = data.metric ?? {};
  const reading =
    better === "lower"
      ? `ρ above 0: ${label} grows, that is worsens, with the parameter`
      : `ρ above 0: ${label} grows, that is improves, with the parameter`;
  return `<h3>Sensitivity to hyper-parameters</h3>
<p class="note">Each dot is a draw. ${escapeText(reading)}; of choices the medians are given, with the number of draws.</p>
${drawn}
${rows.length === 0 ? `<p class="note">Too few draws for correlations.</p>` : `<details><summary>Rank correlations</summary>${table("Spearman's ρ by model", ["model", "parameter", "effect", "p, Holm", "draws"], rows)}</details>`}`;
};

const settings = (parameters: Readonly<Record<string, ParameterValue>>): string =>
  Object.entries(parameters)
    .map(([name, value]) => `${escapeText(name)} ${parameter(value)}`)
    .join(", ");

const gallery = ({ models, metric, data }: DataSummary, samples: ReadonlyMap<string, Uint8Array>): string => {
  const cards = models.flatMap(({ model, best }) => {
    if (best === null || metric === null) return [];
    const png = samples.get(best.id);
    const image =
      png === undefined
        ? ""
        : `<img src="data:image/png;base64,${base64(png)}" alt="Samples of ${escapeText(model)} on ${escapeText(data)}">`;
    const drawn = settings(best.parameters);
    return [
      `<li>${image}<strong>${escapeText(model)}</strong>, ${escapeText(metric.label)} ${html(best.value)} at step ${best.step}<br><span class="note">${drawn === "" ? "" : `${drawn}<br>`}<code>${escapeText(best.id)}</code></span></li>`,
    ];
  });
  if (cards.length === 0) return "";
  return `<h3>Best trial of each model</h3>
<ul class="gallery">${cards.join("\n")}</ul>`;
};

const failureList = ({ models }: DataSummary): string => {
  const failures = models.flatMap(({ failures: own }) => own);
  if (failures.length === 0) return "";
  return `<details class="failures"><summary>${plural(failures.length, "failed trial")}, and why</summary><ul>${failures
    .map(({ id, error }) => `<li><code>${escapeText(id)}</code>: ${escapeText(error)}</li>`)
    .join("")}</ul></details>`;
};

const overallText = ({ comparison, models, metric }: DataSummary): string => {
  if (comparison === null || models.length < 3) return "";
  const { p, statistic, degrees } = comparison.overall;
  const verdict = p < 0.05 ? "are more than chance" : "could be chance";
  const count = models.filter(({ rank }) => rank !== null).length;
  const differences = `Over all ${count} models, the differences in ${metric?.label} ${verdict}`;
  return `<p>${prose(`${differences} (Kruskal–Wallis, H = `)}${html(statistic)}${prose(`, ${degrees} degrees of freedom, ${formatP(p)}).`)}</p>`;
};

const dataSection = (
  data: DataSummary,
  summary: StudySummary,
  look: Look,
  samples: ReadonlyMap<string, Uint8Array>,
  index: number,
): string => {
  const id = `data-${index}`;
  const head = `<section aria-labelledby="${id}"><h2 id="${id}">${escapeText(data.data)}</h2>`;
  if (data.metric === null || data.worst === null) {
    const none = `<p class="note">No trial has a figure to compare by yet.</p>`;
    return `${head}${none}${failureList(data)}</section>`;
  }
  const curves = drawing(`${data.data}: best of k against k`, (narrow) =>
    bestOfKFigure(summary, data, look, narrow),
  );
  return `${head}
${data.comparison === null ? "" : `<p class="verdict">${prose(data.comparison.sentence)}</p>`}
${overallText(data)}
${curves === "" ? "" : `<h3>Best of k against the budget</h3>\n${curves}`}
<h3>All trials</h3>
${drawing(`${data.data}: all trials`, (_, width) => trialsFigure(data, look, width))}
${resultsTable(data, summary)}
${otherFigures(data)}
${failureList(data)}
${data.comparison === null ? "" : `<h3>Ranking</h3>`}
${rankingTable(data, summary.unit)}
${pairsTable(data)}
${gallery(data, samples)}
${sensitivitySection(summary, data, look)}
</section>`;
};

const method = ({ unit, seeds, earlyStopping, defaultsFirst, evaluateSamples }: StudySummary): string => {
  const independent =
    unit === "draw"
      ? `A result is a draw of the hyper-parameters${seeds.length > 1 ? `, the mean over its ${seeds.length} seeds: seeds of the same settings are not independent draws` : ""}. n is the number of draws.`
      : "Each model has one setting, so a result is a run with a seed of its own: the comparison is of these settings, not of the models at their best.";
  const items = [
    "A trial stands for its best evaluation by the figure that models are ranked by; its other figures are those of the same evaluation. The best of several is a little better than fresh samples would be.",
    independent,
    "A trial that failed counts as the worst figure of the data set, in the ranking, the tests and the best of k. Tables of figures are over the trials that have them; how many failed stands beside.",
    ...(earlyStopping
      ? [
          "A trial that was stopped early counts as what it had reached, which may be worse than it could have become.",
        ]
      : []),
    ...(defaultsFirst
      ? [
          "The first draw of each model is its default settings, not a random one; it is counted with the others, as in the paper.",
        ]
      : []),
    "Best of k: the expected best of k results drawn from those of the study without replacement, exactly. Bands: 95 % percentile bootstrap over the results; with fewer than about ten they are too narrow, most of all at the right end.",
    "Models are ranked by the mean rank of their results among those of all models, 1 being the best of all. Tests: Kruskal–Wallis over all models; Mann–Whitney between pairs, two-sided, exact up to 400 pairs of results; Holm's correction over all pairs of a data set. Cliff's δ is the share of pairs of results in which the one is better, less that in which it is worse.",
    "Sensitivity: Spearman's ρ with a permutation test, for choices Kruskal–Wallis; Holm's correction over the parameters of a model. The parameters vary together, so one may stand in for another.",
    `Figures of ${evaluateSamples} samples compare with each other only, not with those of papers, which use more samples, other features and longer training.`,
  ];
  return `<section aria-labelledby="method"><h2 id="method">How to read this</h2><ul>${items.map((item) => `<li>${escapeText(item)}</li>`).join("")}</ul>
<p class="note">After Lucic et al. 2018, “Are GANs created equal? A large-scale study”, arXiv 1711.10337.</p></section>`;
};

const STYLE = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1b1f24;--muted:#57606a;--line:#d8dde2;--bad:#b3261e}
@media(prefers-color-scheme:dark){:root{--paper:#12161c;--ink:#e8eaed;--muted:#a6adb6;--line:#2a313a;--bad:#ff8a80}}
*{box-sizing:border-box}
body{margin:0 auto;padding:24px 16px 64px;max-width:880px;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif;overflow-wrap:break-word}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 4px}
h2{font-size:1.35rem;margin:48px 0 8px;padding-top:24px;border-top:1px solid var(--line)}
h3{font-size:1.08rem;margin:32px 0 8px}
.note,.lead{color:var(--muted)}
.note{font-size:.9rem}
.lead{margin:8px 0}
.verdict{font-size:1.12rem;font-weight:600}
.warning{border-left:4px solid var(--bad);padding:4px 12px;overflow-wrap:anywhere}
figure{margin:8px 0 16px}
figure svg{display:block;width:100%;height:auto}
.narrow{display:none}
.scroll{overflow-x:auto;margin:0 0 16px}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
.caption{color:var(--muted);font-size:.9rem;margin:16px 0 4px}
th,td{text-align:right;vertical-align:top;padding:6px 0 6px 16px;border-bottom:1px solid var(--line);font-weight:400;white-space:nowrap}
th:first-child{position:sticky;left:0;background:var(--paper);text-align:left;padding-left:0}
thead th{color:var(--muted);font-size:.9rem;vertical-align:bottom}
dl{display:grid;grid-template-columns:minmax(7em,max-content) 1fr;gap:4px 16px}
dt{color:var(--muted)}
dd{margin:0}
details{margin:12px 0}
summary{cursor:pointer}
.failures li{margin:4px 0;overflow-wrap:anywhere}
.gallery{list-style:none;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,240px),1fr));gap:24px}
.gallery img{display:block;width:100%;height:auto;image-rendering:pixelated;background:#fff;margin-bottom:8px}
@media(max-width:${NARROW_BELOW}px){.wide{display:none}.narrow{display:block}.gallery{grid-template-columns:1fr 1fr;gap:16px}}
code{font-size:.85em;overflow-wrap:anywhere}
sub,sup{line-height:0;font-size:.75em}
@media print{section,figure{break-inside:avoid}}`;

const factsList = (summary: StudySummary): string => {
  const { budget, stepUnit, samples, seeds, evaluateSamples, data } = summary;
  const facts: [string, string][] = [
    ["data sets", data.map((entry) => entry.data).join(", ")],
    ["models", summary.models.join(", ")],
    [
      "trials",
      `${plural(samples, "draw")} of hyper-parameters × ${plural(seeds.length, "seed")} for each model on each data set`,
    ],
    ["budget of a trial", "steps" in budget ? `${budget.steps} ${stepUnit} steps` : `${budget.seconds} s`],
    ["samples judged", `${evaluateSamples} of each evaluation`],
  ];
  return `<dl>${facts.map(([name, text]) => `<dt>${name}</dt><dd>${escapeText(text)}</dd>`).join("")}</dl>`;
};

/** The report of a study as one self-contained page, from its `summary`, pictures of samples, and warnings. */
export const studyReportHtml = ({
  summary,
  samples = new Map(),
  warnings = [],
}: StudyReportInput): string => {
  const { trials, name, data } = summary;
  const look = looksOf(summary.models);
  const unfinished =
    trials.missing === 0
      ? ""
      : `<p class="warning" role="alert">The study is not finished: ${plural(trials.missing, "trial")} of ${trials.expected} ${trials.missing === 1 ? "is" : "are"} not there yet, and all figures may change.</p>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeText(name)} · tsgan study</title>
<style>${STYLE}
</style>
</head>
<body>
<main>
<h1>Study: ${escapeText(name)}</h1>
<p class="lead">${escapeText(countsText(trials))}.</p>
${unfinished}
${warnings.map((warning) => `<p class="warning" role="alert">${escapeText(warning)}</p>`).join("\n")}
${factsList(summary)}
${data.map((entry, i) => dataSection(entry, summary, look, samples, i)).join("\n")}
${method(summary)}
</main>
</body>
</html>
`;
};
