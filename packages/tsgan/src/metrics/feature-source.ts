/** How feature extractors are defined, and what opens one for some data. */
import type { Dataset } from "../data/index.ts";
import {
  type Creator,
  checkFunctions,
  type Definition,
  type Factory,
  factoryOf,
  type Made,
  type OptionTable,
  type ResolvedOptions,
} from "../define/index.ts";
import { UsageError } from "../errors.ts";
import type { ExtractorOptions, FeatureExtractor } from "./extractor.ts";

/** The data whose features are taken. */
export type FeatureData = Pick<Dataset, "name" | "shape">;

/** What there is to open an extractor with. */
export interface FeatureContext extends ExtractorOptions {
  readonly data: FeatureData;
  /** A file that comes with tsgan, such as "mnist.onnx". */
  asset(name: string): Uint8Array | Promise<Uint8Array>;
  /** A file of the user's. */
  read(path: string): Uint8Array | Promise<Uint8Array>;
}

/** What is written down about a feature extractor. */
export interface FeatureDefinition<Table extends OptionTable = OptionTable> extends Definition<Table> {
  readonly kind: "features";
  /** Which data it is for, and which it is taken for unasked, in words: "grey images of 28 × 28; taken for mnist". */
  readonly suits: string;
  /** Whether it is what such data are judged by where nobody has said. Of several, the one that was defined last. */
  usualFor?(data: FeatureData): boolean;
}

/** The functions of a feature extractor. */
export interface FeatureFunctions {
  /** Why it cannot take features of such data; undefined where it can. It always can without this function. */
  unfit?(data: FeatureData): string | undefined;
  open(context: FeatureContext): FeatureExtractor | Promise<FeatureExtractor>;
}

/** A feature extractor that is not open yet, with its options. */
export interface FeatureSource extends Made<FeatureDefinition>, FeatureFunctions {
  /** @throws UsageError for data that it is not for */
  open(context: FeatureContext): Promise<FeatureExtractor>;
}

/** What makes a feature extractor from options. */
export type FeatureFactory = Creator<FeatureSource, [], FeatureDefinition>;

/** What `defineFeatures` takes. */
export interface FeatureInput<Table extends OptionTable> extends Omit<FeatureDefinition<Table>, "kind"> {
  /** The functions, from every option with its value. */
  create(options: ResolvedOptions<Table>): FeatureFunctions;
}

/**
 * Defines a feature extractor: what it is for, its options, and how it is opened. Once registered under its name, it is
 * found by `--features NAME`, and where it is the usual one for some data, without asking. All but `create` are its
 * `facts`.
 *
 * @example
 * ```ts
 * import { register } from "tsgan/define";
 * import { matrix } from "tsgan/distances";
 * import { defineFeatures } from "tsgan/metrics";
 *
 * export const radius = defineFeatures({
 *   name: "radius",
 *   title: "distance of a point from the origin",
 *   suits: "points of two coordinates",
 *   options: {},
 *   create: () => ({
 *     unfit: ({ shape }) => (shape.join() === "2" ? undefined : `it is for points [2]; the data have [${shape.join(",")}]`),
 *     open: ({ data: { shape } }) => ({
 *       name: "radius",
 *       description: "the distance from the origin",
 *       inputShape: shape,
 *       features: async (examples) => {
 *         const values = Array.from({ length: examples.length / 2 }, (_, i) => Math.hypot(examples[2 * i], examples[2 * i + 1]));
 *         return { features: matrix(values.length, 1, values) };
 *       },
 *       dispose: async () => {},
 *     }),
 *   }),
 * });
 * register(radius);
 * ```
 */
export const defineFeatures = <Table extends OptionTable>({
  create,
  ...facts
}: FeatureInput<Table>): Factory<Table, FeatureSource, [], FeatureDefinition> => {
  const definition: FeatureDefinition<Table> = { kind: "features", ...facts };
  return factoryOf(definition, (options) => {
    const functions = checkFunctions(definition, create(options), ["open"]);
    return {
      ...functions,
      open: async (context: FeatureContext): Promise<FeatureExtractor> => {
        const reason = functions.unfit?.(context.data);
        if (reason !== undefined) throw new UsageError(`features ${facts.name}: ${reason}`);
        return functions.open(context);
      },
    };
  });
};
