/**
 * Optimisers as chains of links over flat vectors. Exactly one link descends: it makes new parameters from the gradient.
 * Links before it change the gradient (clipping), links after it change the new parameters (look-ahead, averages).
 *
 * What changes from step to step (learning rate, bias correction) is worked out on the host in float64 and fed as a few
 * scalars. Every link has a state of its own, vectors of the parameters' size.
 */
import {
  type Definition,
  type Factory,
  type Facts,
  factoryOf,
  type Made,
  type OptionsOf,
  type OptionTable,
  type ResolvedOptions,
} from "../define/index.ts";
import { UsageError } from "../errors.ts";
import { add, sqrt, square, sum, type Tensor } from "../graph/index.ts";
import type { Moment } from "./schedule.ts";

/** A state vector of the parameters' size. */
export interface Slot {
  readonly name: string;
  /** 0 without. */
  readonly initial?: "zeros" | "parameters";
}

/** What a link looks at beside what it changes. */
export interface LinkInputs {
  /** The parameters before the step. */
  readonly parameters: Tensor;
  /** The link's state, in the order of its slots. */
  readonly slots: readonly Tensor[];
  /** The link's scalars [1]. */
  readonly scalars: readonly Tensor[];
  /** Length of the gradient of all that the player trains, as it came in, []. */
  norm(): Tensor;
}

export interface LinkOutput {
  /** The gradient or the parameters from here on. */
  readonly value: Tensor;
  /** The link's next state. */
  readonly slots?: readonly Tensor[];
}

type LinkFunction = (value: Tensor, inputs: LinkInputs) => LinkOutput;

/** One of the three functions, and what it needs. */
export interface LinkBody {
  readonly slots?: readonly Slot[];
  /** Scalars of step t, counted from 1. Their number is always the same. */
  scalars?(t: number, moment: Moment): readonly number[];
  /** Changes the gradient before the descent. */
  gradient?: LinkFunction;
  /** New parameters from the gradient. */
  descend?: LinkFunction;
  /** Changes the new parameters after the descent. */
  parameters?: LinkFunction;
}

export interface LinkDefinition<Table extends OptionTable = OptionTable> extends Definition<Table> {
  readonly kind: "link" | "optimizer";
}
export type Link = LinkBody & Made<LinkDefinition>;

export interface OptimizerUpdate {
  readonly parameters: Tensor;
  readonly slots: readonly Tensor[];
}

/** The start of a run whose length does not matter: it is before whatever a schedule changes. */
const START: Moment = { step: 0, steps: Number.POSITIVE_INFINITY };

export interface Optimizer {
  /** That of the link that descends. */
  readonly name: string;
  /** Of the link that descends. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly links: readonly Link[];
  /** State vectors of all links: "adam.m", "adam.v". */
  readonly slots: readonly Slot[];
  /** Number of scalars fed each step. */
  readonly scalarCount: number;
  /** The scalars of step t, counted from 1. `moment` matters to scheduled options only. */
  scalars(t: number, moment?: Moment): readonly number[];
  /** Initial state for flat parameters, a vector for each slot. */
  init(parameters: Float32Array): readonly Float32Array[];
  /**
   * One step as a graph.
   *
   * @param norm length of the whole gradient, where `gradient` is only a part of it
   */
  update(
    parameters: Tensor,
    gradient: Tensor,
    slots: readonly Tensor[],
    scalars: readonly Tensor[],
    norm?: () => Tensor,
  ): OptimizerUpdate;
}

/**
 * √Σg², with a floor that keeps its derivative finite.
 *
 * @param gradients of all parameters, of any shapes
 */
export const gradientNorm = (gradients: readonly Tensor[]): Tensor =>
  sqrt(add(gradients.map((g) => sum(square(g))).reduce(add), 1e-12));

/**
 * Defines a link of an optimiser's chain. `create` gives what it does with options of its own; all else of the
 * `definition` are facts.
 */
export const defineLink = <Table extends OptionTable>({
  create,
  ...definition
}: Facts & {
  readonly options: Table;
  create(options: ResolvedOptions<Table>): LinkBody;
}): Factory<Table, Link> => factoryOf({ kind: "link", ...definition } as const, create);

/**
 * Defines an optimiser: a link that descends. Its factory gives a chain of this one link. `create` gives what it does
 * with options of its own; all else of the `definition` are facts.
 */
export const defineOptimizer = <Table extends OptionTable>({
  create,
  ...definition
}: Facts & {
  readonly options: Table;
  create(options: ResolvedOptions<Table>): LinkBody;
}): Factory<Table, Optimizer> => {
  const link = factoryOf({ kind: "optimizer", ...definition } as const, create);
  const make = (options?: OptionsOf<Table>): Optimizer => chain(link(options));
  return Object.assign(make, {
    definition: link.definition,
    create: (options?: Readonly<Record<string, unknown>>) => chain(link.create(options)),
  });
};

const checkOne = (link: Link): void => {
  const has = (["gradient", "descend", "parameters"] as const).filter((each) => link[each] !== undefined);
  if (has.length === 1) return;
  throw new UsageError(
    `optimizer: link ${link.name} must have one of gradient, descend and parameters; got ${has.join(", ") || "none"}`,
  );
};

const isOptimizer = (part: Link | Optimizer): part is Optimizer => "links" in part;

/**
 * A chain of links and optimisers: `chain(clip({ limit: 1 }), adam({ learningRate: 1e-3 }), lookahead())`.
 *
 * Of several links of one name each has a state of its own.
 *
 * @param parts what happens to a gradient, one after the other
 * @throws UsageError unless exactly one of them descends, and each does one thing
 * @example
 * ```ts
 * import { adam, chain, data, gan } from "tsgan";
 * import { links } from "tsgan/nn";
 *
 * const run = gan({
 *   data: data.ring(),
 *   optimizer: chain(links.clip({ limit: 1 }), adam({ learningRate: 1e-3 }), links.lookahead()),
 * });
 * await run.train({ steps: 10 });
 * await run.dispose();
 * ```
 */
export const chain = (...parts: readonly (Link | Optimizer)[]): Optimizer => {
  const links = parts.flatMap((part) => (isOptimizer(part) ? part.links : [part]));
  const descending = links.filter(({ descend }) => descend !== undefined);
  if (descending.length !== 1) {
    const names = links.map(({ name }) => name).join(", ");
    throw new UsageError(
      `optimizer: a chain needs exactly one optimiser such as adam; got ${descending.length} in (${names})`,
    );
  }
  links.forEach(checkOne);
  const [{ name, options }] = descending;
  const counts = links.map((link) => link.scalars?.(1, START).length ?? 0);
  const ordered = (["gradient", "descend", "parameters"] as const).flatMap((kind) =>
    links.flatMap((link, at) => {
      const act = link[kind];
      return act === undefined ? [] : [{ at, act }];
    }),
  );
  const slots = links.flatMap((link, at) => {
    const before = links.slice(0, at).filter((each) => each.name === link.name).length;
    const own = before === 0 ? link.name : `${link.name}-${before + 1}`;
    return (link.slots ?? []).map((slot) => ({ ...slot, name: `${own}.${slot.name}` }));
  });
  return {
    name,
    options,
    links,
    slots,
    scalarCount: counts.reduce((a, b) => a + b, 0),
    scalars: (t, moment = START) => links.flatMap((link) => link.scalars?.(t, moment) ?? []),
    init: (parameters) =>
      slots.map(({ initial }) =>
        initial === "parameters" ? parameters.slice() : new Float32Array(parameters.length),
      ),
    update: (parameters, gradient, state, fed, norm = () => gradientNorm([gradient])) => {
      const next = links.map((): readonly Tensor[] => []);
      const inputsOf = (at: number): LinkInputs => {
        const slot = links.slice(0, at).reduce((n, each) => n + (each.slots?.length ?? 0), 0);
        const scalar = counts.slice(0, at).reduce((a, b) => a + b, 0);
        return {
          parameters,
          slots: state.slice(slot, slot + (links[at].slots?.length ?? 0)),
          scalars: fed.slice(scalar, scalar + counts[at]),
          norm,
        };
      };
      let value = gradient;
      for (const { at, act } of ordered) {
        const output = act(value, inputsOf(at));
        value = output.value;
        next[at] = output.slots ?? [];
      }
      return { parameters: value, slots: next.flat() };
    },
  };
};
