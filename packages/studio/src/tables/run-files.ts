/** A run as the folder that `tsgan sample`, `evaluate`, `export` and `train --resume` open, without the rows of its table. */
import type { RunConfig } from "tsgan/config";
import { rawExtractor } from "tsgan/metrics";
import { version } from "tsgan/package.json";
import { factsOf, reportedRun, reportHtml, tableReport } from "tsgan/report";
import type { Device } from "tsgan/runtime";
import type { TableDataset, TableSchema } from "tsgan/tables";
import { type GanTrainer, type StepRecord, saveCheckpoint } from "tsgan/train";
import type { ZipFile } from "./zip.ts";

export interface RunParts {
  readonly config: RunConfig;
  readonly dataset: TableDataset;
  readonly schema: TableSchema;
  readonly trainer: GanTrainer;
  readonly records: readonly StepRecord[];
  /** What looked odd with the data. */
  readonly warnings: readonly string[];
  /** Spent on iterations. */
  readonly seconds: number;
  readonly device: Device;
  readonly threads: number;
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** report.html, as `tsgan train` writes it, but for pictures of the past. */
export const runReport = async (run: RunParts): Promise<string> => {
  const { config, dataset, trainer, records, warnings, seconds, device, threads } = run;
  const facts = factsOf(dataset);
  const { step } = trainer.progress;
  const { seed } = config;
  const sample = (count: number): Promise<Float32Array> => trainer.sample(count, { seed });
  return reportHtml({
    run: reportedRun(config, facts, trainer.parameterCounts),
    dataset: facts,
    metrics: records,
    samples: [],
    warnings,
    table: await tableReport(dataset, rawExtractor(dataset.shape), sample, { seed }),
    environment: { tsgan: version, browser: navigator.userAgent, device, threads },
    step,
    session: { steps: step, seconds },
  });
};

/** The files of the folder `name`. */
export const runFiles = async (name: string, run: RunParts): Promise<ZipFile[]> => {
  const { config, dataset, schema, trainer, records, device, threads } = run;
  const step = `step-${String(trainer.progress.step).padStart(6, "0")}`;
  const stored = { version, device, threads, ...config, dataset: factsOf(dataset) };
  return [
    { name: "config.json", content: json(stored) },
    { name: "schema.json", content: json(schema) },
    { name: "metrics.jsonl", content: records.map((record) => `${JSON.stringify(record)}\n`).join("") },
    { name: `checkpoints/${step}.safetensors`, content: await saveCheckpoint(trainer) },
    { name: "checkpoints/latest", content: `${step}.safetensors\n` },
    { name: "generator.onnx", content: await trainer.exportGenerator() },
    { name: "report.html", content: await runReport(run) },
  ].map(({ name: path, content }) => ({ name: `${name}/${path}`, content }));
};
