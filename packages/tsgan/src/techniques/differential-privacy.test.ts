import { describe, expect, it } from "vitest";
import { ganOf } from "../config/gan.ts";
import { resolveConfig } from "../config/index.ts";
import type { Game, GradientContext } from "../game/index.ts";
import { ganGame } from "../gan/index.ts";
import { add, constant, dense, input, interpret, leakyRelu, mean, neg, type Tensor } from "../graph/index.ts";
import { rowsFromCsv } from "../tables/index.ts";
import { differentialPrivacy, privacyNoise, privacySpent } from "./index.ts";

const SECRET = 2 ** 40 + 12_345;
const csv = Array.from(
  { length: 400 },
  (_, i) => `${"abc"[i % 3]},${(i * 37) % 101},${i % 7 === 0 ? "yes" : "no"}`,
);
const data = rowsFromCsv(`plan,age,late\n${csv.join("\n")}\n`, "t.csv", { alone: true });

const config = (more: object = {}) =>
  resolveConfig({
    data: "t.csv",
    as: "rows",
    batch: 40,
    steps: 20,
    seed: SECRET,
    model: { name: "ctgan", packing: 1, latent: 4, hidden: [8], discriminatorHidden: [8] },
    techniques: [{ name: "differential-privacy", epsilon: 3, delta: 1e-5 }],
    ...more,
  });
const gameOf = (more: object = {}, dataset = data): Game =>
  ganGame(ganOf(config(more), { shape: dataset.shape, layout: dataset.layout }), { real: dataset });

describe("what a row adds to a step", () => {
  const [N, IN, CLIP, EXPECTED] = [4, 2, 0.5, 3];
  const weights = [input("w1", [3, IN]), input("b1", [3]), input("w2", [1, 3]), input("b2", [1])];
  const feeds = { w1: [1, -2, 0.5, 1, 2, -1], b1: [0.1, 0.2, -0.3], w2: [1, 2, -1], b2: [0.5] };
  const real = input("real", [N, IN]);
  const [w1, b1, w2, b2] = weights;
  const score = dense(leakyRelu(dense(real, w1, b1), 0.2), w2, b2);
  const technique = differentialPrivacy({ clip: CLIP });
  const at = (noise: number): GradientContext =>
    ({
      game: {
        judges: ["critic"],
        players: { critic: { moves: () => 1 } },
        streams: { real: { dataset: { ...data, alone: { ...data.alone!, expected: () => EXPECTED } } } },
      },
      player: "critic",
      trains: ["critic"],
      objective: neg(mean(score)),
      parameters: weights,
      examples: () => real,
      random: (_kind: string, shape: readonly number[]) =>
        constant(new Array(shape.reduce((a, b) => a * b, 1)).fill(1), shape),
      scalar: () => constant([noise], [1]),
    }) as unknown as GradientContext;
  const stepOf = (rows: readonly number[], noise = 0): number[] =>
    interpret(technique.gradient!(at(noise))!, { ...feeds, real: rows }).flatMap((values) =>
      Array.from(values),
    );
  const apart = (a: readonly number[], b: readonly number[]): number =>
    Math.hypot(...a.map((value, i) => value - b[i]));
  const others = [0.1, 0.2, -1, 0.5, 2, -2];

  it("is at most C, however far the row lies from all others, and reaches it", () => {
    const without = stepOf([...others, 0, 0]);
    for (const row of [
      [1e4, -1e4],
      [-1e3, 1e6],
      [1, 1],
    ]) {
      const difference = apart(stepOf([...others, ...row]), without) * EXPECTED;
      expect(difference).toBeLessThanOrEqual(CLIP);
      expect(difference).toBeGreaterThan(0.99 * CLIP);
    }
  });

  it("is nothing in a place that was left over", () => {
    expect(stepOf(new Array(N * IN).fill(0)).every((value) => value === 0)).toBe(true);
  });

  it("is hidden by noise in each parameter, of the deviation that is asked for", () => {
    const [quiet, noisy] = [stepOf([...others, 1, 1]), stepOf([...others, 1, 1], 6)];
    noisy.forEach((value, i) => {
      expect(value - quiet[i]).toBeCloseTo(6 / EXPECTED, 5);
    });
  });

  it("is seen by no player but the critic: a generator whose objective has real rows is refused", () => {
    const generator = { ...at(0), trains: ["generator"], player: "generator" };
    expect(() => technique.gradient!(generator)).toThrow("player generator sees real rows without noise");
    const objective = mean(add(input("fake", [N, 1]), 1)) as Tensor;
    expect(technique.gradient!({ ...generator, objective })).toBeUndefined();
  });
});

describe("what is spent", () => {
  it("is at most ε after all moves, less before, and needs more noise for a smaller ε", () => {
    const steps = { size: 20_000, expected: 356, moves: 3000 };
    const terms = { epsilon: 3, delta: 1e-5 };
    expect(privacySpent(terms, steps, 3000)).toBeLessThanOrEqual(3);
    expect(privacySpent(terms, steps, 3000)).toBeGreaterThan(2.99);
    expect(privacySpent(terms, steps, 300)).toBeLessThan(2);
    expect(privacyNoise({ ...terms, epsilon: 1 }, steps)).toBeGreaterThan(privacyNoise(terms, steps));
  });
});

describe("games that would not keep it are refused", () => {
  it.each([
    [
      "a loss that mixes rows",
      { loss: { name: "relativistic-average" } },
      "loss relativistic-average does not",
    ],
    ["a penalty that mixes rows", { penalties: ["dragan"] }, "penalty dragan does not take rows one by one"],
    ["packs", { model: { name: "ctgan", packing: 10 } }, "judges 10 rows together"],
    ["a seed that is soon guessed", { seed: 1 }, "the seed must be a secret"],
    ["choosing a checkpoint by the rows", { evaluateEvery: 5 }, "evaluateEvery chooses a checkpoint"],
    [
      "a technique that looks at scores",
      { techniques: ["differential-privacy", "consensus"] },
      "technique consensus",
    ],
    [
      "a δ that lets a row be given away",
      { techniques: [{ name: "differential-privacy", delta: 0.01 }] },
      "delta must be far below 1 over the 400 rows",
    ],
  ])("%s", (_, more, message) => {
    expect(() => gameOf(more)).toThrow(message);
  });

  it("data that training draws from as it likes", () => {
    const usual = rowsFromCsv(`plan,age,late\n${csv.join("\n")}\n`, "t.csv");
    expect(() => gameOf({}, usual)).toThrow("the data must be rows of a table that training sees one by one");
    expect(gameOf()).toBeDefined();
  });
});

describe("rows that training sees one by one", () => {
  it("have no conditions, and come each by itself, with zeros in the places left over", async () => {
    expect(data.layout?.conditions).toBe(0);
    const [width] = data.shape;
    const { examples } = await data.alone!.draw(SECRET, 0, 40);
    const sums = Array.from({ length: 40 }, (_, i) =>
      examples.slice(i * width, (i + 1) * width).reduce((a, b) => a + Math.abs(b), 0),
    );
    const there = sums.filter((sum) => sum > 0).length;
    expect(sums.slice(0, there).every((sum) => sum > 0)).toBe(true);
    expect(there).toBeGreaterThan(0);
    expect(there).toBeLessThan(40);
    expect(data.alone!.expected(40)).toBeGreaterThan(5);
  });
});
