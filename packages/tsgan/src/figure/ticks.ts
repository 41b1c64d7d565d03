/** Ticks: round numbers within a domain, and how they are written. */
import type { Tick } from "./spec.ts";

const MINUS = "\u2212";

/** Numbers from this size on are written with a power of ten. */
const LARGE = 1e6;
/** So are axes whose step is below this. */
const SMALL = 1e-4;

/** mantissa · 10^exponent, with as few rounding errors as doubles allow: 3 · 10⁻¹ is 0.3. */
const timesPowerOfTen = (mantissa: number, exponent: number): number =>
  exponent < 0 ? mantissa / 10 ** -exponent : mantissa * 10 ** exponent;

/** `−1.50`: the value with that many decimals and a true minus sign. */
export const formatFixed = (value: number, decimals: number): string =>
  signed(value, Math.abs(value).toFixed(decimals));

const signed = (value: number, text: string): string => (value < 0 ? MINUS + text : text);

const grouped = (digits: string): string => {
  const [whole, fraction] = digits.split(".");
  const spaced = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, ",") : whole;
  return fraction === undefined ? spaced : `${spaced}.${fraction}`;
};

/** `2.5×10^{-5}` for 25 · 10⁻⁶; `digits` an integer. */
const scientific = (digits: number, exponent: number): string => {
  if (digits === 0) return "0";
  const size = String(Math.abs(digits)).replace(/0+$/, "");
  const power = exponent + String(Math.abs(digits)).length - 1;
  const mantissa = size.length > 1 ? `${size[0]}.${size.slice(1)}` : size;
  const text = mantissa === "1" ? `10^{${signed(power, String(Math.abs(power)))}}` : undefined;
  return signed(digits, text ?? `${mantissa}×10^{${signed(power, String(Math.abs(power)))}}`);
};

/** Steps between ticks beyond which powers of ten are no longer exact enough, or not there. */
const STEPS = [1e-290, 1e290] as const;

/**
 * About `count` multiples of 1, 2 or 5 times a power of ten in [low, high]: the step nearest in proportion. None where they would
 * be less than 1e-290 or more than 1e290 apart, or nearer to each other than numbers of their size are.
 */
export const linearTicks = (low: number, high: number, count: number): Tick[] => {
  const wanted = (high - low) / Math.max(1, count);
  const largest = Math.max(Math.abs(low), Math.abs(high));
  if (!(wanted > STEPS[0] && wanted < STEPS[1] && wanted > largest * Number.EPSILON)) return [];
  const power = Math.floor(Math.log10(wanted));
  const ratio = wanted / 10 ** power;
  const [mantissa, exponent] =
    ratio < Math.SQRT2
      ? [1, power]
      : ratio < Math.sqrt(10)
        ? [2, power]
        : ratio < Math.sqrt(50)
          ? [5, power]
          : [1, power + 1];
  const step = timesPowerOfTen(mantissa, exponent);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  const withPower = largest >= LARGE || step < SMALL;
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const digits = (first + i) * mantissa;
    const value = timesPowerOfTen(digits, exponent);
    const label = withPower
      ? scientific(digits, exponent)
      : signed(value, grouped(Math.abs(value).toFixed(Math.max(0, -exponent))));
    return { value, label };
  });
};

/** A power of ten times 1 … 9 as a label. */
const powerLabel = (mantissa: number, exponent: number, withPower: boolean): string =>
  withPower
    ? scientific(mantissa, exponent)
    : grouped(timesPowerOfTen(mantissa, exponent).toFixed(Math.max(0, -exponent)));

/**
 * Powers of ten in [low, high], every second, third … where there are more than `count`. Over few decades their
 * multiples by 2 and 5 are labelled too; the others are ticks without a label. Over less than a factor of 5: linear ticks.
 */
export const logTicks = (low: number, high: number, count: number): Tick[] => {
  const from = Math.log10(low);
  const to = Math.log10(high);
  if (to - from < Math.log10(5)) return linearTicks(low, high, count);
  const first = Math.floor(from + 1e-9);
  const last = Math.floor(to + 1e-9);
  const powers = last - Math.ceil(from - 1e-9) + 1;
  const stride = Math.max(1, Math.ceil(powers / Math.max(1, count)));
  const labelled = powers * 3 <= count + 1 ? [1, 2, 5] : [1];
  const withPower = first < -3 || last > 4;
  const ticks: Tick[] = [];
  for (let exponent = first; exponent <= last; exponent++) {
    for (let mantissa = 1; mantissa <= (stride === 1 ? 9 : 1); mantissa++) {
      const value = timesPowerOfTen(mantissa, exponent);
      if (value < low * (1 - 1e-9) || value > high * (1 + 1e-9)) continue;
      const named = labelled.includes(mantissa) && (exponent - last) % stride === 0;
      ticks.push({ value, label: named ? powerLabel(mantissa, exponent, withPower) : "" });
    }
  }
  return ticks;
};

/** Ticks of a scale, about `count` of them labelled. */
export const axisTicks = (type: "linear" | "log", low: number, high: number, count: number): Tick[] =>
  type === "log" ? logTicks(low, high, count) : linearTicks(low, high, count);
