import { describe, expect, it } from "vitest";
import { input, interpret, type Tensor } from "../graph/index.ts";
import { randomStream } from "../random/index.ts";
import {
  adam,
  adamW,
  clipByNorm,
  movingAverage,
  type Optimizer,
  optimizerCatalogue,
  rmsProp,
  schedules,
  sgd,
} from "./index.ts";

const SIZE = 5;
const STEPS = 6;
const RATE = 0.05;

const numbers = (purpose: string, step = 0): Float64Array => {
  const out = new Float64Array(SIZE);
  randomStream(1, purpose, step).fillNormal(out);
  return out;
};

/** Parameters after some steps with the given gradients, through the optimiser's graph. */
const run = (optimizer: Optimizer): Float64Array => {
  const vector = (name: string): Tensor => input(name, [SIZE]);
  const slots = optimizer.slots.map((_, i) => vector(`slot${i}`));
  const scalars = Array.from({ length: optimizer.scalarCount }, (_, i) => input(`scalar${i}`, [1]));
  const updated = optimizer.update(vector("parameters"), vector("gradient"), slots, scalars);
  let parameters = numbers("parameters");
  let state: Float64Array[] = optimizer
    .init(Float32Array.from(parameters))
    .map((values) => Float64Array.from(values));
  for (let t = 1; t <= STEPS; t++) {
    const fed = optimizer.scalars(t);
    expect(fed).toHaveLength(optimizer.scalarCount);
    [parameters, ...state] = interpret([updated.parameters, ...updated.slots], {
      parameters,
      gradient: numbers("gradient", t),
      ...Object.fromEntries(state.map((values, i) => [`slot${i}`, values])),
      ...Object.fromEntries(fed.map((value, i) => [`scalar${i}`, [value]])),
    });
  }
  return parameters;
};

/** The same, one parameter at a time, as PyTorch's documentation writes it. */
const reference = (
  step: (theta: number, gradient: number, t: number, memory: number[]) => number,
): number[] =>
  [...numbers("parameters")].map((start, i) => {
    const memory = [0, 0];
    let theta = start;
    for (let t = 1; t <= STEPS; t++) theta = step(theta, numbers("gradient", t)[i], t, memory);
    return theta;
  });

const adamStep =
  (beta1: number, beta2: number, epsilon: number) =>
  (theta: number, g: number, t: number, memory: number[]): number => {
    memory[0] = beta1 * memory[0] + (1 - beta1) * g;
    memory[1] = beta2 * memory[1] + (1 - beta2) * g * g;
    const corrected = Math.sqrt(memory[1] / (1 - beta2 ** t)) + epsilon;
    return theta - (RATE * memory[0]) / (1 - beta1 ** t) / corrected;
  };

describe("optimisers do what PyTorch's do", () => {
  const rows: [string, Optimizer, Parameters<typeof reference>[0]][] = [
    ["sgd", sgd({ learningRate: RATE }), (theta, g) => theta - RATE * g],
    [
      "sgd with momentum",
      sgd({ learningRate: RATE, momentum: 0.9 }),
      (theta, g, _, memory) => {
        memory[0] = 0.9 * memory[0] + g;
        return theta - RATE * memory[0];
      },
    ],
    [
      "sgd with Nesterov's momentum and weight decay",
      sgd({ learningRate: RATE, momentum: 0.8, nesterov: true, weightDecay: 0.1 }),
      (theta, gradient, _, memory) => {
        const g = gradient + 0.1 * theta;
        memory[0] = 0.8 * memory[0] + g;
        return theta - RATE * (g + 0.8 * memory[0]);
      },
    ],
    [
      "rmsprop",
      rmsProp({ learningRate: RATE, alpha: 0.9, epsilon: 1e-4 }),
      (theta, g, _, memory) => {
        memory[0] = 0.9 * memory[0] + 0.1 * g * g;
        return theta - (RATE * g) / (Math.sqrt(memory[0]) + 1e-4);
      },
    ],
    ["adam", adam({ learningRate: RATE, beta1: 0.5, beta2: 0.99 }), adamStep(0.5, 0.99, 1e-8)],
    [
      "adam without momentum",
      adam({ learningRate: RATE, beta1: 0, beta2: 0.9, epsilon: 1e-3 }),
      adamStep(0, 0.9, 1e-3),
    ],
    [
      "adam with weight decay in the gradient",
      adam({ learningRate: RATE, beta1: 0.9, beta2: 0.999, weightDecay: 0.2 }),
      (theta, g, t, memory) => adamStep(0.9, 0.999, 1e-8)(theta, g + 0.2 * theta, t, memory),
    ],
    [
      "adamw",
      adamW({ learningRate: RATE, beta1: 0.9, beta2: 0.999, weightDecay: 0.2 }),
      (theta, g, t, memory) => adamStep(0.9, 0.999, 1e-8)(theta * (1 - RATE * 0.2), g, t, memory),
    ],
  ];
  it("each has a row", () => {
    const named = new Set(rows.map(([, { name }]) => name));
    expect([...named].sort()).toEqual([...optimizerCatalogue.names].sort());
  });

  it.each(rows)("%s", (_, optimizer, step) => {
    const got = run(optimizer);
    reference(step).forEach((want, i) => {
      // The graph's constants are float32.
      expect(got[i]).toBeCloseTo(want, 5);
    });
  });

  it("take a schedule that begins late and ends with the run", () => {
    const late = adam({ learningRate: schedules.linear({ from: 1, to: 0, start: 50 }), beta1: 0, beta2: 0 });
    const rates = [0, 50, 75, 100].map((step) => late.scalars(1, { step, steps: 100 })[0]);
    expect(rates).toEqual([1, 1, 0.5, 0]);
    expect(late.scalars(1)[0]).toBe(1);
  });

  it("refuses options out of range by name", () => {
    expect(() => adam({ learningRate: RATE, beta1: 1 })).toThrow(
      "adam: beta1 must be a finite number of at least 0 and below 1; got 1",
    );
    expect(() => rmsProp({ learningRate: RATE, epsilon: -1 })).toThrow(
      "rmsprop: epsilon must be a finite number of at least 0; got -1",
    );
  });
});

describe("gradient clipping", () => {
  const clipped = (values: readonly number[], limit: number): Float64Array =>
    interpret([clipByNorm(input("g", [values.length]), limit)], { g: values })[0];

  it("leaves short gradients alone and shortens long ones to the limit", () => {
    expect(clipped([0.3, 0.4], 1)).toEqual(Float64Array.of(0.3, 0.4));
    const [a, b] = clipped([3, 4], 1);
    expect(a).toBeCloseTo(0.6, 6);
    expect(b).toBeCloseTo(0.8, 6);
  });

  it("keeps a zero gradient zero", () => {
    expect(clipped([0, 0], 1)).toEqual(Float64Array.of(0, 0));
  });
});

it("the moving average is d · average + (1 − d) · value", () => {
  const [average] = interpret([movingAverage(input("a", [2]), input("v", [2]), input("d", [1]))], {
    a: [1, 2],
    v: [3, -2],
    d: [0.75],
  });
  expect(average).toEqual(Float64Array.of(1.5, 1));
});

describe("options that change over the run", () => {
  const still = (value: number) => ({ kind: "linear", from: value, to: value }) as const;

  it.each([
    ["sgd", sgd({ learningRate: RATE, momentum: 0.5 }), sgd({ learningRate: RATE, momentum: still(0.5) })],
    [
      "adam",
      adam({ learningRate: RATE, beta1: 0.5, beta2: 0.9 }),
      adam({ learningRate: RATE, beta1: still(0.5), beta2: 0.9 }),
    ],
    [
      "adamW",
      adamW({ learningRate: RATE, beta1: 0.5, beta2: 0.9 }),
      adamW({ learningRate: RATE, beta1: 0.5, beta2: still(0.9) }),
    ],
  ])("leave %s what it is where they do not move", (_, fixed, changing) => {
    const expected = run(fixed);
    run(changing).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 7);
    });
  });

  it("are fed as they stand at the moment", () => {
    const momentum = { kind: "linear", from: 0.5, to: 0.7 } as const;
    expect(sgd({ learningRate: RATE, momentum }).scalars(3, { step: 5, steps: 10 })).toEqual([RATE, 0.6]);
  });

  it("are refused where an end is out of range", () => {
    expect(() => adam({ learningRate: RATE, beta2: { kind: "cosine", from: 0.9, to: 1 } })).toThrow(
      "adam: beta2 must be a finite number of at least 0 and below 1; got 1",
    );
  });
});
