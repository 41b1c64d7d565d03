/** How well-known networks want their pictures. */

export interface FeaturePreset {
  /** Sides of the pictures that it is given, where the model does not fix them. */
  readonly side: number;
  /** Of each channel of pictures in [0, 1]: what is taken away, and what the rest is divided by. */
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
  /** Outputs that are looked for, in this order; the first output where there is none of them. */
  readonly layers: readonly string[];
}

/** By the name of the network. */
export const featurePresets = {
  /** Szegedy et al. 2016, as Heusel et al. 2017 take it: [−1, 1], 299 × 299, the last pooling. */
  inception: {
    side: 299,
    mean: [0.5, 0.5, 0.5],
    deviation: [0.5, 0.5, 0.5],
    layers: ["pool3", "avgpool", "features"],
  },
  /** Oquab et al. 2023, arXiv:2304.07193: the class token. */
  dinov2: {
    side: 224,
    mean: [0.485, 0.456, 0.406],
    deviation: [0.229, 0.224, 0.225],
    layers: ["pooler_output", "last_hidden_state"],
  },
  /** Radford et al. 2021, arXiv:2103.00020. */
  clip: {
    side: 224,
    mean: [0.48145466, 0.4578275, 0.40821073],
    deviation: [0.26862954, 0.26130258, 0.27577711],
    layers: ["image_embeds", "pooler_output"],
  },
} as const satisfies Readonly<Record<string, FeaturePreset>>;

export type FeaturePresetName = keyof typeof featurePresets;
export const featurePresetNames = Object.keys(featurePresets) as readonly FeaturePresetName[];

/** Pictures [n, 3, …] in [−1, 1] as the network wants them. */
export const preparedFor = (
  { mean, deviation }: FeaturePreset,
  images: Float32Array,
  count: number,
): Float32Array => {
  const area = images.length / (3 * count);
  return images.map((value, i) => {
    const channel = Math.floor(i / area) % 3;
    return ((value + 1) / 2 - mean[channel]) / deviation[channel];
  });
};
