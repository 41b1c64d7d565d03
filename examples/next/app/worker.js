// The worker: ONNX Runtime keeps its thread busy, and a page should stay live.
import { adam, data, gan, losses, models } from "tsgan";
import { isRuntimeThread } from "tsgan/runtime";

const train = async (steps) => {
  const run = gan({
    data: data.ring(),
    model: models.mlp({ hidden: [64, 64] }),
    loss: losses.nonSaturating(),
    optimizer: adam({ learningRate: 1e-3, beta1: 0.5 }),
    batch: 64,
  });
  await run.train({
    steps,
    onStep: ({ step, discriminatorLoss, generatorLoss }) =>
      postMessage({ step, losses: [discriminatorLoss, generatorLoss] }),
  });
  postMessage({ points: await run.sample(500) });
  await run.dispose();
};

// ONNX Runtime starts its own threads from the file that it was bundled into, which may be this one.
if (!isRuntimeThread()) {
  self.onmessage = (event) => train(event.data.steps).catch((error) => postMessage({ error: error.message }));
}
