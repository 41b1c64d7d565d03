/** Numbers of random words. */
import type { Words } from "./words.ts";
import { edges, STRIPS, sure, TAIL } from "./ziggurat.ts";

type Numbers = Float32Array | Float64Array;

/** Fills `out` with numbers uniform in [low, high). */
export const uniforms = (source: Words, out: Numbers, low: number, high: number): void => {
  for (let i = 0; i < out.length; ) {
    const end = Math.min(out.length, i + source.ready());
    const { words } = source;
    let at = source.position;
    while (i < end) out[i++] = low + (high - low) * ((words[at++] >>> 8) / 0x1000000);
    source.position = at;
  }
};

/** The tail beyond the last strip (Marsaglia 1964). */
const tail = (source: Words, negative: boolean): number => {
  for (;;) {
    const x = Math.log((source.take() + 1) / 0x100000000) / TAIL;
    const y = Math.log((source.take() + 1) / 0x100000000);
    if (-2 * y >= x * x) return negative ? x - TAIL : TAIL - x;
  }
};

/** x, where a point at x in the uncertain end of a strip lies under the curve. */
const wedge = (source: Words, x: number, strip: number): number | undefined => {
  const low = Math.exp(-0.5 * (edges[strip] ** 2 - x * x));
  const high = Math.exp(-0.5 * (edges[strip + 1] ** 2 - x * x));
  return high + source.uniform() * (low - high) < 1 ? x : undefined;
};

/** The 25 bits above the strip's number, centred: a uniform number in (−1, 1). */
const centred = (word: number): number => ((word >>> 7) + 0.5) / 0x1000000 - 1;

/** The normal number of a word for which more are needed, or none; one word in 80 is such. */
export const rareNormal = (source: Words, word: number): number | undefined => {
  const strip = word & (STRIPS - 1);
  const u = centred(word);
  return strip === 0 ? tail(source, u < 0) : wedge(source, u * edges[strip], strip);
};

/** Fills `out` with normal numbers (ziggurat). */
export const normals = (source: Words, out: Numbers, mean: number, deviation: number): void => {
  // One loop without calls: numbers that functions return are objects on the heap, millions a second of them.
  for (let i = 0; i < out.length; ) {
    source.ready();
    const word = source.words[source.position++];
    const strip = word & (STRIPS - 1);
    const u = centred(word);
    if (Math.abs(u) < sure[strip]) {
      out[i++] = mean + deviation * (u * edges[strip]);
      continue;
    }
    const rare = rareNormal(source, word);
    if (rare !== undefined) out[i++] = mean + deviation * rare;
  }
};
