/** A run of the tables page, and what is made of it: looks, figures and files of rows. */
import type { RunConfig } from "tsgan/config";
import { checkDataset } from "tsgan/data";
import {
  catalogue,
  evaluate,
  type Figure,
  noReference,
  rawExtractor,
  sharingOf,
  tableQuality,
} from "tsgan/metrics";
import {
  byteSink,
  type Frame,
  frameOfRows,
  frameOfTable,
  inOrder,
  parseCondition,
  type RowReader,
  rowReader,
  rowsOfTable,
  rowWriter,
  stretchReader,
  type Table,
  type TableDataset,
  type TableSchema,
} from "tsgan/tables";
import { configuredTrainer, type GanTrainer, rowMaker, type StepRecord } from "tsgan/train";
import type { Runtime } from "../engine/worker.ts";
import { type Scale, sharesOf } from "./bins.ts";
import type { Inspection } from "./inspect.ts";
import type { Judged, Look, RowsAsked, RowsMade, RunFacts, Settings } from "./protocol.ts";

/** Rows that a look at the generator is made of, and those of a judgement, as `tsgan evaluate` has them. */
const LOOKED = 1000;
const JUDGED = 10_000;
/** Bytes of rows that are put away at once. */
const CHUNK = 1 << 20;

export interface Run {
  readonly config: RunConfig;
  readonly schema: TableSchema;
  readonly dataset: ReturnType<typeof rowsOfTable>;
  readonly trainer: GanTrainer;
  readonly training: Frame;
  readonly reader: RowReader;
  readonly scales: ReadonlyMap<string, Scale>;
  /** Rows that are kept from training. */
  readonly heldOut: number;
  readonly records: StepRecord[];
  readonly warnings: readonly string[];
  /** Spent on iterations. */
  seconds: number;
}

/** A run that is ready to iterate. @throws Error for a table that cannot be learnt */
export const beginRun = async (
  table: Table,
  { schema, columns }: Inspection,
  { batch, seed, holdOut, steps }: Settings,
  runtime: () => Runtime,
): Promise<Run> => {
  const dataset = rowsOfTable(table, { schema, holdOut });
  const findings = await checkDataset(dataset, { batch, seed });
  const error = findings.find(({ severity }) => severity === "error");
  if (error !== undefined) throw new Error(error.message);
  const wanted = { data: table.name, as: "rows", batch, seed, holdOut, steps } as const;
  const { trainer, config } = configuredTrainer({ config: wanted, dataset, ...runtime() });
  await trainer.prepare();
  const { rows } = dataset as TableDataset;
  return {
    config: { ...config, data: table.name },
    schema,
    dataset,
    trainer,
    training: frameOfTable(rows!.training(), dataset.table),
    reader: rowReader(dataset.table),
    scales: new Map(columns.flatMap(({ schema: { name }, drawn }) => (drawn ? [[name, drawn.scale]] : []))),
    heldOut: table.rows - dataset.size,
    records: [],
    warnings: findings.map(({ message }) => message),
    seconds: 0,
  };
};

export const factsOf = ({ trainer, dataset, heldOut, warnings }: Run): RunFacts => {
  const { generator, discriminator } = trainer.parameterCounts;
  return { training: dataset.size, heldOut, parameters: { generator, discriminator }, warnings };
};

/** Synthetic rows beside the real ones. */
export const lookAt = async ({ trainer, training, reader, scales, dataset, config }: Run): Promise<Look> => {
  const samples = await trainer.sample(LOOKED, { seed: config.seed, batch: LOOKED / 2 });
  const frame = frameOfRows(reader.read(samples, 0, config.seed), reader.names, dataset.table);
  const { overall, columns } = tableQuality(training, frame);
  const made = frame.columns.flatMap((column) => {
    const scale = scales.get(column.name);
    return scale === undefined ? [] : [[column.name, sharesOf(scale, column)] as const];
  });
  return {
    step: trainer.progress.step,
    made: Object.fromEntries(made),
    scores: Object.fromEntries(columns.map(({ column, score }) => [column, score])),
    quality: overall,
    rows: LOOKED,
  };
};

const isOfPrivacy = ({ key }: Figure): boolean =>
  Object.hasOwn(catalogue.get("table-privacy").definition.figures, key);

/** All figures that `tsgan evaluate` has for tables. */
export const judge = async ({ trainer, dataset, config, heldOut }: Run): Promise<Judged> => {
  const samples = await trainer.sample(JUDGED, { seed: config.seed });
  const { figures, leftOut } = await evaluate({
    samples,
    dataset,
    extractor: rawExtractor(dataset.shape),
    reference: noReference(dataset.size),
    seed: config.seed,
  });
  return {
    quality: figures.filter((figure) => !isOfPrivacy(figure)),
    privacy: figures.filter(isOfPrivacy),
    leftOut,
    sharing: sharingOf(figures, { heldOut, samples: JUDGED }),
    step: trainer.progress.step,
    samples: JUDGED,
  };
};

/**
 * Rows as a file.
 *
 * @param onRows told, now and then, how many are done; what it throws ends the work
 * @throws Error for conditions that cannot be met
 */
export const makeRows = async (
  { trainer, dataset: { table: plan } }: Run,
  { rows, format, seed, where }: RowsAsked,
  onRows: (done: number) => Promise<void>,
): Promise<RowsMade> => {
  const conditions = where.map(parseCondition);
  const { make, dispose } = await rowMaker(trainer, plan, seed);
  try {
    const { reader, rejects, stretch } = stretchReader(plan, make, { seed, where: conditions });
    const { separator, decimal } = plan;
    const writer = rowWriter(reader, { format, separator, decimal });
    const asked = { rows, where: conditions, rejects, ahead: 1 };
    const parts: Blob[] = [new Blob([writer.header])];
    const sink = byteSink();
    let made = 0;
    for await (const next of inOrder(stretch, ({ kept }) => kept.length, asked)) {
      const { decoded, kept } = next.stretch;
      for (const row of kept.subarray(0, next.wanted)) writer.write(decoded, row, sink);
      if (sink.length > CHUNK) parts.push(new Blob([sink.take()]));
      made = next.made;
      await onRows(next.accepted);
    }
    parts.push(new Blob([sink.take()]));
    const type = format === "csv" ? "text/csv" : "application/jsonl";
    return { file: new Blob(parts, { type }), rows, made };
  } finally {
    await dispose();
  }
};
