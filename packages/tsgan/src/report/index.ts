/** What is written down of a run beside its states: the facts of its data, and its report as one page. */
export { type DataFacts, dataLines, factsOf, readingContext } from "./facts.ts";
export {
  chooseFrames,
  type MetricsLine,
  type ReportedRun,
  type ReportInput,
  reportedGame,
  reportedRun,
  reportHtml,
} from "./report.ts";
export { type TableReport, tableReport } from "./table-report.ts";
