/** A run as the folder that `tsgan sample`, `evaluate`, `export` and `train --resume` open, without the rows of its table. */
import type { RunConfig } from "tsgan/config";
import type { Dataset } from "tsgan/data";
import { version } from "tsgan/package.json";
import type { Device } from "tsgan/runtime";
import type { TableDataset, TableSchema } from "tsgan/tables";
import { type GanTrainer, type StepRecord, saveCheckpoint } from "tsgan/train";
import type { ZipFile } from "./zip.ts";

export interface RunParts {
  readonly config: RunConfig;
  readonly dataset: TableDataset & Dataset;
  readonly schema: TableSchema;
  readonly trainer: GanTrainer;
  readonly records: readonly StepRecord[];
  readonly device: Device;
  readonly threads: number;
  /** report.html, where there is one. */
  readonly report?: string | undefined;
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** The files of the folder `name`. */
export const runFiles = async (name: string, run: RunParts): Promise<ZipFile[]> => {
  const { config, dataset, schema, trainer, records, device, threads, report } = run;
  const { name: data, shape, size, reading, table } = dataset;
  const step = `step-${String(trainer.progress.step).padStart(6, "0")}`;
  const checkpoint = await saveCheckpoint(trainer);
  const facts = { name: data, shape, size, reading, table };
  return [
    { name: "config.json", content: json({ version, device, threads, ...config, dataset: facts }) },
    { name: "schema.json", content: json(schema) },
    { name: "metrics.jsonl", content: records.map((record) => `${JSON.stringify(record)}\n`).join("") },
    { name: `checkpoints/${step}.safetensors`, content: checkpoint },
    { name: "checkpoints/latest", content: `${step}.safetensors\n` },
    { name: "generator.onnx", content: await trainer.exportGenerator() },
    ...(report === undefined ? [] : [{ name: "report.html", content: report }]),
  ].map(({ name: path, content }) => ({ name: `${name}/${path}`, content }));
};
