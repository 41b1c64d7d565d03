import { describe, expect, it } from "vitest";
import { constant, grad, input, interpret, mean, reshape, square, type Tensor } from "../graph/index.ts";
import { gradientErrors, randomPoint } from "../testing/check-gradient.ts";
import * as auxiliary from "./auxiliary/index.ts";
import { defineTerm, type TermContext, terms } from "./index.ts";

const pictures = constant([0, 1, 0, 1], [2, 1, 1, 2]);

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
    averaged: () => ({
      scores: x,
      heads: { classes: constant([0, Math.log(9), Math.log(3), 0], [2, 2]) },
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
  readonly options?: Readonly<Record<string, number | string>>;
  readonly generator?: number;
  readonly discriminator?: number;
  /** Whether it looks at the examples themselves: it needs nothing of a discriminator. */
  readonly ofExamples?: true;
  /** Whether it changes the real examples as images. */
  readonly images?: true;
  /** Whether no derivative flows through a part of it; what does is tested below. */
  readonly stops?: true;
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
    // The average says (0.1, 0.9) and (¾, ¼): surer than 0.8 of the first example alone; the look is at (½, ½).
    { options: { target: "average", threshold: 0.8 }, discriminator: Math.LN2 / 2 },
    { options: { target: "average", threshold: 0.7 }, discriminator: Math.LN2 },
  ],
  // Both images say (½, ½), of which the changed ones are seen as (¼, ¾): KL = ½ log 2 + ½ log ⅔ = ½ log (4/3).
  "information-maximisation": [
    {
      options: { head: "classes" },
      discriminator: Math.log(4 / 3) / 2 - 0.3 * 3 * Math.LN2,
      images: true,
      stops: true,
    },
    {
      options: { head: "classes", information: 2, balance: 1.5 },
      discriminator: Math.log(4 / 3) / 2 - Math.LN2,
      images: true,
      stops: true,
    },
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
      const value = term[player]?.(context({ player, ...(row.images && { real: pictures }) }));
      expect(value === undefined).toBe(row[player] === undefined);
      if (value !== undefined) expect(interpret([value])[0][0]).toBeCloseTo(row[player] as number, 6);
    }
  });

  it.skipIf(row.stops)("has derivatives by the features and heads that agree with finite differences", () => {
    const points = [1, 2, 3, 4].map((seed) => randomPoint([2, 2], seed));
    const value = (player: "generator" | "discriminator") => (a: Tensor, b: Tensor, c: Tensor, d: Tensor) => {
      const scores = constant([0, 0], [2, 1]);
      return term[player]?.(
        context({
          player,
          real: row.images ? reshape(a, [2, 1, 1, 2]) : a,
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
      const bare = context({ real: pictures, realOutput: { scores }, fakeOutput: { scores } });
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

describe("class consistency", () => {
  const logits = (...shares: number[]): Tensor => constant(shares.map(Math.log), [2, 2]);
  const { classConsistency } = auxiliary;
  const numberOf = (t: Tensor): number => interpret([t])[0][0];

  it("favours what the batch has less of where it is balanced", () => {
    // Means of both looks: (0.9, 0.1) and (0.6, 0.4), of the batch (0.75, 0.25): balanced 0.75 of the first class, and 2/3 of the second.
    const looks = [logits(0.9, 0.1, 0.6, 0.4), logits(0.9, 0.1, 0.6, 0.4)];
    const value = (threshold: number, balanced: boolean): number =>
      numberOf(classConsistency(looks, { threshold, balanced }));
    expect(value(0.7, false)).toBeCloseTo(-Math.log(0.9) / 2, 5);
    expect(value(0.7, true)).toBeCloseTo(-Math.log(0.9) / 2, 5);
    expect(value(0.65, true)).toBeCloseTo(-(Math.log(0.9) + Math.log(0.4)) / 2, 5);
  });

  it("takes no derivative through what it aims at", () => {
    const [first, second] = [input("first", [2, 2]), input("second", [2, 2])];
    const [slope] = grad(classConsistency([first, second], { threshold: 0.7 }), [first]);
    const at = { first: [Math.log(9), 0, 0, 0], second: [Math.log(9), 0, 0, 0] };
    // Of ½ CE(class 1, p) of the first example, ½ for the mean of two examples: (p − onehot) / 4.
    expect([...interpret([slope], at)[0]]).toEqual([-0.025, 0.025, 0, 0].map((v) => expect.closeTo(v, 5)));
    const taught = grad(classConsistency([first], { teacher: second, threshold: 0.7 }), [first, second]);
    const [ofLook, ofTeacher] = interpret(taught, at);
    expect([...ofLook]).toEqual([-0.05, 0.05, 0, 0].map((v) => expect.closeTo(v, 5)));
    expect([...ofTeacher]).toEqual([0, 0, 0, 0]);
  });

  it("agrees with plain arithmetic for any looks and any teacher", () => {
    const [n, k, threshold] = [6, 4, 0.4];
    const [a, b, teacher] = [1, 2, 3].map((seed) =>
      Array.from(randomPoint([n, k], seed).values, (v) => 2 * v),
    );
    const softmax = (x: number[], i: number): number[] => {
      const powers = x.slice(i * k, (i + 1) * k).map(Math.exp);
      return powers.map((v) => v / powers.reduce((s, p) => s + p));
    };
    const expected = (looks: number[][], teachers: number[][], balanced: boolean): number => {
      const q = Array.from({ length: n }, (_, i) =>
        Array.from({ length: k }, (_, c) =>
          teachers.reduce((s, t) => s + softmax(t, i)[c] / teachers.length, 0),
        ),
      );
      const means = q[0].map((_, c) => q.reduce((s, row) => s + row[c] / n, 0));
      return q.reduce((total, row, i) => {
        const raised = row.map((v, c) => (balanced ? v / (means[c] + 1e-6) : v));
        const shares = raised.map((v) => v / raised.reduce((s, r) => s + r));
        const top = Math.max(...shares);
        if (top <= threshold) return total;
        const named = shares.indexOf(top);
        return total - looks.reduce((s, look) => s + Math.log(softmax(look, i)[named]) / looks.length, 0) / n;
      }, 0);
    };
    const tensor = (x: number[]): Tensor => constant(x, [n, k]);
    for (const balanced of [false, true]) {
      const options = { threshold, balanced };
      const alone = numberOf(classConsistency([tensor(a), tensor(b)], options));
      expect(alone).toBeCloseTo(expected([a, b], [a, b], balanced), 5);
      const taught = numberOf(classConsistency([tensor(a)], { ...options, teacher: tensor(teacher) }));
      expect(taught).toBeCloseTo(expected([a], [teacher], balanced), 5);
      expect(taught).toBeGreaterThan(0.1);
    }
  });
});

describe("information maximisation", () => {
  const { informationMaximisation } = auxiliary;
  const numberOf = (t: Tensor): number => interpret([t])[0][0];

  it("is least for categories that are sure, equally frequent and not changed", () => {
    const logits = (...values: number[]): Tensor => constant(values, [2, 2]);
    const value = (a: Tensor, b = a): number =>
      numberOf(informationMaximisation(a, b, { information: 0.5, balance: 4 }));
    const [told, merged, unsure] = [logits(40, 0, 0, 40), logits(40, 0, 40, 0), logits(0, 0, 0, 0)];
    expect(value(told)).toBeCloseTo(-0.5 * 4 * Math.LN2, 6);
    expect(value(merged)).toBeCloseTo(0, 6);
    expect(value(unsure)).toBeCloseTo(-0.5 * 3 * Math.LN2, 6);
    // The other way round, for one of two: KL = 40 nats.
    expect(value(told, merged)).toBeCloseTo(20 - 0.5 * 4 * Math.LN2, 5);
  });

  it("agrees with plain arithmetic, and teaches the changed look alone to agree", () => {
    const [n, k, information, balance] = [5, 3, 0.7, 2];
    const [a, b] = [1, 2].map((seed) => Array.from(randomPoint([n, k], seed).values, (v) => 2 * v));
    const softmax = (x: number[], i: number): number[] => {
      const powers = x.slice(i * k, (i + 1) * k).map(Math.exp);
      return powers.map((v) => v / powers.reduce((s, p) => s + p));
    };
    const [p, q] = [a, b].map((x) => Array.from({ length: n }, (_, i) => softmax(x, i)));
    const entropy = (shares: number[]): number => -shares.reduce((s, v) => s + v * Math.log(v), 0);
    const share = p[0].map((_, c) => p.reduce((s, row) => s + row[c] / n, 0));
    const unsure = p.reduce((s, row) => s + entropy(row) / n, 0);
    const differ = p.reduce(
      (s, row, i) => s + row.reduce((t, v, c) => t + v * Math.log(v / q[i][c]), 0) / n,
      0,
    );
    const [x, y] = [input("x", [n, k]), input("y", [n, k])];
    const loss = informationMaximisation(x, y, { information, balance });
    const at = { x: a, y: b };
    const [value] = interpret([loss], at);
    expect(value[0]).toBeCloseTo(differ + information * (unsure - balance * entropy(share)), 5);
    const [ofLook] = interpret(grad(loss, [y]), at);
    expect([...ofLook]).toEqual(
      q.flatMap((row, i) => row.map((v, c) => expect.closeTo((v - p[i][c]) / n, 6))),
    );
    // What is left of x is the information: its derivative is the same whatever the changed look sees.
    const [left] = interpret(grad(loss, [x]), at);
    const same = (z: Tensor): Tensor => informationMaximisation(z, z, { information, balance });
    const [alone] = interpret(grad(same(x), [x]), at);
    expect([...left]).toEqual([...alone].map((v) => expect.closeTo(v, 6)));
    expect(gradientErrors(same, [randomPoint([n, k], 1)]).first).toBeLessThan(1e-6);
  });
});
