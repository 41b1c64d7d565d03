import { describe, expect, it } from "vitest";
import { constant, grad, input, type Tensor } from "../graph/index.ts";
import { compile } from "../runtime/index.ts";
import { randomPoint } from "../testing/check-gradient.ts";
import { catalogue } from "./index.ts";

describe("every loss in float32 on the CPU", () => {
  it.each([60, 100])("is finite, with its gradients, for scores of up to ±%d", async (range) => {
    const feeds: Record<string, Float32Array> = {};
    const outputs: Record<string, Tensor> = {};
    for (const { create } of catalogue.all) {
      const loss = create();
      const { name } = loss;
      const shape = loss.scores === "embedding" ? [8, 3] : [2, 1, 3, 3];
      const scores = ["real", "fake"].map((side, i) => {
        const { values } = randomPoint(shape, i + 1, loss.scores === "energy" ? 0 : -range, range);
        // The ends themselves are the hardest.
        values[0] = range;
        values[1] = loss.scores === "energy" ? 0 : -range;
        feeds[`${name} ${side}`] = Float32Array.from(values);
        return input(`${name} ${side}`, shape);
      });
      const [real, fake] = scores;
      const state = loss.state && constant(loss.state.initial, [1]);
      const players = [loss.discriminator(real, fake, state), loss.generator(real, fake, state)];
      for (const [i, value] of players.entries()) {
        const [realGradient, fakeGradient] = grad(value, scores);
        Object.assign(outputs, {
          [`${name} ${i}`]: value,
          [`${name} ${i} by real`]: realGradient,
          [`${name} ${i} by fake`]: fakeGradient,
        });
      }
    }
    const program = await compile(outputs, { device: "cpu", threads: 1 });
    const results = await program.run(
      Object.fromEntries(Object.keys(program.inputs).map((name) => [name, feeds[name]])),
    );
    await program.dispose();
    const broken = Object.keys(results).filter((name) => ![...results[name]].every(Number.isFinite));
    expect(broken).toEqual([]);
  });
});
