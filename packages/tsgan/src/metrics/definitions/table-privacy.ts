import { integer } from "../../define/index.ts";
import { type ComputedFigure, defineMetric, unlessTable } from "../metric.ts";
import { closestRecordTest, exactCopies } from "../table-privacy.ts";
import { framesOf } from "./table-quality.ts";

/** Below so many held-out rows chance decides which rows are closer. */
const FEW = 50;

/** Whether synthetic rows are rows of the table, or suspiciously close to them. */
export const tablePrivacyMetric = defineMetric({
  name: "table-privacy",
  title: "copies and distances to the closest record (SDMetrics' DCROverfittingProtection)",
  notes:
    "tables of few columns and values have equal rows by chance: compare the copies with those of the held-out rows",
  papers: [
    { authors: "Patki, Wedge, Veeramachaneni", year: 2016, title: "The synthetic data vault" },
    {
      authors: "Zhao et al.",
      year: 2021,
      title: "CTAB-GAN: effective table data synthesizing",
      arxiv: "2102.08369",
    },
  ],
  suits: "tables of mixed columns",
  figures: {
    exactCopies: { label: "exact copies", better: "lower", rank: 165 },
    copiesHeldOut: { label: "of held-out rows", better: "neither" },
    closestRatio: { label: "closest record", better: "neither" },
    closerToTraining: { label: "closer to training", better: "lower", rank: 166 },
    overfittingProtection: { label: "overfitting protection", better: "higher", rank: 167 },
  },
  unasked: ({ dataset }) => unlessTable({ dataset }) === undefined,
  options: { samples: integer({ default: 1000, least: 10, means: "rows whose distances are looked at" }) },
  create: ({ samples }) => ({
    unfit: unlessTable,
    compute: (context) => {
      const { synthetic, training, heldOut } = framesOf(context);
      const figures: ComputedFigure[] = [
        {
          key: "exactCopies",
          value: exactCopies(training!, synthetic),
          note: `share of ${synthetic.rows} synthetic rows that equal a row of training in all columns that are learnt`,
        },
      ];
      if (heldOut === undefined) return figures;
      const { seed } = context;
      const { ratio, closerToTraining, protection } = closestRecordTest(synthetic, training!, heldOut, {
        seed,
        samples,
      });
      const unreliable = heldOut.rows < FEW ? `${heldOut.rows} held-out rows are few` : undefined;
      return [
        ...figures,
        {
          key: "copiesHeldOut",
          value: exactCopies(training!, heldOut),
          note: "the same share of the held-out rows, which are nobody's copies",
        },
        {
          key: "closestRatio",
          value: ratio,
          note: "median distance to the closest training row, in units of that of held-out rows; far below 1 they are copies",
          unreliable,
        },
        {
          key: "closerToTraining",
          value: closerToTraining,
          note: `share of ${Math.min(samples, synthetic.rows)} rows that are closer to training than to as many held-out rows (${Math.min(heldOut.rows, training!.rows)}); 0.5 where nothing is learnt by heart`,
          unreliable,
        },
        { key: "overfittingProtection", value: protection, note: "min(1, 2 (1 − that share))", unreliable },
      ];
    },
  }),
});
