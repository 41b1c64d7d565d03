/** The state of the latent space's explorer: which generator, which points, and the images of all that is on show. */
import { computed, effect, signal } from "@preact/signals";
import { isClosed } from "../engine/index.ts";
import { messageOf } from "../engine/message-of.ts";
import type { GeneratorFacts } from "./generator-file.ts";
import { arithmetic, between, drawLatents } from "./latent.ts";
import { type Pixels, toPixels } from "./pixels.ts";
import type { Origin } from "./protocol.ts";
import { session } from "./run-worker.ts";
import { file, isTraining, problem, revision, run } from "./state.ts";

/** Samples to choose points from. */
export const SAMPLES = 32;
/** Images on the way from A to B, ends included. */
export const STEPS = 9;
/** Numbers or directions with a slider. */
export const SLIDERS = 6;

export const slots = ["A", "B", "C"] as const;
export type Slot = (typeof slots)[number];

export const origin = signal<Origin>("run");
export const seed = signal(1);
/** The class of all images; undefined for all classes in turn. */
export const label = signal<number | undefined>(undefined);
/** Which of the samples are A, B and C. */
export const chosen = signal<Readonly<Record<Slot, number>>>({ A: 0, B: 1, C: 2 });
/** The slot that the next choice goes to. */
export const nextSlot = signal<Slot>("A");
export const mode = signal<"components" | "directions">("components");
/** The first of the latent numbers with a slider. */
export const firstComponent = signal(0);
/** What is added to A along each of the numbers or directions. */
export const offsets = signal<readonly number[]>(new Array(SLIDERS).fill(0));
/** Where between A and B. */
export const position = signal(0.5);
/** The principal directions at A; undefined while they are worked out. */
export const directions = signal<readonly Float64Array[] | undefined>(undefined);
export const images = signal<Pixels | undefined>(undefined);

/** Where each part of the view begins among the images. */
export const places = {
  moved: SAMPLES,
  between: SAMPLES + 1,
  strip: SAMPLES + 2,
  sum: SAMPLES + 2 + STEPS,
} as const;
const COUNT = places.sum + 1;

/** The generator that is explored; undefined while it is not open. */
export const facts = computed<GeneratorFacts | undefined>(() =>
  origin.value === "run" ? run.value?.facts : file.value?.facts,
);

const samples = computed(() => facts.value && drawLatents(facts.value.latent, SAMPLES, seed.value));

const point = (slot: Slot): Float32Array => {
  const { size } = facts.value!.latent;
  const index = chosen.value[slot];
  return samples.value!.slice(index * size, (index + 1) * size);
};

/** A, moved by the sliders. */
const moved = (): Float32Array => {
  const z = point("A");
  offsets.value.forEach((offset, k) => {
    if (mode.value === "components") {
      const at = firstComponent.value + k;
      if (at < z.length) z[at] += offset;
      return;
    }
    const direction = directions.value?.[k];
    if (direction !== undefined) for (let i = 0; i < z.length; i++) z[i] += offset * direction[i];
  });
  return z;
};

/** The class of a sample by its name, where there are classes. */
export const classOf = (sample: number): string | undefined => {
  const { labelled = false, classNames } = facts.value ?? {};
  if (!labelled) return undefined;
  const at = labelOf(sample);
  return classNames?.[at] ?? String(at);
};

const labelOf = (sample: number): number => label.value ?? sample % (facts.value?.classes ?? 1);

/** The latent vectors of all images on show, with their labels. */
const request = computed(() => {
  if (facts.value === undefined || samples.value === undefined) return undefined;
  const { latent } = facts.value;
  const [a, b, c] = slots.map(point);
  const strip = Array.from({ length: STEPS }, (_, i) => between(latent, a, b, i / (STEPS - 1)));
  const others = [moved(), between(latent, a, b, position.value), ...strip, arithmetic(latent, a, b, c)];
  const z = new Float32Array(COUNT * latent.size);
  z.set(samples.value);
  others.forEach((vector, i) => {
    z.set(vector, (SAMPLES + i) * latent.size);
  });
  const labels = Int32Array.from({ length: COUNT }, (_, i) => labelOf(i < SAMPLES ? i : chosen.value.A));
  return { origin: origin.value, z, labels, shape: facts.value.shape };
});

let isAsking = false;
let isStale = false;

const fail = (error: unknown): void => {
  if (!isClosed(error)) problem.value = messageOf(error);
};

/** One request at a time; the newest wins. */
const ask = async (): Promise<void> => {
  isStale = true;
  if (isAsking) return;
  isAsking = true;
  while (isStale) {
    isStale = false;
    const wanted = request.peek();
    if (wanted === undefined) break;
    const { origin, z, labels, shape } = wanted;
    try {
      images.value = toPixels(await session.call("generate", origin, z, labels), shape);
    } catch (error) {
      fail(error);
    }
  }
  isAsking = false;
};

const indexOfA = computed(() => chosen.value.A);

/** `all`: the samples, of which the one at `at` is A. */
const findDirections = async (all: Float32Array, size: number, at: number, label: number): Promise<void> => {
  const from = all.slice(at * size, (at + 1) * size);
  directions.value = undefined;
  try {
    const found = await session.call("directions", origin.peek(), from, label, SLIDERS);
    // A may have moved on meanwhile.
    if (indexOfA.peek() === at && samples.peek() === all) directions.value = found;
  } catch (error) {
    fail(error);
  }
};

/** Follows the state while the page is open. Returns the end of it. */
export const follow = (): (() => void) => {
  const stopImages = effect(() => {
    if (origin.value === "run") revision.value;
    if (request.value === undefined) images.value = undefined;
    else void ask();
  });
  // The directions follow A and the generator, but not each step of its training.
  const stopDirections = effect(() => {
    if (mode.value !== "directions" || facts.value === undefined || samples.value === undefined) return;
    if (origin.value === "run" && isTraining.value) return;
    const at = indexOfA.value;
    void findDirections(samples.value, facts.value.latent.size, at, labelOf(at));
  });
  // Another generator may have fewer classes and numbers.
  const stopFacts = effect(() => {
    if (facts.value === undefined) return;
    label.value = undefined;
    firstComponent.value = 0;
    resetOffsets();
  });
  return () => {
    stopImages();
    stopDirections();
    stopFacts();
  };
};

export const pick = (sample: number): void => {
  const slot = nextSlot.peek();
  chosen.value = { ...chosen.peek(), [slot]: sample };
  nextSlot.value = slots[(slots.indexOf(slot) + 1) % slots.length];
};

export const resetOffsets = (): void => {
  offsets.value = new Array(SLIDERS).fill(0);
};
