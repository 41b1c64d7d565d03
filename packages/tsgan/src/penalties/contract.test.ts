import { afterAll, describe, expect, it } from "vitest";
import { register } from "../define/index.ts";
import { UsageError } from "../errors.ts";
import {
  constant,
  conv2d,
  dense,
  flatten,
  grad,
  input,
  interpret,
  leakyRelu,
  mean,
  mul,
  type Shape,
  sum,
  type Tensor,
  tanh,
} from "../graph/index.ts";
import { defineAugmentation } from "../nn/index.ts";
import { gradientErrors, type Point, randomPoint } from "../testing/check-gradient.ts";
import {
  catalogue,
  consensus,
  consistency,
  dragan,
  gradientPenalty,
  lazyR1,
  orthogonal,
  type Penalty,
  type PenaltyInputs,
  r1,
  wganLp,
} from "./index.ts";
import * as list from "./list.ts";

type Critic = (x: Tensor, parameters: readonly Tensor[]) => Tensor;

interface Network {
  readonly name: string;
  readonly example: Shape;
  readonly parameters: readonly Shape[];
  readonly critic: Critic;
}

const networks: readonly Network[] = [
  {
    name: "an MLP",
    example: [4],
    parameters: [[6, 4], [6], [1, 6]],
    critic: (x, [w1, b1, w2]) => dense(tanh(dense(x, w1, b1)), w2),
  },
  {
    name: "a convolution with a map of scores",
    example: [2, 6, 6],
    parameters: [[3, 2, 4, 4], [3], [1, 3, 2, 2]],
    critic: (x, [w1, b1, w2]) =>
      conv2d(leakyRelu(conv2d(x, w1, { stride: 2, padding: 1, bias: b1 }), 0.2), w2),
  },
];

const BATCH = 5;

const constantOf = ({ shape, values }: Point): Tensor => constant(Float32Array.from(values), shape);

const inputsOf = ({ example, critic }: Network, parameters: readonly Tensor[]): PenaltyInputs => {
  const real = constantOf(randomPoint([BATCH, ...example], 1));
  const fake = constantOf(randomPoint([BATCH, ...example], 2));
  let seed = 10;
  return {
    real,
    fake,
    realScores: critic(real, parameters),
    fakeScores: critic(fake, parameters),
    critic: (x) => critic(x, parameters),
    // The linear critic has its weight inside.
    weights:
      parameters.length === 0 ? [constant([3, 4], [1, 2])] : parameters.filter((t) => t.shape.length > 1),
    random: (kind, shape) =>
      constantOf(randomPoint(shape, seed++, kind === "uniform" ? 0 : -2, kind === "uniform" ? 1 : 2)),
  };
};

const pointsOf = ({ parameters }: Network): Point[] =>
  parameters.map((shape, i) => randomPoint(shape, 20 + i, -1, 1));

/** Slope (3, 4) everywhere. */
const linear: Network = {
  name: "linear",
  example: [1, 1, 2],
  parameters: [],
  critic: (x) => dense(flatten(x), constant([3, 4], [1, 2])),
};

/** E D(x)² of the linear critic. */
const meanSquare = (side: "real" | "fake"): number => {
  const scores = linear.critic(inputsOf(linear, [])[side], []);
  return interpret([mean(mul(scores, scores))])[0][0];
};

/** The value on a network with its random parameters. */
const valueOn = (network: Network, { penalty }: Penalty): number => {
  const parameters = pointsOf(network).map(constantOf);
  return interpret([penalty?.(inputsOf(network, parameters)) as Tensor])[0][0];
};

/**
 * What holds of each penalty of the catalogue. A new penalty is a row.
 *
 * value: on a linear critic with slope (3, 4), of length 5, everywhere. Of constraints: what they make of [−2, −0.25, 0, 0.25, 2].
 * perExample: whether it takes the slope at each example.
 */
interface Row {
  readonly options: Readonly<Record<string, unknown>>;
  readonly value?: number;
  readonly clipped?: readonly number[];
  readonly perExample?: true;
}

/** Needs no random numbers, so that values are known. */
const negative = defineAugmentation({
  name: "negative",
  title: "black for white",
  options: {},
  create: () => [(x) => mul(x, -1)],
});
const undo = register(negative);
afterAll(undo);

const rows: Readonly<Record<string, Row | readonly Row[]>> = {
  "weight-clipping": { options: { limit: 0.5 }, clipped: [-0.5, -0.25, 0, 0.25, 0.5] },
  "gradient-penalty": [
    { options: { weight: 2 }, value: 2 * 4 ** 2, perExample: true },
    { options: { weight: 2, target: 6 }, value: 2, perExample: true },
    { options: { weight: 2, target: 6, sided: "one" }, value: 0, perExample: true },
    { options: { weight: 2, at: "real" }, value: 2 * 4 ** 2, perExample: true },
    { options: { weight: 2, at: "fake", every: 3 }, value: 3 * 2 * 4 ** 2, perExample: true },
    { options: { weight: 2, at: "perturbed" }, value: 2 * 4 ** 2, perExample: true },
  ],
  "wgan-lp": { options: { weight: 2 }, value: 2 * 4 ** 2, perExample: true },
  "wgan-div": [
    { options: { weight: 2, exponent: 2 }, value: 2 * 5 ** 2, perExample: true },
    { options: { weight: 2, exponent: 3, at: "real-and-fake" }, value: 2 * 5 ** 3, perExample: true },
  ],
  dragan: { options: { weight: 2 }, value: 2 * 4 ** 2, perExample: true },
  r1: { options: { weight: 2 }, value: 5 ** 2, perExample: true },
  r2: { options: { weight: 2 }, value: 5 ** 2, perExample: true },
  "lazy-r1": { options: { weight: 2, every: 4 }, value: 4 * 5 ** 2, perExample: true },
  "zero-centred": { options: { weight: 2 }, value: 2 * 5 ** 2, perExample: true },
  // The negative image has the negative score: E(2 D(x))².
  consistency: { options: { weight: 2, policy: "negative" }, value: 2 * 4 * meanSquare("real") },
  "balanced-consistency": {
    options: { realWeight: 1, fakeWeight: 3, policy: "negative" },
    value: 4 * meanSquare("real") + 3 * 4 * meanSquare("fake"),
  },
  // W = (3 4): (25 − 1)², and off the diagonal nothing.
  orthogonal: [
    { options: { weight: 2 }, value: 2 * 24 ** 2 },
    { options: { weight: 2, form: "off-diagonal" }, value: 0 },
  ],
};

const made = Object.entries(rows).flatMap(([name, listed]) =>
  [listed].flat().map((row: Row) => ({ name, row, penalty: catalogue.get(name).create(row.options) })),
);

/** All that have a value, as the rows have them and by their defaults. */
const penalties = [
  ...made.map(({ penalty }) => penalty),
  ...catalogue.all.map((factory) => factory.create()),
].filter(({ penalty }) => penalty !== undefined);

const isFor = ({ definition }: Penalty, { example }: Network): boolean =>
  definition.imagesOnly !== true || example.length === 3;

const cases = networks.flatMap((network) =>
  penalties
    .filter((penalty) => isFor(penalty, network))
    .map((penalty) => ({ name: penalty.name, options: penalty.options, network, penalty })),
);

describe("the catalogue of penalties", () => {
  it("has a row of this contract for each definition", () => {
    expect(Object.keys(rows).sort()).toEqual([...catalogue.names].sort());
  });

  it("lists each under its own name, in small and capital letters", () => {
    for (const { definition } of catalogue.all) {
      const name = definition.name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
      expect((list as Readonly<Record<string, unknown>>)[name]).toHaveProperty("definition", definition);
    }
  });

  it("says all that is to be known of each: formula, paper, limits", () => {
    for (const { definition } of catalogue.all) {
      const { title, formulas = [], symbols, papers = [], approximates, failure, options } = definition;
      expect(formulas.map(({ of }) => of)).toEqual([expect.stringMatching(/^(penalty|constraint)$/)]);
      for (const text of [title, symbols, approximates, failure]) expect(text).toMatch(/[^.]$/);
      expect(papers.length).toBeGreaterThan(0);
      for (const paper of papers) expect(paper.arxiv).toMatch(/^\d{4}\.\d{4,5}$/);
      for (const { means } of Object.values(options)) expect(means).toMatch(/[^.]$/);
    }
  });
});

describe.each(made)("$name $row.options", ({ name, row, penalty }) => {
  it("has the value that it should have on a linear critic, or clips", () => {
    expect(penalty.penalty === undefined).toBe(row.value === undefined);
    expect(penalty.constraint === undefined).toBe(row.clipped === undefined);
    if (row.value !== undefined) expect(valueOn(linear, penalty)).toBeCloseTo(row.value, 3);
    const clipped = penalty.constraint?.(constant([-2, -0.25, 0, 0.25, 2], [5]));
    if (clipped !== undefined) expect([...interpret([clipped])[0]]).toEqual(row.clipped);
  });

  it("says whether it takes the slope at each example", () => {
    expect(penalty.perExample).toBe(row.perExample);
  });

  it("is the same when it is made again from its options", () => {
    expect(penalty.name).toBe(name);
    expect(catalogue.get(name).create(penalty.options).options).toEqual(penalty.options);
    expect(penalty.options).toMatchObject(row.options);
  });
});

describe.each(cases)("$name $options of $network.name", ({ network, penalty }) => {
  it("has parameter gradients that agree with finite differences", () => {
    const value = (...parameters: Tensor[]): Tensor =>
      penalty.penalty?.(inputsOf(network, parameters)) as Tensor;
    expect(gradientErrors(value, pointsOf(network)).first).toBeLessThan(1e-6);
  });

  it("is a number of at least 0", () => {
    const value = valueOn(network, penalty);
    expect(value).toBeGreaterThanOrEqual(0);
    expect(Number.isFinite(value)).toBe(true);
  });
});

describe("penalties", () => {
  const [mlp] = networks;

  it("take the slope of the loss's witness where it has one", () => {
    const inputs = inputsOf(mlp, pointsOf(mlp).map(constantOf));
    // A slope of 3 along each of four axes: its length is 6.
    const witness = (x: Tensor): Tensor => mul(sum(x, 1), 3);
    const value = gradientPenalty({ weight: 2 }).penalty?.({ ...inputs, witness }) as Tensor;
    expect(interpret([value])[0][0]).toBeCloseTo(2 * (6 - 1) ** 2, 5);
  });

  it("refuse negative weights and unknown places in one line", () => {
    for (const { create, definition } of catalogue.all) {
      const { name, options } = definition;
      for (const option of Object.keys(options).filter((key) => /weight|limit/i.test(key))) {
        expect(() => create({ [option]: -1 })).toThrow(
          new UsageError(`${name}: ${option} must be a finite number of at least 0; got -1`),
        );
      }
    }
    expect(() => gradientPenalty({ at: "nowhere" as never })).toThrow(
      "gradient-penalty: at must be one of interpolates, perturbed, real, fake; got nowhere",
    );
    expect(() => catalogue.get("gradient-penaltie")).toThrow('did you mean "gradient-penalty"?');
    expect(() => lazyR1({ every: 0 })).toThrow("lazy-r1: every must be an integer of at least 1; got 0");
  });

  it("are what they are called: the named ones equal the general one", () => {
    const lp = gradientPenalty({ weight: 10, sided: "one" });
    expect(valueOn(mlp, wganLp())).toBe(valueOn(mlp, lp));
    expect(valueOn(mlp, dragan())).toBe(valueOn(mlp, gradientPenalty({ at: "perturbed" })));
    expect(valueOn(mlp, lazyR1({ weight: 2, every: 4 }))).toBeCloseTo(
      4 * valueOn(mlp, r1({ weight: 2 })),
      10,
    );
  });

  it("stay finite, with their gradients, where the critic is flat", () => {
    const flat: Network = { ...mlp, critic: (x, [w1, b1]) => sum(tanh(mul(dense(x, w1, b1), 0)), 1) };
    const parameters = flat.parameters.map((shape, i) => input(`p${i}`, shape));
    const feeds = Object.fromEntries(pointsOf(flat).map(({ values }, i) => [`p${i}`, values]));
    for (const { penalty } of penalties.filter((each) => isFor(each, flat))) {
      const value = penalty?.(inputsOf(flat, parameters)) as Tensor;
      for (const values of interpret([value, ...grad(value, parameters)], feeds)) {
        expect([...values].every(Number.isFinite)).toBe(true);
      }
    }
  });

  it("take their points as constants", () => {
    const real = input("real", [BATCH, 4]);
    const parameters = pointsOf(mlp).map(constantOf);
    const inputs = inputsOf(mlp, parameters);
    for (const penalty of penalties.filter(({ perExample }) => perExample)) {
      const value = penalty.penalty?.({ ...inputs, real }) as Tensor;
      const [slope] = interpret(grad(value, [real]), { real: interpret([inputs.real])[0] });
      expect([...slope].every((v) => v === 0)).toBe(true);
    }
  });
});

describe("orthogonal", () => {
  const on = (form: "full" | "off-diagonal", rows: number[], shape: Shape): number => {
    const inputs = {
      ...inputsOf(networks[0], pointsOf(networks[0]).map(constantOf)),
      weights: [constant(rows, shape)],
    };
    return interpret([orthogonal({ form, weight: 1 }).penalty?.(inputs) as Tensor])[0][0];
  };

  it("is 0 for orthonormal rows; off the diagonal for orthogonal rows of any length", () => {
    expect(on("full", [0, 1, 1, 0], [2, 2])).toBe(0);
    expect(on("full", [0, 2, 2, 0], [2, 2])).toBe(2 * 3 ** 2);
    expect(on("off-diagonal", [0, 2, 2, 0], [2, 2])).toBe(0);
    expect(on("off-diagonal", [1, 0, 0, 0, 1, 0, 0, 0], [2, 1, 2, 2])).toBe(2);
  });
});

describe("consistency", () => {
  it("is 0 for a critic that does not see the augmentation", () => {
    const signless: Network = { ...linear, critic: (x) => sum(mul(flatten(x), flatten(x)), 1) };
    expect(valueOn(signless, consistency({ policy: "negative" }))).toBe(0);
    expect(valueOn(linear, consistency({ policy: "negative" }))).toBeGreaterThan(0);
  });

  it("refuses a policy of what there is not", () => {
    expect(() => consistency({ policy: "color,negativ" })).toThrow(
      'consistency: policy: unknown augmentation "negativ"; did you mean "negative"?',
    );
  });
});

describe("consensus", () => {
  it("is half the weighted squared length of all gradients", () => {
    const value = consensus([constant([1, 2], [2]), constant([2], [1])], 10);
    expect(interpret([value])[0][0]).toBe(5 * (1 + 4 + 4));
    expect(() => consensus([], -1)).toThrow(
      "consensus: weight must be a finite number of at least 0; got -1",
    );
  });
});
