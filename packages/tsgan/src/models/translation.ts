/** Pairs of images as models that translate see them: one example, stacked along the channels. */
import { GraphError, sliceAxis, type Tensor } from "../graph/index.ts";
import { type ImageShape, squareSide } from "./sides.ts";

/** Channels and side of each image of a pair; errors call the model `model`. The side halves at least `least` times. */
export const imageOfPair = (
  model: string,
  pair: ImageShape,
  least: number,
): { readonly channels: number; readonly side: number } => {
  if (pair[0] % 2 !== 0) {
    throw new GraphError(
      `${model}: examples must be pairs of images, [2 · channels,height,width]; got [${pair.join(",")}]; ` +
        "use a data set of pairs, such as mnist-inverted, or a folder with subfolders A and B",
    );
  }
  return { channels: pair[0] / 2, side: squareSide(model, pair, least) };
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
