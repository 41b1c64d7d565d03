/** A film of the stage, all GANs beside each other, with the iteration: as WebM, or as a GIF for where no film can be shown. */
import { canvasFont } from "../ui/canvas-font.ts";
import { download } from "../ui/download.ts";
import type { GifMessage } from "./gif.worker.ts";
import { themeColors } from "./plot.ts";
import { shown } from "./viewing.ts";

export type FilmKind = "webm" | "gif";

const TYPES = ["video/webm;codecs=vp9", "video/webm;codecs=vp8", "video/webm"];
const FRAMES_A_SECOND = 30;
/** CSS pixels under the pictures, for the iteration. */
const FOOT = 36;
/** Bits a second for each pixel of the film: points are small. */
const DENSITY = 8;

/** A GIF grows fast: pixels from left to right at most, milliseconds between its pictures, pictures at most. */
const GIF_WIDTH = 480;
const GIF_PACE = 100;
const GIF_LONGEST = 300;

const type = (): string | undefined =>
  typeof MediaRecorder === "undefined" ? undefined : TYPES.find((one) => MediaRecorder.isTypeSupported(one));

/** Every browser makes a GIF. */
export const canRecord = (kind: FilmKind): boolean => kind === "gif" || type() !== undefined;

/** The stage as one picture, `width` pixels wide at most. */
const filmOf = (most = Number.POSITIVE_INFINITY) => {
  const stage = document.querySelector(".gans")!;
  const sources = [...stage.querySelectorAll("canvas")];
  const whole = sources.reduce((sum, { width }) => sum + width, 0);
  const height = Math.max(...sources.map((source) => source.height)) + FOOT * devicePixelRatio;
  const scale = Math.min(1, most / whole);
  const film = document.createElement("canvas");
  // Films have even numbers of pixels.
  film.width = 2 * Math.ceil((scale * whole) / 2);
  film.height = 2 * Math.ceil((scale * height) / 2);
  const context = film.getContext("2d", { willReadFrequently: Number.isFinite(most) })!;
  const colors = themeColors(stage);
  // Small films have letters that can still be read.
  const letter = Math.max(0.6, scale) * devicePixelRatio;
  const draw = (): void => {
    context.fillStyle = colors.background;
    context.fillRect(0, 0, film.width, film.height);
    let x = 0;
    for (const source of sources) {
      context.drawImage(source, x, 0, scale * source.width, scale * source.height);
      x += scale * source.width;
    }
    context.fillStyle = colors.text;
    context.font = canvasFont(16 * letter);
    const text = `Iteration ${shown.peek()?.step.toLocaleString("en") ?? 0}`;
    context.fillText(text, 26 * letter, film.height - 12 * scale * devicePixelRatio);
  };
  return { film, context, draw };
};

const recordWebm = (): (() => void) => {
  const { film, draw } = filmOf();
  let due = 0;
  const follow = (): void => {
    draw();
    due = requestAnimationFrame(follow);
  };
  follow();
  const recorder = new MediaRecorder(film.captureStream(FRAMES_A_SECOND), {
    mimeType: type(),
    videoBitsPerSecond: DENSITY * film.width * film.height,
  });
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  recorder.onstop = () => {
    cancelAnimationFrame(due);
    download("gan.webm", new Blob(parts, { type: "video/webm" }), "video/webm");
  };
  recorder.start(1000);
  return () => recorder.stop();
};

const recordGif = (onFull: () => void): (() => void) => {
  const { film, context, draw } = filmOf(GIF_WIDTH);
  const worker = new Worker(new URL("./gif.worker.ts", import.meta.url), { type: "module" });
  worker.onmessage = ({ data }: MessageEvent<Uint8Array<ArrayBuffer>>) => {
    worker.terminate();
    download("gan.gif", data, "image/gif");
  };
  const send = (message: GifMessage): void => worker.postMessage(message);
  let before: { readonly pixels: ImageData; readonly at: number } | undefined;
  let count = 0;
  /** A picture is known to its end when the next one is taken. */
  const take = (): void => {
    const at = performance.now();
    if (before !== undefined) send({ pixels: before.pixels, milliseconds: at - before.at });
    draw();
    before = { pixels: context.getImageData(0, 0, film.width, film.height), at };
    if (++count === GIF_LONGEST) onFull();
  };
  take();
  const timer = setInterval(take, GIF_PACE);
  return () => {
    clearInterval(timer);
    take();
    send({ pixels: before!.pixels, milliseconds: GIF_PACE });
    send({});
  };
};

/**
 * Records what is shown until the returned function is called, which saves the film.
 *
 * @param onFull called when it is as long as it may be
 */
export const recordFilm = (kind: FilmKind, onFull: () => void): (() => void) =>
  kind === "gif" ? recordGif(onFull) : recordWebm();
