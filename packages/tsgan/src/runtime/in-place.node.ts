/**
 * Runs that leave outputs where they are told to, and nowhere else. onnxruntime-node 1.30 writes an output into the tensor that it is
 * given, and then returns a copy of it all the same: of a training state, up to a tenth of a step. It makes the copies of all outputs
 * in a row when everything is computed, and throws at one for which JavaScript has no value. An empty sequence is such a one, and put
 * before the others there is nothing to copy.
 */
import type { InferenceSession, Tensor } from "onnxruntime-common";
import { Wire } from "../graph/wire.ts";
import type { Session } from "./engine.ts";

const EMPTY = "empty";
const FLOAT = 1;

/** What onnxruntime-node says of an output that is no tensor. */
const NO_TENSOR = "Non tensor type is temporarily not supported.";

/**
 * The model with an empty sequence as its first output. In Protocol Buffers a message that is written twice is both in one: lists of
 * the first come before those of the second.
 */
export const withEmptyOutput = (model: Uint8Array): Uint8Array => {
  // The numbers of fields are those of onnx.proto.
  const wire = new Wire();
  wire.message(7, () => {
    wire.message(1, () => {
      wire.string(2, EMPTY);
      wire.string(3, EMPTY);
      wire.string(4, "SequenceEmpty");
    });
    wire.message(12, () => {
      wire.string(1, EMPTY);
      wire.message(2, () =>
        wire.message(4, () => wire.message(1, () => wire.message(1, () => wire.integer(1, FLOAT)))),
      );
    });
  });
  const before = wire.finish();
  const all = new Uint8Array(before.length + model.length);
  all.set(before);
  all.set(model, before.length);
  return all;
};

const arrays = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;

/**
 * A session of such a model. What a run is given no tensor for it makes one for, of the shape that the model has; it gives all of them.
 *
 * @param Made the class of the runtime's tensors
 */
export const inPlace = (session: InferenceSession, Made: typeof Tensor): Session => {
  const shapes = session.outputMetadata.flatMap((output) => (output.isTensor ? [output] : []));
  const makers = new Map(
    shapes.map(({ name, type, shape }) => {
      const dims = shape.map(Number);
      const size = dims.reduce((a, b) => a * b, 1);
      const kind = type as keyof typeof arrays;
      return [name, () => new Made(kind as "float32", new arrays[kind](size) as Float32Array, dims)];
    }),
  );
  return {
    run: async (feeds, fetches = {}) => {
      const given: Record<string, Tensor> = {};
      for (const [name, make] of makers) given[name] = fetches[name] ?? make();
      try {
        await session.run(feeds, { [EMPTY]: null, ...given });
      } catch (error) {
        if ((error as Error).message !== NO_TENSOR) throw error;
      }
      return given;
    },
    release: () => session.release(),
  };
};
