/** The one architecture of "Are GANs created equal?" (Lucic et al. 2018, arXiv:1711.10337), from InfoGAN. */
import { exampleNorm, mul } from "../graph/index.ts";
import { type Layer, layers, normalInit } from "../nn/index.ts";
import { checkChoice, checkInteger } from "../options.ts";
import { autoEncoding } from "./autoencoder.ts";
import { infoganLayers } from "./infogan-net.ts";
import type { LatentDistribution, Model } from "./model.ts";
import { type ImageShape, squareSide } from "./sides.ts";

export interface StudyNetOptions {
  /** [channels, side, side]; the side is divisible by 4. */
  readonly image: ImageShape;
  readonly latent?: number;
  readonly latentDistribution?: LatentDistribution;
  /** Filters of the outer convolutions. */
  readonly base?: number;
  /** Units of the dense layers. */
  readonly hidden?: number;
  /** Normalisation of the discriminator; the generator has batch norm. An auto-encoder has none. */
  readonly discriminatorNorm?: "batch" | "none";
  /**
   * "probability": the sigmoid of the score, which the study's least squares take. "reconstruction": the error of an
   * auto-encoder, for BEGAN: an eighth of ‖x − reconstruction‖.
   */
  readonly discriminatorOutput?: "score" | "probability" | "reconstruction";
  /** Length of the auto-encoder's code. */
  readonly code?: number;
}

const outputs = { score: "logit", probability: "probability", reconstruction: "energy" } as const;

/** The authors take the norm over a batch of 64, and divide it by 64: an eighth of the norm of an example. */
const ENERGY_SCALE = 1 / 8;

/**
 * The study's BEGAN (`gans/BEGAN.py`): the discriminator's layers down to the code, and their mirror image.
 * 1.07 M parameters at 28 × 28 × 1, 1.33 M at 32 × 32 × 3.
 */
const autoEncoder = (image: ImageShape, base: number, encoder: Layer): Model["discriminator"] => {
  const quarter = squareSide("study-net", image, 2) / 4;
  const init = normalInit(0.02);
  const stride2 = { kernel: 4, stride: 2, padding: 1, init } as const;
  const leak = layers.leakyRelu(0.2);
  const decoder = layers.sequential(
    ...[layers.dense(2 * base * quarter * quarter, { init }), leak],
    layers.reshape([2 * base, quarter, quarter]),
    ...[layers.convTranspose2d(base, stride2), leak],
    ...[layers.convTranspose2d(image[0], stride2), layers.sigmoid()],
  );
  return autoEncoding(encoder, decoder, (difference) => mul(exampleNorm(difference, 1e-12), ENERGY_SCALE));
};

/**
 * InfoGAN's networks as the study has them (google/compare_gan at 49495fd, `gans/abstract_gan.py`): leak 0.2 in both.
 * 6.63 M and 6.56 M parameters at 28 × 28 × 1.
 */
export const studyNet = (options: StudyNetOptions): Model => {
  const resolved = {
    image: [...options.image],
    latent: options.latent ?? 64,
    latentDistribution: options.latentDistribution ?? "uniform",
    base: options.base ?? 64,
    hidden: options.hidden ?? 1024,
    discriminatorNorm: options.discriminatorNorm ?? "batch",
    discriminatorOutput: options.discriminatorOutput ?? "score",
    code: options.code ?? 64,
  } as const;
  const { base, hidden, discriminatorNorm, discriminatorOutput, code } = resolved;
  checkChoice("study-net", "discriminatorNorm", discriminatorNorm, ["batch", "none"]);
  checkChoice("study-net", "discriminatorOutput", discriminatorOutput, Object.keys(outputs));
  checkInteger("study-net", "code", code, 1);
  const { image } = options;
  const shared = {
    image,
    base,
    // TensorFlow's decay of 0.999 is a share of 0.001 for the new batch.
    batchNorm: { epsilon: 1e-3, momentum: 1e-3 },
    leak: { generator: 0.2, discriminator: 0.2 },
  } as const;
  const backbone = infoganLayers("study-net", { ...shared, hidden, discriminatorNorm });
  const encoder = infoganLayers("study-net", { ...shared, hidden: code, discriminatorNorm: "none" }).body;
  const squash = discriminatorOutput === "probability" ? [layers.sigmoid()] : [];
  const head = layers.sequential(backbone.head(1), ...squash);
  const critic: Model["discriminator"] = ({ x }, scope) => {
    const features = backbone.body(x, scope.child("body"));
    return { scores: head(features, scope.child("head")), features };
  };
  return {
    name: "study-net",
    options: resolved,
    shape: resolved.image,
    latent: { size: resolved.latent, distribution: resolved.latentDistribution },
    scores: outputs[discriminatorOutput],
    range: "unit",
    generator: ({ z }, scope) => backbone.generator(z, scope),
    discriminator: discriminatorOutput === "reconstruction" ? autoEncoder(image, base, encoder) : critic,
  };
};
