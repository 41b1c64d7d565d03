/**
 * Shapes as lists of numbers, and walks over the flat row-major arrays that they describe. Plain loops: these are asked thousands of
 * times while a graph is compiled, before anything of it has been optimised.
 */

/** Length of each axis; `[]` is a scalar. */
export type Shape = readonly number[];

/** `[2,3]`, as errors and `print` write a shape. */
export const formatShape = (shape: Shape): string => `[${shape.join(",")}]`;

/** Number of elements of a tensor of this shape; 1 for a scalar. */
export const sizeOf = (shape: Shape): number => {
  let product = 1;
  for (let i = 0; i < shape.length; i++) product *= shape[i];
  return product;
};

/**
 * Whether two shapes have the same axes of the same lengths.
 *
 * @param a a shape
 * @param b another
 */
export const sameShape = (a: Shape, b: Shape): boolean => {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
};

/**
 * The shape that tensors of these shapes take together (NumPy's broadcasting rule: axes are matched from the last, and
 * an axis of length 1 or a missing one is repeated); nothing where they do not fit.
 */
export const broadcastShapes = (...shapes: readonly Shape[]): number[] | undefined => {
  let rank = 0;
  for (let s = 0; s < shapes.length; s++) if (shapes[s].length > rank) rank = shapes[s].length;
  const result: number[] = [];
  for (let at = 0; at < rank; at++) {
    let length = 1;
    for (let s = 0; s < shapes.length; s++) {
      const own = shapes[s][shapes[s].length - rank + at] ?? 1;
      if (own === 1) continue;
      if (length !== 1 && length !== own) return undefined;
      length = own;
    }
    result.push(length);
  }
  return result;
};

/** Row-major strides. */
export const stridesOf = (shape: Shape): number[] => {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = stride;
    stride *= shape[i];
  }
  return strides;
};

/** Row-major strides; 0 where an axis of length 1 is to be repeated along `target`. */
export const broadcastStrides = (shape: Shape, target: Shape): number[] => {
  const strides = new Array<number>(target.length).fill(0);
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[target.length - shape.length + i] = shape[i] === 1 ? 0 : stride;
    stride *= shape[i];
  }
  return strides;
};

/** Calls `visit(flat, offset)` for each element of `shape` in row-major order, offset following `strides`. */
export const walk = (
  shape: Shape,
  strides: readonly number[],
  visit: (flat: number, offset: number) => void,
): void => {
  const rank = shape.length;
  const total = sizeOf(shape);
  const index = new Array<number>(rank).fill(0);
  let offset = 0;
  for (let flat = 0; flat < total; flat++) {
    visit(flat, offset);
    for (let axis = rank - 1; axis >= 0; axis--) {
      offset += strides[axis];
      if (++index[axis] < shape[axis]) break;
      offset -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
};

/** Copies x, addressed by `strides` from `start`, into a row-major array of `shape`. */
export const copyStrided = (
  x: Float64Array,
  shape: Shape,
  strides: readonly number[],
  start = 0,
): Float64Array => {
  const out = new Float64Array(sizeOf(shape));
  walk(shape, strides, (flat, offset) => {
    out[flat] = x[start + offset];
  });
  return out;
};

/** The order of axes that undoes `order`. */
export const inverseOrder = (order: readonly number[]): number[] => {
  const result = new Array<number>(order.length);
  for (let i = 0; i < order.length; i++) result[order[i]] = i;
  return result;
};
