/**
 * Memory and time of reading people's pictures: 100,000 small ones and 2,000 of 24 megapixels, in folders and in zip archives,
 * pairs of 64 megapixels, and an array of 100,000. Each is decoded into the cache and then drawn from, in a process of its own.
 *
 *     node packages/dev/dist/bench/own-data.js [--only NAME[,NAME]] [--small N] [--large N] [--json]
 *
 * On Linux, whose /proc tells the memory. Exit code 1 where a process held more than 600 MB, 2 for wrong usage.
 */
import { execFile } from "node:child_process";
import {
  closeSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { crc32 } from "node:zlib";
import sharp, { type Sharp } from "sharp";
import { randomStream, UsageError } from "tsgan";
import { openDataset } from "tsgan/node";
import { runScript } from "../script.ts";

const MOST_BYTES = 600e6;
const SIZE = 64;
const BATCH = 64;
const BATCHES = 200;

interface Counts {
  readonly small: number;
  readonly large: number;
}

const noise = (width: number, height: number, seed: number): Sharp => {
  const pixels = new Float32Array(3 * width * height);
  randomStream(seed, "own data").fillUniform(pixels, 0, 256);
  return sharp(Uint8Array.from(pixels), { raw: { width, height, channels: 3 } });
};

/** As a photograph compresses: coarse noise, enlarged; less of it where nothing is lost, which else takes 70 MB. */
const photo = async (width: number, height: number, seed: number, coarse = 16): Promise<Sharp> => {
  const data = await noise(Math.ceil(width / coarse), Math.ceil(height / coarse), seed)
    .resize(width, height, { kernel: "cubic", fit: "fill" })
    .raw()
    .toBuffer();
  return sharp(data, { raw: { width, height, channels: 3 } });
};

const smallPicture = (n: number): Promise<Buffer> => noise(48, 48, n).jpeg({ quality: 80 }).toBuffer();

/** Pictures of 24 megapixels in the ways that cameras and programs write them. */
const largePictures = async (): Promise<Buffer[]> => {
  const made: Buffer[] = [];
  const ways: readonly (readonly [coarse: number, write: (image: Sharp) => Sharp])[] = [
    [16, (image) => image.jpeg({ quality: 85 })],
    [16, (image) => image.jpeg({ quality: 85, progressive: true })],
    [16, (image) => image.jpeg({ quality: 85 }).withMetadata({ orientation: 6 })],
    [500, (image) => image.png()],
    [16, (image) => image.webp({ quality: 80, effort: 0 })],
  ];
  for (const [coarse, write] of ways) {
    made.push(await write(await photo(6000, 4000, made.length, coarse)).toBuffer());
  }
  return made;
};

const name = (n: number): string => `${String(n).padStart(6, "0")}.img`;

/** A folder of `count` files with the given contents in turn; equal ones share their bytes on disk. */
const folderOf = (path: string, count: number, contents: readonly Buffer[]): void => {
  mkdirSync(path, { recursive: true });
  for (let n = 0; n < count; n++) {
    if (n < contents.length) writeFileSync(join(path, name(n)), contents[n]);
    else linkSync(join(path, name(n % contents.length)), join(path, name(n)));
  }
};

/** A zip archive with a directory for more than 65,535 files (zip64), its files stored. */
const zipOf = (path: string, count: number, contents: readonly Buffer[]): void => {
  const handle = openSync(path, "w");
  const sums = contents.map((bytes) => crc32(bytes));
  const directory: Buffer[] = [];
  let offset = 0;
  const put = (bytes: Buffer): void => {
    writeSync(handle, bytes);
    offset += bytes.length;
  };
  for (let n = 0; n < count; n++) {
    const bytes = contents[n % contents.length];
    const title = Buffer.from(name(n));
    const header = Buffer.alloc(30);
    header.write("PK\x03\x04", "latin1");
    header.writeUInt16LE(45, 4);
    header.writeUInt32LE(sums[n % contents.length], 14);
    header.writeUInt32LE(bytes.length, 18);
    header.writeUInt32LE(bytes.length, 22);
    header.writeUInt16LE(title.length, 26);
    const record = Buffer.alloc(46 + 12);
    record.write("PK\x01\x02", "latin1");
    record.writeUInt16LE(45, 4);
    header.copy(record, 6, 4, 28);
    record.writeUInt16LE(12, 30);
    record.writeUInt32LE(0xffffffff, 42);
    record.writeUInt16LE(1, 46);
    record.writeUInt16LE(8, 48);
    record.writeBigUInt64LE(BigInt(offset), 50);
    directory.push(record.subarray(0, 46), title, record.subarray(46));
    put(header);
    put(title);
    put(bytes);
  }
  const start = offset;
  const central = Buffer.concat(directory);
  put(central);
  const end = Buffer.alloc(56 + 20 + 22);
  end.write("PK\x06\x06", "latin1");
  end.writeBigUInt64LE(44n, 4);
  end.writeUInt16LE(45, 12);
  end.writeUInt16LE(45, 14);
  end.writeBigUInt64LE(BigInt(count), 24);
  end.writeBigUInt64LE(BigInt(count), 32);
  end.writeBigUInt64LE(BigInt(central.length), 40);
  end.writeBigUInt64LE(BigInt(start), 48);
  end.write("PK\x06\x07", 56, "latin1");
  end.writeBigUInt64LE(BigInt(offset), 64);
  end.writeUInt32LE(1, 72);
  end.write("PK\x05\x06", 76, "latin1");
  end.writeUInt16LE(0xffff, 84);
  end.writeUInt16LE(0xffff, 86);
  end.writeUInt32LE(0xffffffff, 88);
  end.writeUInt32LE(0xffffffff, 92);
  put(end);
  closeSync(handle);
};

/** An array of pictures of 64 × 64 in colour. */
const arrayOf = (path: string, count: number): void => {
  const handle = openSync(path, "w");
  const header = `{'descr': '|u1', 'fortran_order': False, 'shape': (${count}, 64, 64, 3), }`.padEnd(117);
  writeSync(handle, Buffer.from(`\x93NUMPY\x01\x00\x76\x00${header}\n`, "latin1"));
  const picture = new Uint8Array(64 * 64 * 3).map((_, i) => (i * 37) % 256);
  for (let n = 0; n < count; n++) {
    picture[n % picture.length]++;
    writeSync(handle, picture);
  }
  closeSync(handle);
};

interface Case {
  readonly name: string;
  readonly pairs?: boolean;
  /** Makes the files, and returns what is opened and how many examples it should have. */
  make(folder: string, counts: Counts): Promise<{ path: string; examples: number }>;
}

const distinct = 1000;
const smallContents = (): Promise<Buffer[]> =>
  Promise.all(Array.from({ length: distinct }, (_, n) => smallPicture(n)));

const cases: readonly Case[] = [
  {
    name: "small",
    async make(folder, { small }) {
      folderOf(folder, small, await smallContents());
      return { path: folder, examples: small };
    },
  },
  {
    name: "large",
    async make(folder, { large }) {
      folderOf(folder, large, await largePictures());
      return { path: folder, examples: large };
    },
  },
  {
    name: "small-zip",
    async make(folder, { small }) {
      const path = `${folder}.zip`;
      zipOf(path, small, await smallContents());
      return { path, examples: small };
    },
  },
  {
    name: "large-zip",
    async make(folder, { large }) {
      const path = `${folder}.zip`;
      zipOf(path, large, await largePictures());
      return { path, examples: large };
    },
  },
  {
    name: "pairs",
    pairs: true,
    async make(folder) {
      const image = await photo(8000, 8000, 1);
      folderOf(folder, 16, [
        await image.clone().png({ compressionLevel: 3 }).toBuffer(),
        await image.jpeg({ quality: 85, progressive: true }).toBuffer(),
      ]);
      // A tenth is held out.
      return { path: folder, examples: 14 };
    },
  },
  {
    name: "array",
    async make(folder, { small }) {
      const path = `${folder}.npy`;
      arrayOf(path, small);
      return { path, examples: small };
    },
  },
];

interface Measured {
  readonly examples: number;
  readonly seconds: number;
  readonly bytes: number;
}

/** The most that was resident at any time. `maxRSS` counts what the parent held when the process was begun, too. */
const mostResident = (): number => {
  const [, kibibytes] = /VmHWM:\s*(\d+)/.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  return 1024 * Number(kibibytes);
};

/** Opens and draws; runs in a process of its own. */
const read = async (path: string, pairs: boolean, cacheFolder: string): Promise<Measured> => {
  const start = performance.now();
  const dataset = await openDataset(path, { size: SIZE, channels: 3, pairs, cacheFolder });
  for (let batch = 0; batch < BATCHES; batch++) await dataset.draw(1, batch * BATCH, BATCH);
  return {
    examples: dataset.size,
    seconds: (performance.now() - start) / 1000,
    bytes: mostResident(),
  };
};

const measure = async (each: Case, counts: Counts): Promise<Measured> => {
  const folder = mkdtempSync(join(tmpdir(), "tsgan-own-data-"));
  try {
    const { path, examples } = await each.make(join(folder, "pictures"), counts);
    const own = fileURLToPath(import.meta.url);
    const request = JSON.stringify([path, each.pairs ?? false, join(folder, "cache")]);
    const { stdout } = await promisify(execFile)(process.execPath, [own, "--read", request]);
    const measured = JSON.parse(stdout) as Measured;
    if (measured.examples !== examples)
      throw new Error(`${each.name}: ${measured.examples} of ${examples} were read`);
    return measured;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      only: { type: "string" },
      small: { type: "string", default: "100000" },
      large: { type: "string", default: "2000" },
      read: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  if (values.read !== undefined) {
    console.log(JSON.stringify(await read(...(JSON.parse(values.read) as [string, boolean, string]))));
    return;
  }
  const counts = { small: Number(values.small), large: Number(values.large) };
  if (!Object.values(counts).every((count) => Number.isSafeInteger(count) && count >= 2)) {
    throw new UsageError(
      `--small and --large: expected whole numbers of at least 2; got ${values.small}, ${values.large}`,
    );
  }
  const wanted = values.only?.split(",");
  const unknown = wanted?.find((word) => cases.every((each) => each.name !== word));
  if (unknown !== undefined) {
    throw new UsageError(
      `--only: there is no ${unknown}; choose of ${cases.map((each) => each.name).join(", ")}`,
    );
  }
  for (const each of cases.filter((one) => wanted?.includes(one.name) ?? true)) {
    const measured = await measure(each, counts);
    const { examples, seconds, bytes } = measured;
    const text = `${each.name.padEnd(10)} ${String(examples).padStart(7)} examples  ${seconds.toFixed(1).padStart(7)} s  ${(bytes / 1e6).toFixed(0).padStart(5)} MB`;
    console.log(values.json ? JSON.stringify({ name: each.name, ...measured }) : text);
    if (bytes > MOST_BYTES) process.exitCode = 1;
  }
};

await runScript(main);
