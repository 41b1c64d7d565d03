/** What people give who bring things of their own, with typical mistakes: each is told of in the terms of what they gave. */
import { describe, expect, it } from "vitest";
import { checkDataset, type Dataset, ring } from "../data/index.ts";
import { buildProgram, defineTechnique, type Game, stateVectors } from "../game/index.ts";
import { constant, input, mean, mul, neg, square, sub, type Tensor } from "../graph/index.ts";
import { defineLoss, hinge } from "../losses/index.ts";
import { defineModel, latentOf, latentOptions } from "../models/index.ts";
import { adam, layers, type Scope } from "../nn/index.ts";
import { definePenalty } from "../penalties/index.ts";
import { ema } from "../techniques/index.ts";
import { feedBuffers, fillFeeds } from "./fill.ts";
import { NotFiniteError } from "./not-finite.ts";
import { game, gan } from "./run.ts";

/** What is not of the type that the compiler asks for. */
const wrong = (value: unknown): never => value as never;

type View = Readonly<Record<string, (x: unknown) => Tensor>> & { readonly labels: Record<string, Tensor> };
const dense = layers.dense(2);
const size = (x: Tensor): Tensor => mean(square(x));
const player = { loss: (view: View) => size(view.net(view.x)) };
const points = (draw: (count: number) => unknown): Dataset => ({
  name: "own",
  shape: [2],
  size: Number.POSITIVE_INFINITY,
  draw: (_seed, _position, count) => wrong(draw(count)),
});

/** A game of one player, with something else in it. */
const made = (other: object): Game =>
  game(
    wrong({
      data: { x: ring() },
      networks: { net: dense },
      players: { net: player },
      optimizer: adam(),
      ...other,
    }),
  ).game;

const program = (own: Game, name: string) =>
  buildProgram(own, stateVectors(own), [{ player: name, count: 1 }]);

describe("a game with a mistake", () => {
  it.each<readonly [message: string, other: object]>([
    ['unknown option of game "optimiser"; did you mean "optimizer"?', { optimiser: adam() }],
    [
      'unknown option of game: player net "los"; did you mean "loss"?',
      { players: { net: { los: player.loss } } },
    ],
    ["game: player net: loss must be a function of a view; got nothing", { players: { net: {} } }],
    ['game: player net: expected an optimizer; got "adam"; give what', { optimizer: "adam" }],
    [
      "game: player net: expected an optimizer; got an object {learningRate}",
      { optimizer: { learningRate: 1 } },
    ],
    [
      'game: expected techniques; got "ema"; give what a function makes, such as techniques.ema()',
      { techniques: ["ema"] },
    ],
    ['game: data x: expected a data set; got "ring"', { data: { x: "ring" } }],
    [
      "game: data x: expected a data set; got a promise, as async functions give; await it",
      { data: { x: Promise.resolve(ring()) } },
    ],
    [
      "game: latents.z: latent.size must be an integer of at least 1; got 0",
      { latents: { z: { size: 0, distribution: "normal" } } },
    ],
    [
      "game: latents.z: latent.distribution must be one of normal, ",
      { latents: { z: { size: 2, distribution: "gauss" } } },
    ],
    [
      "game: network net must be a function of (input, scope), such as a layer, or have one as apply; got an object {apply}",
      { networks: { net: { apply: 3 } } },
    ],
    [
      "network net must give a tensor, or tensors by name; got a promise, as async functions give",
      { networks: { net: async (x: Tensor, scope: Scope) => dense(x, scope) } },
    ],
    [
      "network net must give a tensor, or tensors by name; got nothing",
      { networks: { net: () => undefined } },
    ],
    [
      "network net: layer: expected a tensor; got an object {x}",
      { players: { net: { loss: (v: View) => size(v.net({ x: v.x })) } } },
    ],
    [
      "network net: weight: a variable keeps its shape [2,2]; got [2,3]",
      {
        players: { net: { loss: (v: View) => size(v.net(v.net(constant([1, 2, 3], [1, 3])))) } },
        networks: {
          net: (x: Tensor, s: Scope) =>
            x.shape[1] === 3 ? dense(dense(x, s.child("a")), s) : dense(constant([1, 2, 3], [1, 3]), s),
        },
      },
    ],
    [
      'unknown name in the view of player net "nett"; did you mean "net"?',
      { players: { net: { loss: (v: View) => size(v.nett(v.x)) } } },
    ],
    [
      "game: player net: the first argument of random must be one of uniform, normal; got gauss",
      {
        players: {
          net: {
            loss: (v: { random(kind: string, shape: number[]): Tensor } & View) =>
              size(v.net(v.random("gauss", [4, 2]))),
          },
        },
      },
    ],
    [
      "game: player net: labels.x: data set own has no classes; give it labels",
      {
        data: { x: points(() => ({})) },
        players: { net: { loss: (v: View) => size(sub(v.net(v.x), v.labels.x)) } },
      },
    ],
    [
      "game: player net: it trains the network net, which no loss uses; use it in a loss",
      { players: { net: { loss: (v: View) => size(v.x as never) } } },
    ],
  ])("is told: %s", (message, other) => {
    expect(() => made(other)).toThrow(message);
  });

  it("makes no half move", () => {
    const half = made({ players: { net: { ...player, moves: () => 0.5 } } });
    expect(() => half.players.net.moves(0)).toThrow(
      "game: player net: moves must be an integer of at least 0; got 0.5",
    );
  });
});

describe("weights that no loss reaches", () => {
  const named = (x: Tensor, scope: Scope): Tensor => {
    layers.dense(5)(x, scope.child("idle"));
    return dense(x, scope.child("out"));
  };

  it("are named, those of one network beside others that learn", () => {
    const { unreached } = program(made({ networks: { net: named } }), "net");
    expect([...unreached]).toEqual([["net", ["net/idle.weight", "net/idle.bias"]]]);
  });

  it("are none where all learn", () => {
    expect([...program(made({}), "net").unreached]).toEqual([["net", []]]);
  });

  it("are refused where a player has no others", () => {
    const still = made({ players: { net: { loss: (v: View) => size(mul(v.net(v.x), 0)) } } });
    expect([...program(still, "net").unreached]).toEqual([["net", []]]);
    const deaf = made({
      networks: { net: dense, other: dense },
      players: {
        net: { loss: (v: View) => size(v.other(v.x)) },
        other: { loss: (v: View) => size(v.other(v.net(v.x))) },
      },
    });
    expect(() => program(deaf, "net")).toThrow(
      "game: player net: its loss must depend on what it trains, net; got one that no weight changes; " +
        "make it of what these networks give, or take the player out",
    );
  });
});

const loss = (create: unknown) => ({
  loss: defineLoss({ name: "own", title: "own", scores: "unbounded", options: {}, create: wrong(create) })(),
});
const penalty = (create: unknown) => ({
  penalties: [definePenalty({ name: "own", title: "own", options: {}, create: wrong(create) })()],
});
const technique = (create: unknown) => ({
  techniques: [defineTechnique({ name: "own", title: "own", options: {}, create: wrong(create) })()],
});
const functions = {
  discriminator: (real: Tensor) => mean(real),
  generator: (_: Tensor, fake: Tensor) => neg(mean(fake)),
};
const model = (networks: object) => ({
  model: defineModel({
    name: "own",
    title: "own",
    data: "points",
    options: latentOptions(2),
    create: (options) => ({
      latent: latentOf(options),
      scores: "logit",
      generator: ({ z }, scope) => dense(z, scope),
      discriminator: ({ x }, scope) => ({ scores: layers.dense(1)(x, scope) }),
      ...networks,
    }),
  })(),
});

describe("a GAN with a thing of one's own with a mistake", () => {
  const NEEDED = "loss own: create must give an object with functions: discriminator and generator; got";
  it.each<readonly [message: string, make: () => object]>([
    [`${NEEDED} a promise, as async functions give`, () => loss(async () => functions)],
    [`${NEEDED} nothing`, () => loss(() => undefined)],
    [
      `${NEEDED} an object {disciminator, generator}`,
      () => loss(() => ({ disciminator: mean, generator: mean })),
    ],
    [
      "penalty own: create must give an object with functions: penalty or constraint; got a function",
      () => penalty(() => mean),
    ],
    [
      'unknown function of technique own: "sess"; did you mean "sees"? (known: networks, sharesLatents, state, sees,',
      () => technique(() => ({ sess: mean, after: mean })),
    ],
    [
      "technique own: create must give an object with functions: networks or sharesLatents or state or sees",
      () => technique(async () => ({ sees: mean })),
    ],
    ["config: penalties must be a list; got an object {", () => ({ penalties: hinge() })],
    [
      "config: loss must be a name, an object with a name, or what a function such as losses.hinge() makes; got a function; call it",
      () => ({ loss: hinge }),
    ],
    ["config: techniques.0 must be a name, an object with a name", () => ({ techniques: [ema] })],
    [
      'config: optimizer must be an object with a name, or what a function such as adam() makes; got "adam"',
      () => ({ optimizer: "adam" }),
    ],
    ["config: data: expected a data set; got a list; make one with fromExamples", () => ({ data: [[1, 2]] })],
    [
      "model own: the generator must give examples [64,2]; got [64,3]",
      () => model({ generator: ({ z }: { z: Tensor }, s: Scope) => layers.dense(3)(z, s) }),
    ],
    [
      "model own: the generator must give examples [64,2]; got a promise",
      () => model({ generator: async ({ z }: { z: Tensor }, s: Scope) => dense(z, s) }),
    ],
    ["network generator: layer: expected a tensor; got an object {z}", () => model({ generator: dense })],
    [
      "model own: the discriminator must give { scores } with an axis of 64 examples first; got [64,2]",
      () => model({ discriminator: ({ x }: { x: Tensor }, s: Scope) => dense(x, s) }),
    ],
    ["model own: latent must be {", () => model({ latent: undefined })],
    ["model own: scores must be one of logit, unbounded, ", () => model({ scores: "logits" })],
    [
      "model own: create must give an object with functions: generator and discriminator; got an object {",
      () => model({ discriminator: undefined }),
    ],
    [
      "loss own: option margin must be made by number(), integer(), flag(), choice() … of tsgan/define; got 1",
      () => ({
        loss: defineLoss({
          name: "own",
          title: "own",
          scores: "unbounded",
          options: { margin: wrong(1) },
          create: () => wrong(functions),
        })(),
      }),
    ],
    [
      "loss: a name consists of small letters, digits and hyphens; got undefined",
      () => ({
        loss: defineLoss(
          wrong({ title: "own", scores: "unbounded", options: {}, create: () => functions }),
        )(),
      }),
    ],
  ])("is told: %s", async (message, make) => {
    await expect(async () => gan(wrong({ data: ring(), batch: 64, ...make() })).trainer()).rejects.toThrow(
      message,
    );
  });

  it("has losses and penalties that are scalars", () => {
    const scores = input("scores", [8, 1]);
    const { discriminator } = loss(() => ({ ...functions, discriminator: sub })).loss;
    expect(() => discriminator(scores, scores)).toThrow(
      "loss own: the discriminator's loss must be a scalar tensor; got [8,1]; take its mean",
    );
    const { generator } = loss(() => ({ ...functions, generator: async () => 1 })).loss;
    expect(() => generator(scores, scores)).toThrow("got a promise, as async functions give; take its mean");
    const [own] = penalty(() => ({ penalty: () => undefined })).penalties;
    expect(() => own.penalty?.(wrong({}))).toThrow(
      "penalty own must be a scalar tensor; got nothing; take its mean",
    );
  });

  it("is told of a tensor without a shape", () => {
    expect(() => constant(wrong(3), wrong(undefined))).toThrow(
      "constant: expected values and a shape, such as constant([3], []); got nothing",
    );
  });
});

describe("a data set that draws something else than was asked for", () => {
  it.each([
    ["512 numbers", "256", points((count) => ({ examples: new Float32Array(count) }))],
    ["a Float32Array", "a list", points((count) => ({ examples: Array(2 * count).fill(0.5) }))],
    ["a batch", "a promise", points(() => ({ examples: Promise.resolve() }))],
  ])("is refused where it does not give %s", async (_, got, dataset) => {
    const message = new RegExp(
      `^data set own: \\d+ examples of \\[2\\] must be a Float32Array of \\d+ numbers; got ${got === "256" ? "\\d+" : got}`,
    );
    await expect(checkDataset(dataset, { batch: 8, seed: 1 })).rejects.toThrow(message);
    const own = made({ data: { x: dataset } });
    const { feeds } = program(own, "net");
    const fill = fillFeeds(own, 1, feeds, feedBuffers(feeds), { net: 0 }, [{ player: "net", count: 1 }]);
    await expect(fill).rejects.toThrow(message);
  });
});

describe("a loss that is not finite", () => {
  it("may lie in its formula at the first step, too", () => {
    expect(new NotFiniteError(1, "netLoss", undefined).message).toBe(
      "step 1: netLoss is not finite; lower the learning rate, or add a penalty or gradient clipping, or look for a division by 0, or a logarithm or root of what may be negative",
    );
    expect(new NotFiniteError(2, "netLoss", undefined).message).toContain("; lower the learning rate");
  });
});
