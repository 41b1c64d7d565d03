import { describe, expect, it } from "vitest";
import { UsageError } from "../errors.ts";
import { constant, grad, input, interpret, type Shape } from "../graph/index.ts";
import { gradientErrors, type Point, randomPoint } from "../testing/check-gradient.ts";
import { type AdversarialLoss, catalogue } from "./index.ts";
import * as list from "./list.ts";

/**
 * What holds of each loss of the catalogue. A new loss is a row.
 *
 * real, fake: the sign of D's derivative by scores of real and of generated samples; where it has none, the reason.
 * zeroSum: G's derivatives by the generated scores are minus D's; where they are not, the reason.
 */
interface Row {
  readonly real: -1 | 1 | string;
  readonly fake: -1 | 0 | 1 | string;
  readonly zeroSum: true | string;
  readonly options?: Readonly<Record<string, number | string>>;
}

const usual = { real: -1, fake: 1 } as const;
const energies = { real: 1, fake: -1 } as const;
const features = "scores are vectors: only distances between them count";
const codes = "a score beyond its code is pulled back";
const otherGenerator = "the generator has a loss of its own";

const rows: Readonly<Record<string, Row | readonly Row[]>> = {
  minimax: { ...usual, zeroSum: true },
  "non-saturating": { ...usual, zeroSum: otherGenerator },
  "least-squares": { real: codes, fake: codes, zeroSum: otherGenerator },
  wasserstein: { ...usual, zeroSum: true },
  "wasserstein-labels": [
    { ...usual, zeroSum: true },
    { real: 1, fake: -1, zeroSum: true, options: { realLabel: 1, fakeLabel: -1 } },
    {
      real: -1,
      fake: 0,
      zeroSum: "the labels do not sum to 0",
      options: { realLabel: -1, fakeLabel: 0 },
    },
  ],
  hinge: { ...usual, zeroSum: otherGenerator },
  "relativistic-average": { ...usual, zeroSum: "both players look at both kinds of scores" },
  "relativistic-average-hinge": { ...usual, zeroSum: "both players look at both kinds of scores" },
  "relativistic-average-least-squares": { real: codes, fake: codes, zeroSum: otherGenerator },
  "relativistic-paired": { ...usual, zeroSum: "log σ of a difference and of its negative" },
  ...Object.fromEntries(
    ["kl", "reverse-kl", "squared-hellinger", "jensen-shannon", "gan"].map((name) => [
      `fgan-${name}`,
      [
        { ...usual, zeroSum: true },
        { ...usual, zeroSum: otherGenerator, options: { generator: "non-saturating" } },
      ] as const,
    ]),
  ),
  // g and f* ∘ g are the same function: so are the two generators.
  "fgan-total-variation": [
    { ...usual, zeroSum: true },
    { ...usual, zeroSum: true, options: { generator: "non-saturating" } },
  ],
  "fgan-pearson": { real: -1, fake: "the conjugate v²/4 + v turns at −2", zeroSum: true },
  ebgan: { ...energies, zeroSum: otherGenerator },
  began: { ...energies, zeroSum: "k weighs the generated scores", options: { k: 0.4 } },
  "mmd-gan": [
    { real: features, fake: features, zeroSum: true },
    { real: features, fake: features, zeroSum: true, options: { kernel: "gaussian" } },
  ],
  sinkhorn: { real: features, fake: features, zeroSum: true },
};

const cases = Object.entries(rows).flatMap(([name, listed]) =>
  [listed].flat().map((row: Row) => ({
    name,
    options: row.options ?? {},
    row,
    loss: catalogue.get(name).create(row.options),
  })),
);

/** Random scores of the kind that the loss takes. */
const scoresFor = (loss: AdversarialLoss, range: number, shape: Shape, seed: number): Point => {
  if (loss.scores === "energy") return randomPoint(shape, seed, 0, range);
  return randomPoint(loss.scores === "embedding" ? [shape[0], 3] : shape, seed, -range, range);
};

interface Play {
  readonly discriminator: Float64Array;
  readonly generator: Float64Array;
  readonly byDiscriminator: readonly Float64Array[];
  readonly byGenerator: readonly Float64Array[];
}

/** Both losses and their gradients. */
const play = (loss: AdversarialLoss, real: Point, fake: Point): Play => {
  const [r, f] = [input("r", real.shape), input("f", fake.shape)];
  const state = loss.state && input("state", [loss.state.initial.length]);
  const d = loss.discriminator(r, f, state);
  const g = loss.generator(r, f, state);
  const feeds = { r: real.values, f: fake.values, state: Float64Array.from(loss.state?.initial ?? []) };
  const [discriminator, generator, dr, df, gr, gf] = interpret(
    [d, g, ...grad(d, [r, f]), ...grad(g, [r, f])],
    feeds,
  );
  return { discriminator, generator, byDiscriminator: [dr, df], byGenerator: [gr, gf] };
};

describe("the catalogue of losses", () => {
  it("has a row of this contract for each definition", () => {
    expect(Object.keys(rows).sort()).toEqual([...catalogue.names].sort());
  });

  it("lists each under its own name, in small and capital letters", () => {
    for (const { definition } of catalogue.all) {
      const name = definition.name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
      expect((list as Readonly<Record<string, unknown>>)[name]).toHaveProperty("definition", definition);
    }
  });

  it("says all that is to be known of each: formulas of both players, paper, limits", () => {
    for (const { definition } of catalogue.all) {
      const { title, formulas = [], symbols, papers = [], approximates, failure, options } = definition;
      const of = formulas.map((formula) => formula.of);
      expect(of).toEqual(expect.arrayContaining(["discriminator", "generator"]));
      for (const { text, latex } of formulas) expect(text.length * latex.length).toBeGreaterThan(0);
      for (const text of [title, symbols, approximates, failure]) expect(text).toMatch(/[^.]$/);
      expect(papers.length).toBeGreaterThan(0);
      for (const paper of papers) expect(paper.arxiv).toMatch(/^\d{4}\.\d{4,5}$/);
      for (const { means } of Object.values(options)) expect(means).toMatch(/[^.]$/);
    }
  });
});

describe.each(cases)("$name $options", ({ name, options, row, loss }) => {
  const shapes: Shape[] = [[8, 1], [6], [2, 1, 3, 3]];

  it("keeps values and gradients finite for scores up to ±100 of any shape", () => {
    for (const range of [1, 10, 100]) {
      for (const [i, shape] of shapes.entries()) {
        const { discriminator, generator, byDiscriminator, byGenerator } = play(
          loss,
          scoresFor(loss, range, shape, 2 * i + 1),
          scoresFor(loss, range, shape, 2 * i + 2),
        );
        for (const values of [discriminator, generator, ...byDiscriminator, ...byGenerator]) {
          expect([...values].every(Number.isFinite)).toBe(true);
        }
        expect([discriminator.length, generator.length]).toEqual([1, 1]);
      }
    }
  });

  it("has derivatives that agree with finite differences, first and second", () => {
    const points = [scoresFor(loss, 1.5, [4, 1], 3), scoresFor(loss, 1.5, [4, 1], 4)];
    // A state is a constant.
    const state = loss.state && constant(loss.state.initial, [1]);
    for (const player of [loss.discriminator, loss.generator]) {
      const { first, second } = gradientErrors((real, fake) => player(real, fake, state), points);
      expect(first).toBeLessThan(1e-7);
      expect(second).toBeLessThan(1e-6);
    }
  });

  if (typeof row.real === "number" && typeof row.fake === "number") {
    it("pulls real and generated scores apart, the way that it says", () => {
      for (const seed of [1, 2, 3]) {
        const { byDiscriminator } = play(
          loss,
          scoresFor(loss, 4, [16, 1], 10 * seed),
          scoresFor(loss, 4, [16, 1], 10 * seed + 1),
        );
        for (const [values, sign] of [
          [byDiscriminator[0], row.real],
          [byDiscriminator[1], row.fake],
        ] as const) {
          // Beyond a margin the derivative is 0; it never has the other sign.
          expect([...values].every((v) => v * (sign as number) >= 0)).toBe(true);
          expect([...values].some((v) => Math.sign(v) === sign)).toBe(true);
        }
      }
    });
  }

  it(row.zeroSum === true ? "is zero-sum in the generated scores" : `is not zero-sum: ${row.zeroSum}`, () => {
    const { byDiscriminator, byGenerator } = play(
      loss,
      scoresFor(loss, 3, [8, 1], 5),
      scoresFor(loss, 3, [8, 1], 6),
    );
    const sums = [...byGenerator[1]].map((v, i) => Math.abs(v + byDiscriminator[1][i]));
    if (row.zeroSum === true) expect(Math.max(...sums)).toBeLessThan(1e-12);
    else expect(Math.max(...sums)).toBeGreaterThan(1e-6);
  });

  it("says whether the generator depends on real scores", () => {
    const { byGenerator } = play(loss, scoresFor(loss, 2, [8, 1], 7), scoresFor(loss, 2, [8, 1], 8));
    expect([...byGenerator[0]].some((v) => v !== 0)).toBe(loss.usesReal === true);
  });

  it("refuses scores of different shapes in one line", () => {
    const [r, f] =
      loss.scores === "embedding"
        ? [input("r", [4, 3]), input("f", [5, 3])]
        : [input("r", [64]), input("f", [64, 1])];
    const got = loss.scores === "embedding" ? "[4,3] and [5,3]" : "[64] and [64,1]";
    expect(() => loss.discriminator(r, f, input("state", [1]))).toThrow(
      new UsageError(
        `${name}: fake scores must have the shape of the real ones; got ${got}; reshape the critic's output`,
      ),
    );
  });

  it("carries its name and its options", () => {
    expect(loss.name).toBe(name);
    expect(loss.options).toMatchObject(options);
    expect(catalogue.get(name).create(loss.options).options).toEqual(loss.options);
  });
});
