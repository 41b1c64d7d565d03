/** What coordinator and workers take from Redis, checked first: anybody may have put something else there. */
import type { Job } from "bullmq";
import * as z from "zod";
import type { Outcome, Study, Task } from "../index.ts";
import { parsed, type TaskJob, type TaskProgress } from "./queue.ts";

/** Names become folders, and the configuration is checked again where it is trained. */
const name = z.string().regex(/^[\w-][\w.-]*$/);
const jobSchema = z.strictObject({
  study: z.string().regex(/^[0-9a-f]+$/),
  task: z.strictObject({
    trial: z.strictObject({
      id: name,
      data: name,
      model: name,
      sample: z.int(),
      seed: z.int(),
      parameters: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
      config: z.record(z.string(), z.unknown()),
    }),
    until: z.int().optional(),
  }),
});
const studySchema = z.looseObject({
  name: z.string(),
  stepUnit: z.enum(["discriminator", "generator"]),
  budget: z.union([z.strictObject({ steps: z.number() }), z.strictObject({ seconds: z.number() })]),
  evaluateSamples: z.int(),
});

/** Something in Redis that no worker can do anything with. */
export class UnusableTask extends Error {}

const checked = <T>(what: string, schema: z.ZodType, value: unknown): T => {
  const result = schema.safeParse(value);
  if (result.success) return result.data as T;
  const [{ path, message }] = result.error.issues;
  throw new UnusableTask(`${what} in Redis is not one of tsgan: ${path.join(".")}: ${message}`);
};

/** A job that a worker takes. @throws UnusableTask */
export const checkedJob = (data: unknown): TaskJob => checked("the task", jobSchema, data);

/** The study that a job is of. @throws UnusableTask */
export const checkedStudy = (text: string): Study =>
  checked("the study", studySchema, parsed(z.unknown(), text));

const evaluations = z.array(
  z.strictObject({ step: z.number(), metrics: z.record(z.string(), z.number().nullable()) }),
);
/** What a worker may return. Its trial is not taken from it: the coordinator knows which one it asked for. */
const resultSchema = z.strictObject({
  worker: z.string(),
  files: z.enum(["shared", "stored", "without checkpoint"]),
  outcome: z.union([
    z.strictObject({ paused: evaluations }),
    z.strictObject({
      record: z.strictObject({
        trial: z.unknown(),
        status: z.enum(["finished", "failed"]),
        error: z.string().optional(),
        evaluations,
      }),
    }),
  ]),
});
const progressSchema = z.strictObject({ worker: z.string(), step: z.number(), steps: z.number() });

interface Result {
  readonly outcome: Outcome;
  readonly worker: string;
  readonly stored: boolean;
}

/** What a job that has ended says of its task; as text, why it is none that a worker of ours returned. */
export const resultOf = (task: Task, job: Job<TaskJob>): Result | string => {
  if (job.returnvalue === null || job.returnvalue === undefined) {
    return `no worker could train it: ${job.failedReason ?? "no reason is known"}`;
  }
  const result = resultSchema.safeParse(job.returnvalue);
  if (!result.success) {
    return `a worker returned something else than a result: ${z.prettifyError(result.error).replaceAll("\n", " ")}`;
  }
  const { outcome, worker, files } = result.data;
  const ours = "paused" in outcome ? outcome : { record: { ...outcome.record, trial: task.trial } };
  return { outcome: ours as Outcome, worker, stored: files !== "shared" };
};

/** What a worker tells of a task under way; undefined for anything else. */
export const progressOf = (data: unknown): TaskProgress | undefined => progressSchema.safeParse(data).data;
