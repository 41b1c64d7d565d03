/** Random changes of examples outside training, such as looks at test images. */
import { input, type Tensor } from "../graph/index.ts";
import type { Augment } from "../nn/index.ts";
import type { RandomStream } from "../random/index.ts";
import { type CompileOptions, compile, type HostData } from "../runtime/index.ts";

/** Changes examples by numbers of its own. */
export interface ChangedLooks {
  /** `examples` [n, …shape], each changed by numbers of the stream. */
  look(examples: Float32Array, stream: RandomStream): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** Examples that are changed at once. */
const BATCH = 100;

/**
 * Compiles a change for examples of a shape.
 *
 * @param change such as `diffAugment("warp")`
 * @param shape of one example, without the batch
 * @param options where it runs
 */
export const openLooks = async (
  change: Augment,
  shape: readonly number[],
  options: Pick<CompileOptions, "device" | "threads">,
): Promise<ChangedLooks> => {
  const drawn: { readonly name: string; readonly kind: "uniform" | "normal" }[] = [];
  const looked = change(input("x", [BATCH, ...shape]), (kind, size): Tensor => {
    const name = `random${drawn.length}`;
    drawn.push({ name, kind });
    return input(name, size);
  });
  const program = await compile({ looked }, options);
  const sizes = Object.fromEntries(
    Object.entries(program.inputs).map(([name, size]) => [name, size.reduce((a, b) => a * b, 1)]),
  );
  const each = sizes.x / BATCH;
  return {
    look: async (examples, stream) => {
      const out = new Float32Array(examples.length);
      for (let start = 0; start < examples.length; start += sizes.x) {
        const x = new Float32Array(sizes.x);
        x.set(examples.subarray(start, start + sizes.x));
        const feeds: Record<string, HostData> = { x };
        for (const { name, kind } of drawn) {
          // A number that the change does not need in the end has no input.
          if (!Object.hasOwn(sizes, name)) continue;
          const numbers = new Float32Array(sizes[name]);
          if (kind === "normal") stream.fillNormal(numbers);
          else stream.fillUniform(numbers);
          feeds[name] = numbers;
        }
        const now = Math.min(BATCH, (examples.length - start) / each);
        const result = await program.run(feeds);
        out.set((result.looked as Float32Array).subarray(0, now * each), start);
      }
      return out;
    },
    dispose: () => program.dispose(),
  };
};
