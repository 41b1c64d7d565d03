/** What colour features are trained on: pictures of packages whose licences allow it, 64 × 64, on white. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDataset } from "tsgan/node";

export const SIDE = 64;
const SIZE = 3 * SIDE * SIDE;

export interface Pictures {
  readonly count: number;
  /** [count, 3, 64, 64], 0 … 255: a quarter of what float32 would take. */
  readonly bytes: Uint8Array;
  readonly labels: Int32Array;
}

/** The keys that are used of an entry of emoji.json. */
interface Emoji {
  readonly image: string;
  readonly category: string;
  readonly subcategory: string;
}

const VENDORS = ["google", "twitter"] as const;
/** Digits, and pieces of clothing. */
const OF_EACH = 1500;
/** One in so many emoji is kept from training, of all vendors. */
const HELD_OUT = 12;

/** Collects pictures, and splits them. */
const collection = () => {
  const parts: { readonly bytes: Uint8Array; readonly label: number; readonly isTest: boolean }[] = [];
  return {
    add: (values: Float32Array, label: number, isTest: boolean): void => {
      parts.push({ bytes: Uint8Array.from(values, (v) => Math.round((v + 1) * 127.5)), label, isTest });
    },
    split: (isTest: boolean): Pictures => {
      const own = parts.filter((part) => part.isTest === isTest);
      const bytes = new Uint8Array(own.length * SIZE);
      own.forEach((part, i) => {
        bytes.set(part.bytes, i * SIZE);
      });
      return { count: own.length, bytes, labels: Int32Array.from(own, ({ label }) => label) };
    },
  };
};

/** Grey pictures in three channels, at 64 × 64 in place of 28 × 28: each pixel is the nearest one. */
const enlarged = (grey: Float32Array, side: number): Float32Array => {
  const out = new Float32Array(SIZE);
  for (let at = 0; at < SIZE; at++) {
    const y = Math.floor(at / SIDE) % SIDE;
    const x = at % SIDE;
    out[at] = grey[Math.floor((y * side) / SIDE) * side + Math.floor((x * side) / SIDE)];
  }
  return out;
};

/** Emoji in a folder for each group, those that are kept from training apart; other colours of skin are not in the list. */
const sortEmoji = (packages: string, emoji: readonly Emoji[], folder: string, isTest: boolean): void => {
  emoji.forEach(({ image, category, subcategory }, place) => {
    if ((place % HELD_OUT === 0) !== isTest) return;
    const group = join(folder, `${category} ${subcategory}`);
    mkdirSync(group, { recursive: true });
    for (const vendor of VENDORS) {
      const from = join(packages, `emoji-datasource-${vendor}/img/${vendor}/64`, image);
      if (existsSync(from)) copyFileSync(from, join(group, `${vendor}-${image}`));
    }
  });
};

export const readPictures = async (
  packages: string,
  emoji: readonly Emoji[],
): Promise<{ readonly train: Pictures; readonly test: Pictures; readonly classes: number }> => {
  const found = collection();
  const groups = [...new Set(emoji.map(({ category, subcategory }) => `${category} ${subcategory}`))].sort();
  for (const isTest of [false, true]) {
    const folder = mkdtempSync(join(tmpdir(), "emoji-"));
    sortEmoji(packages, emoji, folder, isTest);
    const pictures = await openDataset(folder, { size: SIDE, channels: 3, labels: "folders" });
    const { examples, labels } = await pictures.read!(
      Uint32Array.from({ length: pictures.size }, (_, i) => i),
    );
    for (let i = 0; i < pictures.size; i++) {
      const group = pictures.classes![labels![i]];
      found.add(examples.subarray(i * SIZE, (i + 1) * SIZE), groups.indexOf(group), isTest);
    }
    rmSync(folder, { recursive: true });
  }
  for (const [i, name] of ["mnist", "fashion-mnist"].entries()) {
    const dataset = await openDataset(name);
    const side = dataset.shape[1];
    const { examples, labels } = await dataset.draw(1, 0, OF_EACH);
    for (let k = 0; k < OF_EACH; k++) {
      const grey = examples.subarray(k * side * side, (k + 1) * side * side);
      found.add(enlarged(grey, side), groups.length + 10 * i + labels![k], k % HELD_OUT === 0);
    }
  }
  return { train: found.split(false), test: found.split(true), classes: groups.length + 20 };
};
