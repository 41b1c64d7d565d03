/** The discriminator that judges patches (Isola et al. 2017, arXiv:1611.07004, §3.2.2). */
import { auto, integer } from "../define/index.ts";
import { dcganInit, type Layer, layers, normalInit } from "../nn/index.ts";
import { checkNumber } from "../options.ts";
import type { Sides } from "./sides.ts";

/** Initial scale of batch norm: N(1, 0.02). */
export const normScale = normalInit(0.02, 1);

export const patchLayersOption = auto(
  integer({
    default: 3,
    least: 1,
    most: 10,
    means:
      "strided layers of the PatchGAN: 3, each score for 70 × 70 pixels, in the authors' code; 2 for 34 × 34, 1 for 16 × 16",
  }),
  "3 from 128 px on, 2 from 12 px on, or else 1",
);

/** Shortest side of the map that the last two layers, which each take 1 off it, make scores of. */
const LEAST_MAP = 3;

/** The strided layers that were asked for, or those that suit images of these sides. @throws UsageError for too many */
export const patchLayersFor = (model: string, sides: Sides, asked: number | undefined): number => {
  const side = Math.min(...sides);
  const most = Math.floor(Math.log2(side / LEAST_MAP));
  const count = asked ?? Math.min(most, side >= 128 ? 3 : 2);
  checkNumber(model, "patchLayers", count, { least: 1, most, integer: true });
  return count;
};

/**
 * Scores [N, 1, H′, W′], one for each patch: `strided` 4 × 4 convolutions that halve the sides and double the filters, two
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
