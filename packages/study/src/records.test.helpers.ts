/** Studies and records for tests, without training. */
import type { ParameterValue, Study } from "./definition.ts";
import type { Evaluation, TrialRecord } from "./record.ts";

export const aStudy = (changes: Partial<Study> = {}): Study => ({
  name: "test",
  seed: 1,
  data: [{ name: "mnist", config: {}, set: {}, metrics: ["fid", "precision-recall"] }],
  models: ["a", "b"].map((name) => ({
    name,
    config: {},
    set: {},
    search: { learningRate: { at: "optimizer.*.learningRate", logUniform: [1e-4, 1e-2] } },
  })),
  samples: 3,
  defaultsFirst: false,
  seeds: [1],
  budget: { steps: 100 },
  stepUnit: "discriminator",
  evaluateEvery: 50,
  evaluateSamples: 100,
  checkpointEvery: 50,
  ...changes,
});

interface RecordInput {
  readonly data?: string;
  readonly model?: string;
  readonly sample?: number;
  readonly seed?: number;
  readonly parameters?: Readonly<Record<string, ParameterValue>>;
  /** FID at steps 50, 100 … */
  readonly fid?: readonly number[];
  readonly evaluations?: readonly Evaluation[];
  readonly status?: TrialRecord["status"];
  readonly error?: string;
}

export const aRecord = ({
  data = "mnist",
  model = "a",
  sample = 0,
  seed = 1,
  parameters = { learningRate: 1e-3 * (sample + 1) },
  fid = [],
  evaluations = fid.map((value, i) => ({ step: 50 * (i + 1), metrics: { fid: value } })),
  status = "finished",
  error,
}: RecordInput): TrialRecord => ({
  trial: {
    id: `${data}_${model}_sample-${sample}_seed-${seed}`,
    data,
    model,
    sample,
    seed,
    parameters,
    config: {},
  },
  status,
  ...(error === undefined ? {} : { error }),
  evaluations,
});
