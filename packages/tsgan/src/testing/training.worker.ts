/** The library in a worker, as a page would use it. */
import { configureRuntime } from "../runtime/index.ts";
import { answerTasks } from "./tasks.ts";
import { type CaseName, type CaseOptions, countOnGpu, runCase, trainerOfCase } from "./training.ts";

interface GpuScope {
  GPUDevice: { prototype: { createBuffer(descriptor: { size: number }): { destroy(): void } } };
}

/** Counts the bytes in WebGPU buffers that were created and not destroyed. */
const countGpuBytes = (): (() => number) => {
  let bytes = 0;
  const { prototype } = (globalThis as unknown as GpuScope).GPUDevice;
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
