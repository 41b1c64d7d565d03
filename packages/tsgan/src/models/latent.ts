/** The latent vector's options, which most models have. */
import { choice, integer, type Option } from "../define/index.ts";
import { type Latent, type LatentDistribution, latentDistributions } from "./model.ts";

/**
 * Options of a latent vector of this length and distribution.
 *
 * @param size the length where nothing is said, a number of values
 */
export const latentOptions = (size: number, distribution: LatentDistribution = "normal") =>
  ({
    latent: integer({ default: size, least: 1, means: "length of the latent vector" }),
    latentDistribution: latentDistributionOption(distribution),
  }) as const;

export const latentDistributionOption = (distribution: LatentDistribution): Option<LatentDistribution> =>
  choice(latentDistributions, { default: distribution, means: "what latent vectors are drawn from" });

/** The latent vector that the options ask for. `latent` is its length, `latentDistribution` what it is drawn from. */
export const latentOf = ({
  latent,
  latentDistribution,
}: {
  readonly latent: number;
  readonly latentDistribution: LatentDistribution;
}): Latent => ({ size: latent, distribution: latentDistribution });
