/** Steps of both players on one batch of fakes, held against the plain steps that they are said to be. */
import { describe, expect, it } from "vitest";
import { fromExamples, ring } from "../data/index.ts";
import { buildProgram, type Game, type Moves, stateVectors } from "../game/index.ts";
import { inputName, inputsOf, interpret, simplify, type Tensor, topologicalOrder } from "../graph/index.ts";
import { randomPoint } from "../testing/check-gradient.ts";
import { gan } from "./index.ts";

const images = () =>
  fromExamples({
    name: "tiny",
    shape: [1, 16, 16],
    examples: Float32Array.from(randomPoint([32, 256], 3, -1, 1).values),
  });

type Updates = "alternating" | "simultaneous" | "own fakes";
const sharing = (updates: Updates) => (updates === "own fakes" ? [] : [{ name: "shared-fakes", updates }]);
const small = {
  model: { name: "mlp", latent: 3, hidden: [4], scale: 1 },
  optimizer: { name: "sgd", learningRate: 0.1 },
  batch: 8,
};
const points = (updates: Updates, more: Partial<Parameters<typeof gan>[0]> = {}) =>
  gan({ data: ring(), ...small, techniques: sharing(updates), steps: 6, threads: 1, ...more });
const pictures = (updates: Updates, more: Partial<Parameters<typeof gan>[0]> = {}) =>
  gan({
    data: images(),
    model: { name: "dcgan", base: 4, latent: 8 },
    techniques: sharing(updates),
    batch: 8,
    steps: 4,
    threads: 1,
    ...more,
  });

const gameOf = async (run: ReturnType<typeof gan>): Promise<Game> => {
  const { game } = await run.trainer();
  await run.dispose();
  return game;
};
const outputsOf = (game: Game, moves: readonly Moves[]): Readonly<Record<string, Tensor>> =>
  buildProgram(game, stateVectors(game), moves).outputs;
const once = (...players: readonly string[]): Moves[] => players.map((player) => ({ player, count: 1 }));

/** Both players' parameters after moves, where the generator's own latent vectors would be the discriminator's. */
const after = (game: Game, moves: readonly Moves[], latest = "d0.latent"): Record<string, Float64Array> => {
  const outputs = outputsOf(game, moves);
  const names = ["discriminator", "generator"].filter((name) => outputs[name] !== undefined);
  const wanted = names.map((name) => outputs[name]);
  const seeds = new Map<string, number>();
  const feeds = Object.fromEntries(
    inputsOf(wanted).map((t) => {
      const name = inputName(t) as string;
      // The examples of the discriminator's last move are the generator's.
      const source =
        name === "g0.latent" ? latest : name === "g0.real" ? latest.replace("latent", "real") : name;
      const own = [...source].reduce((sum, c) => (31 * sum + c.charCodeAt(0)) % 1009, 7);
      seeds.set(name, own);
      return [
        name,
        name.startsWith("scalars") ? new Float32Array(64).fill(0.1) : randomPoint(t.shape, own, -1, 1).values,
      ];
    }),
  );
  const values = interpret(wanted, feeds);
  return Object.fromEntries(names.map((name, i) => [name, values[i]]));
};

describe("the steps of shared fakes", () => {
  it("alternating are the usual ones on the same latent vectors", async () => {
    const [shared, own] = [await gameOf(points("alternating")), await gameOf(points("own fakes"))];
    const both = once("discriminator", "generator");
    expect(after(shared, both)).toEqual(after(own, both));
    const twice = [
      { player: "discriminator", count: 3 },
      { player: "generator", count: 1 },
    ];
    expect(after(shared, twice)).toEqual(after(own, twice, "d2.latent"));
  });

  it("simultaneous are both from where both stood", async () => {
    const [shared, own] = [await gameOf(points("simultaneous")), await gameOf(points("own fakes"))];
    const { discriminator, generator } = after(shared, once("discriminator", "generator"));
    expect(discriminator).toEqual(after(own, once("discriminator")).discriminator);
    expect(generator).toEqual(after(own, once("generator")).generator);
    expect(generator).not.toEqual(after(own, once("discriminator", "generator")).generator);
  });

  it.each(["alternating", "simultaneous"] as const)(
    "%s are the same one by one, and after a checkpoint",
    async (updates) => {
      const [whole, apart, begun, resumed] = Array.from({ length: 4 }, () => pictures(updates));
      await whole.train();
      const trainer = await apart.trainer();
      while (trainer.progress.step < 4) {
        await trainer.advance("discriminator");
        await trainer.advance("generator", { endsIteration: true });
      }
      await begun.train({ steps: 2 });
      await resumed.load(await begun.save());
      await resumed.train();
      expect(await resumed.save()).toEqual(await whole.save());
      const expected = await (await whole.trainer()).tensors();
      for (const [name, { data }] of Object.entries(await trainer.tensors())) {
        data.forEach((value, i) => {
          expect(Math.abs(value - expected[name].data[i])).toBeLessThan(1e-5);
        });
      }
      for (const run of [whole, apart, begun, resumed]) await run.dispose();
    },
  );

  it("are refused where no player follows another, and for batches of two sizes", async () => {
    await expect(pictures("alternating", { generatorBatch: 16 }).trainer()).rejects.toThrow(
      "shared-fakes: expected a player who follows another, of one batch",
    );
  });
});

/** Passes over what is fed: the nodes of a kind in a whole iteration, as the graph is computed. */
const count = (outputs: readonly Tensor[], kind: string): number =>
  topologicalOrder(simplify(outputs)).filter(({ op }) => op.name === kind).length;

describe("what one pass can serve is computed once", () => {
  const kinds = ["conv2d", "conv_input"];
  const iteration = once("discriminator", "generator");
  const passes = async (updates: Updates): Promise<number[]> => {
    const outputs = Object.values(outputsOf(await gameOf(pictures(updates)), iteration));
    return kinds.map((kind) => count(outputs, kind));
  };

  it("the generator's forward of both steps; simultaneously the discriminator's over the fakes, too", async () => {
    const [own, alternating, simultaneous] = [
      await passes("own fakes"),
      await passes("alternating"),
      await passes("simultaneous"),
    ];
    // Two convolutions each, in either network: of a generator they are gradients by the input.
    expect([own[0] - alternating[0], own[1] - alternating[1]]).toEqual([0, 2]);
    expect([alternating[0] - simultaneous[0], alternating[1] - simultaneous[1]]).toEqual([2, 0]);
  });

  it("the discriminator's forward on real examples and that of its R1 penalty", async () => {
    const games = [
      await gameOf(pictures("own fakes")),
      await gameOf(pictures("own fakes", { penalties: [{ name: "r1" }] })),
    ];
    const onReal = games.map((game) =>
      topologicalOrder(simplify(Object.values(outputsOf(game, once("discriminator"))))).filter(
        ({ op, inputs }) => op.name === "conv2d" && inputName(inputs[0]) === "d0.real",
      ),
    );
    expect(onReal.map(({ length }) => length)).toEqual([1, 1]);
  });
});
