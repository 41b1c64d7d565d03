/**
 * Algorithms F(tile, taps) that give `tile` outputs of a correlation with `taps` weights for tile + taps − 1 multiplications (Toom
 * and Cook; Winograd 1980; Lavin and Gray 2016, arXiv:1509.09308): Aᵀ[(G w) ⊙ (Bᵀ x)], and in two dimensions with each matrix
 * from both sides. Their transpositions are the two gradients: Gᵀ[(A y) ⊙ (Bᵀ x)] and B[(G w) ⊙ (A y)].
 */
import { reshape } from "./ops/broadcast.ts";
import { constant } from "./ops/leaves.ts";
import { matmul } from "./ops/linear.ts";
import { sizeOf } from "./shapes.ts";
import type { Tensor } from "./tensor.ts";

export type Rows = readonly (readonly number[])[];

/** Bᵀ [products, reach], G [products, taps] and A [products, tile]: a row for each multiplication, that is for each point, and for ∞. */
export interface Algorithm {
  readonly input: Rows;
  readonly filter: Rows;
  readonly output: Rows;
}

const powers = (p: number, count: number): number[] => Array.from({ length: count }, (_, k) => p ** k);
const last = (count: number): number[] => Array.from({ length: count }, (_, k) => Number(k === count - 1));

/** The algorithm whose points are those given, tile + taps − 2 of them, and ∞. */
export const toomCook = (tile: number, taps: number, points: readonly number[]): Algorithm => {
  const reach = tile + taps - 1;
  /** Coefficients of Π (x − p), the lowest first. */
  const polynomial = (roots: readonly number[]): number[] => {
    const product = new Array<number>(reach).fill(0).with(0, 1);
    for (const p of roots) {
      for (let k = reach - 1; k >= 0; k--) product[k] = (product[k - 1] ?? 0) - p * product[k];
    }
    return product;
  };
  const others = (i: number): number[] => points.filter((_, j) => j !== i);
  const filter = points.map((p, i) => {
    const scale = others(i).reduce((product, q) => product * (p - q), 1);
    return powers(p, taps).map((value) => value / scale);
  });
  return {
    input: [...points.map((_, i) => polynomial(others(i))), polynomial(points)],
    filter: [...filter, last(taps)],
    output: [...points.map((p) => powers(p, tile)), last(tile)],
  };
};

/** Rows with so many zeros before and after. */
const padded = (rows: Rows, before: number, after: number): Rows =>
  rows.map((row) => [...new Array(before).fill(0), ...row, ...new Array(after).fill(0)]);

/** Rows of both, those of b `from` columns further on. */
const joined = (a: Rows, b: Rows, from: number): Rows => [
  ...padded(a, 0, from + b[0].length - a[0].length),
  ...padded(b, from, 0),
];

/** Two tiles side by side as one: more multiplications than an algorithm for the longer tile has, and smaller errors. */
export const beside = (left: Algorithm, right: Algorithm): Algorithm => {
  const tile = left.output[0].length;
  return {
    input: joined(left.input, right.input, tile),
    filter: [...left.filter, ...right.filter],
    output: joined(left.output, right.output, tile),
  };
};

/** What `make` makes of each value, made once. */
export const once = <K extends object, V>(make: (value: K) => V): ((value: K) => V) => {
  const known = new WeakMap<K, V>();
  return (value) => {
    const found = known.get(value) ?? make(value);
    known.set(value, found);
    return found;
  };
};

export const transposed = once((m: Rows): Rows => m[0].map((_, j) => m.map((row) => row[j])));

/** D ⊗ A: what D from the left and Aᵀ from the right are to a tile that is written as one column. */
const kronecker = once((down: Rows) =>
  once((across: Rows): Tensor => {
    const rows = down.flatMap((d) => across.map((a) => d.flatMap((x) => a.map((y) => x * y))));
    return constant(Float32Array.from(rows.flat()), [rows.length, rows[0].length]);
  }),
);

export const onBothSides = (down: Rows, across: Rows): Tensor => kronecker(down)(across);

const ONE: Rows = [[1]];

/**
 * Tiles, of which each place is a row of x [r · s, …], with D [p, r] from the left and Aᵀ [s, q] from the right: [p · q, columns].
 * One after the other takes pr · s + qs · p multiplications a tile, where D ⊗ A takes pr · qs.
 */
export const fromBothSides = (x: Tensor, down: Rows, across: Rows): Tensor => {
  const [[p, r], [q, s]] = [down, across].map((m) => [m.length, m[0].length]);
  const columns = sizeOf(x.shape) / (r * s);
  const rows = matmul(onBothSides(down, ONE), reshape(x, [r, s * columns]));
  return reshape(matmul(onBothSides(ONE, across), reshape(rows, [p, s, columns])), [p * q, columns]);
};
