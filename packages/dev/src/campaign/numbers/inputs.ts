/** Random inputs for the functions of distances and metrics: sizes, scales, duplicates, weights and forms as people have them. */
import type { Matrix, MatrixLike } from "tsgan/distances";
import type { RandomStream } from "tsgan/random";

export const pick = <T>(random: RandomStream, ...choices: readonly T[]): T =>
  choices[random.integer(choices.length)];

/** 1 … most, small ones more often. */
export const sizeOf = (random: RandomStream, most = 50, least = 1): number =>
  least + Math.floor((most - least + 1) * random.uniform() ** 2);

/** x · 2ᵉ for any e. */
export const shift = (x: number, exponent: number): number => {
  if (x === 0) return x;
  const half = Math.trunc(exponent / 2);
  const quarter = Math.trunc(half / 2);
  return x * 2 ** quarter * 2 ** (half - quarter) * 2 ** (exponent - half);
};

/** The exponent of a power of two from 1e-300 to 1e300; often 0. */
export const exponentOf = (random: RandomStream, most = 997): number =>
  random.uniform() < 0.4 ? 0 : random.integer(2 * most + 1) - most;

const SHAPES = ["normal", "lattice", "duplicates", "constant", "clusters", "offset", "narrow"] as const;

/** Points near 1, in float32 where asked. */
export const pointsNear1 = (random: RandomStream, rows: number, columns: number, float32 = false): Matrix => {
  const data = new Float64Array(rows * columns);
  const shape = pick(random, ...SHAPES);
  const one = (): number => {
    switch (shape) {
      case "lattice":
        return random.integer(9) - 4;
      case "constant":
        return 0.3;
      case "clusters":
        return 3 * random.integer(3) + 1e-3 * random.normal();
      case "offset":
        return 100 + random.normal();
      case "narrow":
        return 1 + 1e-6 * random.normal();
      default:
        return random.normal();
    }
  };
  for (let k = 0; k < data.length; k++) data[k] = float32 ? Math.fround(one()) : one();
  if (shape === "duplicates") {
    for (let i = 1; i < rows; i++) {
      if (random.uniform() < 0.5) data.copyWithin(i * columns, 0, columns);
    }
  }
  return { rows, columns, data };
};

export const scaled = ({ rows, columns, data }: Matrix, exponent: number): Matrix => ({
  rows,
  columns,
  data: data.map((value) => shift(value, exponent)),
});

/** A matrix in one of the forms that are taken. */
export const given = (random: RandomStream, matrix: Matrix, float32 = false): MatrixLike => {
  const { rows, columns, data } = matrix;
  if (float32) return { data: Float32Array.from(data), shape: [rows, columns] };
  switch (random.integer(4)) {
    case 0:
      return Array.from({ length: rows }, (_, i) => [...data.subarray(i * columns, (i + 1) * columns)]);
    case 1:
      return { data, shape: [rows, columns] };
    case 2:
      return { data: [...data], shape: [rows, 1, columns] };
    default:
      return matrix;
  }
};

/** Two sets of points of one dimension, near 1 and as they are given: scaled, and in some form. */
export interface Pair {
  readonly x: Matrix;
  readonly y: Matrix;
  readonly exponent: number;
  readonly givenX: MatrixLike;
  readonly givenY: MatrixLike;
  readonly tried: string;
}

export const pairOf = (
  random: RandomStream,
  {
    least = 1,
    most = 50,
    columns = sizeOf(random, 6),
  }: { least?: number; most?: number; columns?: number } = {},
): Pair => {
  const float32 = random.uniform() < 0.25;
  const exponent = exponentOf(random, float32 ? 100 : 997);
  const x = pointsNear1(random, sizeOf(random, most, least), columns, float32);
  const y = random.uniform() < 0.15 ? x : pointsNear1(random, sizeOf(random, most, least), columns, float32);
  return {
    x,
    y,
    exponent,
    givenX: given(random, scaled(x, exponent), float32),
    givenY: given(random, scaled(y, exponent), float32),
    tried: `${x.rows} and ${y.rows} points of ${columns}${x === y ? ", the same" : ""}, times 2^${exponent}${float32 ? ", float32" : ""}`,
  };
};

/** Weights ≥ 0 that may be of any size, some of them 0 or denormal. At least one of them counts. */
export const weightsOf = (random: RandomStream, size: number): Float64Array => {
  const kind = random.integer(6);
  const scale = shift(1, exponentOf(random, 900));
  const weights = Float64Array.from({ length: size }, () => {
    switch (kind) {
      case 0:
        return 1;
      case 1:
        return random.uniform() < 0.4 ? 0 : random.uniform() * scale;
      case 2:
        return random.uniform() < 0.4 ? random.integer(5) * Number.MIN_VALUE : random.uniform();
      case 3:
        return random.uniform() < 0.4 ? 1e-200 * random.uniform() : random.uniform();
      case 4:
        return (1 + random.integer(9)) * Number.MIN_VALUE;
      default:
        return random.uniform() * scale;
    }
  });
  if (weights.every((weight) => weight === 0)) weights[random.integer(size)] = kind === 1 ? scale : 1;
  return weights;
};

/** Weights that add to one, in float64 or float32, some of them 0, denormal or tiny. */
export const distributionOf = (random: RandomStream, size: number): Float64Array | Float32Array => {
  const kind = random.integer(6);
  const weights = Float64Array.from({ length: size }, () => {
    if (kind === 1 || kind === 5) return random.uniform() < 0.4 ? 0 : random.uniform();
    return kind === 0 ? 1 : 0.01 + random.uniform();
  });
  if (kind === 4) weights.fill(0);
  if (weights.every((weight) => weight === 0)) weights[random.integer(size)] = 1;
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const shares = weights.map((weight) => weight / sum);
  if (kind === 5) return Float32Array.from(shares);
  if (kind === 2 || kind === 3) {
    const least = kind === 2 ? Number.MIN_VALUE : 1e-250;
    const large = random.integer(size);
    for (let i = 0; i < size; i++) {
      if (i === large || random.uniform() < 0.6) continue;
      shares[large] += shares[i];
      shares[i] = least * (1 + random.integer(5));
    }
  }
  return shares;
};

/** The weights divided by their sum, whatever their size. */
export const sharesOf = (weights: ArrayLike<number>): Float64Array => {
  const values = Float64Array.from(weights);
  const largest = values.reduce((most, weight) => Math.max(most, weight), 0);
  const scaledValues = values.map((weight) => weight / largest);
  const sum = scaledValues.reduce((total, weight) => total + weight, 0);
  return scaledValues.map((weight) => weight / sum);
};
