/**
 * Holds the recording of the first page to what training gives. To make it anew, after the first examples have changed:
 *
 *     RECORD=1 npx vitest run --project runtime packages/studio/src/playground/recording.runtime.test.ts
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseState } from "./address.ts";
import { datasetOf, mixtureOf } from "./data.ts";
import { firstExamples } from "./examples.ts";
import { referenceOf } from "./figures.ts";
import { Gan } from "./gan.ts";
import { pack, unpack } from "./packed.ts";
import type { Picture } from "./picture.ts";
import type { Card, PackedPicture, Recording } from "./recording.ts";
import { gansOf } from "./settings.ts";
import { EYE_SEED, realCloud, SAMPLES } from "./views.ts";

const file = join(import.meta.dirname, "recording.json");

const FRAMES = 40;
const EVERY = 5;
const MEASURED = 50;
/** Iterations after which a card's picture is taken. */
const CARD = 450;

const packPicture = ({ fake, surface, manifold, pull }: Picture): PackedPicture => ({
  fake: pack(fake, 16),
  // Beyond ±20 σ is 0 or 1 to the eye.
  surface: pack(surface, 8),
  manifold: pack(manifold, 16),
  pull: pack(pull, 8),
});

/** The last GAN of an example. */
const ganOf = async (query: string) => {
  const { experiment } = parseState(new URLSearchParams(query)).state;
  const dataset = datasetOf(experiment.data);
  const mixture = mixtureOf(experiment.data);
  const cloud = await realCloud(dataset, EYE_SEED);
  const reference = referenceOf(await realCloud(dataset, EYE_SEED + 1, SAMPLES), mixture);
  const all = gansOf(experiment);
  const gan = await Gan.create({ settings: all[all.length - 1], dataset, device: "cpu", cloud, reference });
  return { gan, cloud, mixture };
};

const rounded = <Key extends string>(columns: Readonly<Record<Key, Float64Array>>) =>
  Object.fromEntries(
    (Object.entries(columns) as [Key, Float64Array][]).map(([key, values]) => [
      key,
      Array.from(values, (value) => (Number.isFinite(value) ? Number(value.toPrecision(5)) : value)),
    ]),
  ) as Record<Key, number[]>;

const record = async (frames: number, withCards: boolean): Promise<Recording> => {
  const [{ query }] = firstExamples;
  const { gan, cloud, mixture } = await ganOf(query);
  const taken = [];
  for (let step = 0; step <= frames * EVERY; step++) {
    if (step > 0) await gan.advance("iteration");
    if (step % MEASURED === 0) await gan.measure();
    if (step % EVERY === 0) {
      taken.push({ step, notes: gan.notes, picture: packPicture(await gan.picture()) });
    }
  }
  const { losses, figures } = gan.curves;
  const cards: Card[] = [];
  for (const example of withCards ? firstExamples : []) {
    const card = await ganOf(example.query);
    for (let step = 0; step < CARD; step++) await card.gan.advance("iteration");
    cards.push({
      query: example.query,
      surface: card.gan.surface,
      picture: packPicture(await card.gan.picture()),
    });
    await card.gan.dispose();
  }
  const { surface, parameters } = gan;
  await gan.dispose();
  return {
    query,
    real: pack(cloud, 16),
    modes: mixture!.centres.length,
    surface,
    parameters,
    frames: taken,
    losses: rounded(losses),
    figures: rounded(figures),
    cards,
  };
};

describe("the recording of the first page", () => {
  it.runIf(process.env.RECORD === "1")("is made", { timeout: 600_000 }, async () => {
    writeFileSync(file, `${JSON.stringify(await record(FRAMES, true))}\n`);
  });

  it("is what training gives, of the examples as they are", async () => {
    const kept = JSON.parse(readFileSync(file, "utf8")) as Recording;
    expect(kept.cards.map(({ query }) => query)).toEqual(firstExamples.map(({ query }) => query));
    const now = await record(4, false);
    expect(kept).toMatchObject({
      query: now.query,
      modes: now.modes,
      surface: now.surface,
      parameters: now.parameters,
    });
    for (const [i, { step, picture }] of now.frames.entries()) {
      expect(kept.frames[i].step).toBe(step);
      for (const name of ["fake", "surface", "manifold", "pull"] as const) {
        const [then, again] = [unpack(kept.frames[i].picture[name]), unpack(picture[name])];
        const { low, high } = picture[name];
        expect(then).toHaveLength(again.length);
        const worst = Math.max(...again.map((value, at) => Math.abs(value - then[at])));
        // Rounding to 8 bits, and twenty iterations of another machine's float32.
        expect(worst).toBeLessThan(0.01 * (high - low) + 1e-3);
      }
    }
    now.losses.discriminatorLoss.forEach((value, i) => {
      expect(kept.losses.discriminatorLoss[i]).toBeCloseTo(value, 3);
    });
  });

  it("ends with all modes found, and its cards show one that collapsed and one that was repaired", () => {
    const kept = JSON.parse(readFileSync(file, "utf8")) as Recording;
    expect(kept.figures.modes[kept.figures.modes.length - 1]).toBe(kept.modes);
    const spread = kept.cards.map(({ picture }) => {
      const fake = unpack(picture.fake);
      const quadrants = new Set<string>();
      for (let i = 0; i < fake.length; i += 2) quadrants.add(`${fake[i] > 0}${fake[i + 1] > 0}`);
      return quadrants.size;
    });
    expect(spread[0]).toBe(4);
    expect(spread[1]).toBeLessThan(4);
    expect(spread[2]).toBe(4);
  });
});

describe("packed numbers", () => {
  it("come back to within half a level", () => {
    const values = Float32Array.of(-3, -1.25, 0, 0.5, 2.75);
    for (const bits of [8, 16] as const) {
      unpack(pack(values, bits)).forEach((value, i) => {
        expect(Math.abs(value - values[i])).toBeLessThanOrEqual(5.75 / 2 ** (bits + 1) + 1e-6);
      });
    }
  });
});
