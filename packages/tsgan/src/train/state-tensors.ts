/** The vectors of a state, joined from its named tensors, as checkpoints hold them. */
import { RunError } from "../errors.ts";
import { piecesOf, type StateVector } from "../game/index.ts";
import type { TensorData } from "./safetensors.ts";

/**
 * Each vector by name.
 *
 * @param file what errors call the tensors
 * @throws RunError where names or shapes are not those of the vectors
 */
export const flatVectors = (
  vectors: readonly StateVector[],
  tensors: Readonly<Record<string, TensorData>>,
  file: string,
): ReadonlyMap<string, Float32Array> => {
  const flats = new Map<string, Float32Array>();
  const expected = new Set<string>();
  for (const vector of vectors) {
    const flat = new Float32Array(vector.size);
    flats.set(vector.name, flat);
    for (const { name, shape, offset } of piecesOf(vector)) {
      expected.add(name);
      const found = tensors[name];
      if (found?.shape.join() !== shape.join() || !(found.data instanceof Float32Array)) {
        const got = found === undefined ? "none" : `[${found.shape.join(",")}]`;
        throw new RunError(
          `${file}: it belongs to another model: tensor ${name} must be [${shape.join(",")}]; got ${got}`,
        );
      }
      flat.set(found.data, offset);
    }
  }
  const foreign = Object.keys(tensors).find((name) => !expected.has(name));
  if (foreign !== undefined) {
    throw new RunError(`${file}: it belongs to another model: this one has no tensor ${foreign}`);
  }
  return flats;
};
