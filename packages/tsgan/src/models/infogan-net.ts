/** The networks that InfoGAN's authors made for digits, which "Are GANs created equal?" took over. */
import { type Layer, layers, normalInit } from "../nn/index.ts";
import type { Backbone } from "./backbone.ts";
import { halved, type ImageShape, sidesOf } from "./sides.ts";

export interface InfoganLayersOptions {
  readonly image: ImageShape;
  /** Filters of the outer convolutions. */
  readonly base: number;
  /** Units of the dense layers. */
  readonly hidden: number;
  /** Normalisation of the discriminator; the generator has batch norm. */
  readonly discriminatorNorm: "batch" | "none";
  readonly batchNorm: { readonly epsilon: number; readonly momentum: number };
  /** Slopes of the leaky rectifiers for negative numbers; 0 is a rectifier. */
  readonly leak: { readonly generator: number; readonly discriminator: number };
}

const rectifier = (leak: number): Layer => (leak === 0 ? layers.relu() : layers.leakyRelu(leak));

/**
 * Two dense and two 4×4 convolution layers each, images in [0, 1] out of a sigmoid, weights N(0, 0.02) (openai/InfoGAN,
 * models/regularized_gan.py; arXiv:1606.03657, C.1). Sides are multiples of 4; errors call the model `name`.
 */
export const infoganLayers = (name: string, options: InfoganLayersOptions): Backbone => {
  const { image, base, hidden, discriminatorNorm, batchNorm, leak } = options;
  const quarter = halved(sidesOf(name, image, 4), 2);
  const init = normalInit(0.02);
  const stride2 = { kernel: 4, stride: 2, padding: 1, init } as const;
  const norm = layers.batchNorm(batchNorm);
  const critical: readonly Layer[] = discriminatorNorm === "batch" ? [norm] : [];
  const [rectified, leaking] = [rectifier(leak.generator), rectifier(leak.discriminator)];
  return {
    generator: layers.sequential(
      layers.dense(hidden, { init }),
      norm,
      rectified,
      layers.dense(2 * base * quarter[0] * quarter[1], { init }),
      norm,
      rectified,
      layers.reshape([2 * base, ...quarter]),
      layers.convTranspose2d(base, stride2),
      norm,
      rectified,
      layers.convTranspose2d(image[0], stride2),
      layers.sigmoid(),
    ),
    body: layers.sequential(
      layers.conv2d(base, stride2),
      leaking,
      layers.conv2d(2 * base, stride2),
      ...critical,
      leaking,
      layers.flatten(),
      layers.dense(hidden, { init }),
      ...critical,
      leaking,
    ),
    head: (units) => layers.dense(units, { init }),
  };
};
