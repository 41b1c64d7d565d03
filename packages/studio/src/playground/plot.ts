/** Draws one GAN on a canvas: the discriminator's surface, the latent grid, points, gradients, axes. */
import { canvasFont } from "../ui/canvas-font.ts";
import type { Layer } from "./address.ts";
import { VIEW } from "./drawn-points.ts";
import { GRID, type Picture, SURFACE, type SurfaceKind } from "./picture.ts";

export interface Colors {
  readonly background: string;
  readonly text: string;
  readonly muted: string;
  readonly border: string;
  readonly real: string;
  readonly fake: string;
}

const names = ["background", "text", "muted", "border", "real", "fake"] as const;

/** The theme's colours as a canvas takes them: `light-dark()` and variables resolved. */
export const themeColors = (element: Element): Colors => {
  const probe = document.createElement("span");
  element.append(probe);
  const colors = Object.fromEntries(
    names.map((name) => {
      probe.style.color = `var(--${name})`;
      return [name, getComputedStyle(probe).color];
    }),
  );
  probe.remove();
  return colors as unknown as Colors;
};

/** CSS pixels around the plot for the numbers of the axes. */
const MARGIN = { left: 26, right: 6, top: 6, bottom: 20 } as const;
const NONE = { left: 0, right: 0, top: 0, bottom: 0 } as const;
const TICKS = [-2, -1, 0, 1, 2];
/** CSS pixels. */
const DOT = 1.8;
const BARE_DOT = 1;
/** On a projector dots grow with their picture. */
const LARGE = 460;
const LARGE_DOT = 2.3;
/** Data units of the longest arrow. */
const LONGEST_ARROW = 0.6;
const BARE_ARROW = 1.4;

export interface Surface {
  /** What the neutral colour stands for, and how far the full colours are from it. */
  readonly middle: number;
  readonly reach: number;
}

/**
 * Probabilities are shown from 0 to 1; scores from the smallest to the largest of all GANs that have such scores, so that a
 * colour means the same in each of them.
 */
export const surfaceScale = (kind: SurfaceKind, ...surfaces: readonly Float32Array[]): Surface => {
  if (kind === "probability") return { middle: 0.5, reach: 0.5 };
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const values of surfaces) {
    for (const value of values) {
      if (value < least) least = value;
      if (value > most) most = value;
    }
  }
  return { middle: (least + most) / 2, reach: (most - least) / 2 };
};

const channels = (color: string): readonly number[] => (color.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);

/** Share of the full colour that the surface has, so that points stand out on it. */
const SURFACE_STRENGTH = 0.6;

/** The surface is drawn small and enlarged by the browser, which smooths it. */
const small = new OffscreenCanvas(SURFACE, SURFACE);
const smallContext = small.getContext("2d")!;
const image = new ImageData(SURFACE, SURFACE);

const drawSurface = (
  kind: SurfaceKind,
  values: Float32Array,
  { middle, reach }: Surface,
  colors: Colors,
): void => {
  const [real, fake, neutral] = [colors.real, colors.fake, colors.background].map(channels);
  for (let row = 0; row < SURFACE; row++) {
    for (let column = 0; column < SURFACE; column++) {
      const raw = values[(SURFACE - 1 - row) * SURFACE + column];
      const value = kind === "probability" ? 1 / (1 + Math.exp(-raw)) : raw;
      const towards = reach > 0 ? (value - middle) / reach : 0;
      const signed = kind === "energy" ? -towards : towards;
      const share = Math.min(1, Math.abs(signed)) * SURFACE_STRENGTH;
      const full = signed > 0 ? real : fake;
      const at = 4 * (row * SURFACE + column);
      for (let c = 0; c < 3; c++) image.data[at + c] = neutral[c] + share * (full[c] - neutral[c]);
      image.data[at + 3] = 255;
    }
  }
  smallContext.putImageData(image, 0, 0);
};

export interface Scene {
  readonly picture: Picture;
  readonly real: Float32Array;
  readonly kind: SurfaceKind;
  readonly scale: Surface;
  readonly latentSize: number;
  readonly layers: readonly Layer[];
  readonly colors: Colors;
  /** Where the generated points come from, and how much of their way they have gone. */
  readonly trace?: { readonly from: Float32Array; readonly share: number } | undefined;
  /** A miniature: without axes, its lines and dots in proportion. */
  readonly bare?: boolean;
}

/** Points whose way is drawn. */
const TRACED = 120;

/** @param size side of the square canvas in CSS pixels */
export const drawScene = (context: CanvasRenderingContext2D, size: number, scene: Scene): void => {
  const { picture, real, kind, scale, latentSize, layers, colors, trace, bare = false } = scene;
  const margin = bare ? NONE : MARGIN;
  const width = size - margin.left - margin.right;
  const height = size - margin.top - margin.bottom;
  const px = (x: number): number => margin.left + ((x + VIEW) / (2 * VIEW)) * width;
  const py = (y: number): number => margin.top + ((VIEW - y) / (2 * VIEW)) * height;
  const shows = (layer: Layer): boolean => layers.includes(layer);
  const dot = bare ? BARE_DOT : size > LARGE ? LARGE_DOT : DOT;

  context.clearRect(0, 0, size, size);
  context.save();
  context.beginPath();
  context.rect(margin.left, margin.top, width, height);
  context.clip();
  if (shows("surface")) {
    drawSurface(kind, picture.surface, scale, colors);
    context.imageSmoothingEnabled = true;
    context.drawImage(small, margin.left, margin.top, width, height);
  }
  context.lineJoin = "round";
  if (shows("manifold")) {
    const point = (i: number) => [px(picture.manifold[2 * i]), py(picture.manifold[2 * i + 1])] as const;
    context.beginPath();
    if (latentSize === 1) {
      for (let i = 0; 2 * i < picture.manifold.length; i++) context.lineTo(...point(i));
    } else {
      for (let i = 0; i < GRID; i += bare ? 2 : 1) {
        for (let j = 0; j < GRID; j++) context[j === 0 ? "moveTo" : "lineTo"](...point(i * GRID + j));
        for (let j = 0; j < GRID; j++) context[j === 0 ? "moveTo" : "lineTo"](...point(j * GRID + i));
      }
    }
    context.strokeStyle = bare ? colors.fake : colors.text;
    context.globalAlpha = latentSize === 1 || bare ? 0.8 : 0.35;
    context.lineWidth = latentSize === 1 ? 1.5 : 0.75;
    context.stroke();
    context.globalAlpha = 1;
  }
  const dots = (points: Float32Array, color: string): void => {
    context.beginPath();
    for (let i = 0; i < points.length; i += bare ? 4 : 2) {
      const [x, y] = [px(points[i]), py(points[i + 1])];
      context.moveTo(x + dot, y);
      context.arc(x, y, dot, 0, 2 * Math.PI);
    }
    context.fillStyle = color;
    context.fill();
  };
  const fake = trace === undefined ? picture.fake : between(trace.from, picture.fake, trace.share);
  if (shows("real")) dots(real, colors.real);
  if (shows("fake") && trace !== undefined) {
    context.beginPath();
    for (let i = 0; i < 2 * TRACED; i += 2) {
      context.moveTo(px(trace.from[i]), py(trace.from[i + 1]));
      context.lineTo(px(fake[i]), py(fake[i + 1]));
    }
    context.strokeStyle = colors.fake;
    context.lineWidth = 1.25;
    context.stroke();
  }
  if (shows("fake")) dots(fake, colors.fake);
  if (shows("gradients")) {
    context.beginPath();
    for (let i = 0; i < picture.pull.length; i += bare ? 6 : 2) {
      const [x, y] = [fake[i], fake[i + 1]];
      const [dx, dy] = [picture.pull[i], picture.pull[i + 1]];
      const length = Math.hypot(dx, dy);
      // Long gradients are shortened, short ones stay short: one that vanishes must be seen to.
      const scale = (bare ? BARE_ARROW : LONGEST_ARROW) / (1 + length);
      arrow(context, px(x), py(y), px(x + dx * scale), py(y + dy * scale));
    }
    context.strokeStyle = colors.text;
    context.lineWidth = 1;
    context.globalAlpha = 0.8;
    context.stroke();
    context.globalAlpha = 1;
  }
  context.restore();
  if (!bare) drawAxes(context, size, px, py, colors);
};

/** Points on their way. */
const between = (from: Float32Array, to: Float32Array, share: number): Float32Array =>
  share >= 1 ? to : to.map((value, i) => from[i] + share * (value - from[i]));

const drawAxes = (
  context: CanvasRenderingContext2D,
  size: number,
  px: (x: number) => number,
  py: (y: number) => number,
  colors: Colors,
): void => {
  const width = size - MARGIN.left - MARGIN.right;
  const height = size - MARGIN.top - MARGIN.bottom;
  context.strokeStyle = colors.border;
  context.lineWidth = 1;
  context.strokeRect(MARGIN.left + 0.5, MARGIN.top + 0.5, width - 1, height - 1);
  context.fillStyle = colors.muted;
  context.font = canvasFont(11);
  context.beginPath();
  for (const tick of TICKS) {
    const label = String(tick).replace("-", "−");
    context.textAlign = "center";
    context.textBaseline = "top";
    context.fillText(label, px(tick), size - MARGIN.bottom + 5);
    context.textAlign = "right";
    context.textBaseline = "middle";
    context.fillText(label, MARGIN.left - 6, py(tick));
    context.moveTo(px(tick), size - MARGIN.bottom);
    context.lineTo(px(tick), size - MARGIN.bottom + 4);
    context.moveTo(MARGIN.left - 4, py(tick));
    context.lineTo(MARGIN.left, py(tick));
  }
  context.stroke();
};

/** A lattice in the plane of the first two numbers of the noise, or a line of its only one. */
export const drawNoise = (
  context: CanvasRenderingContext2D,
  size: number,
  latentSize: number,
  { border, muted }: Colors,
): void => {
  context.clearRect(0, 0, size, size);
  context.beginPath();
  const edge = size * 0.1;
  const at = (i: number): number => edge + ((size - 2 * edge) * i) / 10;
  if (latentSize === 1) {
    context.moveTo(edge, size / 2);
    context.lineTo(size - edge, size / 2);
  } else {
    for (let i = 0; i <= 10; i++) {
      context.moveTo(at(i), edge);
      context.lineTo(at(i), size - edge);
      context.moveTo(edge, at(i));
      context.lineTo(size - edge, at(i));
    }
  }
  context.strokeStyle = latentSize === 1 ? muted : border;
  context.lineWidth = latentSize === 1 ? 1.5 : 1;
  context.stroke();
  context.strokeStyle = muted;
  context.lineWidth = 1;
  if (latentSize !== 1) context.strokeRect(edge, edge, size - 2 * edge, size - 2 * edge);
};

const HEAD = 3;

const arrow = (
  context: CanvasRenderingContext2D,
  fromX: number,
  fromY: number,
  toX: number,
  toY: number,
): void => {
  const angle = Math.atan2(toY - fromY, toX - fromX);
  context.moveTo(fromX, fromY);
  context.lineTo(toX, toY);
  if (Math.hypot(toX - fromX, toY - fromY) < HEAD) return;
  context.moveTo(toX - HEAD * Math.cos(angle - 0.5), toY - HEAD * Math.sin(angle - 0.5));
  context.lineTo(toX, toY);
  context.lineTo(toX - HEAD * Math.cos(angle + 0.5), toY - HEAD * Math.sin(angle + 0.5));
};
