/** What the records of a run say about its health. */
import { readFileSync, statSync } from "node:fs";
import type { HealthVerdict, RunDetail } from "@tsgan/studio/api";
import { UsageError } from "tsgan";
import { diagnose, healthFacts } from "tsgan/metrics";
import { planOf, resolveConfig } from "tsgan/train";
import * as z from "zod";
import { parseConfig } from "../config-file.ts";
import { parseRecord } from "./metrics-file.ts";

/** Bytes of metrics.jsonl, at most: what is read in about a second, in which nothing else is served. */
const LARGEST_METRICS = 64 << 20;

const datasetSchema = z.object({
  shape: z.array(z.int().min(1)).min(1),
  size: z.int().min(1).optional(),
  classes: z.array(z.string()).optional(),
});

const notExamined = (evidence: string): HealthVerdict[] => [
  { severity: "note", title: "not examined", evidence, advice: "" },
];

/**
 * Verdicts on a run, from its records alone; `tsgan doctor` looks at samples and weights, too.
 *
 * @param metrics the path of its metrics.jsonl, checked
 */
export const healthOf = (metrics: string, { config: raw }: Pick<RunDetail, "config">): HealthVerdict[] => {
  const dataset = datasetSchema.safeParse(raw?.dataset);
  if (!dataset.success) return notExamined("config.json does not say what the data are");
  const { size: bytes } = statSync(metrics);
  if (bytes > LARGEST_METRICS) return notExamined(`metrics.jsonl has ${bytes} bytes; use tsgan doctor`);
  const { shape, size = Number.POSITIVE_INFINITY, classes } = dataset.data;
  try {
    const config = resolveConfig(parseConfig(raw, "config.json"));
    const facts = healthFacts(planOf(config, shape, classes?.length), config, { size });
    const lines = readFileSync(metrics, "utf8").split("\n").slice(0, -1);
    const records = lines.map(parseRecord).filter((record) => record !== undefined);
    return diagnose({ ...facts, records }).map(({ severity, title, evidence, advice }) => ({
      severity,
      title,
      evidence,
      advice,
    }));
  } catch (error) {
    // A configuration of another version, or one that was edited.
    if (error instanceof UsageError) return notExamined(error.message);
    throw error;
  }
};
