import { integer } from "../../define/index.ts";
import { mean } from "../../statistics/index.ts";
import { isTable } from "../../tables/index.ts";
import { defineMetric, type MetricTerms, unlessTable } from "../metric.ts";
import { efficacyOf, teaches, usefulnessOf } from "../table-usefulness.ts";
import { chosenRows } from "./table-detection.ts";
import { framesOf } from "./table-quality.ts";

/** Below so many held-out rows a score is mostly chance. */
const FEW = 50;

const unfit = ({ dataset }: Pick<MetricTerms, "dataset">): string | undefined =>
  unlessTable({ dataset }) ??
  (isTable(dataset) && dataset.rows?.heldOut === undefined
    ? "no rows are held out to test on; train with holdOut"
    : undefined);

/** Whether what is learnt from synthetic rows holds of real ones. */
export const tableUsefulnessMetric = defineMetric({
  name: "table-usefulness",
  title: "models that learn from synthetic rows, tested on held-out real ones (SDMetrics' ML efficacy)",
  notes:
    "each of the first 24 columns in turn is predicted from all others: categories of up to 20 values by logistic regression with balanced classes (BinaryLogisticRegression; a softmax of more than two), numbers by LinearRegression; columns that the real rows teach nothing of do not count",
  papers: [
    {
      authors: "Xu et al.",
      year: 2019,
      title: "Modeling tabular data using conditional GAN",
      arxiv: "1907.00503",
    },
    {
      authors: "Esteban, Hyland, Rätsch",
      year: 2017,
      title: "Real-valued (medical) time series generation with recurrent conditional GANs",
      arxiv: "1706.02633",
    },
  ],
  suits: "tables of mixed columns with held-out rows",
  ofRows: true,
  figures: {
    usefulness: { label: "usefulness", better: "higher", rank: 9 },
    syntheticF1: { label: "F1, learnt from synthetic", better: "higher", rank: 170 },
    realF1: { label: "F1, learnt from real", better: "neither" },
    syntheticAccuracy: { label: "accuracy, learnt from synthetic", better: "higher", rank: 171 },
    realAccuracy: { label: "accuracy, learnt from real", better: "neither" },
    syntheticR2: { label: "R², learnt from synthetic", better: "higher", rank: 172 },
    realR2: { label: "R², learnt from real", better: "neither" },
  },
  unasked: (terms) => unfit(terms) === undefined,
  options: {
    samples: integer({
      default: 2000,
      least: 10,
      means: "rows that are learnt from, as many of both, and that are tested, at most",
    }),
  },
  create: ({ samples }) => ({
    unfit,
    compute: (context) => {
      const { synthetic, training, heldOut } = framesOf(context);
      const { seed } = context;
      const most = Math.min(samples, synthetic.rows, training!.rows);
      const test = chosenRows(heldOut!, samples, seed, "usefulness/test");
      const all = efficacyOf(
        chosenRows(synthetic, most, seed, "usefulness/synthetic"),
        chosenRows(training!, most, seed, "usefulness/training"),
        test,
      );
      const counted = all.filter(teaches);
      const unreliable = test.rows < FEW ? `${test.rows} held-out rows are few` : undefined;
      const figure = (key: string, values: readonly number[], note: string) =>
        values.length === 0 ? [] : [{ key, value: mean(values), note, unreliable }];
      const classes = counted.flatMap(({ accuracy, ...rest }) => (accuracy ? [{ accuracy, ...rest }] : []));
      const numbers = counted.filter(({ measure }) => measure === "R²");
      return [
        ...figure(
          "usefulness",
          counted.map(usefulnessOf),
          `share of what ${most} real rows teach beyond chance that as many synthetic ones teach, too; of ${counted.length} columns of ${all.length}, tested on ${test.rows} held-out rows`,
        ).map((own) => ({
          ...own,
          details: counted.map((each) => ({
            name: `${each.column}: ${each.measure} ${each.synthetic.toFixed(2)}, of real rows ${each.real.toFixed(2)}`,
            value: usefulnessOf(each),
          })),
        })),
        ...figure(
          "syntheticF1",
          classes.map(({ synthetic: own }) => own),
          `mean over ${classes.length} columns of categories of the mean over their values`,
        ),
        ...figure(
          "realF1",
          classes.map(({ real }) => real),
          "the same of as many real rows",
        ),
        ...figure(
          "syntheticAccuracy",
          classes.map(({ accuracy }) => accuracy.synthetic),
          "share of the held-out rows that are predicted rightly",
        ),
        ...figure(
          "realAccuracy",
          classes.map(({ accuracy }) => accuracy.real),
          "the same of as many real rows",
        ),
        ...figure(
          "syntheticR2",
          numbers.map(({ synthetic: own }) => own),
          `mean over ${numbers.length} columns of numbers, each −1 at least; 0 is their mean`,
        ),
        ...figure(
          "realR2",
          numbers.map(({ real }) => real),
          "the same of as many real rows",
        ),
      ];
    },
  }),
});
