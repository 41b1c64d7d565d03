import { number } from "../../define/index.ts";
import { type Frame, frameOfRows, frameOfTable, rowReader, type TableDataset } from "../../tables/index.ts";
import { defineMetric, type MetricContext, unlessTable } from "../metric.ts";
import { tableQuality } from "../table-quality.ts";

interface Frames {
  readonly synthetic: Frame;
  readonly training: Frame | undefined;
  readonly heldOut: Frame | undefined;
}

const known = new WeakMap<MetricContext, Frames>();

/** The rows that are judged, and the tables that they are judged by: read once for all metrics of one evaluation. */
export const framesOf = (context: MetricContext): Frames => {
  const before = known.get(context);
  if (before !== undefined) return before;
  const { dataset, samples, seed } = context;
  const { table, rows } = dataset as TableDataset;
  const reader = rowReader(table);
  const frames = {
    synthetic: frameOfRows(reader.read(samples, 0, seed), reader.names, table),
    training: rows && frameOfTable(rows.training(), table),
    heldOut: rows?.heldOut && frameOfTable(rows.heldOut(), table),
  };
  known.set(context, frames);
  return frames;
};

/** How like the real columns, and pairs of columns, the synthetic ones are: SDMetrics' quality report. */
export const tableQualityMetric = defineMetric({
  name: "table-quality",
  title: "quality of a synthetic table (SDMetrics' QualityReport)",
  notes:
    "the mean of column shapes (KSComplement of numbers and dates, TVComplement of categories) and of trends of pairs " +
    "(CorrelationSimilarity of numbers, ContingencySimilarity of others, numbers in 10 bins); figures equal those of SDMetrics 0.32",
  papers: [{ authors: "Patki, Wedge, Veeramachaneni", year: 2016, title: "The synthetic data vault" }],
  suits: "tables of mixed columns",
  ofRows: true,
  figures: {
    tableQuality: { label: "table quality", better: "higher", rank: 5 },
    columnShapes: { label: "column shapes", better: "higher", rank: 6 },
    pairTrends: { label: "pair trends", better: "higher", rank: 7 },
  },
  charts: [
    {
      title: "Quality of the synthetic table",
      label: "score",
      series: { tableQuality: "overall", columnShapes: "columns", pairTrends: "pairs" },
    },
  ],
  inTraining: true,
  unasked: ({ dataset }) => unlessTable({ dataset }) === undefined,
  options: {
    correlationThreshold: number({
      default: 0.5,
      least: 0,
      below: 1,
      means: "pairs of numbers whose real correlation is no larger do not count",
    }),
    associationThreshold: number({
      default: 0.3,
      least: 0,
      below: 1,
      means: "pairs with a category whose real association (Cramér's V) is no larger do not count",
    }),
  },
  create: (options) => ({
    unfit: unlessTable,
    compute: (context) => {
      const { synthetic, training } = framesOf(context);
      const { columns, pairs, shapes, trends, overall } = tableQuality(training!, synthetic, options);
      const counted = pairs.filter(({ score }) => !Number.isNaN(score));
      return [
        {
          key: "tableQuality",
          value: overall,
          note: `of ${synthetic.rows} rows against ${training!.rows}; mean of the two below`,
        },
        {
          key: "columnShapes",
          value: shapes,
          note: "KSComplement of numbers and dates, TVComplement of categories; 1 is the same distribution",
          details: columns.map(({ column, metric, score }) => ({
            name: `${column} (${metric})`,
            value: score,
          })),
        },
        ...(Number.isNaN(trends)
          ? []
          : [
              {
                key: "pairTrends",
                value: trends,
                note: `CorrelationSimilarity and ContingencySimilarity of ${counted.length} pairs that have to do with each other, of ${pairs.length}`,
                details: counted.map(({ columns: [a, b], metric, score }) => ({
                  name: `${a}, ${b} (${metric})`,
                  value: score,
                })),
              },
            ]),
      ];
    },
  }),
});
