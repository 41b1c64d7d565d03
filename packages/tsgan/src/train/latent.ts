/** Latent vectors. */
import type { LatentDistribution } from "../models/model.ts";
import type { RandomStream } from "../random/index.ts";

/** Fills `out` with numbers of the given distribution: N(0,1), U(−1,1), U(−√3,√3) (unit variance) or U(0,1). */
export const latentFill = (
  distribution: LatentDistribution,
  random: RandomStream,
  out: Float32Array,
): void => {
  switch (distribution) {
    case "normal":
      random.fillNormal(out);
      return;
    case "uniform":
      random.fillUniform(out, -1, 1);
      return;
    case "unit-uniform":
      random.fillUniform(out, -Math.sqrt(3), Math.sqrt(3));
      return;
    case "uniform-01":
      random.fillUniform(out, 0, 1);
  }
};
