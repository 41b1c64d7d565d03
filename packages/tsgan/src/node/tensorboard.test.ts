import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BoardEvent, encodeEvent, eventsOf, FILE_VERSION, maskedCrc } from "./event-file.ts";
import { cutEvents, eventWriter } from "./tensorboard.ts";

/** Written by tensorboard 2.21: scripts/check-tensorboard.py write. */
const golden = fileURLToPath(new URL("fixtures/tensorboard-2.21.tfevents", import.meta.url));

const png = Buffer.from(
  "89504e470d0a1a0a0000000d4948445200000002000000010800000000d1498c" +
    "5d0000000b49444154789c6360f80f0001020100e8e4d9110000000049454e44ae426082",
  "hex",
);
const time = 1764400000.25;
const events: readonly BoardEvent[] = [
  { time, step: 0, content: { version: FILE_VERSION } },
  { time, step: 0, content: { begins: true } },
  { time, step: 1, content: { scalars: { "metrics/loss": 0.6875, größe: -1e-30 } } },
  { time, step: 2 ** 40, content: { tag: "samples", png, width: 2, height: 1, channels: 1 } },
  { time, step: 300, content: { begins: true } },
];

describe("event files", () => {
  it("have the checksum that TFRecord has", () => {
    // CRC-32C of "123456789" is e3069283.
    const crc = 0xe3069283;
    const masked = (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
    expect(maskedCrc(new TextEncoder().encode("123456789"))).toBe(masked);
  });

  it("are byte for byte those of TensorBoard's writer", () => {
    expect(Buffer.concat(events.map(encodeEvent)).equals(readFileSync(golden))).toBe(true);
  });

  it("written by TensorBoard are read: steps, and where each event ends", () => {
    const found = [...eventsOf(golden)];
    expect(found.map(({ step }) => step)).toEqual(events.map(({ step }) => step));
    expect(found.at(-1)?.end).toBe(statSync(golden).size);
  });
});

describe("the events of a run", () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "tsgan-events-"));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  /** A folder with steps 1 to 4, and the file. */
  const written = (name: string): { folder: string; file: string } => {
    const folder = join(root, name);
    const writer = eventWriter(folder);
    for (const step of [1, 2, 3, 4]) writer.scalars(step, { loss: step, note: "no figure", odd: Number.NaN });
    writer.image(4, "samples", png);
    writer.close();
    return { folder, file: join(folder, readdirSync(folder)[0]) };
  };
  const steps = (file: string): number[] => [...eventsOf(file)].map(({ step }) => step);

  it("end with the step of a checkpoint, and go on in a file that comes after by its name", () => {
    const { folder, file } = written("cut");
    expect(steps(file)).toEqual([0, 0, 1, 2, 3, 4, 4]);
    expect(cutEvents(folder, 2)).toBe(true);
    expect(steps(file)).toEqual([0, 0, 1, 2]);
    const again = eventWriter(folder, 3);
    again.scalars(3, { loss: 3 });
    again.close();
    const names = readdirSync(folder).sort();
    expect(names).toHaveLength(2);
    expect(join(folder, names[0])).toBe(file);
    expect(steps(join(folder, names[1]))).toEqual([0, 3, 3]);
    // Resumed from there once more, nothing of the second session is left.
    expect(cutEvents(folder, 2)).toBe(true);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it("that a kill left half-written, or a disk damaged, are not taken for whole: all go, to be written anew", () => {
    for (const [name, damage] of [
      ["half", (file: string) => truncateSync(file, statSync(file).size - 3)],
      ["tail", (file: string) => appendFileSync(file, "rest")],
      [
        "bit",
        (file: string) => {
          const bytes = readFileSync(file);
          bytes[40] ^= 1;
          writeFileSync(file, bytes);
        },
      ],
    ] as const) {
      const { folder, file } = written(name);
      damage(file);
      expect(cutEvents(folder, 4), name).toBe(false);
      expect(readdirSync(folder), name).toEqual([]);
    }
  });

  it("leave other files alone", () => {
    const folder = join(root, "others");
    mkdirSync(folder);
    writeFileSync(join(folder, "events.out.tfevents.1764400000.host"), readFileSync(golden));
    expect(cutEvents(folder, 0)).toBe(false);
    expect(readdirSync(folder)).toHaveLength(1);
  });
});
