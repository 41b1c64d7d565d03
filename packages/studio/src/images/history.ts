/** The past of a run, kept small: curves of a bounded number of points, grids of a bounded number of steps. */
import type { StepRecord } from "tsgan/train";
import type { Pixels } from "./pixels.ts";

/** Both losses by step. */
export interface Curves {
  readonly step: readonly number[];
  readonly discriminator: readonly number[];
  readonly generator: readonly number[];
  /** Only steps that are multiples of this are kept. */
  readonly every: number;
}

export const noCurves: Curves = { step: [], discriminator: [], generator: [], every: 1 };

const MOST_POINTS = 2000;

/** The curves with more iterations. Beyond `most` points every second one goes. */
export const extended = (curves: Curves, records: readonly StepRecord[], most = MOST_POINTS): Curves => {
  let { step, discriminator, generator, every } = curves;
  const kept = records.filter((record) => record.step % every === 0);
  step = [...step, ...kept.map((record) => record.step)];
  discriminator = [...discriminator, ...kept.map((record) => record.discriminatorLoss)];
  generator = [...generator, ...kept.map((record) => record.generatorLoss)];
  while (step.length > most) {
    every *= 2;
    const isKept = (_: number, i: number): boolean => steps[i] % every === 0;
    const steps = step;
    step = steps.filter(isKept);
    discriminator = discriminator.filter(isKept);
    generator = generator.filter(isKept);
  }
  return { step, discriminator, generator, every };
};

/** A grid of samples of the same latent vectors. */
export interface Frame {
  readonly step: number;
  readonly samples: Pixels;
  /** Names of the classes, one a column; undefined where there are none. */
  readonly classes?: readonly string[] | undefined;
}

const MOST_FRAMES = 40;

/** The frames with a newer one; one of the same step is replaced. Beyond `most` the one that is missed least goes. */
export const withFrame = (frames: readonly Frame[], frame: Frame, most = MOST_FRAMES): readonly Frame[] => {
  const next = [...frames.filter(({ step }) => step < frame.step), frame];
  if (next.length <= most) return next;
  let least = 1;
  const gapAround = (i: number): number => next[i + 1].step - next[i - 1].step;
  for (let i = 2; i < next.length - 1; i++) if (gapAround(i) < gapAround(least)) least = i;
  return next.filter((_, i) => i !== least);
};
