/** How near a generator can come to given examples: the recall of Lucic et al. 2018. */
import { matrix } from "../distances/index.ts";
import { UsageError } from "../errors.ts";
import { fromModelRange } from "../gan/index.ts";
import { grad, input, sizeOf, sub, sum, sumSquares } from "../graph/index.ts";
import { adam, bindScope } from "../nn/index.ts";
import { checkKeys } from "../options.ts";
import { compile, State } from "../runtime/index.ts";
import type { GanTrainer } from "../train/index.ts";
import { nearestInSet } from "./nearest.ts";

export interface InversionOptions {
  readonly steps?: number;
  readonly learningRate?: number;
  /** Samples of which the nearest is where the descent begins. */
  readonly starts?: number;
  readonly seed?: number;
}

const BATCH = 64;

/**
 * min_z ‖G(z) − x‖² for each example x, by Adam on z from the nearest of many samples: an upper bound. The averaged
 * generator where there is one.
 *
 * @param trainer a trainer of an unconditional model
 * @param examples [n, …shape]
 * @param options `steps` of Adam, its `learningRate`, how many samples it `starts` from, and their `seed`
 * @returns n squared distances, in the units of the data
 * @throws UsageError for a generator that takes labels or examples, or options out of range
 */
export const invertGenerator = async (
  trainer: GanTrainer,
  examples: Float32Array,
  options: InversionOptions = {},
): Promise<Float64Array> => {
  checkKeys("inversion", options, ["steps", "learningRate", "starts", "seed"]);
  const { steps = 200, learningRate = 0.05, starts = 2000, seed = 0 } = options;
  const { model } = trainer.gan;
  if (model.classes !== undefined || model.translates === true) {
    throw new UsageError(
      `inversion: model ${model.name} takes labels or examples; only a generator of z alone can be inverted`,
    );
  }
  const size = sizeOf(model.shape);
  const count = examples.length / size;
  const latent = model.latent.size;

  const variables = trainer.game.variables.generator;
  const { parameterCount, bufferCount } = variables;
  const weights = await trainer.flatWeights("generator");
  const state = new State();
  state.set("parameters", weights.parameters);
  if (weights.buffers !== undefined) state.set("buffers", weights.buffers);

  const optimizer = adam({ learningRate });
  const moments = optimizer.slots.map(({ name }) => name);
  const z = input("z", [BATCH, latent]);
  const { scope } = bindScope({
    variables,
    parameters: input("parameters", [parameterCount]),
    buffers: bufferCount > 0 ? input("buffers", [bufferCount]) : undefined,
    mode: "inference",
  });
  const generated = fromModelRange(model, model.generator({ z }, scope));
  const distances = sumSquares(sub(generated, input("x", [BATCH, ...model.shape])));
  const scalars = Array.from({ length: optimizer.scalarCount }, (_, i) => input(`scalar${i}`, []));
  const slots = moments.map((name) => input(name, [BATCH, latent]));
  const [gradient] = grad(sum(distances), [z]);
  const updated = optimizer.update(z, gradient, slots, scalars);
  const program = await compile(
    { distances, z: updated.parameters, ...Object.fromEntries(updated.slots.map((t, i) => [moments[i], t])) },
    { state: ["z", ...moments, ...state.names] },
  );

  const latents = trainer.latents(starts, seed);
  const samples = matrix(starts, size, await trainer.sample(starts, { z: latents }));
  const { indices } = nearestInSet(matrix(count, size, examples), samples);
  const best = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  for (let start = 0; start < count; start += BATCH) {
    const now = Math.min(BATCH, count - start);
    const x = new Float32Array(BATCH * size);
    x.set(examples.subarray(start * size, (start + now) * size));
    const from = new Float32Array(BATCH * latent);
    for (let i = 0; i < now; i++) {
      const index = indices[start + i];
      from.set(latents.subarray(index * latent, (index + 1) * latent), i * latent);
    }
    state.set("z", from, [BATCH, latent]);
    for (const name of moments) state.set(name, new Float32Array(BATCH * latent), [BATCH, latent]);
    for (let t = 1; t <= steps; t++) {
      const feeds: Record<string, Float32Array> = { x };
      optimizer.scalars(t).forEach((value, i) => {
        feeds[`scalar${i}`] = Float32Array.of(value);
      });
      const found = (await program.run(feeds, state)).distances;
      for (let i = 0; i < now; i++) best[start + i] = Math.min(best[start + i], found[i]);
    }
  }
  state.dispose();
  await program.dispose();
  return best;
};
