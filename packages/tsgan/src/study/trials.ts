/** The trials of a study: every data set with every model, sample of its hyper-parameters, and seed. */
import type { ConfigInput } from "../train/index.ts";
import type { ParameterValue } from "./definition.ts";

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
  readonly config: ConfigInput;
}
