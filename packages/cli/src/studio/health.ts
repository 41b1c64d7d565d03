/** What the records of a run say about its health. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { HealthVerdict, RunDetail } from "@tsgan/studio/api";
import { UsageError } from "tsgan";
import { diagnose, healthFacts } from "tsgan/metrics";
import { type ConfigInput, planOf, resolveConfig } from "tsgan/train";
import { parseRecord } from "./metrics-file.ts";

/** Records that verdicts rest on, at most: rules compare medians over parts of the run, which thinning leaves. */
const MOST_RECORDS = 20_000;

const thin = <Item>(items: readonly Item[]): readonly Item[] => {
  const every = Math.ceil(items.length / MOST_RECORDS);
  return items.filter((_, i) => i === items.length - 1 || i % every === 0);
};

/** Verdicts on a run, from its metrics alone; `tsgan doctor` looks at samples and weights, too. */
export const healthOf = (path: string, { config: raw }: Pick<RunDetail, "config">): HealthVerdict[] => {
  if (raw === undefined) return [];
  const { version: _, dataset, ...input } = raw;
  const { shape, size, classes } = (dataset ?? {}) as { shape?: number[]; size?: number; classes?: string[] };
  if (!Array.isArray(shape)) return [];
  try {
    const config = resolveConfig(input as ConfigInput);
    const facts = healthFacts(planOf(config, shape, classes?.length), config, {
      size: size ?? Number.POSITIVE_INFINITY,
    });
    const lines = readFileSync(join(path, "metrics.jsonl"), "utf8").split("\n").slice(0, -1);
    const records = thin(lines)
      .map(parseRecord)
      .filter((record) => record !== undefined);
    return diagnose({ ...facts, records }).map(({ severity, title, evidence, advice }) => ({
      severity,
      title,
      evidence,
      advice,
    }));
  } catch (error) {
    // A configuration of another version, or one that was edited.
    if (error instanceof UsageError)
      return [{ severity: "note", title: "not examined", evidence: error.message, advice: "" }];
    throw error;
  }
};
