import { InferenceSession } from "onnxruntime-node";
import { afterEach, describe, expect, it, vi } from "vitest";
import { adam, data, UsageError } from "../index.ts";
import { trainerOf, trainLoop } from "./index.ts";

/** EMA that begins late, a penalty of every third step, a rate that falls, and as many critic steps as the iteration says. */
const trainer = () =>
  trainerOf({
    config: {
      data: data.ring(),
      loss: "wgan-gp",
      model: { name: "mlp", latent: 2, hidden: [16] },
      penalties: [{ name: "gradient-penalty", every: 3 }],
      optimizer: {
        generator: adam({ learningRate: { kind: "linear", from: 1e-2, to: 0 } }),
        discriminator: adam({ learningRate: 1e-2 }),
      },
      criticSteps: { steps: 1, burst: 2, first: 2, every: 5 },
      techniques: [{ name: "ema", decay: 0.9 }],
      batch: 16,
      steps: 12,
    },
    threads: 1,
  });

describe("iterateTogether", () => {
  afterEach(() => vi.restoreAllMocks());

  it.each([1, 2, 3, 4])(
    "gives the records and the state of single iterations, %i at a time",
    async (count) => {
      const [single, together] = [trainer(), trainer()];
      const records = [];
      for (let i = 0; i < 12; i++) records.push(await single.iterate());
      const found = [];
      while (found.length < 12) found.push(...(await together.iterateTogether(count)));
      expect(found).toEqual(records);
      expect(together.progress).toEqual(single.progress);
      expect(await together.tensors()).toEqual(await single.tensors());
      for (const each of [single, together]) await each.dispose();
    },
  );

  it("runs the device once for all of them", async () => {
    const own = trainer();
    await own.iterateTogether(4);
    const run = vi.spyOn((InferenceSession as unknown as { prototype: InferenceSession }).prototype, "run");
    await own.iterateTogether(4);
    expect(run).toHaveBeenCalledTimes(1);
    const fed = Object.keys(run.mock.calls[0][0]);
    expect(fed.filter((name) => name === "generator")).toHaveLength(1);
    expect(fed.filter((name) => name.endsWith("d0.real"))).toHaveLength(4);
    await own.dispose();
  });

  it("changes nothing of a loop's events", async () => {
    const events = async (together: number): Promise<readonly unknown[]> => {
      const own = trainer();
      const seen: unknown[] = [];
      await trainLoop(
        own,
        { steps: 12, sampleEvery: 5, checkpointEvery: 4, evaluateEvery: 6, logEvery: 2 },
        {
          together,
          sample: (each) => each.sample(2),
          evaluate: (each) => Promise.resolve({ at: each.progress.step }),
          onStep: (record) => void seen.push(record),
          onSample: (step, samples) => void seen.push([step, ...samples]),
          onCheckpoint: (step, bytes) => void seen.push([step, bytes.length]),
        },
      );
      await own.dispose();
      return seen;
    };
    expect(await events(3)).toEqual(await events(1));
  });

  it("refuses no iteration at all", async () => {
    const own = trainer();
    await expect(own.iterateTogether(0)).rejects.toThrow(UsageError);
    await own.dispose();
  });
});
