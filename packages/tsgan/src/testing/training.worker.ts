/** The library in a worker, as a page would use it. */
import { add, input, mul } from "../graph/index.ts";
import { compile, configureRuntime, State } from "../runtime/index.ts";
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
  /**
   * A step w ← w x + 1, another w ← 2 w, and a look at w, in turn: the values of w, the bind groups that the last step makes, and what
   * a second state is refused with; and a step that gives what it was given, which ONNX Runtime does by a copy.
   */
  replay: async (capture: boolean) => {
    configureRuntime({ capture });
    const bindGroups = countBindGroups();
    const [w, x] = [input("w", [2]), input("x", [2])];
    const options = { device: "webgpu", state: ["w"] } as const;
    const step = await compile({ w: add(mul(w, x), 1), before: mul(w, 2) }, { ...options, capture: true });
    const double = await compile({ w: mul(w, 2) }, { ...options, capture: true });
    const look = await compile({ seen: add(w, 0.5) }, options);
    const state = new State();
    state.set("w", [1, 2]);
    const seen: number[][] = [];
    for (const factor of [2, 3]) seen.push([...(await step.run({ x: [factor, 1] }, state)).before]);
    await double.run({}, state);
    seen.push([...(await look.run({}, state)).seen], [...(await state.read("w"))]);
    await step.run({ x: [1, 1] }, state);
    state.set("w", [5, 6]);
    await step.run({ x: [2, 2] }, state);
    const before = bindGroups();
    await step.run({ x: [3, 3] }, state);
    const made = bindGroups() - before;
    seen.push([...(await state.read("w"))]);
    const other = new State();
    other.set("w", [1, 2]);
    const copy = await compile({ w: add(w, 1), before: w }, { ...options, capture: true });
    for (let i = 0; i < 2; i++) seen.push([...(await copy.run({}, other)).before]);
    const refused = await step.run({ x: [1, 1] }, other).then(
      () => "nothing",
      (error: Error) => error.message,
    );
    for (const each of [state, other]) each.dispose();
    for (const program of [step, double, look, copy]) await program.dispose();
    return { seen, made, refused };
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
