/** Studies: trials of many models on many data sets, with hyper-parameters drawn at random from search spaces. */

export { type Agenda, createAgenda, type Outcome, type Task } from "./agenda.ts";
export type * from "./definition.ts";
export { bestBy, type FigureKind, figuresOf, rankingKind } from "./figures.ts";
export {
  type PaperBudget,
  type PaperOptions,
  type PaperRanges,
  paperBudgets,
  paperRanges,
  paperStudy,
} from "./paper.ts";
export { type Evaluation, evaluationsOf, type TrialRecord } from "./record.ts";
export { type StudyReportInput, studyReportHtml } from "./report.ts";
export { checkResolved, resolveStudy, rungsOf } from "./resolve.ts";
export type {
  BestOf,
  Comparison,
  DataSummary,
  DrawSummary,
  ModelSummary,
  PairTest,
  Sensitivity,
  Spread,
  StudySummary,
  TrialCounts,
  TrialSummary,
} from "./study-summary.ts";
export { summarise } from "./summary.ts";
export { modelsCsv, trialsCsv } from "./tables.ts";
export { stepsPerIteration, type Trial, trialsOf } from "./trials.ts";
