/** The trials of a study: every data set with every model, sample of its hyper-parameters, and seed. */
import { UsageError } from "tsgan";
import type { PlainInput, RunConfig } from "tsgan/config";
import { randomStream } from "tsgan/random";
import type { ParameterValue, StepUnit, Study, StudyData, StudyModel } from "./definition.ts";
import { valueAt } from "./spaces.ts";
import { baseConfig, setAt } from "./trial-config.ts";

export interface Trial {
  /** `mnist_wgan-gp_sample-3_seed-1`: names a file, and stays when data sets, models or samples are added to the study. */
  readonly id: string;
  /** Names of the study's data set and model. */
  readonly data: string;
  readonly model: string;
  /** Number of the draw of hyper-parameters, from 0. The same draw is trained on every data set, with every seed. */
  readonly sample: number;
  readonly seed: number;
  /** What was drawn. */
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  /** The whole configuration of the run. Its steps are iterations of the trainer. */
  readonly config: PlainInput;
}

/** The steps of a run that ends by the clock: more than any machine will do. */
const ENDLESS = 1_000_000_000;

/**
 * Hyper-parameters of a sample: a function of the study's seed, the names of model and parameter, and the sample's number,
 * so that whatever else is added to a study leaves them alone.
 */
const draw = ({ seed, defaultsFirst }: Study, model: StudyModel, sample: number): Trial["parameters"] =>
  Object.fromEntries(
    Object.entries(model.search).map(([name, space]) => {
      if (defaultsFirst && sample === 0 && space.default !== undefined) return [name, space.default];
      const stream = randomStream(seed, `study/${model.name}/${name}`, sample);
      return [name, valueAt(space, stream.uniform())];
    }),
  );

/**
 * Steps of the study's unit in an iteration of a run. An iteration has `criticSteps` steps of the discriminator and
 * `generatorSteps` of the generator.
 *
 * @throws UsageError where they vary over the run
 */
export const stepsPerIteration = (
  { criticSteps, generatorSteps }: Pick<RunConfig, "criticSteps" | "generatorSteps">,
  unit: StepUnit,
): number => {
  if (unit === "generator") return generatorSteps;
  if (typeof criticSteps === "number") return criticSteps;
  throw new UsageError(
    `study: criticSteps must be a number where steps of the discriminator are counted; got ${JSON.stringify(criticSteps)}; choose stepUnit: generator`,
  );
};

const configOf = (
  study: Study,
  data: StudyData,
  model: StudyModel,
  parameters: Trial["parameters"],
  seed: number,
): RunConfig => {
  const where = `models.${model.name} on ${data.name}`;
  const config = Object.entries(parameters).reduce(
    (before, [name, value]) => setAt(where, before, model.search[name].at, value) as RunConfig,
    baseConfig(data, model),
  );

  const perIteration = stepsPerIteration(config, study.stepUnit);
  const iterations = (name: string, steps: number): number => {
    if (steps % perIteration === 0) return steps / perIteration;
    throw new UsageError(
      `study: ${name} must be a multiple of the ${perIteration} ${study.stepUnit} steps of an iteration of ${where}; ` +
        `got ${steps}; take ${Math.ceil(steps / perIteration) * perIteration}`,
    );
  };
  const { budget, evaluateEvery, evaluateSamples, checkpointEvery } = study;
  const every = iterations("evaluateEvery", evaluateEvery);
  return {
    ...config,
    steps: "steps" in budget ? iterations("budget.steps", budget.steps) : ENDLESS,
    seed,
    evaluateEvery: every,
    evaluateSamples,
    evaluateMetrics: data.metrics,
    checkpointEvery: iterations("checkpointEvery", checkpointEvery),
    sampleEvery: every,
    keepCheckpoints: 1,
  };
};

/**
 * All trials, in the order in which they are begun: the first sample of every model on every data set, then the second,
 * so that a study which is still running compares like with like.
 *
 * @throws UsageError where a path leads nowhere, or steps do not fit the critic steps
 */
export const trialsOf = (study: Study): readonly Trial[] => {
  const trials: Trial[] = [];
  for (let sample = 0; sample < study.samples; sample++) {
    for (const seed of study.seeds) {
      for (const data of study.data) {
        for (const model of study.models) {
          const parameters = draw(study, model, sample);
          trials.push({
            id: `${data.name}_${model.name}_sample-${sample}_seed-${seed}`,
            data: data.name,
            model: model.name,
            sample,
            seed,
            parameters,
            config: configOf(study, data, model, parameters, seed),
          });
        }
      }
    }
  }
  return trials;
};
