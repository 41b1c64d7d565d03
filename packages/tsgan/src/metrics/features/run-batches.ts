/** Examples through a model, a batch at a time. */
import { type Matrix, matrix } from "../../distances/index.ts";
import { RunError } from "../../errors.ts";
import type { LoadedModel } from "../../runtime/index.ts";

/** Examples that go through a model at a time, at most: fewer where they are large. */
export const BATCH = 128;
/** Features of all images together, at most: 4 GiB of float64. */
const MOST_IN_ALL = 2 ** 29;

export const gibibytes = (numbers: number, bytes: number): string =>
  `${Number(((numbers * bytes) / 2 ** 30).toPrecision(2))} GiB`;

/**
 * Runs a model over examples in batches and joins an output's rows. The last batch is filled up where sizes are fixed. Of
 * outputs [batch, T, C] `firstToken` takes the first C numbers of each.
 *
 * @throws RunError for outputs that are not rows of float32 numbers, or too many of them to hold
 */
export const runBatches = async (
  model: LoadedModel,
  examples: Float32Array,
  count: number,
  batch: number,
  isFixed: boolean,
  feed: (values: Float32Array, count: number) => Parameters<LoadedModel["run"]>[0],
  outputs: readonly string[],
  where: string,
  { firstToken = false }: { readonly firstToken?: boolean } = {},
): Promise<Matrix[]> => {
  const size = examples.length / count;
  const parts: Float64Array[] = [];
  const widths: number[] = [];
  for (let start = 0; start < count; start += batch) {
    const now = Math.min(batch, count - start);
    const fed = isFixed ? batch : now;
    const values = new Float32Array(fed * size);
    values.set(examples.subarray(start * size, (start + now) * size));
    const results = await model.run(feed(values, fed));
    outputs.forEach((name, k) => {
      const { data, shape } = results[name];
      if (shape[0] !== fed || !(data instanceof Float32Array)) {
        const type = data.constructor.name.replace("Array", "").toLowerCase();
        throw new RunError(
          `${where}: layer ${name} must give float32 numbers, a row for each of ${fed} image${fed === 1 ? "" : "s"}; ` +
            `got ${type} of shape [${shape.join(",")}]; choose another layer`,
        );
      }
      const whole = data.length / fed;
      widths[k] = firstToken && shape.length === 3 ? shape[2] : whole;
      if (count * widths[k] > MOST_IN_ALL) {
        throw new RunError(
          `${where}: ${count} images of ${widths[k]} features each need ${gibibytes(count * widths[k], 8)}; ` +
            "take fewer samples, or a layer with fewer features",
        );
      }
      parts[k] ??= new Float64Array(count * widths[k]);
      for (let i = 0; i < now; i++) {
        parts[k].set(data.subarray(i * whole, i * whole + widths[k]), (start + i) * widths[k]);
      }
    });
  }
  return parts.map((part, k) => matrix(count, widths[k], part));
};
