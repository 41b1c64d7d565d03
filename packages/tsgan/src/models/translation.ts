/** Pairs of images as models that translate see them: one example, stacked along the channels. */
import { UsageError } from "../errors.ts";
import { GraphError, sliceAxis, type Tensor } from "../graph/index.ts";
import { type ImageShape, type Sides, sidesOf } from "./sides.ts";

/** Translating networks halve the sides twice, and need this many pixels. */
const LEAST_SIDE = 8;

/**
 * Channels and sides of each image of a pair; the sides are multiples of 4. Errors call the model `model`.
 *
 * @throws UsageError for images that are no pairs, or of other sides
 */
export const imageOfPair = (
  model: string,
  pair: ImageShape,
): { readonly channels: number; readonly sides: Sides } => {
  if (pair[0] % 2 !== 0) {
    throw new UsageError(
      `${model}: examples must be pairs of images, [2 · channels,height,width]; got [${pair.join(",")}]; ` +
        "use a data set of pairs, such as mnist-inverted, or a folder with subfolders A and B",
    );
  }
  return { channels: pair[0] / 2, sides: sidesOf(model, pair, 4, LEAST_SIDE) };
};

const half = (pair: Tensor | undefined, index: 0 | 1): Tensor => {
  if (pair === undefined) throw new GraphError("translation: the generator needs a source; none is given");
  const channels = pair.shape[1] / 2;
  return sliceAxis(pair, 1, index * channels, (index + 1) * channels);
};

/** The first images of pairs [N, 2C, H, W]. */
export const firstOf = (pair: Tensor | undefined): Tensor => half(pair, 0);
/** The second images of pairs [N, 2C, H, W]. */
export const secondOf = (pair: Tensor | undefined): Tensor => half(pair, 1);
