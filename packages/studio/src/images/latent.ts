/** Geometry of latent vectors: points between two others, and sums that stay where the generator knows its way. */
import { randomStream } from "tsgan";
import { latentFill } from "tsgan/game";
import type { Latent } from "tsgan/models";

/** Latent vectors [count, latent size], those that `tsgan sample --seed` takes. */
export const drawLatents = (latent: Latent, count: number, seed: number): Float32Array => {
  const z = new Float32Array(count * latent.size);
  latentFill(latent, randomStream(seed, "sample/latent"), z);
  return z;
};

const length = (vector: Float32Array): number => Math.hypot(...vector);

const isNormal = ({ distribution, parts }: Latent): boolean =>
  distribution === "normal" && parts === undefined;

/**
 * The point at t ∈ [0, 1] on the way from a to b. Normal vectors of size d lie near the sphere of radius √d, which the
 * straight line leaves: between them by spherical interpolation, (sin((1 − t)ω) a + sin(tω) b) / sin ω with ω the angle
 * between a and b (Shoemake 1985; White 2016, arXiv:1609.04468), with the lengths interpolated linearly. Others on the
 * straight line.
 */
export const between = (latent: Latent, a: Float32Array, b: Float32Array, t: number): Float32Array => {
  const mix = (ofA: number, ofB: number): Float32Array => a.map((value, i) => ofA * value + ofB * b[i]);
  if (!isNormal(latent)) return mix(1 - t, t);
  const [lengthA, lengthB] = [length(a), length(b)];
  const cosine = a.reduce((sum, value, i) => sum + value * b[i], 0) / (lengthA * lengthB);
  const angle = Math.acos(Math.min(1, Math.max(-1, cosine)));
  const sine = Math.sin(angle);
  // Same or opposite directions: no single great circle goes through them.
  if (!(sine > 1e-4)) return mix(1 - t, t);
  const wanted = (1 - t) * lengthA + t * lengthB;
  return mix(
    ((Math.sin((1 - t) * angle) / sine) * wanted) / lengthA,
    ((Math.sin(t * angle) / sine) * wanted) / lengthB,
  );
};

/** Least and largest number of each distribution that has them. */
const ranges: Readonly<Record<string, readonly [number, number]>> = {
  uniform: [-1, 1],
  "unit-uniform": [-Math.sqrt(3), Math.sqrt(3)],
  "uniform-01": [0, 1],
};

/**
 * a − b + c (Radford et al. 2016, §6.3.2), brought back to where latent vectors lie: normal ones to the length of a, since
 * the sum of three is √3 times as long; uniform ones to their range.
 */
export const arithmetic = (
  latent: Latent,
  a: Float32Array,
  b: Float32Array,
  c: Float32Array,
): Float32Array => {
  const sum = a.map((value, i) => value - b[i] + c[i]);
  const range = ranges[latent.distribution];
  if (range !== undefined && latent.parts === undefined) {
    return sum.map((value) => Math.min(range[1], Math.max(range[0], value)));
  }
  if (!isNormal(latent)) return sum;
  const scale = length(a) / (length(sum) || 1);
  return sum.map((value) => value * scale);
};
