import { describe, expect, it } from "vitest";
import { input, interpret, type Tensor } from "../../graph/index.ts";
import { randomStream } from "../../random/index.ts";
import {
  adam,
  chain,
  createOptimizer,
  defineLink,
  type Link,
  type LinkBody,
  linkCatalogue,
  links,
  type Optimizer,
  optimizerConfig,
  sgd,
} from "../index.ts";

const SIZE = 4;
const RATE = 0.1;
const STEPS = 12;

const numbers = (purpose: string, step = 0): number[] => {
  const out = new Float64Array(SIZE);
  randomStream(3, purpose, step).fillNormal(out);
  return [...out];
};

/** An optimiser with its state, stepped through its graph. */
const stepper = (optimizer: Optimizer, start: readonly number[]) => {
  const vector = (name: string): Tensor => input(name, [start.length]);
  const slots = optimizer.slots.map((_, i) => vector(`slot${i}`));
  const scalars = Array.from({ length: optimizer.scalarCount }, (_, i) => input(`scalar${i}`, [1]));
  const updated = optimizer.update(vector("parameters"), vector("gradient"), slots, scalars);
  let parameters = [...start];
  let state = optimizer.init(Float32Array.from(start)).map((values) => [...values]);
  // What is kept begins with the parameters as they are, not as float32 has them.
  optimizer.slots.forEach(({ initial }, i) => {
    if (initial === "parameters") state[i] = [...start];
  });
  let t = 0;
  return {
    get parameters() {
      return parameters;
    },
    slot: (name: string) => state[optimizer.slots.findIndex((slot) => slot.name === name)],
    step: (gradient: readonly number[]): void => {
      t++;
      const fed = optimizer.scalars(t).map((value, i) => [`scalar${i}`, [value]] as const);
      const [next, ...kept] = interpret([updated.parameters, ...updated.slots], {
        parameters,
        gradient,
        ...Object.fromEntries(state.map((values, i) => [`slot${i}`, values])),
        ...Object.fromEntries(fed),
      });
      parameters = [...next];
      state = kept.map((values) => [...values]);
    },
  };
};

type Step = (theta: readonly number[], gradient: readonly number[], t: number) => number[];

interface Row {
  /** Options that are not the usual ones. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Steps of plain descent with the link, as the paper writes them: made anew, since it remembers. */
  reference(): Step;
}

const descended = (theta: readonly number[], g: readonly number[]): number[] =>
  theta.map((value, i) => value - RATE * g[i]);
const length = (g: readonly number[]): number => Math.hypot(...g);

/** What holds of each link. A new link is a row. */
const rows: Readonly<Record<string, Row>> = {
  // Pascanu et al. 2013, algorithm 1: g ← c g / ‖g‖ where ‖g‖ > c.
  clip: {
    options: { limit: 1.5 },
    reference: () => (theta, g) =>
      descended(theta, length(g) > 1.5 ? g.map((value) => (1.5 * value) / length(g)) : g),
  },
  decay: {
    options: { rate: 0.2 },
    reference: () => (theta, g) => descended(theta, g).map((value, i) => value - 0.2 * theta[i]),
  },
  ema: { options: { decay: 0.7 }, reference: () => descended },
  // Zhang et al. 2019, algorithm 1: k fast steps, φ ← φ + α(θ − φ), θ ← φ.
  lookahead: {
    options: { every: 3, share: 0.4 },
    reference: () => {
      let slow = numbers("parameters");
      return (theta, g, t) => {
        const fast = descended(theta, g);
        if (t % 3 !== 0) return fast;
        slow = slow.map((value, i) => value + 0.4 * (fast[i] - value));
        return slow;
      };
    },
  },
  // Daskalakis et al. 2018, eq. 3: θₜ₊₁ = θₜ − 2η gₜ + η gₜ₋₁.
  optimistic: {
    options: {},
    reference: () => {
      let before = numbers("parameters").map(() => 0);
      return (theta, g) => {
        const next = theta.map((value, i) => value - 2 * RATE * g[i] + RATE * before[i]);
        before = [...g];
        return next;
      };
    },
  },
  // Gidel et al. 2019, algorithm 1: θ½ = θ − η g(θ), θ ← θ − η g(θ½); every second step is one of theirs.
  extragradient: {
    options: {},
    reference: () => {
      let start: readonly number[] = [];
      return (theta, g, t) => {
        if (t % 2 === 1) start = theta;
        return descended(start, g);
      };
    },
  },
};

const made = (name: string): Link => linkCatalogue.get(name).create(rows[name].options);

it("each link has a row", () => {
  expect(Object.keys(rows).sort()).toEqual(Object.keys(links).sort());
});

describe.each(Object.entries(rows))("%s", (name, { options, reference }) => {
  it("steps as its paper writes, before or after the optimiser in the chain", () => {
    const descent = sgd({ learningRate: RATE });
    for (const optimizer of [chain(made(name), descent), chain(descent, made(name))]) {
      const got = stepper(optimizer, numbers("parameters"));
      const step = reference();
      let want = numbers("parameters");
      for (let t = 1; t <= STEPS; t++) {
        want = step(want, numbers("gradient", t), t);
        got.step(numbers("gradient", t));
        // The graph's constants are float32.
        got.parameters.forEach((value, i) => {
          expect(value).toBeCloseTo(want[i], 6);
        });
      }
    }
  });

  it("has as many scalars in every step, and slots whose names begin with its own", () => {
    const optimizer = chain(made(name), sgd({ learningRate: RATE }));
    for (const t of [1, 2, 3, 6, 1000]) expect(optimizer.scalars(t)).toHaveLength(optimizer.scalarCount);
    for (const slot of optimizer.slots) expect(slot.name.startsWith(`${name}.`)).toBe(true);
    expect(optimizer.init(new Float32Array(3))).toHaveLength(optimizer.slots.length);
  });

  it("comes back from its configuration with the same options, and steps alike", () => {
    const optimizer = chain(made(name), adam({ learningRate: RATE, beta1: 0.3 }));
    const config = JSON.parse(JSON.stringify(optimizerConfig(optimizer)));
    expect(config).toMatchObject({ name: "adam", beta1: 0.3, links: [{ name, ...options }] });
    const again = createOptimizer(config);
    expect(optimizerConfig(again)).toEqual(config);
    const [a, b] = [optimizer, again].map((each) => stepper(each, numbers("parameters")));
    for (let t = 1; t <= STEPS; t++) for (const each of [a, b]) each.step(numbers("gradient", t));
    expect(b.parameters).toEqual(a.parameters);
  });
});

describe("chains", () => {
  const adams = () => adam({ learningRate: RATE });

  it.each([
    ["none", () => [links.clip(), links.ema()], "got 0 in (clip, ema)"],
    ["two", () => [adams(), links.clip(), sgd({ learningRate: RATE })], "got 2 in (adam, clip, sgd)"],
  ])("refuse %s that descends", (_, parts, got) => {
    expect(() => chain(...parts())).toThrow(
      `optimizer: a chain needs exactly one optimiser such as adam; ${got}`,
    );
  });

  it("refuse a link that does nothing, or two things", () => {
    const same = (value: Tensor) => ({ value });
    const link = (body: LinkBody) =>
      defineLink({ name: "odd", title: "odd", options: {}, create: () => body })();
    for (const [body, got] of [
      [{}, "none"],
      [{ gradient: same, parameters: same }, "gradient, parameters"],
    ] as const) {
      expect(() => chain(link(body), adams())).toThrow(
        `optimizer: link odd must have one of gradient, descend and parameters; got ${got}`,
      );
    }
  });

  it("keep the state of each of several links of one name apart", () => {
    const [fast, slow] = [links.ema({ decay: 0 }), links.ema({ decay: 0.9 })];
    const optimizer = chain(sgd({ learningRate: RATE }), fast, slow);
    expect(optimizer.slots.map(({ name }) => name)).toEqual(["ema.average", "ema-2.average"]);
    const got = stepper(optimizer, numbers("parameters"));
    got.step(numbers("gradient", 1));
    numbers("parameters").forEach((start, i) => {
      expect(got.slot("ema.average")[i]).toBeCloseTo(got.parameters[i], 6);
      expect(got.slot("ema-2.average")[i]).toBeCloseTo(0.9 * start + 0.1 * got.parameters[i], 6);
    });
    const twice = links.optimistic();
    const same = stepper(chain(twice, twice, sgd({ learningRate: RATE })), numbers("parameters"));
    const other = stepper(
      chain(links.optimistic(), links.optimistic(), sgd({ learningRate: RATE })),
      numbers("parameters"),
    );
    for (let t = 1; t <= 3; t++) for (const each of [same, other]) each.step(numbers("gradient", t));
    expect(same.parameters).toEqual(other.parameters);
  });

  it("clip by the length of all that the player trains, where a gradient is only a part of it", () => {
    const optimizer = chain(links.clip({ limit: 1 }), sgd({ learningRate: 1 }));
    const { parameters } = optimizer.update(
      input("parameters", [2]),
      input("gradient", [2]),
      [],
      [input("rate", [1])],
      () => input("norm", []),
    );
    const [got] = interpret([parameters], { parameters: [0, 0], gradient: [3, 4], rate: [1], norm: [10] });
    [-0.3, -0.4].forEach((want, i) => {
      expect(got[i]).toBeCloseTo(want, 6);
    });
  });
});

it("ema keeps the average of the parameters after each step: a ← da + (1 − d)θ", () => {
  const got = stepper(chain(sgd({ learningRate: RATE }), links.ema({ decay: 0.7 })), numbers("parameters"));
  let average = numbers("parameters");
  for (let t = 1; t <= STEPS; t++) {
    got.step(numbers("gradient", t));
    average = average.map((value, i) => 0.7 * value + 0.3 * got.parameters[i]);
  }
  got.slot("ema.average").forEach((value, i) => {
    expect(value).toBeCloseTo(average[i], 6);
  });
});

describe("on the game x·y, of one who makes it small and one who makes it large", () => {
  /** Distance from the equilibrium (0, 0) after so many moves of each, who move at once or in turn. */
  const distance = (optimizer: () => Optimizer, moves: number, inTurn: boolean): number => {
    const [x, y] = [stepper(optimizer(), [1]), stepper(optimizer(), [1])];
    for (let t = 0; t < moves; t++) {
      const before = x.parameters[0];
      x.step([y.parameters[0]]);
      y.step([-(inTurn ? x.parameters[0] : before)]);
    }
    return Math.hypot(x.parameters[0], y.parameters[0]);
  };
  const plain = () => sgd({ learningRate: 0.3 });
  const start = Math.SQRT2;

  it("plain descent circles in turn, and runs away at once", () => {
    expect(distance(plain, 400, true)).toBeGreaterThan(start / 2);
    expect(distance(plain, 400, false)).toBeGreaterThan(1000 * start);
  });

  it.each(["extragradient", "optimistic"])("%s converges, at once and in turn", (name) => {
    const optimizer = () => chain(made(name), plain());
    for (const inTurn of [false, true]) expect(distance(optimizer, 400, inTurn)).toBeLessThan(1e-3 * start);
  });

  it("look-ahead converges where players move at once", () => {
    const optimizer = () => chain(plain(), links.lookahead({ every: 5, share: 0.5 }));
    expect(distance(optimizer, 400, false)).toBeLessThan(1e-3 * start);
  });
});
