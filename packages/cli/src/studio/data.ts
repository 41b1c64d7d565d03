/**
 * Data sets that this machine has and the built page may not carry along, as the page takes them: `NAME.json` and
 * `NAME.bin`, uint8 NCHW and behind them, where there are classes, that of each image. Made once and kept.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { RunError } from "tsgan";
import { cacheFolder, openDataset, writeFileAtomic } from "tsgan/node";

interface Source {
  /** Side to which images are resized. */
  readonly size: number;
  readonly licence: string;
}

const sources: Readonly<Record<string, Source>> = {
  pokemon: { size: 64, licence: "© Nintendo, Creatures Inc., GAME FREAK inc.; not to be passed on" },
};

/** Part of the folder's name: another one where the files are made in another way. */
const FORMAT = 2;

const prepare = async (name: string, { size, licence }: Source, folder: string): Promise<void> => {
  const { shape, classes, size: count, read } = await openDataset(name, { size });
  const { examples, labels = [] } = await read!(Uint32Array.from({ length: count }, (_, i) => i));
  const pixels = Uint8Array.from(examples, (value) => Math.round((value + 1) * 127.5));
  writeFileAtomic(join(folder, `${name}.bin`), Buffer.concat([pixels, Uint8Array.from(labels)]));
  // Last: where it is, the other is whole.
  writeFileAtomic(join(folder, `${name}.json`), JSON.stringify({ name, shape, count, classes, licence }));
};

const underWay = new Map<string, Promise<void>>();

/** The path of `pokemon.json` or `pokemon.bin`; undefined where this machine does not have the data set. */
export const dataFile = async (file: string, cache?: string): Promise<string | undefined> => {
  const [, name, extension] = /^([\w-]+)\.(json|bin)$/.exec(file) ?? [];
  if (name === undefined || !Object.hasOwn(sources, name)) return undefined;
  const folder = join(cacheFolder(cache), `studio-${FORMAT}`);
  if (!existsSync(join(folder, `${name}.json`))) {
    if (!underWay.has(folder + name)) {
      const made = prepare(name, sources[name], folder).finally(() => underWay.delete(folder + name));
      underWay.set(folder + name, made);
    }
    try {
      await underWay.get(folder + name);
    } catch (error) {
      // Its package is not installed.
      if (error instanceof RunError) return undefined;
      throw error;
    }
  }
  return join(folder, `${name}.${extension}`);
};
