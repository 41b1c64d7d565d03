/**
 * Tables of the ziggurat for the normal distribution: 128 strips of equal area under exp(−x²/2), x ≥ 0 (Marsaglia &
 * Tsang 2000; the layout and constants are those of Doornik 2005, "An improved ziggurat method", ZIGNOR).
 */
export const STRIPS = 128;

/** Start of the tail. */
export const TAIL = 3.442619855899;

/** Area of each strip. */
const AREA = 9.91256303526217e-3;

const density = (x: number): number => Math.exp(-0.5 * x * x);

/** Right end of each strip, from the widest (the base strip with the tail's area, as a rectangle) to 0. */
export const edges: Float64Array = (() => {
  const x = new Float64Array(STRIPS + 1);
  x[0] = AREA / density(TAIL);
  x[1] = TAIL;
  for (let i = 2; i < STRIPS; i++) x[i] = Math.sqrt(-2 * Math.log(AREA / x[i - 1] + density(x[i - 1])));
  return x;
})();

/** Share of each strip that lies under the curve for sure. */
export const sure: Float64Array = Float64Array.from({ length: STRIPS }, (_, i) => edges[i + 1] / edges[i]);
