/** What the steps of an iteration are fed from the host: batches, latent vectors, random numbers, scalars. */
import { input, type Shape, slice, type Tensor } from "../graph/index.ts";

/** Something fed in each iteration, and how it is drawn. */
export interface FeedSpec {
  /** Unique within the iteration: `d0.real`, `g0.latent`. It also names the stream of random numbers. */
  readonly name: string;
  readonly kind: "real" | "real-label" | "labelled" | "labelled-label" | "latent" | "uniform" | "normal";
  readonly shape: Shape;
}

/** Whether a feed holds class indices. */
export const isLabel = (kind: FeedSpec["kind"]): boolean => kind.endsWith("label");

/** Collects what a step feeds: each call makes an input and notes how to fill it. */
export class Feeds {
  readonly specs: FeedSpec[] = [];
  readonly #prefix: string;
  readonly #taken = new Map<string, Tensor>();
  #draws = 0;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** The same tensor for the same kind of data; new numbers for each call that asks for random ones. */
  take(kind: FeedSpec["kind"], shape: Shape): Tensor {
    const suffix = kind === "uniform" || kind === "normal" ? `${kind}${this.#draws++}` : kind;
    const name = `${this.#prefix}.${suffix}`;
    const known = this.#taken.get(name);
    if (known !== undefined) return known;
    const tensor = input(name, shape, isLabel(kind) ? "int32" : "float32");
    this.specs.push({ name, kind, shape });
    this.#taken.set(name, tensor);
    return tensor;
  }
}

/**
 * A number worked out on the host for each step. `optimizer`: its n-th scalar; `emaKeep`: share of the average that
 * stays; `noiseSigma`: deviation of the instance noise; `historyShare`: share of the past in the mean of parameters.
 */
export interface ScalarSpec {
  readonly player: "discriminator" | "generator";
  /** Which of the player's steps in this iteration. */
  readonly index: number;
  readonly kind: "optimizer" | "emaKeep" | "noiseSigma" | "historyShare";
  /** Number of the optimiser's scalar. */
  readonly position: number;
}

const CAPACITY = 128;

/** The scalars of an iteration. They travel as one vector of fixed length; each is taken out as a tensor [1]. */
export class Scalars {
  readonly specs: ScalarSpec[] = [];
  readonly #vector = input("scalars", [CAPACITY]);
  readonly #taken = new Map<string, Tensor>();

  take(spec: ScalarSpec): Tensor {
    const key = `${spec.player} ${spec.index} ${spec.kind} ${spec.position}`;
    const known = this.#taken.get(key);
    if (known !== undefined) return known;
    const at = this.specs.length;
    const tensor = slice(this.#vector, [at], [at + 1]);
    this.specs.push(spec);
    this.#taken.set(key, tensor);
    return tensor;
  }
}

/** The vector to feed: `value` gives each scalar. */
export const scalarVector = (
  specs: readonly ScalarSpec[],
  value: (spec: ScalarSpec) => number,
): Float32Array => {
  const vector = new Float32Array(CAPACITY);
  vector.set(specs.map(value));
  return vector;
};
