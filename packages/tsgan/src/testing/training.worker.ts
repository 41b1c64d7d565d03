/** The library in a worker, as a page would use it. */
import { add, input } from "../graph/index.ts";
import { compile, configureRuntime, State } from "../runtime/index.ts";
import { answerTasks } from "./tasks.ts";
import { type CaseName, type CaseOptions, runCase, trainerOfCase } from "./training.ts";

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
  /** Counts up in a state on the GPU: where it lies after each run, and what is read back in between. */
  count: async () => {
    const state = new State();
    state.set("x", Float32Array.of(1, 2));
    const program = await compile({ x: add(input("x", [2]), 1) }, { device: "webgpu", state: ["x"] });
    const host = {
      make: () => {
        throw new Error("the tensor is on the host");
      },
      writesIntoFetches: false,
    };
    const seen: { location: string; values: number[] }[] = [];
    for (let i = 0; i < 3; i++) {
      await program.run({}, state);
      const { location } = state.take("x", host);
      seen.push({ location, values: [...(await state.read("x"))] });
    }
    state.dispose();
    await program.dispose();
    return seen;
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
