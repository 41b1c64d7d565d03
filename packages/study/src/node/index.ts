/** Running studies in Node.js: the folder of a study, what drives it, and a pool of processes that train its trials. */
export {
  checkStudyUses,
  hashOf,
  holdsStudy,
  type LockedStudy,
  type LogLine,
  lockStudy,
  openStudyFolder,
  type StudyFolder,
} from "./folder.ts";
export { localPool, type PoolOptions } from "./pool.ts";
export type { WorkerProcess } from "./pool-process.ts";
export {
  type ReportOptions,
  readRecords,
  type StudyRecords,
  type StudyReport,
  writeStudyReport,
} from "./report.ts";
export { runTask, type TaskOptions } from "./run-task.ts";
export {
  type Backend,
  runStudy,
  type Session,
  type StudyEvent,
  type StudyOptions,
  type StudyResult,
} from "./session.ts";
export { serveTasks } from "./worker.ts";
