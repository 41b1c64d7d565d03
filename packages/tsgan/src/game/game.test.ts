import { describe, expect, expectTypeOf, it } from "vitest";
import { ring } from "../data/index.ts";
import { add, concat, constant, grad, mean, mul, square, sum, type Tensor } from "../graph/index.ts";
import { adam, layers, type Scope, sgd } from "../nn/index.ts";
import { defineTechnique, ema } from "../techniques/index.ts";
import { game } from "../train/index.ts";
import {
  buildProgram,
  type Game,
  type GameOptions,
  gameOf,
  type Latents,
  type Networks,
  type Streams,
  stateVectors,
} from "./index.ts";

const linear = layers.dense(2);
const pair = ({ x, z }: { readonly x: Tensor; readonly z: Tensor }, scope: Scope) => ({
  scores: layers.dense(1)(concat([x, z], 1), scope),
});
const size = (x: Tensor): Tensor => mean(square(x));
const optimizer = sgd({ learningRate: 0.1 });
const z = { size: 2, distribution: "normal" } as const;

/** The graph of moves, and the game's state. */
const programOf = (made: Game, ...players: readonly string[]) => {
  const vectors = stateVectors(made);
  return buildProgram(
    made,
    vectors,
    players.map((player) => ({ player, count: 1 })),
  );
};

describe("what an objective sees", () => {
  it("has the types of networks, data and latents, with nothing said", () => {
    const made = game({
      data: { x: ring() },
      latents: { z },
      networks: { encoder: linear, generator: { apply: linear, inputs: { shape: [2] } }, critic: pair },
      players: {
        coder: {
          trains: ["encoder", "generator"],
          loss: ({ x, z, encoder, generator, critic, labels, ...rest }) => {
            expectTypeOf(x).toEqualTypeOf<Tensor>();
            expectTypeOf(z).toEqualTypeOf<Tensor>();
            expectTypeOf(labels).toEqualTypeOf<{ readonly x: Tensor }>();
            expectTypeOf(encoder).toEqualTypeOf<(input: Tensor) => Tensor>();
            expectTypeOf(generator).toEqualTypeOf<(input: Tensor) => Tensor>();
            expectTypeOf(critic).toEqualTypeOf<
              (input: { readonly x: Tensor; readonly z: Tensor }) => { scores: Tensor }
            >();
            expectTypeOf(rest).not.toHaveProperty("nothing");
            return size(critic({ x: generator(z), z: encoder(x) }).scores);
          },
          optimizer,
        },
      },
      samples: { network: "generator", from: "z" },
    });
    expect(Object.keys(made.game.networks)).toEqual(["encoder", "generator", "critic"]);
    expect(made.game.frozen).toEqual(["critic"]);
  });

  it("has no more names than the game, without latents too", () => {
    game({
      data: { x: ring() },
      networks: { encoder: linear },
      players: {
        coder: {
          trains: "encoder",
          loss: (view) => {
            expectTypeOf(view).not.toHaveProperty("z");
            expectTypeOf(view.encoder).toEqualTypeOf<(input: Tensor) => Tensor>();
            return size(view.encoder(view.x));
          },
          optimizer,
        },
      },
      samples: { network: "encoder", from: "x" },
    });
    const misspelt = () =>
      game({
        data: { x: ring() },
        networks: { encoder: linear },
        players: {
          // @ts-expect-error There is no network of this name.
          coder: { trains: "encodr", loss: ({ x, encoder }) => size(encoder(x)), optimizer },
        },
        // @ts-expect-error Nor a latent of this one.
        samples: { network: "encoder", from: "z" },
      });
    expect(misspelt).toThrow('unknown network of game: player coder "encodr"; did you mean "encoder"?');
  });
});

/** A network of a game whose names the compiler does not know. */
const called = (network: unknown, x: unknown): Tensor => (network as (given: unknown) => Tensor)(x);

describe("a game", () => {
  const options = (
    changes: Partial<GameOptions<Streams, Networks, Latents>> = {},
  ): GameOptions<Streams, Networks, Latents> => ({
    data: { x: ring() },
    latents: { z },
    networks: { net: linear },
    players: {
      one: { trains: "net", loss: (view) => size(called(view.net, view.x)), optimizer },
    },
    ...changes,
  });
  const { one } = options().players;

  it.each<[string, Partial<GameOptions<Streams, Networks, Latents>>, string]>([
    [
      "data called as a network",
      { data: { x: ring(), net: ring() } },
      'the name "net" of networks is taken by data',
    ],
    [
      "latents called as data",
      { latents: { x: z } },
      'the name "x" of latents is taken by data; choose another',
    ],
    [
      "names that every view has",
      { latents: { labels: z } },
      'the name "labels" of latents is taken by what every view has; choose another',
    ],
    ["no players", { players: {} }, "game: it has no players; add one to players"],
    [
      "players that train nothing",
      { players: { one: { ...one, trains: [] } } },
      "must name at least one network; got none",
    ],
    [
      "networks that are not there",
      { players: { one: { ...one, trains: ["net", "ned"] } } },
      'unknown network of game: player one "ned"; did you mean "net"? (known: net)',
    ],
    [
      "players that do not say what they train",
      { players: { coder: { loss: one.loss, optimizer } } },
      "game: player coder: trains is missing, and no network is called coder; name some of net",
    ],
    [
      "players without an optimiser",
      { players: { net: { loss: one.loss } } },
      "game: player net: expected an optimizer; got none; give one to the player, or to the game",
    ],
    [
      "players who follow nobody",
      { players: { one: { ...one, follows: "tow" }, two: one } },
      'unknown player that one follows "tow"; did you mean "two"? (known: one, two)',
    ],
    [
      "players of one key",
      { players: { one, two: { ...one, key: "one" } } },
      'game: players one and two have the key "one" both; give one another key, or none',
    ],
    ["judges that are not there", { judges: ["critic"] }, 'unknown judge "critic" (known: net)'],
    [
      "networks that nobody uses",
      { networks: { net: linear, spare: linear } },
      "game: no player uses the network spare, so that what it is fed is not known; give it inputs, or leave it out",
    ],
    [
      "samples of no network",
      { samples: { network: "generator", from: "z" } },
      'unknown network of samples "generator" (known: net)',
    ],
    [
      "samples from nothing",
      { samples: { network: "net", from: "photo" } },
      'unknown latent or data set of samples "photo" (known: z, x)',
    ],
    [
      "samples of inputs that are not there",
      { samples: { network: "net", from: { y: "z" } } },
      'unknown input of network net "y"',
    ],
    [
      "networks called as parts of the state",
      {
        networks: { net: linear, ema: { apply: linear, inputs: { shape: [2] } } },
        techniques: [
          defineTechnique({
            name: "ema",
            title: "",
            options: {},
            create: () => ({ state: () => ({ "": { size: 1 } }) }),
          })(),
        ],
      },
      'game: the name "ema" of a part of the state is taken; give the network or the player another name',
    ],
    [
      "networks called as what programs give",
      {
        networks: { figures: linear },
        players: {
          one: { ...one, trains: "figures", loss: ({ figures, x }) => size(called(figures, x)) },
        },
      },
      'game: the name "figures" of a part of the state is taken; give the network or the player another name',
    ],
    [
      "weights of other layers",
      {
        networks: {
          net: { apply: linear, weights: { weight: { shape: [1, 2], data: new Float32Array(2) } } },
        },
      },
      "game: weights of network net: tensor weight must be float32 [2,2]; got [1,2]; give weights of a network of the same layers, or none",
    ],
    [
      "weights of fewer layers",
      {
        networks: {
          net: { apply: linear, weights: { weight: { shape: [2, 2], data: new Float32Array(4) } } },
        },
      },
      "game: weights of network net: tensor bias must be float32 [2]; got none",
    ],
    [
      "players that train what has no weights",
      { networks: { net: layers.flatten() } },
      "game: player one: the network net has no weights to train; take it out of trains",
    ],
    [
      "averages of networks that are not there",
      { techniques: [ema({ networks: ["generator"] })] },
      'ema: networks: there is no network "generator" (known: net)',
    ],
  ])("refuses %s", (_, changes, message) => {
    expect(() => gameOf(options(changes))).toThrow(message);
  });

  it("has an optimiser for players without one of their own, who train the network of their name", () => {
    const [own, shared] = [adam(), adam()];
    const loss = one.loss;
    const { players } = gameOf(
      options({ players: { net: { loss }, one: { ...one, optimizer: own } }, optimizer: shared }),
    );
    expect([players.net.trains, players.one.trains]).toEqual([["net"], ["net"]]);
    expect(players.net.optimizer).toBe(shared);
    expect(players.one.optimizer).toBe(own);
  });

  it("says which player's objective is no number, and what it is", () => {
    const minimising = (loss: unknown) =>
      gameOf({
        data: { x: ring() },
        networks: { net: linear },
        players: { net: { loss: loss as () => Tensor, optimizer } },
      });
    const rows = (view: { readonly x: Tensor; net(x: Tensor): Tensor }) => view.net(view.x);
    expect(() => programOf(minimising(rows), "net")).toThrow(
      /^game: player net: the objective must be a scalar tensor; got \[\d+,\d+\]; take its mean$/,
    );
    const none = (view: Parameters<typeof rows>[0]): number => rows(view).shape.length && Number.NaN;
    expect(() => programOf(minimising(none), "net")).toThrow("must be a scalar tensor; got NaN");
    const recorded = (view: Parameters<typeof rows>[0] & { record(name: string, x: unknown): void }) => {
      view.record("own", 5);
      return size(rows(view));
    };
    expect(() => programOf(minimising(recorded), "net")).toThrow(
      'game: player net: the figure "own" must be a scalar tensor; got 5',
    );
  });

  it("refuses figures that would take the place of others", () => {
    const recording = (name: string, other = "other") => {
      const player = (figure: string) => ({
        trains: "net" as const,
        loss: (view: {
          readonly x: Tensor;
          net(x: Tensor): Tensor;
          record(name: string, x: Tensor): void;
        }) => {
          const loss = size(view.net(view.x));
          view.record(figure, loss);
          return loss;
        },
        optimizer,
      });
      return gameOf({
        data: { x: ring() },
        networks: { net: linear },
        players: { one: player(name), two: player(other) },
      });
    };
    expect(() => programOf(recording("step"), "one")).toThrow(
      'game: player one: the figure "step" is in every record already; record yours by another name',
    );
    expect(() => programOf(recording("oneLoss"), "one")).toThrow(
      'the figure "oneLoss" is in every record already',
    );
    expect(() => programOf(recording("size", "size"), "one", "two")).toThrow(
      'game: players one and two both record "size"; give one figure another name',
    );
    expect(programOf(recording("size"), "one", "two").figureNames).toEqual([
      "oneLoss",
      "size",
      "oneGradient",
      "twoLoss",
      "other",
      "twoGradient",
    ]);
  });
});

describe("an objective", () => {
  it("may hold derivatives by examples and by parameters, of networks of like layers, applied twice", () => {
    const layer = layers.sequential(layers.dense(2), layers.batchNorm(), layers.dropout(0.5));
    const made = gameOf({
      data: { x: ring() },
      networks: { encoder: layer, critic: layer },
      players: {
        one: {
          trains: ["encoder", "critic"],
          loss: ({ x, encoder, critic, parameters }) => {
            const codes = encoder(x);
            const scores = add(size(critic(codes)), size(critic(x)));
            return [x, codes, ...parameters("encoder"), ...parameters("critic")]
              .map((by) => size(grad(scores, [by])[0]))
              .reduce((a, b) => add(a, b));
          },
          optimizer,
        },
      },
    });
    expect(made.variables.encoder.parameterCount).toBe(10);
    expect(programOf(made, "one").figureNames).toEqual(["oneLoss", "oneGradient"]);
  });
});

describe("share", () => {
  it("gives another player what has been made, until a network that it was made with has moved", () => {
    const seen: Record<string, Tensor> = {};
    const shared = (player: string, trains: "encoder" | "critic") => ({
      trains,
      loss: ({
        x,
        encoder,
        critic,
        share,
      }: {
        readonly x: Tensor;
        encoder(x: Tensor): Tensor;
        critic(x: Tensor): Tensor;
        share<T>(name: string, make: () => T): T;
      }) => {
        const codes = share("codes", () => encoder(x));
        seen[player] = codes;
        return size(critic(codes));
      },
      optimizer,
    });
    const made = gameOf({
      data: { x: ring() },
      networks: { encoder: linear, critic: linear },
      players: {
        judge: shared("judge", "critic"),
        again: shared("again", "critic"),
        coder: shared("coder", "encoder"),
        late: shared("late", "critic"),
      },
    });
    programOf(made, "judge", "again", "coder", "late");
    // The critic moves twice, but the codes are none of its work.
    expect(seen.again).toBe(seen.judge);
    expect(seen.coder).toBe(seen.judge);
    expect(seen.late).not.toBe(seen.judge);
  });

  it("counts what was shared inside of it", () => {
    const seen: Tensor[] = [];
    const player = (trains: "encoder" | "critic") => ({
      trains,
      loss: (view: {
        readonly x: Tensor;
        encoder(x: Tensor): Tensor;
        critic(x: Tensor): Tensor;
        share<T>(name: string, make: () => T): T;
      }) => {
        const codes = () => view.share("codes", () => view.encoder(view.x));
        seen.push(view.share("scores", () => view.critic(codes())));
        return size(seen[seen.length - 1]);
      },
      optimizer,
    });
    const made = gameOf({
      data: { x: ring() },
      networks: { encoder: linear, critic: linear },
      players: { coder: player("encoder"), judge: player("critic"), last: player("encoder") },
    });
    seen.length = 0;
    programOf(made, "coder", "judge", "last");
    expect(new Set(seen).size).toBe(3);
  });
});

describe("schedule", () => {
  it("tells functions of one text by what they close over, and gives each one scalar a move", () => {
    const constants = [1, 2, 3].map((value) => () => value);
    const made = gameOf({
      data: { x: ring() },
      networks: { net: linear },
      players: {
        one: {
          trains: "net",
          loss: ({ x, net, schedule }) => {
            const weights = [...constants, ...constants].map((each) => schedule(each));
            return mul(
              size(net(x)),
              weights.reduce((a, b) => add(a, b)),
            );
          },
          optimizer: adam(),
        },
      },
    });
    const { scalars } = programOf(made, "one");
    const moment = { step: 0, steps: 10, t: 1 };
    expect(scalars.slice(0, 3).map(({ value }) => value(moment))).toEqual([1, 2, 3]);
    expect(scalars).toHaveLength(3 + adam().scalarCount);
  });

  it("has no ceiling of 128 scalars", () => {
    const made = gameOf({
      data: { x: ring() },
      networks: { net: linear },
      players: {
        one: {
          trains: "net",
          loss: ({ x, net, schedule }) => {
            const numbers = Array.from({ length: 150 }, (_, i) => schedule(() => i));
            return mul(
              size(net(x)),
              numbers.reduce((a, b) => add(a, b), sum(constant([0], []))),
            );
          },
          optimizer,
        },
      },
    });
    expect(programOf(made, "one").scalars.length).toBeGreaterThan(150);
  });
});
