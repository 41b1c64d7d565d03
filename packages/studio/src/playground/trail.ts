/**
 * What was shown, to go back to: the latest moments one by one, earlier ones thinner and thinner, so that a run without end
 * takes memory that does not grow.
 */

export interface Moment {
  readonly step: number;
  /** A part of an iteration, in slow motion: each is kept for as long as it is among the latest. */
  readonly phase?: unknown;
}

/** The newest moments, which are never thinned. */
const LATEST = 40;

export class Trail<M extends Moment> {
  readonly #capacity: number;
  #moments: M[] = [];
  #stride = 1;

  /** @param capacity moments at most; more than twice the newest that are never thinned */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get moments(): readonly M[] {
    return this.#moments;
  }

  /** @returns whether it was taken */
  add(moment: M): boolean {
    // A run that has begun anew.
    if (moment.step < (this.#moments[this.#moments.length - 1]?.step ?? 0)) this.clear();
    const last = this.#moments[this.#moments.length - 1];
    const isPart = moment.phase !== undefined || last?.phase !== undefined;
    if (!isPart && last !== undefined && moment.step < last.step + this.#stride) {
      // The picture of a step that has changed since, as a single player's step changes it.
      if (moment.step === last.step) this.#moments = [...this.#moments.slice(0, -1), moment];
      return false;
    }
    this.#moments = [...this.#moments, moment];
    if (this.#moments.length > this.#capacity) this.#thin();
    return true;
  }

  /** Every second of the older half goes; from then on moments are taken at twice the distance. */
  #thin(): void {
    const old = this.#moments.length - LATEST;
    this.#moments = this.#moments.filter((_, i) => i >= old || i % 2 === 0);
    this.#stride = Math.min(this.#stride * 2, 1024);
  }

  clear(): void {
    this.#moments = [];
    this.#stride = 1;
  }
}
