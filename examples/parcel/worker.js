// The worker: ONNX Runtime keeps its thread busy, and a page should stay live.

import wasm from "url:tsgan/ort-wasm-simd-threaded.wasm";
import { adam, data, gan, losses, models } from "tsgan";
import { configureRuntime } from "tsgan/runtime";

// Parcel loses the address from which ONNX Runtime loads its file and starts threads.
configureRuntime({ threads: 1, wasmPaths: { wasm } });

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

self.onmessage = (event) => train(event.data.steps).catch((error) => postMessage({ error: error.message }));
