/** A film of the stage: all GANs beside each other, with the iteration, as a WebM file. */
import { download } from "../ui/download.ts";
import { themeColors } from "./plot.ts";
import { shown } from "./viewing.ts";

const TYPES = ["video/webm;codecs=vp9", "video/webm;codecs=vp8", "video/webm"];
const FRAMES_A_SECOND = 30;
/** CSS pixels under the pictures, for the iteration. */
const FOOT = 36;
/** Bits a second for each pixel of the film: points are small. */
const DENSITY = 8;

const type = (): string | undefined =>
  typeof MediaRecorder === "undefined" ? undefined : TYPES.find((one) => MediaRecorder.isTypeSupported(one));

export const canRecord = (): boolean => type() !== undefined;

/** Draws what is shown until the returned function is called, which saves the film. */
export const recordFilm = (): (() => void) => {
  const stage = document.querySelector(".gans")!;
  const sources = [...stage.querySelectorAll("canvas")];
  const film = document.createElement("canvas");
  film.width = 2 * Math.ceil(sources.reduce((sum, { width }) => sum + width, 0) / 2);
  film.height =
    2 * Math.ceil((Math.max(...sources.map(({ height }) => height)) + FOOT * devicePixelRatio) / 2);
  const context = film.getContext("2d")!;
  const colors = themeColors(stage);
  let due = 0;
  const draw = (): void => {
    context.fillStyle = colors.background;
    context.fillRect(0, 0, film.width, film.height);
    let x = 0;
    for (const source of sources) {
      context.drawImage(source, x, 0);
      x += source.width;
    }
    context.fillStyle = colors.text;
    context.font = `${16 * devicePixelRatio}px system-ui, sans-serif`;
    context.fillText(
      `Iteration ${shown.peek()?.step.toLocaleString("en") ?? 0}`,
      26 * devicePixelRatio,
      film.height - 12 * devicePixelRatio,
    );
    due = requestAnimationFrame(draw);
  };
  draw();
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
