/** Whether a device has float16. */
import { RunError, UsageError } from "../errors.ts";
import type { Device, Engine } from "./engine.ts";

/**
 * Tries a model of products in float16 on the device: of `x` [1, 1].
 *
 * @throws UsageError for a device without GPU, RunError for a GPU without float16
 */
export const checkHalf = async ({ open }: Engine, model: Uint8Array, device: Device): Promise<void> => {
  if (device === "cpu" || device === "wasm") {
    throw new UsageError(
      `precision "mixed": device ${device} computes in float32; leave precision out, or take device webgpu or cuda`,
    );
  }
  const { session, tensors } = await open({ model, device, threads: 1 });
  try {
    await session.run({ x: tensors.make(Float32Array.of(1), [1, 1]) });
  } catch (cause) {
    throw new RunError(
      `precision "mixed": this GPU does not compute in float16 on device ${device} (shader-f16 of WebGPU); leave precision out`,
      { cause },
    );
  } finally {
    await session.release();
  }
};
