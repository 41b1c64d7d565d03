/** The library in a worker, as a page would use it. */
import { configureRuntime } from "../runtime/index.ts";
import { answerTasks } from "./tasks.ts";
import { type CaseName, type CaseOptions, countOnGpu, runCase, trainerOfCase } from "./training.ts";

interface GpuScope {
  GPUDevice: {
    prototype: {
      createBuffer(descriptor: { size: number }): { destroy(): void };
      createBindGroup(descriptor: unknown): unknown;
    };
  };
}

const gpuPrototype = () => (globalThis as unknown as GpuScope).GPUDevice.prototype;

/** Counts what kernels are given their buffers by. */
const countBindGroups = (): (() => number) => {
  let count = 0;
  const prototype = gpuPrototype();
  const create = prototype.createBindGroup;
  prototype.createBindGroup = function (descriptor) {
    count++;
    return create.call(this, descriptor);
  };
  return () => count;
};

/** Counts the bytes in WebGPU buffers that were created and not destroyed. */
const countGpuBytes = (): (() => number) => {
  let bytes = 0;
  const prototype = gpuPrototype();
  const create = prototype.createBuffer;
  prototype.createBuffer = function (descriptor) {
    const buffer = create.call(this, descriptor);
    const destroy = buffer.destroy.bind(buffer);
    let live = true;
    bytes += descriptor.size;
    buffer.destroy = () => {
      if (live) bytes -= descriptor.size;
      live = false;
      destroy();
    };
    return buffer;
  };
  return () => bytes;
};

answerTasks({
  environment: async () => ({
    isolated: globalThis.crossOriginIsolated,
    adapter:
      (await (
        globalThis.navigator as { gpu?: { requestAdapter(): Promise<unknown> } }
      ).gpu?.requestAdapter()) != null,
  }),
  configure: configureRuntime,
  run: (name: CaseName, steps: number, options: CaseOptions) => runCase(name, steps, options),
  count: countOnGpu,
  /** Steps of two programs in turn, what is read in between, and bind groups that the last step makes. */
  replay: async (capture: boolean) => {
    configureRuntime({ capture });
    const bindGroups = countBindGroups();
    const trainer = trainerOfCase("mlp ring", { device: "webgpu" });
    const figures = [await trainer.iterate(), await trainer.iterate()];
    const samples = [...(await trainer.sample(4, { seed: 5 }))];
    const alone = await trainer.advance("discriminator");
    figures.push(await trainer.iterate());
    const before = bindGroups();
    figures.push(await trainer.iterate());
    const made = bindGroups() - before;
    const tensors = await trainer.tensors();
    await trainer.dispose();
    const state = Object.entries(tensors).map(([name, { data }]) => [name, [...data]]);
    return { made, outcome: { figures, alone, samples, state } };
  },
  /** WebGPU bytes in use after each stretch of `steps` iterations. */
  gpuBytes: async (name: CaseName, stretches: number, steps: number) => {
    const bytes = countGpuBytes();
    const trainer = trainerOfCase(name, { device: "webgpu" });
    const after: number[] = [];
    for (let stretch = 0; stretch < stretches; stretch++) {
      for (let step = 0; step < steps; step++) await trainer.iterate();
      await trainer.sample(4);
      after.push(bytes());
    }
    await trainer.dispose();
    return { after, disposed: bytes() };
  },
});
