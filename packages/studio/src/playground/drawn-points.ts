/** Points that were drawn, as text for the address: three characters a point, 9 bits a coordinate. */

/** Everything is shown in the square [−3, 3]². */
export const VIEW = 3;
export const MOST_POINTS = 400;

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const LEVELS = 512;

export type Point = readonly [x: number, y: number];

const level = (value: number): number =>
  Math.min(LEVELS - 1, Math.max(0, Math.round(((value + VIEW) / (2 * VIEW)) * (LEVELS - 1))));
const coordinate = (at: number): number => (at / (LEVELS - 1)) * 2 * VIEW - VIEW;

export const formatPoints = (points: readonly Point[]): string =>
  points
    .map(([x, y]) => {
      const bits = level(x) * LEVELS + level(y);
      return DIGITS[bits >> 12] + DIGITS[(bits >> 6) & 63] + DIGITS[bits & 63];
    })
    .join("");

export const parsePoints = (text: string): Point[] => {
  const codes = Array.from(text, (digit) => DIGITS.indexOf(digit));
  if (text.length % 3 !== 0 || codes.includes(-1) || text.length > 3 * MOST_POINTS) {
    throw new Error(`at most ${MOST_POINTS} points of three letters, digits, - or _ each`);
  }
  return Array.from({ length: text.length / 3 }, (_, i) => {
    const bits = (codes[3 * i] << 12) | (codes[3 * i + 1] << 6) | codes[3 * i + 2];
    return [coordinate(bits >> 9), coordinate(bits & (LEVELS - 1))];
  });
};

/** As it comes back from the address: a drawing is what its link holds. */
export const rounded = ([x, y]: Point): Point => [coordinate(level(x)), coordinate(level(y))];
