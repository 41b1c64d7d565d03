/**
 * Super-resolution (SRGAN, Ledig et al. 2017, arXiv:1609.04802), from 14 × 14 pixels to 28 × 28: what is enlarged has to pass a
 * critic for a digit, and to be like the true one in the features of a classifier, which is trained first and then frozen.
 *
 *     npx jiti examples/super-resolution.ts 300
 *
 * It reaches 24.6 dB PSNR, FID 2.0 on held-out digits (seed 4); bilinear (`… 0`) 18.3 dB, 194; repeated pixels 17.8 dB, 53.
 */
import { adam, game, losses, metrics } from "tsgan";
import { add, avgPool2d, clip, mean, mul, square, sub, type Tensor, upsampleBilinear } from "tsgan/graph";
import { constantInit, layers, type Scope } from "tsgan/nn";
import { extractorFor, openDataset } from "tsgan/node";

const { conv2d, convTranspose2d, dense, flatten, leakyRelu, relu, residual, sequential } = layers;
const conv = (filters: number, stride = 1) => conv2d(filters, { kernel: 3, stride, padding: 1 });
const twice = convTranspose2d(1, { kernel: 4, stride: 2, padding: 1, init: constantInit(0) });
const detail = sequential(conv(16), relu(), residual(sequential(conv(16), relu(), conv(16))), twice);
const enlarge = (x: Tensor, scope: Scope) => clip(add(upsampleBilinear(x), detail(x, scope)), -1, 1);
const features = [conv(16, 2), leakyRelu(), conv(32, 2), leakyRelu()];
const judge = (width: number) => sequential(...features, flatten(), dense(width));
const { discriminator: tell, generator: fool } = losses.nonSaturating();
const optimizer = adam({ learningRate: 1e-3 });
const small = (digit: Tensor) => avgPool2d(digit, 2);

export const run = async (steps: number, seed = 4) => {
  const [digit, test] = [await openDataset("mnist"), await openDataset("mnist", { split: "test" })];
  const teacher = game({
    data: { digit },
    networks: { net: judge(10) },
    players: { net: { loss: (view) => losses.classCrossEntropy(view.net(view.digit), view.labels.digit) } },
    optimizer,
  });
  await teacher.train({ steps: 100 });
  const weights = await teacher.weights("net");
  const enlarger = game({
    seed,
    data: { digit },
    networks: { enlarge, critic: judge(1), features: { apply: sequential(...features), weights } },
    players: {
      critic: { loss: (view) => tell(view.critic(view.digit), view.critic(view.enlarge(small(view.digit)))) },
      enlarge: {
        loss: ({ digit, enlarge, critic, features }) => {
          const large = enlarge(small(digit));
          const content = mean(square(sub(features(large), features(digit))));
          return add(content, mul(fool(critic(digit), critic(large)), 1e-3));
        },
      },
    },
    optimizer,
  });
  await enlarger.train({ steps, logEvery: 100, onStep: (record) => console.log(record) });

  const { examples } = await test.draw(seed, 0, 2000);
  const large = await enlarger.compute({ digit: examples }, (view) => view.enlarge(small(view.digit)));
  const extractor = await extractorFor(test);
  const [real, fake] = await Promise.all([examples, large].map((images) => extractor.features(images)));
  return { psnr: metrics.psnr(large, examples, 2), fid: metrics.fid(real.features, fake.features).value };
};

if (process.argv[1] === import.meta.filename) console.log(await run(Number(process.argv[2] ?? 300)));
