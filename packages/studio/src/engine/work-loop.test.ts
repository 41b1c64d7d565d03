import { describe, expect, it } from "vitest";
import { workLoop } from "./work-loop.ts";

const idle = () => {
  const errors: unknown[] = [];
  const loop = workLoop({
    isPlaying: () => false,
    iterate: async () => {},
    onError: (error) => errors.push(error),
  });
  return { loop, errors };
};

describe("a worker's loop", () => {
  it("tells who asked of an error, whether it is thrown before the task waits or after, and goes on", async () => {
    const { loop, errors } = idle();
    const atOnce = (): Promise<never> => {
      throw new Error("nothing is trained yet");
    };
    await expect(loop.do(atOnce)).rejects.toThrow("nothing is trained yet");
    await expect(loop.do(() => Promise.reject(new Error("lost")))).rejects.toThrow("lost");
    await expect(loop.do(async () => 7)).resolves.toBe(7);
    expect(errors).toEqual([]);
  });

  it("does one thing at a time, in the order in which they are asked for", async () => {
    const { loop } = idle();
    const seen: string[] = [];
    const task = (name: string) => async () => {
      seen.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 1));
      seen.push(`${name} ends`);
    };
    await Promise.all([loop.do(task("first")), loop.do(task("second"))]);
    expect(seen).toEqual(["first begins", "first ends", "second begins", "second ends"]);
  });
});
