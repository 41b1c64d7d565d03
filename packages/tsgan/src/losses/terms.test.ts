import { describe, expect, it } from "vitest";
import { constant, grad, input, interpret, mean, square, type Tensor } from "../graph/index.ts";
import { gradientErrors, randomPoint } from "../testing/check-gradient.ts";
import * as auxiliary from "./auxiliary/index.ts";
import { defineTerm, type TermContext, terms } from "./index.ts";

/** What a discriminator says of two real and two generated examples. */
const context = (over: Partial<TermContext> = {}): TermContext => {
  const x = constant([0, 0], [2, 1]);
  return {
    player: "generator",
    z: x,
    real: constant([1, 2], [2, 1]),
    fake: x,
    label: constant(Int32Array.of(0, 1), [2]),
    realOutput: {
      scores: x,
      features: constant([1, 2, 3, 4], [2, 2]),
      heads: { classes: constant([0, 0, 0, 0], [2, 2]) },
    },
    fakeOutput: {
      scores: x,
      features: constant([0, 1, 0, 1], [2, 2]),
      heads: { classes: constant([0, Math.log(3), 0, Math.log(3)], [2, 2]) },
    },
    discriminate: () => ({
      scores: x,
      heads: { classes: constant([0, Math.log(3), 0, Math.log(3)], [2, 2]) },
    }),
    generate: () => x,
    labelled: () => ({ x, label: x }),
    random: (_kind, shape) => constant(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape),
    record: () => {},
    ...over,
  };
};

/** What a term adds to each player's loss in `context`, without its weight. A new term is a row. */
interface Row {
  readonly options?: Readonly<Record<string, number>>;
  readonly generator?: number;
  readonly discriminator?: number;
  /** Whether it looks at the examples themselves: it needs nothing of a discriminator. */
  readonly ofExamples?: true;
}

// −½ (log ¼ + log ¾), the generated examples' cross-entropy.
const ofFake = -0.5 * (Math.log(1 / 4) + Math.log(3 / 4));

const rows: Readonly<Record<string, Row | readonly Row[]>> = {
  // Means (2, 3) and (0, 1).
  "feature-matching": { generator: 2 ** 2 + 2 ** 2 },
  // E x² = 5/2 of the real ones, and 0 of the others.
  "second-moments": { generator: 2.5 ** 2, ofExamples: true },
  // Both codes are the same.
  "pulling-away": { generator: 1 },
  // Looks (½, ½) and (¼, ¾): their mean (⅜, ⅝) is surer than 0.6 of the second class, and not of 0.95.
  "class-consistency": [
    { discriminator: 0 },
    { options: { threshold: 0.6 }, discriminator: -0.5 * (Math.log(1 / 2) + Math.log(3 / 4)) },
  ],
  classification: [
    { generator: ofFake, discriminator: Math.LN2 },
    {
      options: { realWeight: 2, fakeWeight: 3, generatorWeight: 4 },
      generator: 4 * ofFake,
      discriminator: 2 * Math.LN2 + 3 * ofFake,
    },
  ],
};

const cases = Object.entries(rows).flatMap(([name, listed]) =>
  [listed].flat().map((row: Row) => ({ name, row, term: terms.get(name).create(row.options) })),
);

describe("the catalogue of terms", () => {
  it("has a row of this contract for each definition", () => {
    expect(Object.keys(rows).sort()).toEqual([...terms.names].sort());
  });

  it("lists each under its own name with Term behind it", () => {
    for (const { definition } of terms.all) {
      const name = definition.name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
      expect((auxiliary as Readonly<Record<string, unknown>>)[`${name}Term`]).toHaveProperty(
        "definition",
        definition,
      );
    }
  });
});

describe.each(cases)("$name $row.options", ({ name, row, term }) => {
  it("adds what it should to each player's loss", () => {
    for (const player of ["generator", "discriminator"] as const) {
      const value = term[player]?.(context({ player }));
      expect(value === undefined).toBe(row[player] === undefined);
      if (value !== undefined) expect(interpret([value])[0][0]).toBeCloseTo(row[player] as number, 6);
    }
  });

  it("has derivatives by the features and heads that agree with finite differences", () => {
    const points = [1, 2, 3, 4].map((seed) => randomPoint([2, 2], seed));
    const value = (player: "generator" | "discriminator") => (a: Tensor, b: Tensor, c: Tensor, d: Tensor) => {
      const scores = constant([0, 0], [2, 1]);
      return term[player]?.(
        context({
          player,
          real: a,
          fake: c,
          realOutput: { scores, features: a, heads: { classes: b } },
          fakeOutput: { scores, features: c, heads: { classes: d } },
        }),
      ) as Tensor;
    };
    for (const player of ["generator", "discriminator"] as const) {
      if (term[player] === undefined) continue;
      expect(gradientErrors(value(player) as (...inputs: Tensor[]) => Tensor, points).first).toBeLessThan(
        1e-6,
      );
    }
  });

  it("is weighed by 1, by what it is given, or by the length of its gradient", () => {
    const { create } = terms.get(name);
    expect(term.weight).toBe(1);
    expect(create({ weight: 0.1 })).toMatchObject({ weight: 0.1, options: { weight: 0.1 } });
    const relative = create({ gradientRatio: 2 });
    expect([relative.weight, relative.gradientRatio]).toEqual([undefined, 2]);
    expect(() => create({ weight: 1, gradientRatio: 1 })).toThrow(
      `${name}: give it a weight or a gradientRatio, not both`,
    );
  });

  it("is the same when it is made again from its options", () => {
    for (const made of [term, terms.get(name).create({ gradientRatio: 2 })]) {
      const again = terms.get(name).create(JSON.parse(JSON.stringify(made.options)));
      expect([again.options, again.weight, again.gradientRatio]).toEqual([
        made.options,
        made.weight,
        made.gradientRatio,
      ]);
    }
  });

  it.skipIf(row.ofExamples)(
    "says which network it needs where the discriminator lacks what it looks at",
    () => {
      const scores = input("scores", [2, 1]);
      const bare = context({ realOutput: { scores }, fakeOutput: { scores } });
      expect(() => (term.generator ?? term.discriminator)?.(bare)).toThrow(
        /the model's discriminator (gives no features|has no head "classes"); choose another model$/,
      );
    },
  );
});

it("a term of one's own is an object with functions of the context", () => {
  const small = defineTerm({
    name: "small",
    title: "samples near 0",
    options: {},
    create: () => ({ generator: ({ fake }) => mean(square(fake)) }),
  });
  const term = small({ weight: 0.5 });
  expect(term).toMatchObject({ name: "small", weight: 0.5 });
  expect(interpret([term.generator?.(context({ fake: constant([1, 3], [2, 1]) })) as Tensor])[0][0]).toBe(5);
});

it("second moments are the same by products of examples as by products of coordinates, and 0 of equal examples", () => {
  const [real, fake] = [randomPoint([3, 2], 1), randomPoint([3, 2], 2)].map(({ values }) =>
    Array.from(values),
  );
  const wide = (x: number[]): Tensor =>
    constant([...x.slice(0, 2), 0, 0, ...x.slice(2, 4), 0, 0, ...x.slice(4), 0, 0], [3, 4]);
  const narrow = (x: number[]): Tensor => constant(x, [3, 2]);
  const value = (by: (x: number[]) => Tensor, other = fake): number =>
    interpret([auxiliary.secondMoments(by(real), by(other))])[0][0];
  expect(value(narrow)).toBeGreaterThan(0.01);
  expect(value(wide)).toBeCloseTo(value(narrow), 6);
  expect([value(wide, real), value(narrow, real)]).toEqual([expect.closeTo(0, 6), 0]);
});

it("class consistency takes no derivative through what it aims at, and balanced it favours what the batch has less of", () => {
  const logits = (...shares: number[]): Tensor => constant(shares.map(Math.log), [2, 2]);
  // Means of both looks: (0.9, 0.1) and (0.6, 0.4), of the batch (0.75, 0.25): balanced 0.75 of the first class, and 2/3 of the second.
  const looks = [logits(0.9, 0.1, 0.6, 0.4), logits(0.9, 0.1, 0.6, 0.4)] as const;
  const value = (threshold: number, balanced: boolean): number =>
    interpret([auxiliary.classConsistency(...looks, threshold, balanced)])[0][0];
  expect(value(0.7, false)).toBeCloseTo(-Math.log(0.9) / 2, 5);
  expect(value(0.7, true)).toBeCloseTo(-Math.log(0.9) / 2, 5);
  expect(value(0.65, true)).toBeCloseTo(-(Math.log(0.9) + Math.log(0.4)) / 2, 5);
  const [first, second] = [input("first", [2, 2]), input("second", [2, 2])];
  const [slope] = grad(auxiliary.classConsistency(first, second, 0.7), [first]);
  const at = { first: [Math.log(9), 0, 0, 0], second: [Math.log(9), 0, 0, 0] };
  // Of ½ CE(class 1, p) of the first example, ½ for the mean of two examples: (p − onehot) / 4.
  expect([...interpret([slope], at)[0]]).toEqual([-0.025, 0.025, 0, 0].map((v) => expect.closeTo(v, 5)));
});
