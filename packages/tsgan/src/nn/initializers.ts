/** Initial weights. An initialiser is a pure function of the shape and a stream of random numbers. */
import type { Shape } from "../graph/index.ts";
import { sizeOf } from "../graph/index.ts";
import type { RandomStream } from "../random/index.ts";

export interface InitializerRequest {
  readonly shape: Shape;
  /** Number of inputs that feed one output, and of outputs that one input feeds. */
  readonly fanIn: number;
  readonly fanOut: number;
  readonly random: RandomStream;
}

export type Initializer = (request: InitializerRequest) => Float32Array;

/** Every weight has the same `value`. */
export const constantInit =
  (value: number): Initializer =>
  ({ shape }) =>
    new Float32Array(sizeOf(shape)).fill(value);

/** Independent normal weights of the given `mean` and standard `deviation`. */
export const normalInit =
  (deviation: number, mean = 0): Initializer =>
  ({ shape, random }) => {
    const out = new Float32Array(sizeOf(shape));
    random.fillNormal(out, mean, deviation);
    return out;
  };

/** Independent weights uniform in (−limit, limit), `limit` the largest that a weight may be. */
export const uniformInit =
  (limit: number): Initializer =>
  ({ shape, random }) => {
    const out = new Float32Array(sizeOf(shape));
    random.fillUniform(out, -limit, limit);
    return out;
  };

/** N(0, 0.02): DCGAN (Radford et al. 2016, arXiv:1511.06434, §3). */
export const dcganInit: Initializer = normalInit(0.02);

/** N(0, gain² / fan-in), gain √2 for ReLU (He et al. 2015, arXiv:1502.01852, eq. 10). */
export const heInit =
  (gain = Math.SQRT2): Initializer =>
  (request) =>
    normalInit(gain / Math.sqrt(request.fanIn))(request);

/** U(±gain · √(6 / (fan-in + fan-out))) (Glorot & Bengio 2010, eq. 16). */
export const glorotInit =
  (gain = 1): Initializer =>
  (request) =>
    uniformInit(gain * Math.sqrt(6 / (request.fanIn + request.fanOut)))(request);

/**
 * U(±1/√fan-in): what PyTorch gives its dense and convolution layers.
 *
 * @param request the shape of the weight, its fan-in and a stream of random numbers
 */
export const fanInInit: Initializer = (request) => uniformInit(1 / Math.sqrt(request.fanIn))(request);

/**
 * Orthonormal rows (or columns, where there are more rows), times gain (Saxe et al. 2014, arXiv:1312.6120):
 * Gram–Schmidt of a normal matrix [out, rest].
 */
export const orthogonalInit =
  (gain = 1): Initializer =>
  ({ shape, random }) => {
    const rows = shape[0];
    const columns = sizeOf(shape) / rows;
    const [count, length] = rows <= columns ? [rows, columns] : [columns, rows];
    const vectors: Float64Array[] = [];
    while (vectors.length < count) {
      const vector = new Float64Array(length);
      random.fillNormal(vector);
      // Twice is enough: the second pass removes what rounding left of the first.
      for (let pass = 0; pass < 2; pass++) {
        for (const other of vectors) {
          const dot = other.reduce((sum, v, i) => sum + v * vector[i], 0);
          for (let i = 0; i < length; i++) vector[i] -= dot * other[i];
        }
      }
      const norm = Math.sqrt(vector.reduce((sum, v) => sum + v * v, 0));
      if (norm > 1e-6) vectors.push(vector.map((v) => v / norm));
    }
    const out = new Float32Array(rows * columns);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        out[i * columns + j] = gain * (rows <= columns ? vectors[i][j] : vectors[j][i]);
      }
    }
    return out;
  };
