import { integer } from "../../define/index.ts";
import { randomStream } from "../../random/index.ts";
import { type ComputedFigure, defineMetric, unlessTable } from "../metric.ts";
import { membershipAttack, rareLeaks } from "../table-attacks.ts";
import { closestRecordTest, exactCopies, newRowSynthesis } from "../table-privacy.ts";
import { framesOf } from "./table-quality.ts";

/** Below so many held-out rows chance decides which rows are closer. */
const FEW = 50;

/** Whether synthetic rows are rows of the table, or suspiciously close to them. */
export const tablePrivacyMetric = defineMetric({
  name: "table-privacy",
  title:
    "copies, distances to the closest record (SDMetrics' NewRowSynthesis, DCROverfittingProtection and DCRBaselineProtection), membership inference, rare values",
  notes:
    "tables of few columns and values have equal rows and rare values by chance: compare with those of the held-out rows; one attack that finds nothing does not prove that none does",
  papers: [
    { authors: "Patki, Wedge, Veeramachaneni", year: 2016, title: "The synthetic data vault" },
    {
      authors: "Zhao et al.",
      year: 2021,
      title: "CTAB-GAN: effective table data synthesizing",
      arxiv: "2102.08369",
    },
    {
      authors: "Chen et al.",
      year: 2020,
      title: "GAN-Leaks: a taxonomy of membership inference attacks against generative models",
      arxiv: "1909.03935",
    },
  ],
  suits: "tables of mixed columns",
  ofRows: true,
  figures: {
    exactCopies: { label: "exact copies", better: "lower", rank: 165 },
    newRows: { label: "new rows", better: "higher", rank: 168 },
    rareLeaks: { label: "rare values", better: "lower", rank: 164 },
    copiesHeldOut: { label: "copies among held-out rows", better: "neither" },
    rareHeldOut: { label: "rare values of held-out rows", better: "neither" },
    closestRatio: { label: "closest record", better: "neither" },
    closerToTraining: { label: "closer to training", better: "lower", rank: 166 },
    overfittingProtection: { label: "overfitting protection", better: "higher", rank: 167 },
    baselineProtection: { label: "baseline protection", better: "higher", rank: 169 },
    membershipAccuracy: { label: "membership attack", better: "lower", rank: 163 },
  },
  unasked: ({ dataset }) => unlessTable({ dataset }) === undefined,
  options: { samples: integer({ default: 1000, least: 10, means: "rows whose distances are looked at" }) },
  create: ({ samples }) => ({
    unfit: unlessTable,
    compute: (context) => {
      const { synthetic, training: own, heldOut } = framesOf(context);
      const { seed } = context;
      const training = own!;
      const looked = randomStream(seed, "privacy/samples").permutation(synthetic.rows).slice(0, samples);
      const rare = rareLeaks(training, synthetic);
      const count = (key: "rare" | "leaked"): number =>
        rare.columns.reduce((sum, each) => sum + each[key], 0);
      const figures: ComputedFigure[] = [
        {
          key: "exactCopies",
          value: exactCopies(training, synthetic),
          note: `share of ${synthetic.rows} synthetic rows that equal a row of training in all columns that are learnt`,
        },
        {
          key: "newRows",
          value: newRowSynthesis(training, synthetic, looked),
          note: `NewRowSynthesis: share of ${looked.length} rows that are no row of training, numbers within 1 % being the same`,
        },
        {
          key: "rareLeaks",
          value: rare.share,
          note: `share of synthetic rows with a value that one or two rows of training have; ${count("leaked")} of ${count("rare")} such values came again`,
          details: rare.columns
            .filter(({ leaked }) => leaked > 0)
            .map(({ column, rare: all, leaked }) => ({
              name: `${column}: ${leaked} of ${all}`,
              value: leaked,
            })),
        },
      ];
      if (heldOut === undefined) return figures;
      const closest = closestRecordTest(synthetic, training, heldOut, { seed, samples });
      const unreliable = heldOut.rows < FEW ? `${heldOut.rows} held-out rows are few` : undefined;
      const attack = membershipAttack(synthetic, training, heldOut, { seed, samples });
      const [low, high] = attack.interval.map((end) => end.toFixed(2));
      return [
        ...figures,
        {
          key: "copiesHeldOut",
          value: exactCopies(training, heldOut),
          note: "share of the held-out rows that equal a row of training: nobody's copies",
        },
        {
          key: "rareHeldOut",
          value: rareLeaks(training, heldOut).share,
          note: "share of the held-out rows with such a value, by chance",
        },
        {
          key: "closestRatio",
          value: closest.ratio,
          note: "median distance to the closest training row, in units of that of held-out rows; far below 1 they are copies",
          unreliable,
        },
        {
          key: "closerToTraining",
          value: closest.closerToTraining,
          note: `share of ${Math.min(samples, synthetic.rows)} rows that are closer to training than to as many held-out rows (${Math.min(heldOut.rows, training.rows)}); 0.5 where nothing is learnt by heart`,
          unreliable,
        },
        {
          key: "overfittingProtection",
          value: closest.protection,
          note: "DCROverfittingProtection: min(1, 2 (1 − that share))",
          unreliable,
        },
        ...(Number.isNaN(closest.baseline)
          ? []
          : [
              {
                key: "baselineProtection",
                value: closest.baseline,
                note: "DCRBaselineProtection: distance to the closest training row in units of that of random rows, at most 1",
              },
            ]),
        {
          key: "membershipAccuracy",
          value: attack.accuracy,
          note: `share of ${attack.rows} rows of training and as many held out that are told apart by their closest synthetic row; 95 % interval ${low} to ${high}, 0.5 where nothing is given away`,
          unreliable,
        },
      ];
    },
  }),
});
