/** The minimum of a smooth function: limited-memory BFGS (Liu & Nocedal 1989), which linear models are fitted by. */

/** Value at `at`; the gradient is written to `gradient`. */
export type Smooth = (at: Float64Array, gradient: Float64Array) => number;

export interface MinimiseOptions {
  /** Iterations at most; 200 without. */
  readonly iterations?: number;
  /** It ends where no entry of the gradient is larger; 1e-6 without. */
  readonly tolerance?: number;
}

/** Steps and changes of the gradient that are remembered. */
const MEMORY = 12;
/** Share of the fall that the slope promises which a step must bring (Armijo). */
const SUFFICIENT = 1e-4;
const HALVINGS = 40;

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
};

/** `target += factor · other` */
const add = (target: Float64Array, factor: number, other: Float64Array): void => {
  for (let i = 0; i < target.length; i++) target[i] += factor * other[i];
};

interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
  readonly inner: number;
}

/** The direction of descent: minus the gradient, bent by what past steps say of the curvature (two-loop recursion). */
const directionOf = (gradient: Float64Array, pairs: readonly Pair[]): Float64Array => {
  const direction = gradient.map((value) => -value);
  const factors = new Float64Array(pairs.length);
  for (let i = pairs.length - 1; i >= 0; i--) {
    const { step, change, inner } = pairs[i];
    factors[i] = dot(step, direction) / inner;
    add(direction, -factors[i], change);
  }
  const last = pairs.at(-1);
  const scale =
    last === undefined
      ? 1 / Math.max(1, Math.sqrt(dot(gradient, gradient)))
      : last.inner / dot(last.change, last.change);
  for (let i = 0; i < direction.length; i++) direction[i] *= scale;
  pairs.forEach(({ step, change, inner }, i) => {
    add(direction, factors[i] - dot(change, direction) / inner, step);
  });
  return direction;
};

/** Where a convex function is least, from the origin on. */
export const minimise = (
  size: number,
  smooth: Smooth,
  { iterations = 200, tolerance = 1e-6 }: MinimiseOptions = {},
): Float64Array => {
  let at = new Float64Array(size);
  let gradient = new Float64Array(size);
  let value = smooth(at, gradient);
  const pairs: Pair[] = [];
  for (let i = 0; i < iterations; i++) {
    if (gradient.every((entry) => Math.abs(entry) <= tolerance)) break;
    let direction = directionOf(gradient, pairs);
    let slope = dot(direction, gradient);
    if (!(slope < 0)) {
      pairs.length = 0;
      direction = directionOf(gradient, pairs);
      slope = dot(direction, gradient);
    }
    let length = 1;
    let next = at;
    let nextValue = value;
    const nextGradient = new Float64Array(size);
    let found = false;
    for (let h = 0; h < HALVINGS && !found; h++, length /= 2) {
      next = at.slice();
      add(next, length, direction);
      nextValue = smooth(next, nextGradient);
      // Near the minimum the fall drowns in rounding: the slope must then have fallen.
      const isLevel = Math.abs(nextValue - value) <= 1e-13 * Math.abs(value);
      found =
        nextValue <= value + SUFFICIENT * length * slope ||
        (isLevel && Math.abs(dot(nextGradient, direction)) <= 0.9 * Math.abs(slope));
    }
    if (!found) break;
    const step = next.map((entry, j) => entry - at[j]);
    const change = nextGradient.map((entry, j) => entry - gradient[j]);
    const inner = dot(step, change);
    if (inner > 1e-14 * dot(change, change)) pairs.push({ step, change, inner });
    if (pairs.length > MEMORY) pairs.shift();
    [at, gradient, value] = [next, nextGradient, nextValue];
  }
  return at;
};
