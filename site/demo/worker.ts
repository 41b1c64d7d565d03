/** The example of the first page: a GAN learns a ring of eight Gaussians in this worker, and the page draws its points. */
import { adam, data, gan, losses, models, penalties, techniques } from "tsgan";
import { schedules } from "tsgan/nn";
import { isRuntimeThread } from "tsgan/runtime";
import type { Asked, Told } from "./messages.ts";

/** Steps between two pictures. */
const STRIDE = 25;
const POINTS = 400;

const choices = {
  "non-saturating": { loss: losses.nonSaturating(), penalties: [penalties.r1({ weight: 0.05 })] },
  hinge: { loss: losses.hinge(), penalties: [penalties.r1({ weight: 0.05 })] },
  wasserstein: {
    loss: losses.wasserstein(),
    penalties: [penalties.gradientPenalty({ weight: 0.1 })],
    criticSteps: 2,
  },
} as const;

const tell = (told: Told): void => postMessage(told);

const train = async ({ loss, steps }: Asked): Promise<void> => {
  const run = gan({
    data: data.ring(),
    model: models.mlp({ hidden: [96, 96, 96], latent: 2 }),
    ...choices[loss],
    techniques: [techniques.ema({ decay: 0.99 })],
    optimizer: adam({ learningRate: schedules.linear({ from: 2e-3, to: 0 }), beta1: 0.5 }),
    batch: 128,
    seed: 1,
    steps,
  });
  let figures = { discriminatorLoss: Number.NaN, generatorLoss: Number.NaN };
  for (let step = STRIDE; step <= steps; step += STRIDE) {
    await run.train({
      steps: step,
      onStep: ({ discriminatorLoss, generatorLoss }) => {
        figures = { discriminatorLoss, generatorLoss };
      },
    });
    tell({ step, ...figures, points: await run.sample(POINTS) });
  }
  tell({ generator: await run.export() });
  await run.dispose();
};

// ONNX Runtime starts its own threads from the file that it was bundled into, which may be this one.
if (!isRuntimeThread()) {
  self.onmessage = (event: MessageEvent<Asked>) => {
    train(event.data).catch((error: unknown) => tell({ error: String(error) }));
  };
}
