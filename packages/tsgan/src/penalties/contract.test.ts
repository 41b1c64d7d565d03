import { describe, expect, it } from "vitest";
import { UsageError } from "../errors.ts";
import {
  add,
  constant,
  conv2d,
  dense,
  evaluate,
  flatten,
  grad,
  input,
  leakyRelu,
  mul,
  type Shape,
  sum,
  type Tensor,
  tanh,
} from "../graph/index.ts";
import { gradientErrors, type Point, randomPoint } from "../testing/check-gradient.ts";
import {
  type Augment,
  catalogue,
  consensus,
  consistency,
  create,
  dragan,
  gradientPenalty,
  lazyR1,
  type Penalty,
  type PenaltyInputs,
  r1,
  r2,
  weightClipping,
  wganDiv,
  wganLp,
  zeroCentred,
} from "./index.ts";

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
const augment: Augment = (x, random) => mul(x, add(0.5, random("uniform", x.shape)));

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
    weights: parameters.filter((t) => t.shape.length > 1),
    random: (kind, shape) =>
      constantOf(randomPoint(shape, seed++, kind === "uniform" ? 0 : -2, kind === "uniform" ? 1 : 2)),
  };
};

const pointsOf = ({ parameters }: Network): Point[] =>
  parameters.map((shape, i) => randomPoint(shape, 20 + i, -1, 1));

/** The value on a network with its random parameters. */
const valueOn = (network: Network, { penalty }: Penalty): number => {
  const parameters = pointsOf(network).map(constantOf);
  return evaluate([penalty?.(inputsOf(network, parameters)) as Tensor])[0][0];
};

const penalties = [
  ...catalogue.names.map((name) => create(name, {}, { augment })),
  gradientPenalty({ target: 0.5, sided: "one" }),
  gradientPenalty({ at: "real" }),
  gradientPenalty({ at: "fake", weight: 3 }),
  gradientPenalty({ at: "perturbed" }),
  wganDiv({ at: "real-and-fake", exponent: 3 }),
  create("orthogonal", { form: "off-diagonal", weight: 1 }),
].filter(({ penalty }) => penalty !== undefined);

const cases = networks.flatMap((network) =>
  penalties.map((penalty) => ({ name: penalty.name, options: penalty.options, network, penalty })),
);

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

  it("grow in proportion to their weight", () => {
    for (const name of [
      "gradient-penalty",
      "wgan-lp",
      "wgan-div",
      "dragan",
      "r1",
      "r2",
      "lazy-r1",
      "zero-centred",
    ]) {
      const [once, twice] = [1, 2].map((weight) => valueOn(mlp, create(name, { weight })));
      expect(twice / once).toBeCloseTo(2, 6);
    }
  });

  it("take the slope of the loss's witness where it has one", () => {
    const inputs = inputsOf(mlp, pointsOf(mlp).map(constantOf));
    // A slope of 3 along each of four axes: its length is 6.
    const witness = (x: Tensor): Tensor => mul(sum(x, 1), 3);
    const value = gradientPenalty({ weight: 2 }).penalty?.({ ...inputs, witness }) as Tensor;
    expect(evaluate([value])[0][0]).toBeCloseTo(2 * (6 - 1) ** 2, 5);
  });

  it("refuse negative weights and unknown places in one line", () => {
    for (const { name, defaults } of catalogue.entries) {
      for (const option of Object.keys(defaults).filter((key) => /weight|limit/i.test(key))) {
        expect(() => create(name, { [option]: -1 }, { augment })).toThrow(
          new UsageError(`${name}: ${option} must be a finite number of at least 0; got -1`),
        );
      }
    }
    expect(() => gradientPenalty({ at: "nowhere" as never })).toThrow(
      "gradient-penalty: at must be one of interpolates, perturbed, real, fake; got nowhere",
    );
    expect(() => create("gradient-penaltie")).toThrow('did you mean "gradient-penalty"?');
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

  it("measure a linear critic exactly: slope 5 everywhere", () => {
    const linear: Network = {
      name: "linear",
      example: [2],
      parameters: [],
      critic: (x) => dense(x, constant([3, 4], [1, 2])),
    };
    expect(valueOn(linear, gradientPenalty({ weight: 2, target: 1 }))).toBeCloseTo(2 * 4 ** 2, 4);
    expect(valueOn(linear, gradientPenalty({ weight: 2, target: 6, sided: "one" }))).toBe(0);
    expect(valueOn(linear, r1({ weight: 2 }))).toBeCloseTo(25, 5);
    expect(valueOn(linear, r2({ weight: 2 }))).toBeCloseTo(25, 5);
    expect(valueOn(linear, zeroCentred({ weight: 2 }))).toBeCloseTo(50, 5);
    expect(valueOn(linear, wganDiv({ weight: 2, exponent: 2 }))).toBeCloseTo(50, 5);
  });

  it("stay finite, with their gradients, where the critic is flat", () => {
    const flat: Network = { ...mlp, critic: (x, [w1, b1]) => sum(tanh(mul(dense(x, w1, b1), 0)), 1) };
    const parameters = flat.parameters.map((shape, i) => input(`p${i}`, shape));
    const feeds = Object.fromEntries(pointsOf(flat).map(({ values }, i) => [`p${i}`, values]));
    for (const { penalty } of penalties) {
      const value = penalty?.(inputsOf(flat, parameters)) as Tensor;
      for (const values of evaluate([value, ...grad(value, parameters)], feeds)) {
        expect([...values].every(Number.isFinite)).toBe(true);
      }
    }
  });

  it("take their points as constants", () => {
    const real = input("real", [BATCH, 4]);
    const parameters = pointsOf(mlp).map(constantOf);
    const inputs = inputsOf(mlp, parameters);
    for (const { name } of catalogue.entries.filter(
      (entry) => entry.formulas[0].text.includes("n(x") || /^r[12]$/.test(entry.name),
    )) {
      const value = create(name).penalty?.({ ...inputs, real }) as Tensor;
      const [slope] = evaluate(grad(value, [real]), { real: evaluate([inputs.real])[0] });
      expect([...slope].every((v) => v === 0)).toBe(true);
    }
  });
});

describe("weightClipping", () => {
  it("clips each parameter to the box", () => {
    const clipped = weightClipping({ limit: 0.5 }).constraint?.(
      constant([-2, -0.25, 0, 0.25, 2], [5]),
    ) as Tensor;
    expect([...evaluate([clipped])[0]]).toEqual([-0.5, -0.25, 0, 0.25, 0.5]);
  });
});

describe("orthogonal", () => {
  const on = (form: string, rows: number[], shape: Shape): number => {
    const inputs = {
      ...inputsOf(networks[0], pointsOf(networks[0]).map(constantOf)),
      weights: [constant(rows, shape)],
    };
    return evaluate([create("orthogonal", { form, weight: 1 }).penalty?.(inputs) as Tensor])[0][0];
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
    const signless: Network = { ...networks[0], critic: (x) => sum(mul(flatten(x), flatten(x)), 1) };
    const mirror: Augment = (x) => mul(x, -1);
    expect(valueOn(signless, consistency({ augment: mirror }))).toBe(0);
    expect(valueOn(networks[0], consistency({ augment: mirror }))).toBeGreaterThan(0);
  });

  it("asks for an augmentation", () => {
    expect(() => create("consistency")).toThrow(
      "consistency: augment must be a function of images; got undefined; pass { augment }",
    );
  });
});

describe("consensus", () => {
  it("is half the weighted squared length of all gradients", () => {
    const value = consensus([constant([1, 2], [2]), constant([2], [1])], 10);
    expect(evaluate([value])[0][0]).toBe(5 * (1 + 4 + 4));
    expect(() => consensus([], -1)).toThrow(
      "consensus: weight must be a finite number of at least 0; got -1",
    );
  });
});

describe("the catalogue", () => {
  it("describes every penalty in full, each option too", () => {
    for (const entry of catalogue.entries) {
      expect(entry.formulas.map(({ of }) => of)).toEqual([expect.stringMatching(/^(penalty|constraint)$/)]);
      for (const paper of entry.papers) expect(paper.arxiv).toMatch(/^\d{4}\.\d{4,5}$/);
      expect(Object.keys(entry.options).sort()).toEqual(Object.keys(entry.defaults).sort());
      expect(entry.create({}, { augment }).name).toBe(entry.name);
    }
  });
});
