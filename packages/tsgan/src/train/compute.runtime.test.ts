import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fromExamples } from "../data/index.ts";
import { add, mean, mul, square, sub, sum } from "../graph/index.ts";
import { layers, sgd } from "../nn/index.ts";
import { randomStream } from "../random/index.ts";
import { ema } from "../techniques/index.ts";
import { game } from "./index.ts";

const { dense, sequential, tanh } = layers;

const numbers = (purpose: string, count: number): Float32Array => {
  const out = new Float32Array(count);
  randomStream(1, purpose).fillNormal(out);
  return out;
};

/** An auto-encoder of triples, whose coder is averaged and whose judge stays what it is. */
const coding = (weights?: Awaited<ReturnType<typeof judging.weights>>) =>
  game({
    data: { triple: fromExamples({ name: "triples", shape: [3], examples: numbers("triples", 3 * 40) }) },
    latents: { code: { size: 2, distribution: "normal" } },
    networks: {
      encoder: sequential(dense(4), tanh(), dense(2)),
      decoder: dense(3),
      judge: { apply: dense(2), inputs: { shape: [3] }, ...(weights && { weights }) },
    },
    players: {
      coder: {
        trains: ["encoder", "decoder"],
        loss: ({ triple, encoder, decoder, judge }) =>
          mean(square(sub(judge(decoder(encoder(triple))), judge(triple)))),
        optimizer: sgd({ learningRate: 0.1 }),
      },
    },
    techniques: [ema({ decay: 0.5 })],
    batch: 8,
  });

const judging = game({
  data: { triple: fromExamples({ name: "triples", shape: [3], examples: numbers("triples", 3 * 40) }) },
  networks: { judge: dense(2) },
  players: {
    judge: {
      trains: "judge",
      loss: ({ triple, judge }) => mean(square(sub(judge(triple), 1))),
      optimizer: sgd({ learningRate: 0.1 }),
    },
  },
});

describe("compute", () => {
  const run = coding();
  beforeAll(() => run.train({ steps: 5 }).then(() => undefined));
  afterAll(() => run.dispose());
  const triple = numbers("others", 3 * 21);

  it("gives what the networks give one after the other, for any number of examples at once", async () => {
    const trainer = await run.trainer();
    const { output: x } = await trainer.run("encoder", 21, { x: triple });
    const { output } = await trainer.run("decoder", 21, { x });
    for (const batch of [1, 8, 21, 64]) {
      const got = await run.compute({ triple }, (view) => view.decoder(view.encoder(view.triple)), { batch });
      expect(got).toHaveLength(output.length);
      got.forEach((value, i) => {
        expect(value).toBeCloseTo(output[i], 5);
      });
    }
  });

  it("gives several tensors by name, of examples and latent vectors", async () => {
    const code = numbers("codes", 2 * 21);
    const { made, apart } = await run.compute({ triple, code }, ({ triple, code, decoder }) => ({
      made: decoder(code),
      apart: sum(square(sub(decoder(code), triple)), 1),
    }));
    expect(made).toHaveLength(63);
    apart.forEach((value, i) => {
      const want = [0, 1, 2].reduce((total, k) => total + (made[3 * i + k] - triple[3 * i + k]) ** 2, 0);
      expect(value).toBeCloseTo(want, 4);
    });
  });

  it("takes averaged weights where there are some, and current ones when told", async () => {
    const codes = (weights?: "current") =>
      run.compute({ triple }, (view) => view.encoder(view.triple), { weights });
    const current = await (await run.trainer()).run("encoder", 21, { x: triple }, { weights: "current" });
    expect(await codes()).not.toEqual(await codes("current"));
    (await codes("current")).forEach((value, i) => {
      expect(value).toBeCloseTo(current.output[i], 5);
    });
  });

  it("refuses what the game does not have, and arrays that do not go together", async () => {
    const values: Record<string, Float32Array> = { tripel: triple };
    const zero = (view: { readonly triple: Parameters<typeof add>[0] }) => add(mul(view.triple, 0), 1);
    await expect(run.compute(values, zero)).rejects.toThrow(/tripel.*triple/);
    await expect(run.compute({}, zero)).rejects.toThrow(
      "compute: it needs examples or latent vectors; got none",
    );
    await expect(run.compute({ triple: new Float32Array(4) }, zero)).rejects.toThrow(
      "compute: triple must hold whole examples of [3]; got 4 values",
    );
    await expect(run.compute({ triple, code: new Float32Array(8) }, zero)).rejects.toThrow(
      "compute: code must hold 21 examples of [2]; got 8 values",
    );
  });

  it("refuses what is made of all examples together: it would be that of a batch", async () => {
    await expect(run.compute({ triple }, (view) => ({ size: mean(square(view.triple)) }))).rejects.toThrow(
      "compute: size must have a row for each example; got one number for 64 examples",
    );
  });
});

describe("weights of another game's network", () => {
  it("are handed over, and stay where no player trains them", async () => {
    await judging.train({ steps: 3 });
    const weights = await judging.weights("judge");
    const run = coding(weights);
    await run.train({ steps: 4 });
    expect(await run.weights("judge")).toEqual(weights);
    const triple = numbers("others", 3 * 5);
    expect(await run.compute({ triple }, (view) => view.judge(view.triple))).toEqual(
      await judging.compute({ triple }, (view) => view.judge(view.triple)),
    );
    await run.dispose();
    await judging.dispose();
  });

  it("are refused where they do not fit", async () => {
    const shape = [2, 4];
    const data = new Float32Array(8);
    expect(() =>
      coding({ weight: { shape, data }, bias: { shape: [2], data: new Float32Array(2) } }),
    ).toThrow("game: weights of network judge: tensor weight must be float32 [2,3]; got [2,4]");
  });
});
