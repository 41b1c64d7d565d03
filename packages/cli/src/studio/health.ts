/** What the records of a run say about its health. */
import type { HealthVerdict, RunDetail } from "@tsgan/studio/api";
import { ganOf, parseConfig, resolveConfig } from "tsgan/config";
import { diagnose, gameHealthFacts, type HealthFacts, healthFacts, rankOf } from "tsgan/metrics";
import { linesOf, parseStoredGame, recordOf, thinner } from "tsgan/node";
import { arrange, parsePlan } from "tsgan/tables";
import * as z from "zod";
import { breather, look } from "./disk.ts";

/** Bytes of metrics.jsonl, at most: those of some ten million steps, which take half a minute. */
const LARGEST_METRICS = 2 ** 32;
/** Records that are judged at once, of a run that has more evenly spaced ones. */
const MOST_RECORDS = 4000;

const datasetSchema = z.object({
  shape: z.array(z.int().min(1)).min(1),
  size: z.int().min(1).optional(),
  classes: z.array(z.string()).optional(),
  table: z.unknown().optional(),
});

const factsOf = async (
  raw: RunDetail["config"],
  { shape, size = Number.POSITIVE_INFINITY, classes, table }: z.infer<typeof datasetSchema>,
): Promise<HealthFacts> => {
  const game = await parseStoredGame(raw);
  if (typeof game !== "string") return gameHealthFacts({ ...game, name: game.game }, { shape, size });
  const config = resolveConfig(parseConfig(raw, "config.json"));
  const layout =
    table === undefined ? undefined : arrange(await parsePlan(table, "config.json: dataset.table")).layout;
  const of = { shape, classes: classes?.length, layout };
  return healthFacts(ganOf(config, of), { size, ...(layout && { layout }) });
};

const note = (title: string, evidence: string): HealthVerdict => ({
  severity: "note",
  title,
  evidence,
  advice: "",
});

const notExamined = (error: unknown): HealthVerdict[] => [
  note("not examined", error instanceof Error ? error.message : String(error)),
];

const healthOf = async (
  metrics: string,
  { config: raw }: Pick<RunDetail, "config">,
): Promise<HealthVerdict[]> => {
  const dataset = datasetSchema.safeParse(raw?.dataset);
  if (!dataset.success) return notExamined("config.json does not say what the data are");
  const bytes = look(metrics)?.size ?? 0;
  if (bytes > LARGEST_METRICS) return notExamined(`metrics.jsonl has ${bytes} bytes; use tsgan doctor`);
  try {
    const facts = await factsOf(raw, dataset.data);
    const { add, records } = thinner((record) => rankOf(record) !== undefined, MOST_RECORDS);
    const rest = breather();
    let damaged = 0;
    for (const line of linesOf(metrics)) {
      const record = recordOf(line);
      if (record === undefined) damaged++;
      else add(record);
      await rest();
    }
    const verdicts = diagnose({ ...facts, records: records() });
    return [
      ...(damaged > 0 ? [note("damaged records", `${damaged} lines of metrics.jsonl cannot be read`)] : []),
      ...verdicts.map(({ kind, severity, title, evidence, advice }) => ({
        severity: kind === "healthy" ? ("healthy" as const) : severity,
        title,
        evidence,
        advice,
      })),
    ];
  } catch (error) {
    // A configuration of another version or by another hand, for which anything may be wrong.
    return notExamined(error);
  }
};

/** Runs whose verdicts are remembered. */
const MOST_REMEMBERED = 100;
/** Of the time, that verdicts on a run may take which changes all the while. */
const SHARE = 0.05;

interface Remembered {
  readonly version: string;
  readonly verdicts: Promise<HealthVerdict[]>;
  /** When they may be made anew: infinite while they are made. */
  due: number;
}

/**
 * Verdicts on a run, from its records alone; `tsgan doctor` looks at samples and weights, too. They are remembered until the
 * run changes, those of a long one for a while longer, and several who ask at once share the work.
 */
export const healthReader = (): ((metrics: string, run: RunDetail) => Promise<HealthVerdict[]>) => {
  const known = new Map<string, Remembered>();
  /** One at a time: what reads a long run takes a core. */
  let last: Promise<unknown> = Promise.resolve();

  const examine = (metrics: string, run: RunDetail): Remembered => {
    const remembered: Remembered = {
      version: run.version,
      due: Number.POSITIVE_INFINITY,
      verdicts: last.then(async () => {
        const began = performance.now();
        const verdicts = await healthOf(metrics, run);
        remembered.due = performance.now() + (performance.now() - began) / SHARE;
        return verdicts;
      }),
    };
    last = remembered.verdicts;
    return remembered;
  };

  return (metrics, run) => {
    const before = known.get(metrics);
    const isFresh =
      before !== undefined && (before.version === run.version || performance.now() < before.due);
    const now = isFresh ? before : examine(metrics, run);
    known.delete(metrics);
    known.set(metrics, now);
    for (const oldest of [...known.keys()].slice(0, -MOST_REMEMBERED)) known.delete(oldest);
    return now.verdicts;
  };
};
