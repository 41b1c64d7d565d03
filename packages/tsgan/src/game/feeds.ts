/** What a program is fed from the host: examples, labels, latent vectors, random numbers, and scalars. */
import { input, type Shape, slice, type Tensor } from "../graph/index.ts";

/** Where the numbers of a feed come from. */
export type FeedSource =
  | { readonly kind: "examples" | "labels"; readonly stream: string }
  /** `shared`: those of the latest move of the player whom this one follows. */
  | { readonly kind: "latent"; readonly latent: string; readonly shared?: boolean }
  | { readonly kind: "uniform" | "normal" };

/** Something fed in each run of a program, and how it is drawn. */
export interface FeedSpec {
  /** Unique within the program: `d0.real`, `g0.latent`. */
  readonly name: string;
  readonly player: string;
  /** Which of the player's moves in the program. */
  readonly index: number;
  /** What it is for; with the player's key it names the stream of random numbers. */
  readonly purpose: string;
  readonly source: FeedSource;
  readonly shape: Shape;
}

/** The latest move of the player whom this one follows, where its latent vectors are this one's, too. */
export interface Followed {
  /** What it is fed, where it is in the same program. */
  readonly feeds: Feeds | undefined;
}

/** Collects what one move is fed: each call makes an input and notes how to fill it. */
export class Feeds {
  readonly specs: FeedSpec[] = [];
  readonly #followed: Followed | undefined;
  readonly #player: string;
  readonly #key: string;
  readonly #index: number;
  readonly #taken = new Map<string, Tensor>();
  #draws = 0;

  constructor(player: string, key: string, index: number, followed?: Followed) {
    this.#followed = followed;
    this.#player = player;
    this.#key = key;
    this.#index = index;
  }

  #take(purpose: string, source: FeedSource, shape: Shape): Tensor {
    const known = this.#taken.get(purpose);
    if (known !== undefined) return known;
    const name = `${this.#key}${this.#index}.${purpose}`;
    const tensor = input(name, shape, source.kind === "labels" ? "int32" : "float32");
    this.specs.push({ name, player: this.#player, index: this.#index, purpose, source, shape });
    this.#taken.set(purpose, tensor);
    return tensor;
  }

  /** The move's examples of a stream: the same tensor each time. */
  examples(stream: string, shape: Shape): Tensor {
    return this.#take(stream, { kind: "examples", stream }, shape);
  }

  /** Their labels. */
  labels(stream: string, count: number): Tensor {
    return this.#take(`${stream}-label`, { kind: "labels", stream }, [count]);
  }

  /** The move's latent vectors of that name: the same tensor each time. */
  latent(latent: string, shape: Shape): Tensor {
    if (this.#followed === undefined) return this.#take(latent, { kind: "latent", latent }, shape);
    return (
      this.#followed.feeds?.latent(latent, shape) ??
      this.#take(latent, { kind: "latent", latent, shared: true }, shape)
    );
  }

  /** New random numbers with each call. */
  random(kind: "uniform" | "normal", shape: Shape): Tensor {
    return this.#take(`${kind}${this.#draws++}`, { kind }, shape);
  }
}

/** What a scalar may depend on. */
export interface ScalarMoment {
  /** Finished iterations. */
  readonly step: number;
  /** Iterations of the whole run. */
  readonly steps: number;
  /** Number of the player's move, from 1. */
  readonly t: number;
}

export interface ScalarSpec {
  readonly player: string;
  /** Which of the player's moves in the program. */
  readonly index: number;
  readonly value: (moment: ScalarMoment) => number;
}

/** Scalars of one fed vector; more vectors are added as they fill up. */
const PAGE = 64;

/** The scalars of a program. They travel in a few vectors; each is taken out as a tensor [1]. */
export class Scalars {
  readonly specs: ScalarSpec[] = [];
  readonly #pages: Tensor[] = [];
  readonly #taken = new Map<string, Tensor>();
  readonly #functions = new Map<unknown, string>();

  /** A name that belongs to one function alone. */
  own(value: unknown): string {
    const known = this.#functions.get(value) ?? `function ${this.#functions.size}`;
    this.#functions.set(value, known);
    return known;
  }

  /** The scalar of that name in the player's move; the first call says what its value is. */
  take(name: string, spec: ScalarSpec): Tensor {
    const key = `${spec.player}/${spec.index}/${name}`;
    const known = this.#taken.get(key);
    if (known !== undefined) return known;
    const at = this.specs.length % PAGE;
    if (at === 0) this.#pages.push(input(pageName(this.#pages.length), [PAGE]));
    const tensor = slice(this.#pages[this.#pages.length - 1], [at], [at + 1]);
    this.specs.push(spec);
    this.#taken.set(key, tensor);
    return tensor;
  }
}

const pageName = (page: number): string => `scalars${page}`;

/**
 * The vectors to feed: `value` gives each scalar.
 *
 * @param specs the scalars of a program, each with its vector and its place in it
 */
export const scalarFeeds = (
  specs: readonly ScalarSpec[],
  value: (spec: ScalarSpec) => number,
): Record<string, Float32Array> => {
  const feeds: Record<string, Float32Array> = {};
  for (let page = 0; page * PAGE < specs.length; page++) {
    const vector = new Float32Array(PAGE);
    vector.set(specs.slice(page * PAGE, (page + 1) * PAGE).map(value));
    feeds[pageName(page)] = vector;
  }
  return feeds;
};
