/** The report's tables of one data set. */
import { escapeText } from "tsgan/figure";
import { formatP } from "./comparison.ts";
import { html, table } from "./report-markup.ts";
import type { DataSummary, Spread, StudySummary } from "./study-summary.ts";

const range = ({ lower, upper }: Spread): string => `${html(lower)} – ${html(upper)}`;

export const resultsTable = ({ models, metric }: DataSummary, { defaultsFirst }: StudySummary): string => {
  if (metric === null) return "";
  const rows = models.map(({ model, rank, figures, best, draws, trials }) => {
    const spread = figures.find(({ key }) => key === metric.key);
    return [
      escapeText(model),
      rank === null ? "–" : String(rank),
      html(spread?.best),
      html(spread?.median),
      spread === undefined ? "–" : range(spread),
      best === null ? "–" : `${best.step}`,
      ...(defaultsFirst ? [html(draws.find(({ sample }) => sample === 0)?.value)] : []),
      `${trials.finished} / ${trials.expected}`,
      String(trials.failed),
      ...(models.some((entry) => entry.trials.stopped > 0) ? [String(trials.stopped)] : []),
    ];
  });
  const stopped = models.some(({ trials }) => trials.stopped > 0) ? ["stopped"] : [];
  return table(
    `${metric.label} over the trials that have one`,
    [
      ...["model", "rank", "best", "median", "quartiles", "best at step"],
      ...(defaultsFirst ? ["default settings"] : []),
      ...["finished", "failed", ...stopped],
    ],
    rows,
  );
};

export const otherFigures = ({ models, metric }: DataSummary): string => {
  const kinds = new Map(
    models.flatMap(({ figures }) =>
      figures.filter(({ key }) => key !== metric?.key).map((spread) => [spread.key, spread]),
    ),
  );
  if (kinds.size === 0) return "";
  const rows = models
    .filter(({ figures }) => figures.length > 0)
    .map(({ model, figures }) => [
      escapeText(model),
      ...[...kinds.keys()].map((key) => {
        const spread = figures.find((entry) => entry.key === key);
        return spread === undefined
          ? "–"
          : `${html(spread.median)}<br><span class="note">${range(spread)}; best ${html(spread.best)}</span>`;
      }),
    ]);
  const header = [...kinds.values()].map(({ label, better }) => {
    return `${escapeText(label)} ${better === "lower" ? "↓" : "↑"}`;
  });
  return table(
    `Medians of the other figures at each trial's best ${metric?.label}; quartiles; best`,
    ["model", ...header],
    rows,
  );
};

export const rankingTable = (
  { models, metric, comparison }: DataSummary,
  unit: StudySummary["unit"],
): string => {
  if (comparison === null || metric === null) return "";
  const [first] = models;
  const rows = models
    .filter(({ rank }) => rank !== null)
    .map(({ model, meanRank, median, results }) => {
      const pair = comparison.pairs.find((entry) => entry.first === first.model && entry.second === model);
      return [
        escapeText(model),
        html(meanRank),
        html(median?.value),
        `${html(median?.low)} – ${html(median?.high)}`,
        String(results.length),
        ...(pair === undefined ? ["–", "–"] : [formatP(pair.adjusted).replace("p = ", ""), html(pair.delta)]),
      ];
    });
  return table(
    `Ranking of the ${unit}s by ${metric.label}, failed trials counted as the worst`,
    [
      ...["model", "mean rank", "median", "95 % interval", `${unit}s`],
      ...[`p against ${escapeText(first.model)}`, `Cliff's δ of ${escapeText(first.model)}`],
    ],
    rows,
  );
};

export const pairsTable = ({ comparison, metric }: DataSummary): string => {
  if (comparison === null || comparison.pairs.length < 2) return "";
  const rows = comparison.pairs.map(({ first, second, p, adjusted, delta, method }) => [
    `${escapeText(first)} – ${escapeText(second)}`,
    html(delta),
    formatP(p).replace("p = ", ""),
    formatP(adjusted).replace("p = ", ""),
    method,
  ]);
  return `<details><summary>All pairs of models</summary>${table(
    `Mann–Whitney tests of ${metric?.label}`,
    ["pair", "Cliff's δ", "p", "p, Holm", "p is"],
    rows,
  )}</details>`;
};
