/** The generator of a run of a table as what makes its rows. */
import { latentFill } from "../game/index.ts";
import { randomStream } from "../random/index.ts";
import {
  conditionPlaces,
  type EncodedRows,
  type MakeRows,
  rowsOfSamples,
  STRETCH,
  type TablePlan,
} from "../tables/index.ts";
import { drawnRowMaker, type RowMaker, type RowModel } from "./drawn-rows.ts";
import type { GanTrainer } from "./gan-trainer.ts";

/**
 * The network of rows of a trainer as it stands; undefined of models that have none.
 *
 * @param trainer one of a model of rows, at any step
 * @param plan what the columns are
 */
export const rowModel = async (trainer: GanTrainer, plan: TablePlan): Promise<RowModel | undefined> => {
  const { rows } = trainer.gan.model;
  if (rows === undefined) return undefined;
  const isAsked = conditionPlaces(plan) !== undefined;
  const onnx = await trainer.export("generator", {
    inputs: {
      z: { shape: [rows.noise] },
      ...(isAsked && { places: { shape: [], dtype: "int32" as const } }),
    },
    build: ({ z, places }, _, scope) => ({ rows: rows.make({ z, places }, scope) }),
  });
  return { onnx, noise: rows.noise, plan, device: trainer.place.device };
};

/** Of models that have no network of rows: samples as they come. */
const sampling = (trainer: GanTrainer, plan: TablePlan, seed: number): MakeRows => {
  const { latent, given = [0, 0] } = trainer.gan.model;
  const length = given[1] - given[0];
  const encode = rowsOfSamples(plan);
  return async (index, count, asked): Promise<EncodedRows> => {
    const z = new Float32Array(count * latent.size);
    latentFill(latent, randomStream(seed, "sample/rows", index), z);
    const sources = asked === undefined ? undefined : new Float32Array(count * length);
    for (let i = 0; i < count && asked !== undefined; i++) sources![i * length + asked] = 1;
    const samples = await trainer.sample(count, {
      z,
      batch: STRETCH,
      // Without conditions asked for, those of the data: another seed for each stretch.
      seed: seed + 0x10000 * (index + 1),
      ...(sources && { sources }),
    });
    return encode(samples);
  };
};

/**
 * What `sampleRows` of `tsgan/tables` asks for rows.
 *
 * @param trainer one of a table, at any step
 * @param plan what the columns are
 * @param seed that of the draws
 */
export const rowMaker = async (trainer: GanTrainer, plan: TablePlan, seed: number): Promise<RowMaker> => {
  const model = await rowModel(trainer, plan);
  if (model !== undefined) return drawnRowMaker(model, seed);
  return { make: sampling(trainer, plan, seed), dispose: async () => {} };
};
