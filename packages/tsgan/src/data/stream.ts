/** What every data set's `draw` and `read` require of their arguments. */
import { UsageError } from "../errors.ts";

/** Refuses a stretch of the stream that is not made of whole, non-negative numbers. */
export const checkStretch = (name: string, position: number, count: number): void => {
  if (!(Number.isSafeInteger(position) && position >= 0 && Number.isSafeInteger(count) && count >= 0)) {
    throw new UsageError(
      `data set ${name}: position and count must be non-negative integers; got ${position} and ${count}`,
    );
  }
};

/** Refuses an index that the data set does not have. */
export const checkIndices = (name: string, indices: Uint32Array, size: number): void => {
  for (const index of indices) {
    if (index >= size) {
      throw new UsageError(`data set ${name}: an index must be below its size ${size}; got ${index}`);
    }
  }
};
