/** The discriminator that judges patches (Isola et al. 2017, arXiv:1611.07004, §3.2.2). */
import { dcganInit, type Layer, layers, normalInit } from "../nn/index.ts";

/** Initial scale of batch norm: N(1, 0.02). */
export const normScale = normalInit(0.02, 1);

/**
 * Scores [N, 1, H′, W′], one for each patch: `strided` 4 × 4 convolutions that halve the side and double the filters, two
 * more that do not halve. No norm in the first layer, leak 0.2 (junyanz/pytorch-CycleGAN-and-pix2pix `networks.py`).
 */
export const patchDiscriminator = (base: number, strided: number, norm: Layer): Layer => {
  const convolution = (filters: number, stride: 1 | 2): Layer =>
    layers.conv2d(filters, { kernel: 4, stride, padding: 1, init: dcganInit });
  const body: Layer[] = [convolution(base, 2), layers.leakyRelu(0.2)];
  for (let i = 1; i <= strided; i++) {
    const filters = base * Math.min(8, 2 ** i);
    body.push(convolution(filters, i === strided ? 1 : 2), norm, layers.leakyRelu(0.2));
  }
  return layers.sequential(...body, convolution(1, 1));
};
