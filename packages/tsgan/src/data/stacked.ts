/** Images stacked as colour channels: Stacked-MNIST, a distribution with 1,000 known modes. */
import { UsageError } from "../errors.ts";
import { randomStream } from "../random/index.ts";
import type { Batch, Dataset } from "./dataset.ts";
import type { FiniteDataset } from "./finite.ts";
import { checkStretch } from "./stream.ts";

const CHANNELS = 3;
/** Examples that share one random stream. */
const CHUNK = 64;

/**
 * Three independent random examples of a labelled grey data set as the channels of one image, drawn afresh each time
 * (Metz et al. 2017, arXiv:1611.02163, §3.3.1, as in PacGAN's "unrolled" setting). With K classes there are K³ modes; the
 * label is (a K + b) K + c for classes a, b, c of the channels.
 *
 * @param source images [1, H, W] with labels
 * @param name what the data set and its errors are called
 * @throws UsageError for a source without labels, or of more than one channel
 */
export const stackChannels = (source: FiniteDataset, name: string): Dataset => {
  const [channels, ...sides] = source.shape;
  const { classes } = source;
  if (channels !== 1 || classes === undefined) {
    throw new UsageError(
      `data set ${name}: expected labelled images of one channel; got [${source.shape.join(",")}]`,
    );
  }
  /** The examples of `source` at `indices`, three by three. */
  const stack = async (indices: Uint32Array): Promise<Batch> => {
    const { examples, labels = new Int32Array(0) } = await source.read(indices);
    const stacked = Int32Array.from({ length: indices.length / CHANNELS }, (_, i) => {
      const [a, b, c] = labels.subarray(i * CHANNELS, (i + 1) * CHANNELS);
      return (a * classes.length + b) * classes.length + c;
    });
    return { examples, labels: stacked };
  };
  return {
    name,
    shape: [CHANNELS, ...sides],
    size: Number.POSITIVE_INFINITY,
    classes: classes.flatMap((a) => classes.flatMap((b) => classes.map((c) => `${a}${b}${c}`))),
    draw(seed, position, count) {
      checkStretch(name, position, count);
      const indices = new Uint32Array(count * CHANNELS);
      for (let chunk = Math.floor(position / CHUNK); chunk * CHUNK < position + count; chunk++) {
        const random = randomStream(seed, "stack", chunk);
        for (let i = chunk * CHUNK - position; i < Math.min((chunk + 1) * CHUNK - position, count); i++) {
          for (let c = 0; c < CHANNELS; c++) {
            const index = random.integer(source.size);
            if (i >= 0) indices[i * CHANNELS + c] = index;
          }
        }
      }
      return stack(indices);
    },
  };
};
