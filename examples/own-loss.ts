/**
 * A loss of one's own among things that are built in: the hinge loss (Lim & Ye 2017, arXiv:1705.02894) with a bend instead of a
 * kink, so that the critic never stops learning from an example. What the file exports also has a name on the command line, in
 * configurations and in studies:
 *
 *     npx jiti examples/own-loss.ts 3000
 *     npx tsgan train ring --use examples/own-loss.ts --loss soft-hinge --set loss.margin=2
 *
 * The first reaches a share of 0.835 of points within three deviations of a Gaussian (seed 4).
 */
import { adam, chain, data, gan, metrics, models, number, penalties, techniques } from "tsgan";
import { add, mean, neg, softplus, sub } from "tsgan/graph";
import { defineLoss } from "tsgan/losses";
import { links, schedules } from "tsgan/nn";

export const softHinge = defineLoss({
  name: "soft-hinge",
  title: "hinge without a kink",
  scores: "unbounded",
  options: {
    margin: number({ default: 1, above: 0, means: "score beyond which D is content", symbol: "m" }),
  },
  create: ({ margin }) => ({
    discriminator: (real, fake) => add(mean(softplus(sub(margin, real))), mean(softplus(add(margin, fake)))),
    generator: (_real, fake) => neg(mean(fake)),
  }),
});

export const run = async (steps: number, seed = 4) => {
  const ring = data.ring();
  const learnt = gan({
    data: ring,
    model: models.mlp({ latent: 2, hidden: [128, 128, 128], scale: 2 }),
    loss: softHinge({ margin: 1 }),
    penalties: [penalties.r1({ weight: 0.01, every: 4 })],
    techniques: [techniques.ema({ decay: 0.99 })],
    optimizer: chain(
      links.clip({ limit: 10 }),
      adam({ learningRate: schedules.linear({ from: 2e-3 }), beta1: 0.5, beta2: 0.9 }),
    ),
    steps,
    seed,
  });
  await learnt.train({ logEvery: 100, onStep: (record) => console.log(record) });
  const points = { data: await learnt.sample(2000), shape: [2000, 2] };
  return { highQuality: metrics.countModes(points, ring.centres, ring.deviation).highQualityFraction };
};

if (process.argv[1] === import.meta.filename) console.log(await run(Number(process.argv[2] ?? 3000)));
