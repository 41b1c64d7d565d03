/** What may be expected of a run before it is begun: said plainly, from what is known. */
import { keepText, recallText } from "../stored.ts";
import { number } from "../ui/words.ts";
import { byData, type ImagesFacts, workByData } from "./by-data.ts";
import type { Settings } from "./settings.ts";

type Size = Pick<Settings, "size" | "width" | "batch">;

/** Work of an iteration, in units that cancel: most of it is convolutions over all pixels of the batch. */
const workOf = (settings: Settings, facts: ImagesFacts): number =>
  settings.size ** 2 *
  (settings.by === "data" ? workByData(byData(settings, facts).config) : settings.width * settings.batch);

/** How fast this browser was: iterations a second times their work. */
export const speedOf = (rate: number, run: Settings, facts: ImagesFacts): number => rate * workOf(run, facts);

/**
 * Iterations until samples look like the data, roughly: digits took some 900 at batch 32 (see `settings.ts`), colour images
 * of 64 pixels several times as many.
 */
export const stepsFor = (data: Settings["data"], isGrey: boolean, { size, batch }: Size): number => {
  const base = data === "mnist" ? 1000 : isGrey ? 1500 : 3000;
  const steps = base * (size > 32 ? 2 : 1) * Math.max(0.5, Math.min(2, 32 / batch));
  const power = 10 ** Math.floor(Math.log10(steps));
  return Math.round(steps / power) * power;
};

/** Fewer images than this a generator repeats, and fewer than that it often comes close to. */
const COPIES = 500;
const NEAR_COPIES = 5000;

const likely = (count: number): string => {
  if (count < COPIES) return "copies likely";
  return count < NEAR_COPIES ? "close copies of some likely" : "new images in their manner";
};

const duration = (seconds: number): string => {
  if (seconds < 90) return `${Math.max(10, Math.round(seconds / 10) * 10)} seconds`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} minutes`;
  return `${Math.round(seconds / 3600)} hours`;
};

/** "44 images: copies likely; about 3,000 steps, 20 minutes here". @param speed of `speedOf`; undefined before anything was trained */
export const expectation = (settings: Settings, facts: ImagesFacts, speed: number | undefined): string => {
  const { count, classes, channels } = facts;
  const isByData = settings.by === "data";
  const steps = isByData ? byData(settings, facts).steps : stepsFor(settings.data, channels === 1, settings);
  const time =
    speed === undefined
      ? "how long shows once it trains"
      : `${duration((steps * workOf(settings, facts)) / speed)} here`;
  const isTold = isByData || settings.model !== "dcgan";
  const of = classes === undefined || !isTold ? "" : ` of ${number(classes)} classes`;
  return `${number(count)} images${of}: ${likely(count)}; about ${number(steps)} steps, ${time}`;
};

const KEY = "tsgan-images-speed";

export const recallSpeed = (): number | undefined => Number(recallText("local", KEY)) || undefined;
export const keepSpeed = (speed: number): void => keepText("local", KEY, String(speed));
