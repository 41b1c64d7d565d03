import { RunError } from "../errors.ts";

const REMEDY = "lower the learning rate, or add a penalty or gradient clipping";
/** At the first step nothing has been learnt yet that could have grown, but by a rate that is far too high. */
const FORMULA = ", or look for a division by 0, or a logarithm or root of what may be negative";

/** A loss or parameter that is infinite or not a number. The run cannot go on. */
export class NotFiniteError extends RunError {
  readonly step: number;
  readonly metric: string;
  /** The first tensor of the state that is not finite, where there is one. */
  readonly tensor: string | undefined;

  constructor(step: number, metric: string, tensor: string | undefined, lastGood?: number) {
    const where = tensor === undefined ? "" : `, first non-finite tensor ${tensor}`;
    const good =
      lastGood === undefined
        ? ""
        : lastGood === 0
          ? "; no checkpoint yet"
          : `; last good checkpoint: step ${lastGood}`;
    super(`step ${step}: ${metric} is not finite${where}${good}; ${REMEDY}${step === 1 ? FORMULA : ""}`);
    this.step = step;
    this.metric = metric;
    this.tensor = tensor;
  }

  /** The same error, naming the last checkpoint that was written. */
  withLastGood(step: number): NotFiniteError {
    return new NotFiniteError(this.step, this.metric, this.tensor, step);
  }
}
