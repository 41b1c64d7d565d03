import { describe, expect, it } from "vitest";
import { ring } from "../data/index.ts";
import { input, mean, square, sub, sum, type Tensor, toOnnx } from "../graph/index.ts";
import { hinge } from "../losses/index.ts";
import { compile, loadModel, State } from "../runtime/index.ts";
import { game } from "../train/index.ts";
import { adam, chain, layers, learner, links, schedules, sgd } from "./index.ts";

const [BATCH, STEPS] = [16, 4];
const network = layers.sequential(layers.dense(8), layers.tanh(), layers.dense(1));
const squaredNorm = (x: Tensor): Tensor => mean(square(x));

describe("a learner", () => {
  it("makes of its weights what a game of one player makes of them", async () => {
    const optimizer = () =>
      chain(links.clip({ limit: 0.1 }), adam({ learningRate: schedules.linear({ from: 0.1 }) }));
    const run = game({
      data: { x: ring() },
      networks: { critic: network },
      players: {
        critic: { trains: "critic", loss: ({ x, critic }) => squaredNorm(critic(x)), optimizer: optimizer() },
      },
      batch: BATCH,
      seed: 5,
      steps: STEPS,
    });
    await run.train();
    const { parameters } = await (await run.trainer()).flatWeights("critic");

    const critic = learner("critic", network, optimizer(), { seed: 5, steps: STEPS });
    const loss = squaredNorm(critic.apply(input("x", [BATCH, 2])));
    const step = await compile(critic.update(loss), { state: critic.names, threads: 1 });
    const state = new State();
    critic.init(state);
    for (let t = 0; t < STEPS; t++) {
      const { examples } = await ring().draw(5, t * BATCH, BATCH);
      await step.run({ x: examples, ...critic.feeds(step, t) }, state);
    }
    const learnt = await state.read("critic");
    learnt.forEach((value, i) => {
      expect(value).toBeCloseTo(parameters[i], 5);
    });
    state.dispose();
    await run.dispose();
  });

  it("moves beside another in one program, both from the state before it", async () => {
    const a = learner("a", layers.dense(1, { bias: false }), sgd({ learningRate: 1 }));
    const b = learner("b", layers.dense(1, { bias: false }), sgd({ learningRate: 1 }));
    const x = input("x", [1, 1]);
    // a b x by each: the gradient of a is b x, that of b is a x.
    const loss = sum(b.apply(a.apply(x)));
    const step = await compile({ ...a.update(loss), ...b.update(loss) }, { state: [...a.names, ...b.names] });
    const state = new State();
    state.set("a", [2]);
    state.set("b", [3]);
    await step.run({ x: [1], ...a.feeds(step, 0), ...b.feeds(step, 0) }, state);
    expect([...(await state.read("a")), ...(await state.read("b"))]).toEqual([2 - 3, 3 - 2]);
  });

  it("takes the running statistics of what its loss looks at, in order, and of nothing else", async () => {
    const norm = learner("norm", layers.batchNorm({ momentum: 0.5 }), sgd({ learningRate: 1e-12 }));
    const [first, second, other] = ["first", "second", "other"].map((name) =>
      norm.apply(input(name, [2, 1])),
    );
    const loss = sum(square(sub(first, second)));
    expect(norm.names).toContain("norm.buffers");
    const step = await compile({ ...norm.update(loss) }, { state: norm.names });
    expect(Object.keys(step.inputs)).not.toContain("other");
    expect(other.shape).toEqual([2, 1]);
    const state = new State();
    norm.init(state);
    await step.run({ first: [3, 5], second: [8, 8], ...norm.feeds(step, 0) }, state);
    // 0 → half way to 4 → half way to 8
    expect((await state.read("norm.buffers"))[0]).toBeCloseTo(5, 6);
  });

  it("draws anew in each step what its network drops, the same for the same seed", async () => {
    const make = (seed: number) =>
      learner("net", layers.sequential(layers.dense(64), layers.dropout(0.5)), sgd({ learningRate: 1e-12 }), {
        seed,
      });
    const lossesOf = async (seed: number) => {
      const net = make(seed);
      const state = new State();
      const loss = mean(net.apply(input("x", [4, 2])));
      const step = await compile({ loss, ...net.update(loss) }, { state: net.names });
      net.init(state);
      state.set("net", new Float32Array(3 * 64).fill(1));
      const x = new Float32Array(8).fill(1);
      const losses: number[] = [];
      for (let t = 0; t < 3; t++) losses.push((await step.run({ x, ...net.feeds(step, t) }, state)).loss[0]);
      return losses;
    };
    const losses = await lossesOf(1);
    expect(new Set(losses).size).toBe(3);
    expect(await lossesOf(1)).toEqual(losses);
    expect(await lossesOf(2)).not.toEqual(losses);
  });

  it("feeds each program what that one needs", async () => {
    const judge = learner("judge", layers.sequential(layers.dropout(0.5), layers.dense(1)), adam());
    const maker = learner("maker", layers.dense(2), adam());
    const fake = maker.apply(input("z", [4, 2]));
    const tell = hinge().discriminator(judge.apply(input("x", [4, 2])), judge.apply(fake));
    const fool = hinge().generator(tell, judge.apply(fake));
    const state = [...judge.names, ...maker.names];
    const judging = await compile(judge.update(tell), { state });
    const making = await compile(maker.update(fool), { state });
    const fed = (program: typeof judging) =>
      Object.keys({ ...judge.feeds(program, 0), ...maker.feeds(program, 0) }).sort();
    expect(fed(judging)).toEqual(["judge.noise0", "judge.noise1", "judge.scalars"]);
    expect(fed(making)).toEqual(["judge.noise2", "maker.scalars"]);
    const kept = new State();
    for (const each of [judge, maker]) each.init(kept);
    const z = new Float32Array(8).fill(1);
    await judging.run({ x: z, z, ...judge.feeds(judging, 0), ...maker.feeds(judging, 0) }, kept);
    await making.run({ z, ...judge.feeds(making, 0), ...maker.feeds(making, 0) }, kept);
  });

  it("is exported with its weights, in inference mode, for any batch size", async () => {
    const net = learner("net", layers.sequential(layers.dense(2), layers.batchNorm()), adam());
    net.apply(input("x", [4, 2]));
    const state = new State();
    net.init(state);
    state.set("net.buffers", [1, 2, 4, 9]);
    const frozen = await net.frozen(state);
    const model = toOnnx((batch) => ({ y: frozen(input("x", [batch, 2])) }));
    const loaded = await loadModel(model, "net.onnx");
    const one = await compile({ y: net.apply(input("x", [3, 2]), "inference") }, { state: net.names });
    const x = Float32Array.of(1, 2, 3, 4, 5, 6);
    const { y } = await one.run({ x }, state);
    const run = await loaded.run({ x: { data: x, shape: [3, 2] } });
    expect(run.y.data).toEqual(y);
    await loaded.dispose();
  });

  it("refuses what it cannot do", () => {
    const net = learner("net", network, adam());
    expect(() => net.init(new State())).toThrow(
      "learner net: what weights it has is not known yet; apply it first",
    );
    const y = mean(net.apply(input("x", [4, 2])));
    expect(() => net.update(sum(input("x", [4, 2])))).toThrow(
      "learner net: the loss of its update does not depend on it; apply it on the way to the loss",
    );
    expect(Object.keys(net.update(y))).toEqual(["net", "net.adam.m", "net.adam.v"]);
    expect(() => learner("flat", layers.flatten(), adam()).apply(input("x", [4, 2]))).toThrow(
      "learner flat: the network has no weights to learn; use it as it is",
    );
  });
});
