/** Rows of a network of rows: nothing else of a run is needed. */
import { longStream, randomStream } from "../random/index.ts";
import { type Device, loadModel } from "../runtime/index.ts";
import { conditionPlaces, drawnRows, type MakeRows, STRETCH, type TablePlan } from "../tables/index.ts";

/** A network of rows by itself, for `drawnRowMaker`: any process can make rows of it. */
export interface RowModel {
  readonly onnx: Uint8Array;
  /** Length of its noise. */
  readonly noise: number;
  readonly plan: TablePlan;
  readonly device: Device | undefined;
}

/** What makes rows. To be disposed of. */
export interface RowMaker {
  readonly make: MakeRows;
  dispose(): Promise<void>;
}

/**
 * Makes rows of a network of rows, whose choices are drawn here: a number each, where the generator itself takes one of
 * each value that there is. Any stretch is a pure function of the seed and its number. Of the network, `onnx` is the
 * model, `noise` the length of its latent vector, `plan` what the columns are, `device` where it runs.
 */
export const drawnRowMaker = async (
  { onnx, noise, plan, device }: RowModel,
  seed: number,
): Promise<RowMaker> => {
  // One thread: several stretches are made side by side.
  const model = await loadModel(onnx, "generator of rows", { device, threads: 1 });
  const places = conditionPlaces(plan);
  const draw = drawnRows(plan);
  // Always as many rows: products of fewer may be added up in another order.
  const feedsOf = (index: number, asked: number | undefined) => {
    const z = new Float32Array(STRETCH * noise);
    longStream(seed, "rows/noise", index).fillNormal(z);
    const random = randomStream(seed, "rows/condition", index);
    const given = asked === undefined ? places?.(random, STRETCH) : new Int32Array(STRETCH).fill(asked);
    return {
      z: { data: z, shape: [STRETCH, noise] },
      ...(given && { places: { data: given, shape: [STRETCH] } }),
    };
  };
  return {
    make: async (index, count, asked) => {
      const made = (await model.run(feedsOf(index, asked))).rows.data as Float32Array;
      const width = made.length / STRETCH;
      return draw(made.subarray(0, count * width), longStream(seed, "rows/choice", index));
    },
    dispose: () => model.dispose(),
  };
};
