/** Rows of a run's table as a file. */
import { writeFileSync } from "node:fs";
import { UsageError } from "../errors.ts";
import { latentFill } from "../game/index.ts";
import { randomStream } from "../random/index.ts";
import {
  headerLine,
  type MakeRows,
  parseCondition,
  type RowFormat,
  rowLine,
  STRETCH,
  sampleRows,
  type TablePlan,
} from "../tables/index.ts";
import type { GanTrainer } from "../train/index.ts";
import { beginFile, fileError } from "./files.ts";
import type { OpenedRun } from "./open-run.ts";

/** The generator of a run as what makes rows: any stretch is a pure function of the seed and its number. */
export const rowsOf = (trainer: GanTrainer, seed: number): MakeRows => {
  const { latent } = trainer.gan.model;
  return (index, count, sources) => {
    const z = new Float32Array(count * latent.size);
    latentFill(latent, randomStream(seed, "sample/rows", index), z);
    // Without conditions asked for, those of the data: another seed for each stretch.
    return trainer.sample(count, {
      z,
      batch: STRETCH,
      seed: seed + 0x10000 * (index + 1),
      ...(sources && { sources }),
    });
  };
};

export interface WriteRowsOptions {
  readonly rows: number;
  readonly seed?: number | undefined;
  /** Conditions such as `country=DE` or `age>=40`. */
  readonly where?: readonly string[] | undefined;
  /** Its extension, .csv or .jsonl, says how rows are written. */
  readonly out: string;
  readonly onProgress?: ((rows: number) => void) | undefined;
}

export interface WrittenRows {
  readonly rows: number;
  readonly seed: number;
  /** Rows that were made, of which the others did not meet the conditions. */
  readonly made: number;
}

/** The plan of a run of a table. @throws UsageError for other runs */
export const planOfRun = ({ folder, dataset }: Pick<OpenedRun, "folder" | "dataset">): TablePlan => {
  if (dataset.table !== undefined) return dataset.table;
  throw new UsageError(
    `${folder.path}: it was trained on no table, so that it has no rows; leave --rows out`,
  );
};

const formatOf = (out: string): RowFormat => {
  if (/\.(?:jsonl|ndjson)$/i.test(out)) return "jsonl";
  if (/\.(?:csv|tsv|tab|txt)$/i.test(out)) return "csv";
  throw new UsageError(`sample: --out must end in .csv or .jsonl; got ${out}`);
};

/** Characters that are written at once. */
const CHUNK = 1 << 20;

/**
 * Writes sampled rows to a file, which appears when all are there.
 *
 * @throws UsageError for conditions that cannot be met, RunError where it cannot be written
 */
export const writeRows = async (run: OpenedRun, options: WriteRowsOptions): Promise<WrittenRows> => {
  const { rows, seed = run.config.seed, where = [], out, onProgress } = options;
  const plan = planOfRun(run);
  const format = formatOf(out);
  const separated = { separator: /\.(?:tsv|tab)$/i.test(out) ? "\t" : plan.separator, decimal: plan.decimal };
  const { reader, stretches } = sampleRows(plan, rowsOf(run.trainer, seed), {
    rows,
    seed,
    where: where.map(parseCondition),
  });
  let made = 0;
  try {
    const file = beginFile(out);
    try {
      let text = headerLine(reader.names, separated.separator, format);
      for await (const stretch of stretches()) {
        for (const cells of stretch.rows) text += rowLine(cells, reader.names, separated, format);
        if (text.length > CHUNK) {
          writeFileSync(file.handle, text);
          text = "";
        }
        made = stretch.made;
        onProgress?.(stretch.accepted);
      }
      writeFileSync(file.handle, text);
      file.commit();
    } finally {
      file.abandon();
    }
  } catch (error) {
    if (error instanceof Error && "code" in error) throw fileError("write", out, error);
    throw error;
  }
  return { rows, seed, made };
};
