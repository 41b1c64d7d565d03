import { describe, expect, it } from "vitest";
import { type Dataset, fromExamples, ring } from "../data/index.ts";
import {
  abs,
  add,
  concat,
  constant,
  div,
  flatten,
  mean,
  mul,
  sigmoid,
  square,
  sub,
  type Tensor,
} from "../graph/index.ts";
import { adam, layers, type Scope, schedules, sgd } from "../nn/index.ts";
import { randomStream } from "../random/index.ts";
import { loadModel } from "../runtime/index.ts";
import { ema, historicalAveraging, imagePool, instanceNoise } from "../techniques/index.ts";
import { decodeSafetensors, encodeSafetensors, type GameRun, game, type StepRecord } from "../train/index.ts";
import { defineTechnique, type NoLatents, type Technique, type ViewOf } from "./index.ts";

const size = (x: Tensor): Tensor => mean(square(x));
const perceptron = (units: number) => layers.sequential(layers.dense(6), layers.tanh(), layers.dense(units));
const z = { size: 3, distribution: "normal" } as const;
const rate = { learningRate: 0.05 };

const recordsOf = async (run: GameRun, steps: number): Promise<StepRecord[]> => {
  const records: StepRecord[] = [];
  await run.train({ steps, onStep: (record) => void records.push(record) });
  return records;
};

/** The numbers of a network as it stands. */
const weightsOf = async (run: GameRun, network: string): Promise<number[]> =>
  Object.values(await (await run.trainer()).weights(network, "current")).flatMap(({ data }) => [...data]);

describe("a game of five players", () => {
  const names = ["a", "b", "c", "d", "e"];
  const networks = Object.fromEntries(names.map((name) => [name, layers.dense(2)]));
  const five = () =>
    game({
      data: { x: ring() },
      networks,
      players: Object.fromEntries(
        names.map((name, i) => [
          `player-${name}`,
          {
            trains: name,
            // Each wants to undo the one before it.
            loss: (view: ViewOf<{ readonly x: Dataset }, typeof networks, NoLatents>) =>
              size(sub(view[name](view.x), view[names[(i + 4) % 5]](view.x))),
            optimizer: sgd(rate),
            moves: i === 4 ? 2 : 1,
          },
        ]),
      ),
      batch: 8,
    });

  it("is moved in order, each by its own objective", async () => {
    const run = five();
    const [{ step, ...first }] = await recordsOf(run, 1);
    expect(step).toBe(1);
    expect(Object.keys(first)).toEqual(
      names.flatMap((name) => [`player-${name}Loss`, `player-${name}Gradient`]),
    );
    expect((await run.trainer()).progress.moves).toEqual({
      ...Object.fromEntries(names.slice(0, 4).map((name) => [`player-${name}`, 1])),
      "player-e": 2,
    });
    const later = (await recordsOf(run, 40)).at(-1) as StepRecord;
    for (const name of names) expect(later[`player-${name}Loss`]).toBeLessThan(first[`player-${name}Loss`]);
    await run.dispose();
  });

  it("moves one of them alone, and leaves the others bit for bit", async () => {
    const run = five();
    const before = await Promise.all(names.map((name) => weightsOf(run, name)));
    await (await run.trainer()).advance("player-c");
    const after = await Promise.all(names.map((name) => weightsOf(run, name)));
    const moved = names.filter((_, i) => String(after[i]) !== String(before[i]));
    expect(moved).toEqual(["c"]);
    await run.dispose();
  });
});

describe("networks", () => {
  it("that nobody trains work as they do after training, and stay bit for bit", async () => {
    const features = layers.sequential(layers.dense(4), layers.batchNorm(), layers.dropout(0.5));
    const run = game({
      data: { x: ring() },
      networks: { features, net: layers.dense(2) },
      players: {
        one: {
          trains: "net",
          loss: ({ x, net, features, record }) => {
            // In training this would be a mean of zero, and half of the numbers.
            record("features", mean(features(constant(new Float32Array(16).fill(1), [8, 2]))));
            return size(sub(features(net(x)), features(x)));
          },
          optimizer: adam(rate),
        },
      },
      batch: 8,
    });
    const before = await weightsOf(run, "features");
    const records = await recordsOf(run, 3);
    expect(await weightsOf(run, "features")).toEqual(before);
    expect(new Set(records.map((record) => record.features)).size).toBe(1);
    const { output } = await run.apply("features", 1, { x: Float32Array.of(1, 1) });
    expect(records[0].features).toBeCloseTo(output.reduce((a, b) => a + b) / 4, 5);
    expect(Math.abs(records[0].features)).toBeGreaterThan(1e-3);
    await run.dispose();
  });

  it("that two players train are moved by both, each with an optimiser of its own", async () => {
    const run = game({
      data: { x: ring() },
      networks: { net: layers.dense(1, { bias: false }) },
      players: {
        up: {
          trains: "net",
          loss: ({ net }) => mean(net(constant([1, 0], [1, 2]))),
          optimizer: sgd({ learningRate: 1 }),
        },
        down: {
          trains: "net",
          loss: ({ net }) => mean(net(constant([0, 1], [1, 2]))),
          optimizer: adam(rate),
        },
      },
    });
    const [a, b] = await weightsOf(run, "net");
    await run.train({ steps: 1 });
    const [c, d] = await weightsOf(run, "net");
    expect(c).toBeCloseTo(a - 1, 5);
    expect(d).toBeCloseTo(b - 0.05, 5);
    expect(Object.keys(await (await run.trainer()).tensors())).toEqual([
      "net/weight",
      "down.adam.m/weight",
      "down.adam.v/weight",
    ]);
    await run.dispose();
  });

  it("begin with the weights of a safetensors file, running statistics too", async () => {
    const network = layers.sequential(layers.dense(4), layers.batchNorm(), layers.relu(), layers.dense(2));
    const make = (weights?: ReturnType<typeof decodeSafetensors>["tensors"], seed = 1) =>
      game({
        data: { x: ring() },
        networks: { net: { apply: network, weights } },
        players: { one: { trains: "net", loss: ({ x, net }) => size(sub(net(x), x)), optimizer: sgd(rate) } },
        techniques: [ema({ decay: 0.5 })],
        batch: 8,
        seed,
      });
    const first = make();
    await first.train({ steps: 5 });
    const bytes = encodeSafetensors(await (await first.trainer()).weights("net", "current"));
    const second = make(decodeSafetensors(bytes).tensors, 2);
    const x = randomStream(1, "x");
    const points = Float32Array.from({ length: 10 }, () => x.normal());
    for (const weights of ["current", "average"] as const) {
      const expected = await first.apply("net", 5, { x: points }, { weights: "current" });
      expect(await second.apply("net", 5, { x: points }, { weights })).toEqual(expected);
    }
    expect(await weightsOf(second, "net")).toEqual(await weightsOf(first, "net"));
    expect(await weightsOf(make(undefined, 2), "net")).not.toEqual(await weightsOf(first, "net"));
    await first.dispose();
    await second.dispose();
  });
});

describe("averaged", () => {
  const shifted = defineTechnique({
    name: "shifted",
    title: "what judges see is more by 10",
    options: {},
    create: () => ({ sees: (x) => add(x, 10) }),
  });
  const one = fromExamples({ name: "one", shape: [1], examples: Float32Array.of(1) });
  const critics = (techniques: readonly Technique[]): GameRun =>
    game({
      data: { x: one },
      networks: { critic: layers.dense(1, { bias: false }) },
      players: {
        critic: {
          loss: ({ x, critic, averaged, record }) => {
            const own = critic(x);
            record("weight", mean(div(own, 11)));
            record("average", mean(averaged("critic", x) as Tensor));
            return size(sub(own, 1));
          },
          optimizer: sgd({ learningRate: 1e-3 }),
          moves: 2,
        },
      },
      techniques,
      batch: 1,
    });

  it("is what the average of a network says of an input that no technique changes, before the move", async () => {
    const run = critics([shifted(), ema({ decay: 0.5, networks: ["critic"] })]);
    const trainer = await run.trainer();
    let average = (await weightsOf(run, "critic"))[0];
    let moves = 0;
    for (let step = 0; step < 6; step++) {
      const before = (await weightsOf(run, "critic"))[0];
      const record = await trainer.iterate();
      // The figures are those of the second move: the first has taken w to w − 22 · (11 w − 1) / 1,000.
      const between = before - (22 * (11 * before - 1)) / 1000;
      const averageOver = (w: number): void => {
        moves++;
        const keep = Math.min(0.5, moves / (moves + 9));
        average = keep * average + (1 - keep) * w;
      };
      averageOver(between);
      expect(record.weight).toBeCloseTo(between, 5);
      expect(record.average).toBeCloseTo(average, 5);
      averageOver((await weightsOf(run, "critic"))[0]);
    }
    await run.dispose();
  });

  it("says what is missing where nothing averages the network", async () => {
    await expect(
      critics([shifted(), ema({ networks: [] })])
        .trainer()
        .then((t) => t.iterate()),
    ).rejects.toThrow(
      'game: nothing averages the network critic; add the technique ema with networks ["critic"]',
    );
  });
});

describe("every(n)", () => {
  const lazy = () =>
    game({
      data: { x: ring() },
      networks: { net: layers.dense(2) },
      players: {
        one: {
          trains: "net",
          loss: ({ x, net, every, record }) => {
            record("third", constant([every(3) ? 1 : 0], []));
            record("second", constant([every(2) ? 1 : 0], []));
            return size(net(x));
          },
          optimizer: sgd({ learningRate: 1e-6 }),
        },
        two: {
          trains: "net",
          moves: 2,
          // The last of its moves in an iteration is that of an odd number, from 0: never one of every second.
          loss: ({ x, net, every, record }) => {
            record("never", constant([every(2) ? 1 : 0], []));
            return size(net(x));
          },
          optimizer: sgd({ learningRate: 1e-6 }),
        },
      },
      batch: 4,
    });

  it("is true in the player's first move and in each n-th after it, in a resumed run too", async () => {
    const run = lazy();
    const records = await recordsOf(run, 4);
    const bytes = await run.save();
    const resumed = lazy();
    await resumed.load(bytes);
    const all = [...records, ...(await recordsOf(resumed, 8))];
    expect(all.map(({ third }) => third)).toEqual([1, 0, 0, 1, 0, 0, 1, 0]);
    expect(all.map(({ second }) => second)).toEqual([1, 0, 1, 0, 1, 0, 1, 0]);
    expect(new Set(all.map(({ never }) => never))).toEqual(new Set([0]));
    await run.dispose();
    await resumed.dispose();
  });
});

describe("scalars", () => {
  it("may be more than 128, and reach the device in their places", async () => {
    const run = game({
      data: { x: ring() },
      networks: { net: layers.dense(1) },
      players: {
        one: {
          trains: "net",
          loss: ({ x, net, schedule, record }) => {
            const numbers = Array.from({ length: 200 }, (_, i) => schedule(({ step }) => i + step));
            record(
              "all",
              numbers.map((each, i) => mul(each, i % 7)).reduce((a, b) => add(a, b)),
            );
            record("half", schedule(schedules.linear({ from: 1, to: 0 })));
            return size(net(x));
          },
          optimizer: sgd(rate),
        },
      },
      batch: 4,
      steps: 4,
    });
    const records = await recordsOf(run, 4);
    const expected = (step: number) =>
      Array.from({ length: 200 }, (_, i) => (i + step) * (i % 7)).reduce((a, b) => a + b);
    expect(records.map(({ all }) => all)).toEqual([0, 1, 2, 3].map(expected));
    expect(records.map(({ half }) => half)).toEqual([1, 0.75, 0.5, 0.25]);
    await run.dispose();
  });
});

describe("the length of a run", () => {
  const halving = (steps?: number) =>
    game({
      data: { x: ring() },
      networks: { net: layers.dense(1) },
      players: {
        one: {
          trains: "net",
          loss: ({ x, net, schedule, record }) => {
            record("left", schedule(schedules.linear({ from: 1, to: 0 })));
            return size(net(x));
          },
          optimizer: sgd(rate),
        },
      },
      batch: 4,
      ...(steps !== undefined && { steps }),
    });
  const left = async (run: GameRun, steps: number) =>
    (await recordsOf(run, steps)).map((record) => record.left);

  it("is what the game was told, also where training stops before it", async () => {
    const run = halving(4);
    expect(await left(run, 2)).toEqual([1, 0.75]);
    expect(await left(run, 4)).toEqual([0.5, 0.25]);
    await run.dispose();
  });

  it("is that of the first training where nothing was told, whatever came before it", async () => {
    const run = halving();
    await run.load(await run.save());
    expect(await left(run, 2)).toEqual([1, 0.5]);
    expect((await run.trainer()).steps).toBe(2);
    await run.dispose();
  });
});

describe("a game of three players with techniques", () => {
  const three = (seed = 3) =>
    game({
      name: "three",
      data: { x: ring() },
      latents: { z },
      networks: {
        encoder: layers.sequential(layers.dense(6), layers.batchNorm(), layers.dropout(0.2), layers.dense(3)),
        generator: perceptron(2),
        critic: perceptron(1),
      },
      players: {
        critic: {
          trains: "critic",
          moves: (iteration) => (iteration % 3 === 0 ? 2 : 1),
          loss: ({ x, z, generator, critic, show }) =>
            sub(mean(critic(show("fake", generator(z)))), mean(critic(x))),
          optimizer: adam(rate),
        },
        generator: {
          trains: "generator",
          follows: "critic",
          loss: ({ z, generator, critic, random }) =>
            sub(size(generator(add(z, mul(random("normal", z.shape), 0.1)))), mean(critic(generator(z)))),
          optimizer: adam(rate),
        },
        coder: {
          trains: ["encoder", "generator"],
          loss: ({ x, encoder, generator, every }) =>
            mul(mean(abs(sub(generator(encoder(x)), x))), every(2) ? 1 : 0.5),
          optimizer: adam({ learningRate: schedules.cosine({ from: 0.05 }) }),
        },
      },
      techniques: [
        ema({ decay: 0.8 }),
        instanceNoise({ sigma: 0.3, steps: 10 }),
        historicalAveraging({ weight: 0.1 }),
        imagePool({ size: 8 }),
      ],
      batch: 4,
      steps: 9,
      seed,
      samples: { network: "generator", from: "z" },
    });

  it("goes on bit for bit from a checkpoint of any step", async () => {
    const whole = three();
    const records = await recordsOf(whole, 9);
    expect(await recordsOf(three(4), 2)).not.toEqual(records.slice(0, 2));
    for (const stop of [1, 4, 6]) {
      const begun = three();
      await begun.train({ steps: stop });
      const resumed = three();
      await resumed.load(await begun.save());
      expect(await recordsOf(resumed, 9)).toEqual(records.slice(stop));
      expect(await resumed.save()).toEqual(await whole.save());
      expect(await resumed.sample(5)).toEqual(await whole.sample(5));
      await begun.dispose();
      await resumed.dispose();
    }
    await whole.dispose();
  });

  it("is not loaded from the checkpoint of another game", async () => {
    const other = game({
      data: { x: ring() },
      networks: { critic: perceptron(1) },
      players: { critic: { trains: "critic", loss: ({ x, critic }) => size(critic(x)), optimizer: adam() } },
    });
    const run = three();
    await expect(run.load(await other.save())).rejects.toThrow(
      "checkpoint: it belongs to a game model; this run trains three",
    );
    await other.dispose();
    await run.dispose();
  });
});

describe("export", () => {
  const images = () => {
    const examples = new Float32Array(16 * 64);
    randomStream(1, "images").fillUniform(examples, -1, 1);
    const labels = Int32Array.from({ length: 16 }, (_, i) => i % 3);
    return fromExamples({ name: "tiny", shape: [1, 8, 8], examples, labels, classes: ["a", "b", "c"] });
  };
  const convolutions = layers.sequential(
    layers.conv2d(4, { kernel: 3, stride: 2, padding: 1 }),
    layers.batchNorm(),
    layers.leakyRelu(),
  );
  const body = layers.sequential(layers.flatten(), layers.dense(3));
  const up = layers.sequential(layers.dense(64), layers.reshape([1, 8, 8]), layers.tanh());
  const conditional = () =>
    game({
      data: { x: images() },
      latents: { z },
      networks: {
        encoder: (x: Tensor, scope: Scope) => body(convolutions(x, scope.child("conv")), scope.child("body")),
        generator: ({ z, label }: { readonly z: Tensor; readonly label: Tensor }, scope: Scope) =>
          up(concat([z, layers.embedding(3, 4)(label, scope.child("label"))], 1), scope.child("up")),
        critic: ({ x, code }: { readonly x: Tensor; readonly code: Tensor }, scope: Scope) => {
          const features = concat([flatten(convolutions(x, scope.child("conv"))), code], 1);
          return {
            score: layers.dense(1)(features, scope),
            share: sigmoid(body(features, scope.child("share"))),
          };
        },
      },
      players: {
        critic: {
          trains: "critic",
          loss: ({ x, z, labels, encoder, generator, critic }) =>
            sub(
              mean(critic({ x: generator({ z, label: labels.x }), code: z }).score),
              mean(add(critic({ x, code: encoder(x) }).score, critic({ x, code: encoder(x) }).share)),
            ),
          optimizer: adam(rate),
        },
        coder: {
          trains: ["encoder", "generator"],
          loss: ({ x, labels, encoder, generator }) =>
            size(sub(generator({ z: encoder(x), label: labels.x }), x)),
          optimizer: adam(rate),
        },
      },
      samples: { network: "generator", from: { z: "z" } },
      batch: 4,
      seed: 2,
    });

  it("of every network gives what it gives here, for any batch size", async () => {
    const run = conditional();
    await run.train({ steps: 3 });
    const inputs = {
      encoder: { x: 64 },
      generator: { z: 3, label: 0 },
      critic: { x: 64, code: 3 },
    } as const;
    const random = randomStream(1, "inputs");
    for (const [network, sizes] of Object.entries(inputs)) {
      const model = await loadModel(await run.export(network), `${network}.onnx`);
      for (const count of [1, 3, 65]) {
        const shapes: Record<string, readonly number[]> = {
          x: [count, 1, 8, 8],
          z: [count, 3],
          code: [count, 3],
        };
        const fed = Object.entries(sizes).map(([name, each]) => {
          if (name === "label") {
            const data = Int32Array.from({ length: count }, () => random.integer(3));
            return [name, { data, shape: [count] }] as const;
          }
          const data = Float32Array.from({ length: count * each }, () => random.normal());
          return [name, { data, shape: shapes[name] }] as const;
        });
        const given = Object.fromEntries(fed.map(([name, { data }]) => [name, data]));
        const expected = await run.apply(network, count, given);
        const got = await model.run(Object.fromEntries(fed));
        expect(Object.keys(got)).toEqual(Object.keys(expected));
        for (const [name, values] of Object.entries(expected)) {
          expect(got[name].shape[0]).toBe(count);
          const difference = values.reduce(
            (most, v, i) => Math.max(most, Math.abs(v - Number(got[name].data[i]))),
            0,
          );
          expect(difference).toBeLessThan(1e-5);
        }
      }
      await model.dispose();
    }
    await expect(run.export("decoder")).rejects.toThrow('unknown network "decoder"');
    await run.dispose();
  });

  it("is of the averaged weights where there are some, or of those that are trained", async () => {
    const run = game({
      data: { x: ring() },
      networks: { net: layers.dense(2) },
      players: {
        one: { trains: "net", loss: ({ x, net }) => size(net(x)), optimizer: sgd({ learningRate: 0.5 }) },
      },
      techniques: [ema({ decay: 0.9 })],
      batch: 4,
    });
    await run.train({ steps: 3 });
    const x = Float32Array.of(1, 2);
    const outputs = [];
    for (const weights of ["average", "current"] as const) {
      const model = await loadModel(await run.export("net", { weights }), "net.onnx");
      const { output } = await model.run({ x: { data: x, shape: [1, 2] } });
      expect(output.data).toEqual((await run.apply("net", 1, { x }, { weights })).output);
      outputs.push([...output.data]);
      await model.dispose();
    }
    expect(outputs[0]).not.toEqual(outputs[1]);
    await run.dispose();
  });

  it("samples a network of several inputs: latents by name, classes in turn", async () => {
    const run = conditional();
    const four = await run.sample(4);
    expect(four).toHaveLength(4 * 64);
    expect((await run.sample(7)).slice(0, 4 * 64)).toEqual(four);
    expect(await run.sample(4, { seed: 9 })).not.toEqual(four);
    const latents = new Float32Array(4 * 3);
    randomStream(2, "sample/z").fillNormal(latents);
    const label = Int32Array.of(0, 1, 2, 0);
    expect((await run.apply("generator", 4, { z: latents, label })).output).toEqual(four);
    await run.dispose();
  });

  it("samples a network that is fed with data, and one without weights", async () => {
    const run = game({
      data: { x: ring() },
      networks: { net: (x: Tensor) => mul(x, 2), other: layers.dense(1) },
      players: {
        one: { trains: "other", loss: ({ x, net, other }) => size(other(net(x))), optimizer: sgd(rate) },
      },
      samples: { network: "net", from: "x" },
      seed: 6,
    });
    await run.train({ steps: 2 });
    expect((await (await run.trainer()).flatWeights("net")).parameters).toHaveLength(0);
    const { examples } = await ring().draw(6, 0, 5);
    expect(await run.sample(5)).toEqual(examples.map((value) => 2 * value));
    await run.dispose();
  });

  it("says so where a game does not say what is sampled", async () => {
    const run = game({
      data: { x: ring() },
      networks: { net: layers.dense(1) },
      players: { one: { trains: "net", loss: ({ x, net }) => size(net(x)), optimizer: sgd(rate) } },
    });
    await expect(run.sample(4)).rejects.toThrow(
      "sample: the game does not say what is sampled; give it samples",
    );
    await run.dispose();
  });
});
