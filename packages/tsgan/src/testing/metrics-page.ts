/** The tables of docs/metrics.md. */
import { catalogue, featureCatalogue } from "../metrics/index.ts";
import { markdownTable, optionsTable } from "./tables.ts";

const code = (words: readonly string[]): string => words.map((word) => `\`${word}\``).join(", ");

const ways = { lower: "lower", higher: "higher", neither: "–" } as const;

export const metricsTable = (): string =>
  markdownTable([
    ["`--metrics`", "figures", "better", "for", "what it is, and what to know"],
    ...catalogue.all.map(({ definition: { name, title, figures, suits, notes } }) => {
      const computed = Object.entries(figures).filter(([, { from }]) => from === undefined);
      const better = computed.map(([, facts]) => ways[facts.better]);
      const same = better.every((way) => way === better[0]);
      return [
        `\`${name}\``,
        code(computed.map(([key]) => key)),
        same ? better[0] : better.join(", "),
        suits,
        notes === undefined ? title : `${title}; ${notes}`,
      ];
    }),
  ]);

export const metricOptionsTable = (): string => optionsTable("metric", catalogue.all);

export const featuresTable = (): string =>
  markdownTable([
    ["`--features`", "what it is", "for", "what to know"],
    ...featureCatalogue.all.map(({ definition: { name, title, suits, notes = "" } }) => [
      name === "onnx" ? "FILE" : `\`${name}\``,
      title,
      suits,
      notes,
    ]),
  ]);
