/** Draws what the worker makes, in the elements of the first page. */
import type { Asked, Told } from "./messages.ts";

const STEPS = 1500;
/** Centres of the ring's Gaussians: radius 2. */
const CENTRES = Array.from({ length: 8 }, (_, k) => [
  2 * Math.cos((k * Math.PI) / 4),
  2 * Math.sin((k * Math.PI) / 4),
]);

interface Elements {
  readonly canvas: HTMLCanvasElement;
  readonly status: HTMLElement;
  readonly start: HTMLButtonElement;
  readonly loss: HTMLSelectElement;
  readonly save: HTMLAnchorElement;
}

const draw = (canvas: HTMLCanvasElement, points: Float32Array): void => {
  const ratio = Math.min(globalThis.devicePixelRatio ?? 1, 3);
  const side = canvas.clientWidth;
  canvas.width = side * ratio;
  canvas.height = side * ratio;
  const context = canvas.getContext("2d");
  if (context === null) return;
  const style = getComputedStyle(canvas);
  context.scale(ratio, ratio);
  const place = (x: number): number => side / 2 + (x * side) / 6;
  context.strokeStyle = style.getPropertyValue("--demo-real");
  context.lineWidth = 1.5;
  for (const [x, y] of CENTRES) {
    context.beginPath();
    context.arc(place(x), place(-y), side / 22, 0, 2 * Math.PI);
    context.stroke();
  }
  context.fillStyle = style.getPropertyValue("--demo-made");
  for (let i = 0; i < points.length; i += 2) {
    context.beginPath();
    context.arc(place(points[i]), place(-points[i + 1]), 1.8, 0, 2 * Math.PI);
    context.fill();
  }
};

/** Makes the elements work: a button that starts and stops, and a picture. */
export const mount = ({ canvas, status, start, loss, save }: Elements): (() => void) => {
  let worker: Worker | undefined;
  let points = new Float32Array(0);
  const redraw = (): void => draw(canvas, points);
  const stop = (): void => {
    worker?.terminate();
    worker = undefined;
    start.textContent = "Train";
  };
  const tell = (told: Told): void => {
    if ("error" in told) {
      status.textContent = told.error;
      stop();
    } else if ("generator" in told) {
      save.href = URL.createObjectURL(
        new Blob([told.generator.slice()], { type: "application/octet-stream" }),
      );
      save.hidden = false;
      stop();
    } else {
      points = told.points;
      canvas.dataset.step = String(told.step);
      status.textContent = `step ${told.step} of ${STEPS} · D ${told.discriminatorLoss.toFixed(3)} · G ${told.generatorLoss.toFixed(3)}`;
      redraw();
    }
  };
  const onClick = (): void => {
    if (worker !== undefined) {
      stop();
      return;
    }
    save.hidden = true;
    status.textContent = "loading 4 MB …";
    start.textContent = "Stop";
    worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    worker.onerror = (event) => tell({ error: event.message || "the worker could not be loaded" });
    worker.onmessage = (event: MessageEvent<Told>) => tell(event.data);
    const steps = Number(new URLSearchParams(location.search).get("steps") ?? STEPS);
    worker.postMessage({ loss: loss.value as Asked["loss"], steps } satisfies Asked);
  };
  start.addEventListener("click", onClick);
  const resized = new ResizeObserver(redraw);
  resized.observe(canvas);
  start.disabled = false;
  return () => {
    stop();
    resized.disconnect();
    start.removeEventListener("click", onClick);
  };
};
