/** Functions of a game's networks on examples and latent vectors of one's own. */
import { UsageError, unknownName } from "../errors.ts";
import { type Game, isTensor } from "../game/index.ts";
import { input, type Shape, sizeOf, type Tensor } from "../graph/index.ts";
import { runInBatches, type WeightsChoice } from "./network-programs.ts";
import type { Trainer } from "./trainer.ts";

export interface ComputeOptions {
  readonly weights?: WeightsChoice | undefined;
  /** Examples that it runs on at once; 64 without. */
  readonly batch?: number | undefined;
}

/** One tensor, or several by name. */
export type Computable = Tensor | Readonly<Record<string, Tensor>>;

/** Their values, one after the other. */
export type Computed<Out extends Computable> = Out extends Tensor
  ? Float32Array
  : { readonly [Name in keyof Out]: Float32Array };

type Values = Readonly<Record<string, Float32Array | undefined>>;

const shapesOf = ({ streams, latents }: Game): Record<string, readonly number[]> => ({
  ...Object.fromEntries(Object.entries(streams).map(([name, { dataset }]) => [name, dataset.shape])),
  ...Object.fromEntries(Object.entries(latents).map(([name, { size }]) => [name, [size]])),
});

/** How many examples there are in each of the arrays. */
const countOf = (values: Values, shapes: Readonly<Record<string, readonly number[]>>): number => {
  let count: number | undefined;
  for (const [name, given] of Object.entries(values)) {
    if (!Object.hasOwn(shapes, name)) throw unknownName("data set or latent", name, Object.keys(shapes));
    const size = sizeOf(shapes[name]);
    const own = (given?.length ?? 0) / size;
    if (!Number.isInteger(own) || own !== (count ?? own)) {
      throw new UsageError(
        `compute: ${name} must hold ${count ?? "whole"} examples of [${shapes[name].join(",")}]; got ${given?.length ?? 0} values`,
      );
    }
    count = own;
  }
  if (count === undefined) throw new UsageError("compute: it needs examples or latent vectors; got none");
  return count;
};

/** Batches are run one after the other, so that what is made of all examples together is not what it seems. */
const checkExamples = (name: string, shape: Shape, batch: number): void => {
  if (shape[0] === batch) return;
  throw new UsageError(
    `compute: ${name} must have a row for each example; got ${shape.length === 0 ? "one number" : `[${shape.join(",")}]`} for ${batch} examples; take means over examples of the arrays that it gives`,
  );
};

/**
 * What a function of a trainer's networks gives for examples and latent vectors, by the names that the game has for them.
 *
 * @throws UsageError for names that the game does not have, arrays that are not as many whole examples each, and tensors
 * without a row for each example
 */
export const compute = async (
  trainer: Trainer,
  values: Values,
  build: (view: Readonly<Record<string, unknown>>) => Computable,
  { weights, batch = 64 }: ComputeOptions = {},
): Promise<Float32Array | Readonly<Record<string, Float32Array>>> => {
  const { game } = trainer;
  const shapes = shapesOf(game);
  const count = countOf(values, shapes);
  let single = false;
  const probe = await trainer.probe(
    ({ apply }) => {
      const given = Object.keys(values).map((name) => [name, input(name, [batch, ...shapes[name]])]);
      const networks = Object.keys(game.networks).map((name) => [name, (x: unknown) => apply(name, x)]);
      const made = build(Object.fromEntries([...given, ...networks]));
      single = isTensor(made);
      const outputs = single ? { output: made as Tensor } : (made as Readonly<Record<string, Tensor>>);
      for (const [name, { shape }] of Object.entries(outputs)) checkExamples(name, shape, batch);
      return outputs;
    },
    { weights },
  );
  try {
    const inputs = values as Readonly<Record<string, Float32Array>>;
    const computed = await runInBatches(probe.inputs, batch, count, inputs, (feeds) => probe.run(feeds));
    return single ? computed.output : computed;
  } finally {
    await probe.dispose();
  }
};
