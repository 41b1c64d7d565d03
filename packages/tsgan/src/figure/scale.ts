/** Scales: data values to pixels. */
import { UsageError } from "../errors.ts";
import type { Axis } from "./spec.ts";

/** Pixel of a value; NaN for a value that the scale cannot place. */
export type Scale = (value: number) => number;

export type Interval = readonly [low: number, high: number];

/** Beyond this some renderers lose precision; the panel clips long before. */
const FAR = 1e5;

/** A linear or logarithmic map from `domain` onto the pixels of `range` (which may descend). */
export const createScale = (type: "linear" | "log", domain: Interval, range: Interval): Scale => {
  const transform = type === "log" ? Math.log10 : (value: number) => value;
  const low = transform(domain[0]);
  const high = transform(domain[1]);
  const slope = (range[1] - range[0]) / (high - low);
  return (value) => {
    const pixel = range[0] + slope * (transform(value) - low);
    return Number.isFinite(pixel) ? Math.max(-FAR, Math.min(FAR, pixel)) : Number.NaN;
  };
};

/** The value that stands at a pixel: the inverse of `createScale`. */
export const createInverse = (type: "linear" | "log", domain: Interval, range: Interval): Scale => {
  const [low, high] = type === "log" ? domain.map(Math.log10) : domain;
  return (pixel) => {
    const value = low + ((pixel - range[0]) / (range[1] - range[0])) * (high - low);
    return type === "log" ? 10 ** value : value;
  };
};

/** Smallest interval that holds all values the scale can place; undefined if there is none. */
export const extent = (values: Iterable<number>, type: "linear" | "log"): Interval | undefined => {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value) || (type === "log" && value <= 0)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : undefined;
};

/**
 * The interval of two bounds, and around them where they are one value.
 *
 * @param low the lower end
 * @param high the upper end
 */
export const aroundBounds = (low: number, high: number): Interval => {
  if (high > low) return [low, high];
  const half = Math.max(0.5, Math.abs(low) / 2 ** 20);
  return [low - half, high + half];
};

/** Widens an interval by a share of its length at each end, but never across a bound of exactly zero. */
const widen = ([low, high]: Interval, share: number, type: "linear" | "log"): Interval => {
  if (type === "log") {
    const factor = low === high ? 2 : (high / low) ** share;
    return [low / factor, high * factor];
  }
  const margin = low === high ? Math.abs(low) / 2 || 1 : (high - low) * share;
  return [low === 0 && high > 0 ? 0 : low - margin, high === 0 && low < 0 ? 0 : high + margin];
};

/**
 * The domain of an axis: as asked for, or the extent of its values widened by `share`.
 *
 * @throws UsageError for a given domain that is empty, not finite, or not positive on a log axis
 */
export const axisDomain = (axis: Axis, values: Iterable<number>, share: number, where: string): Interval => {
  const type = axis.scale ?? "linear";
  if (axis.domain !== undefined) {
    const [low, high] = axis.domain;
    if (!(Number.isFinite(low) && Number.isFinite(high) && low < high && (type === "linear" || low > 0))) {
      const kind = type === "log" ? "finite positive bounds" : "finite bounds";
      throw new UsageError(
        `figure: the domain of the ${where} axis needs ${kind}, the lower first; got [${low}, ${high}]`,
      );
    }
    return axis.domain;
  }
  const found = extent(values, type);
  if (found === undefined) return type === "log" ? [0.1, 10] : [0, 1];
  return found[0] === found[1] || share > 0 ? widen(found, share, type) : found;
};
