/** Plain settings that presets are made of, as configurations have them. */
import type { Settings } from "../define/index.ts";

/** One optimiser for both players. */
export const both = <Optimizer extends Settings>(optimizer: Optimizer) => ({
  generator: optimizer,
  discriminator: optimizer,
});

/** Tuned on ring and grid (docs/losses-matrix.md): the learning rate must end near 0 for samples to settle on the modes. */
export const pointOptimizer = both({
  name: "adam",
  learningRate: { kind: "linear", from: 2e-3, to: 0 },
  beta1: 0.5,
  beta2: 0.9,
} as const);

/** Small perceptrons for points of about this size, 2. */
export const pointModel = { name: "mlp", latent: 2, hidden: [128, 128, 128], scale: 2 } as const;
