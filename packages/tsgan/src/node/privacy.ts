/** What a run of differential privacy promises, in words and figures. */
import { expectedBatch } from "../data/poisson.ts";
import { UsageError } from "../errors.ts";
import { differentialPrivacy, type PrivacyTerms, privacyNoise, privacySpent } from "../techniques/index.ts";
import type { GanTrainer } from "../train/index.ts";

export interface Privacy {
  /** What the steps so far have spent, and what the whole run may. */
  readonly spent: number;
  readonly epsilon: number;
  readonly delta: number;
  /** Deviation of the noise, in units of the length that gradients of a row are cut to. */
  readonly noise: number;
  /** Before the first step, and after the last so far. */
  readonly begins: string;
  readonly ends: string;
  /** In a list of what figures do not say. */
  readonly guarantee: string;
}

const digits = (value: number): string => String(Number(value.toPrecision(3)));
const count = (value: number): string => value.toLocaleString("en-US");

const COVERS =
  "of the networks' weights and what is made with them; not of the columns' ranges, modes and frequent values, nor of the figures and pictures in this folder";

const techniqueOf = ({ gan }: Pick<GanTrainer, "gan">) =>
  gan.techniques.find(({ name }) => name === differentialPrivacy.definition.name);

/** Refuses more steps than a private run began with: its noise was chosen for those. */
export const checkPrivateSteps = (
  path: string,
  trainer: Pick<GanTrainer, "gan">,
  before: number,
  steps: number,
): void => {
  if (before === steps || techniqueOf(trainer) === undefined) return;
  throw new UsageError(
    `${path}: the noise of a private run is for its ${before} steps, and ${steps} would spend more than was said; begin another run`,
  );
};

/**
 * @param size rows of training
 * @param steps of the whole run
 * @param done steps so far
 */
export const privacyOf = (
  { gan, game }: Pick<GanTrainer, "gan" | "game">,
  size: number,
  { steps, done }: { readonly steps: number; readonly done: number },
): Privacy | undefined => {
  const technique = techniqueOf({ gan });
  if (technique === undefined) return undefined;
  const terms = technique.options as unknown as PrivacyTerms & { readonly clip: number };
  const { epsilon, delta, clip } = terms;
  const moves = (before: number): number => {
    let sum = 0;
    for (let i = 0; i < before; i++) sum += game.players.discriminator.moves(i);
    return sum;
  };
  const expected = Math.min(size, expectedBatch(gan.batch));
  const private_ = { size, expected, moves: moves(steps) };
  const noise = privacyNoise(terms, private_);
  const spent = privacySpent(terms, private_, moves(done));
  const of = `δ = ${delta}`;
  return {
    spent,
    epsilon,
    delta,
    noise,
    begins:
      `differential privacy: ε = ${digits(epsilon)}, ${of} for all ${count(steps)} steps (noise ${digits(noise)}, gradients of a row cut to ${digits(clip)}, ` +
      `${Math.round(expected)} of ${count(size)} rows a step on the average), ${COVERS}`,
    ends: `differential privacy: ε = ${digits(spent)}, ${of} after ${count(done)} of ${count(steps)} steps`,
    guarantee: `trained with differential privacy, ε = ${digits(spent)} and ${of}: ${COVERS}`,
  };
};
