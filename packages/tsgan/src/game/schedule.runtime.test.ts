import { expect, it } from "vitest";
import { fromExamples } from "../data/index.ts";
import { add, mean, mul } from "../graph/index.ts";
import { layers, sgd } from "../nn/index.ts";
import { game } from "../train/index.ts";

it("functions of one text that hold other values are other schedules", async () => {
  const times = (factor: number) => (moment: { readonly step: number }) => factor * (moment.step + 1);
  const examples = new Float32Array(8);
  const run = game({
    data: { x: fromExamples({ name: "zeros", shape: [1], examples }) },
    networks: { network: layers.dense(1) },
    players: {
      only: {
        trains: "network",
        loss: ({ x, network, schedule, record }) => {
          record("once", schedule(times(1)));
          record("tenfold", schedule(times(10)));
          record("line", schedule({ kind: "linear", from: 0, to: 4 }));
          return add(mean(network(x)), mul(schedule(times(1)), 0));
        },
        optimizer: sgd({ learningRate: 0.1 }),
      },
    },
  });
  const seen: number[][] = [];
  await run.train({
    steps: 2,
    onStep: ({ once, tenfold, line }) => {
      seen.push([once, tenfold, line]);
    },
  });
  expect(seen).toEqual([
    [1, 10, 0],
    [2, 20, 2],
  ]);
  await run.dispose();
});
