/** Real data as the trainer sees it: an endless, seeded stream of examples. */
import { UsageError } from "../errors.ts";
import type { Layout } from "../layout.ts";
import { describeValue } from "../options.ts";
import type { Reading } from "./reading.ts";

/** Some examples, one after the other. Images are NCHW float32 in [−1, 1]; points are plain coordinates. */
export interface Batch {
  /** count × (product of the data set's shape) values. */
  readonly examples: Float32Array;
  /** One class index per example, where the data set is labelled. */
  readonly labels?: Int32Array;
}

export interface Dataset {
  /** What the user called it: "mnist", "ring", a folder's name. */
  readonly name: string;
  /** Shape of one example: [channels, height, width] of an image, [2] of a point. */
  readonly shape: readonly number[];
  /** Number of distinct examples; Infinity for a distribution that is sampled afresh. */
  readonly size: number;
  /** Names of the classes, where the data set is labelled. */
  readonly classes?: readonly string[];
  /**
   * Where an example is a pair of images stacked along the channels: whether the two belong together, or are just one of
   * each kind.
   */
  readonly pairs?: "aligned" | "independent";
  /** What the numbers of an example are, where they are not all alike. */
  readonly layout?: Layout;
  /**
   * Of a layout with conditions: those under which samples are distributed like the data, [count, their size]. Examples that
   * are drawn have others, which show what is rare more often.
   */
  conditions?(seed: number, count: number): Float32Array;
  /** What was read, where the data come from a person's files. */
  readonly reading?: Reading;
  /** Differs where the examples, their order or their classes do, where that is known without reading all of them. */
  readonly contents?: string;
  /**
   * Examples `position` … `position + count − 1` of the endless stream that `seed` selects. A pure function of its
   * arguments, so that a resumed run continues with the very examples it would have seen. A finite data set is
   * reshuffled each epoch.
   */
  draw(seed: number, position: number, count: number): Batch | Promise<Batch>;
  /**
   * Where training sees each example by itself, as differential privacy asks: batches with room for so many, in which each
   * example is with the same probability, whatever the others; zeros in the places left over.
   */
  readonly alone?: {
    /** Examples of a batch on the average. */
    expected(room: number): number;
    draw(seed: number, position: number, room: number): Batch | Promise<Batch>;
  };
  /** The examples of the given indices. Only where `size` is finite. */
  read?(indices: Uint32Array): Batch | Promise<Batch>;
}

/**
 * A value where it is a data set: it has a shape, and draws examples.
 *
 * @param where what the error begins with
 * @param value what was given as a data set
 * @throws UsageError for anything else, such as a promise of a data set
 */
export const requireDataset = (where: string, value: Dataset): Dataset => {
  if (Array.isArray(value?.shape) && typeof value.draw === "function") return value;
  const remedy =
    (value as unknown) instanceof Promise ? "await it" : "make one with fromExamples, or one of tsgan/data";
  throw new UsageError(`${where}: expected a data set; got ${describeValue(value)}; ${remedy}`);
};

/**
 * What a data set drew, where it is as much as was asked for. `name` and `shape` are the data set's.
 *
 * @param batch what it drew
 * @param count examples that were asked for
 * @throws UsageError for numbers of another kind or length, of which training would take no notice
 */
export const checkBatch = (
  { name, shape }: Pick<Dataset, "name" | "shape">,
  batch: Batch,
  count: number,
): Batch => {
  const wanted = count * shape.reduce((product, side) => product * side, 1);
  const examples: unknown = batch?.examples;
  if (examples instanceof Float32Array && examples.length === wanted) return batch;
  const got = examples instanceof Float32Array ? `${examples.length}` : describeValue(examples ?? batch);
  throw new UsageError(
    `data set ${name}: ${count} examples of [${shape.join(",")}] must be a Float32Array of ${wanted} numbers; got ${got}`,
  );
};
