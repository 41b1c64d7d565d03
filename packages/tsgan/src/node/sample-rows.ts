/** Rows of a run's table as a file. */
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import { UsageError } from "../errors.ts";
import { checkNumber } from "../options.ts";
import {
  inOrder,
  type MakeRows,
  parseCondition,
  type RowFormat,
  rowWriter,
  type StretchReader,
  stretchReader,
  type TablePlan,
} from "../tables/index.ts";
import { type GanTrainer, rowMaker, rowModel } from "../train/index.ts";
import { beginFile, fileError, makeFolder } from "./files.ts";
import type { OpenedRun } from "./open-run.ts";
import { type LinesRequest, linesOf, type MakeLines } from "./row-lines.ts";
import { lineThreads } from "./row-threads.ts";

export interface WriteRowsOptions {
  readonly rows: number;
  readonly seed?: number | undefined;
  /** Conditions such as `country=DE` or `age>=40`. */
  readonly where?: readonly string[] | undefined;
  /** Its extension, .csv or .jsonl, says how rows are written. */
  readonly out: string;
  readonly onProgress?: ((rows: number) => void) | undefined;
  /** Ends it with its reason as an error, and nothing written. */
  readonly signal?: AbortSignal | undefined;
}

export interface WrittenRows {
  readonly rows: number;
  readonly seed: number;
  /** Rows that were made, of which the others did not meet the conditions. */
  readonly made: number;
}

/**
 * The plan of a run of a table: its columns, and how rows are read from what the generator gives. `folder` and `dataset`
 * are those of an opened run.
 *
 * @throws UsageError for other runs
 */
export const planOfRun = ({ folder, dataset }: Pick<OpenedRun, "folder" | "dataset">): TablePlan => {
  if (dataset.table !== undefined) return dataset.table;
  throw new UsageError(
    `${folder.path}: it was trained on no rows of a table, so that it makes none; leave --rows and --where out`,
  );
};

const formatOf = (out: string): RowFormat => {
  if (/\.(?:jsonl|ndjson)$/i.test(out)) return "jsonl";
  if (/\.(?:csv|tsv|tab|txt)$/i.test(out)) return "csv";
  throw new UsageError(`sample: --out must end in .csv or .jsonl; got ${out}`);
};

/** Rows from which on threads of their own are worth their start. */
const MANY = 50_000;
const MOST_THREADS = 8;
/** Rows of one file: more is a slip of the keyboard, or a plan that was tampered with, and fills the disk. */
const MOST_ROWS = 1_000_000_000;

interface LineMaker {
  readonly header: string;
  readonly rejects: boolean;
  readonly make: MakeLines;
  /** Stretches that are made at the same time. */
  readonly ahead: number;
  dispose(): Promise<void>;
}

/** Threads to make so many rows; 0 where this one does. Sources that are not compiled have no file to start one from. */
const threadsFor = (trainer: GanTrainer, rows: number): number => {
  const { device = "cpu", threads = Math.min(availableParallelism(), MOST_THREADS) } = trainer.place;
  const isWorth = rows >= MANY && threads > 1 && device === "cpu" && import.meta.url.endsWith(".js");
  return isWorth ? threads : 0;
};

/** @throws UsageError for conditions on what is not there */
const lineMaker = async (trainer: GanTrainer, request: LinesRequest, rows: number): Promise<LineMaker> => {
  const { plan, seed, written } = request;
  const rowsOf = (make: MakeRows): StretchReader => stretchReader(plan, make, request);
  const known = rowsOf(() => Promise.reject(new Error("nothing makes rows")));
  const facts = { header: rowWriter(known.reader, written).header, rejects: known.rejects };
  const count = threadsFor(trainer, rows);
  const model = count === 0 ? undefined : await rowModel(trainer, plan);
  if (model !== undefined) {
    return { ...facts, ...lineThreads(count, { ...request, model }), ahead: 2 * count };
  }
  const { make, dispose } = await rowMaker(trainer, plan, seed);
  return { ...facts, make: linesOf(rowsOf(make), written), ahead: 1, dispose };
};

/**
 * Writes sampled rows to a file, which appears when all are there.
 *
 * @param run a run of a table, opened at a checkpoint
 * @param options how many `rows`, where to (`out`, whose ending says how they are written), conditions, the seed
 * @throws UsageError for conditions that cannot be met, RunError where it cannot be written
 */
export const writeRows = async (run: OpenedRun, options: WriteRowsOptions): Promise<WrittenRows> => {
  const { rows, seed = run.config.seed, out, onProgress, signal } = options;
  const plan = planOfRun(run);
  checkNumber("rows", "rows", rows, { least: 1, most: MOST_ROWS, integer: true });
  const format = formatOf(out);
  const separator = /\.(?:tsv|tab)$/i.test(out) ? "\t" : plan.separator;
  const where = (options.where ?? []).map(parseCondition);
  const request = { plan, seed, where, written: { format, separator, decimal: plan.decimal } };
  const { header, rejects, make, ahead, dispose } = await lineMaker(run.trainer, request, rows);
  let made = 0;
  try {
    makeFolder(dirname(out));
    const file = beginFile(out);
    try {
      writeFileSync(file.handle, header);
      const stretches = inOrder(make, ({ ends }) => ends.length, { rows, where, rejects, ahead });
      for await (const { stretch, wanted, ...sampled } of stretches) {
        signal?.throwIfAborted();
        writeFileSync(file.handle, stretch.bytes.subarray(0, stretch.ends[wanted - 1]));
        made = sampled.made;
        onProgress?.(sampled.accepted);
      }
      file.commit();
    } finally {
      file.abandon();
    }
  } catch (error) {
    if (error instanceof Error && "code" in error) throw fileError("write", out, error);
    throw error;
  } finally {
    await dispose();
  }
  return { rows, seed, made };
};
