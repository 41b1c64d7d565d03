import { UsageError } from "tsgan";
import { integer, register } from "tsgan/define";
import { gaussianJensenShannon1d, parallelLines as linesInClosedForm, wasserstein1d } from "tsgan/distances";
import { figure } from "tsgan/figure";
import { rankCorrelation } from "tsgan/statistics";
import { afterEach, describe, expect, expectTypeOf, it } from "vitest";
import {
  defineExperiment,
  divergences,
  earthMover,
  experiments,
  generatorGradients,
  holds,
  type NashOscillationData,
  nashOscillation,
  optimalDiscriminator,
  parallelLines,
  sourceOf,
} from "./index.ts";

describe("divergences", () => {
  it("integrate to their closed forms: KL(N(0, 1)‖N(1, 1)) is ½ both ways", async () => {
    const { integrals, exact } = await divergences().run();
    expect(integrals.kl).toBeCloseTo(0.5, 10);
    expect(integrals.reverseKl).toBeCloseTo(0.5, 10);
    expect(integrals.jensenShannon).toBeCloseTo(exact.jensenShannon, 10);
    expect(exact.kl).toBeCloseTo(0.5, 12);
  });

  it("agree with log(σ₂/σ₁) + (σ₁² + (μ₁ − μ₂)²)/2σ₂² − ½ for other laws", async () => {
    const { integrals } = await divergences({ meanP: -1, deviationP: 0.5, meanQ: 2, deviationQ: 1.5 }).run();
    expect(integrals.kl).toBeCloseTo(Math.log(3) + (0.25 + 9) / 4.5 - 0.5, 8);
    expect(integrals.reverseKl).toBeCloseTo(-Math.log(3) + (2.25 + 9) / 0.5 - 0.5, 8);
  });

  it("of JS are never negative, point by point, and below log 2 in total", async () => {
    const { integrands, integrals } = await divergences({ meanQ: 8 }).run();
    expect(Math.min(...integrands.jensenShannon)).toBeGreaterThanOrEqual(0);
    expect(integrals.jensenShannon).toBeLessThan(Math.LN2);
  });

  it("punish a narrow Q in one direction and a wide Q in the other", async () => {
    const { widths } = await divergences().run();
    expect(widths.kl[0]).toBeGreaterThan(widths.reverseKl[0]);
    expect(widths.kl.at(-1)!).toBeLessThan(widths.reverseKl.at(-1)!);
  });

  it("refuse what is no normal law, and a grid too coarse for it", async () => {
    expect(() => divergences({ deviationQ: 0 })).toThrow(
      "divergences: deviationQ must be a finite number above 0; got 0",
    );
    expect(() => divergences({ points: 1 })).toThrow(
      "divergences: points must be an integer of at least 2 and at most 100000; got 1",
    );
    await expect(divergences({ deviationQ: 0.01 }).run()).rejects.toThrow(
      /points must be at least \d+ to resolve the narrower density; got 801/,
    );
  });
});

describe("the optimal discriminator", () => {
  const untrained = { steps: 0 };

  it("has the value 2 JS − 2 log 2", async () => {
    const { value, expected } = await optimalDiscriminator(untrained).run();
    expect(value).toBeCloseTo(expected, 9);
    expect(expected).toBeCloseTo(2 * gaussianJensenShannon1d(0, 1, 2, 0.7) - 2 * Math.LN2, 12);
  });

  it("is ½ everywhere, with the value −2 log 2, once the laws are equal", async () => {
    const data = await optimalDiscriminator({ ...untrained, meanGenerated: 0, deviationGenerated: 1 }).run();
    expect(data.value).toBeCloseTo(-2 * Math.LN2, 10);
    for (const d of data.discriminator) expect(d).toBe(0.5);
  });

  it("is p_r / (p_r + p_g)", async () => {
    const { real, generated, discriminator } = await optimalDiscriminator(untrained).run();
    real.forEach((p, i) => {
      const sum = p + generated[i];
      if (sum > 1e-200) expect(discriminator[i]).toBeCloseTo(p / sum, 12);
    });
  });

  it("attains more than any other of the family", async () => {
    const { confidence, value } = await optimalDiscriminator(untrained).run();
    confidence.scale.forEach((scale, i) => {
      if (scale === 1) expect(confidence.value[i]).toBeCloseTo(value, 12);
      else expect(confidence.value[i]).toBeLessThan(value);
    });
  });

  it("attains less and less, down to −2 log 2, as the laws approach", async () => {
    const { approach } = await optimalDiscriminator(untrained).run();
    for (let i = 1; i < approach.value.length; i++) {
      expect(approach.value[i]).toBeLessThan(approach.value[i - 1]);
    }
    expect(approach.value.at(-1)).toBeCloseTo(-2 * Math.LN2, 10);
  });
});

describe("the game x·y", () => {
  it("grows by √(1 + η²) with each simultaneous step", async () => {
    for (const learningRate of [0.01, 0.1, 0.5]) {
      const { distance } = (await nashOscillation({ learningRate, steps: 50 }).run()).simultaneous;
      for (let t = 1; t < distance.length; t++) {
        expect(distance[t] / distance[t - 1]).toBeCloseTo(Math.sqrt(1 + learningRate ** 2), 12);
      }
    }
  });

  it("stays on the ellipse x² + y² − η x y under alternating steps", async () => {
    const { x, y } = (await nashOscillation({ steps: 2000 }).run()).alternating;
    x.forEach((_, t) => {
      expect(x[t] ** 2 + y[t] ** 2 - 0.1 * x[t] * y[t]).toBeCloseTo(1.9, 10);
    });
  });

  it("shrinks under optimistic and consensus steps by the modulus of the eigenvalue", async () => {
    for (const learningRate of [0.1, 0.3]) {
      const { optimistic, consensus } = await nashOscillation({ learningRate }).run();
      for (const { growth } of [optimistic, consensus]) {
        expect(growth.measured).toBeCloseTo(growth.expected, 9);
        expect(growth.expected).toBeLessThan(1);
      }
      const root = Math.sqrt(1 - 4 * learningRate ** 2);
      expect(optimistic.growth.expected).toBeCloseTo(Math.sqrt((1 + root) / 2), 12);
      expect(consensus.growth.expected).toBeCloseTo(Math.hypot(1 - 0.2 * learningRate, learningRate), 12);
    }
  });

  it("diverges under optimistic steps too when they are too large", async () => {
    const { optimistic } = await nashOscillation({ learningRate: 0.8 }).run();
    expect(optimistic.growth.measured).toBeCloseTo(optimistic.growth.expected, 9);
    expect(optimistic.growth.expected).toBeGreaterThan(1);
  });

  it("refuses a negative learning rate, no steps, and the equilibrium as a start", async () => {
    expect(() => nashOscillation({ learningRate: -0.1 })).toThrow(
      "nash-oscillation: learningRate must be a finite number above 0 and below 2; got -0.1",
    );
    expect(() => nashOscillation({ steps: 0 })).toThrow(UsageError);
    await expect(nashOscillation({ x: 0, y: 0 }).run()).rejects.toThrow("must not both be 0");
    await expect(nashOscillation({ learningRate: 1.9, steps: 100_000 }).run()).rejects.toThrow(
      /the simultaneous updates leave the range of numbers after \d+ steps/,
    );
  });
});

describe("the earth mover", () => {
  it("needs 5 for the piles 3, 2, 1, 4 and 1, 2, 4, 3: by hand, by the plan and by the dual", async () => {
    const { distance, primal, dual, steps } = await earthMover().run();
    expect(steps.map((step) => step.carried)).toEqual([2, 2, -1]);
    expect(distance).toBe(5);
    expect(primal.cost).toBeCloseTo(5, 12);
    expect(dual.value).toBeCloseTo(5, 12);
  });

  it("has steps that end at Q, a plan that moves P to Q, and a potential of slope at most 1", async () => {
    const p = [0.5, 3, 0, 2, 1.5];
    const q = [2, 0, 1, 1, 3];
    const { steps, primal, dual, distance } = await earthMover({ p, q }).run();
    steps.at(-1)!.piles.forEach((pile, i) => {
      expect(pile).toBeCloseTo(q[i], 12);
    });
    for (let i = 0; i < p.length; i++) {
      expect(primal.plan[i].reduce((a, b) => a + b)).toBeCloseTo(p[i], 12);
      expect(primal.plan.reduce((a, row) => a + row[i], 0)).toBeCloseTo(q[i], 12);
      if (i > 0) expect(Math.abs(dual.potential[i] - dual.potential[i - 1])).toBeLessThanOrEqual(1);
    }
    expect(primal.cost).toBeCloseTo(distance, 12);
    expect(dual.value).toBeCloseTo(distance, 12);
    const places = Float64Array.from(p, (_, i) => i);
    expect(
      7 * wasserstein1d(places, places, { xWeights: p.map((v) => v / 7), yWeights: q.map((v) => v / 7) }),
    ).toBeCloseTo(distance, 12);
  });

  it("refuses piles that do not fit", async () => {
    expect(() => earthMover({ p: [1], q: [1] })).toThrow(
      "earth-mover: p must be a list of 2 to 8 numbers; got [1]",
    );
    expect(() => earthMover({ p: [1, -2], q: [1, -2] })).toThrow(
      "earth-mover: p[1] must be a finite number of at least 0; got -2",
    );
    await expect(earthMover({ p: [1, 2], q: [1, 1] }).run()).rejects.toThrow(
      "the same amount of earth, above 0; got 3 and 2",
    );
    await expect(earthMover({ p: [1, 2], q: [1, 1, 1] }).run()).rejects.toThrow(
      "the same number of piles; got 2 and 3",
    );
  });
});

describe("parallel lines", () => {
  it("have W = |θ|, JS = log 2 and an infinite KL, but nothing at θ = 0", async () => {
    const { theta, kl, jensenShannon, wasserstein } = await parallelLines().run();
    theta.forEach((value, i) => {
      const exact = linesInClosedForm(value);
      expect(wasserstein[i]).toBeCloseTo(exact.w1, 12);
      expect(jensenShannon[i]).toBeCloseTo(exact.jensenShannon, 12);
      expect(kl[i]).toBe(value === 0 ? 0 : null);
    });
    expect(theta).toContain(0);
  });

  it("have a slope of ±1 in W and of 0 in JS", async () => {
    const { slopes } = await parallelLines().run();
    slopes.theta.forEach((theta, i) => {
      expect(slopes.wasserstein[i]).toBeCloseTo(Math.sign(theta), 10);
      if (Math.abs(theta) > 0.03) expect(slopes.jensenShannon[i]).toBeCloseTo(0, 10);
    });
  });

  it("refuse a θ that is not finite", () => {
    expect(() => parallelLines({ theta: Number.POSITIVE_INFINITY })).toThrow(
      "parallel-lines: theta must be a finite number above 0; got Infinity",
    );
  });
});

describe("the generator's gradients", () => {
  it("are −D, D − 1, s − 1 and −1", async () => {
    const data = await generatorGradients().run();
    data.score.forEach((s, i) => {
      const d = 1 / (1 + Math.exp(-s));
      expect(data.discriminator[i]).toBeCloseTo(d, 14);
      expect(data.saturating.gradient[i]).toBeCloseTo(-d, 14);
      expect(data.nonSaturating.gradient[i]).toBeCloseTo(d - 1, 14);
      expect(data.leastSquares.gradient[i]).toBe(s - 1);
      expect(data.hinge.gradient[i]).toBe(-1);
    });
  });

  it("are the derivatives of the costs", async () => {
    const data = await generatorGradients({ score: 6, points: 6001 }).run();
    for (const { cost, gradient } of [data.saturating, data.nonSaturating, data.leastSquares, data.hinge]) {
      for (let i = 1; i + 1 < cost.length; i += 97) {
        const slope = (cost[i + 1] - cost[i - 1]) / (data.score[i + 1] - data.score[i - 1]);
        expect(slope).toBeCloseTo(gradient[i], 6);
      }
    }
  });

  it("vanish for a refused sample only with the saturating cost", async () => {
    const data = await generatorGradients().run();
    expect(Math.abs(data.saturating.gradient[0])).toBeLessThan(1e-4);
    expect(Math.abs(data.nonSaturating.gradient[0])).toBeGreaterThan(0.9999);
  });
});

describe("a claim", () => {
  it("holds within its bounds, which belong to it, and not where there is no figure", () => {
    const claim = { text: "share", atLeast: 0.5, atMost: 1 };
    expect([0.5, 0.7, 1].every((value) => holds({ ...claim, value }))).toBe(true);
    expect([0.49, 1.01, Number.NaN].some((value) => holds({ ...claim, value }))).toBe(false);
    expect(holds({ text: "ratio", value: Number.POSITIVE_INFINITY, atLeast: 2 })).toBe(true);
  });
});

describe("rank correlation", () => {
  it("is 1 where one rises with the other, however steeply, and −1 where it falls", () => {
    expect(rankCorrelation([1, 2, 3, 4], [0, 1, 1000, 1001])).toBeCloseTo(1, 12);
    expect(rankCorrelation([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 12);
  });

  it("gives equal values the mean of their ranks", () => {
    // Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: covariance 4.5, sums of squares 4.5 and 5.
    expect(rankCorrelation([1, 2, 2, 3], [1, 2, 3, 4])).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 12);
  });

  it("does not exist where nothing changes", () => {
    expect(rankCorrelation([1, 1, 1], [1, 2, 3])).toBeNull();
  });
});

describe("an experiment", () => {
  it("is made from options, with the defaults of the others, and again from all of them", () => {
    const made = nashOscillation({ steps: 7 });
    expect(made.options).toEqual({ learningRate: 0.1, steps: 7, x: 1, y: 1, consensus: 0.2 });
    expect(nashOscillation.create(made.options).options).toEqual(made.options);
    expectTypeOf(made.run).returns.resolves.toEqualTypeOf<NashOscillationData>();
  });

  it("refuses unknown options, with the nearest known one, and those of the wrong type", () => {
    expect(() => nashOscillation.create({ learningrate: 1 })).toThrow(
      'unknown option of nash-oscillation "learningrate"; did you mean "learningRate"?',
    );
    expect(() => nashOscillation.create({ steps: "9" })).toThrow(
      'nash-oscillation: steps must be an integer of at least 1 and at most 100000; got "9"',
    );
  });

  it("is found by its name, or by the nearest one", () => {
    expect(experiments.get("earth-mover")).toBe(earthMover);
    expect(() => experiments.get("earth-moover")).toThrow('did you mean "earth-mover"?');
    expect(() => experiments.get("constructor")).toThrow(UsageError);
  });

  it("cites its papers", () => {
    expect(sourceOf(parallelLines.definition)).toBe(
      "Arjovsky et al. 2017, “Wasserstein GAN”, example 1 and figure 1",
    );
  });
});

describe("an experiment of one's own", () => {
  let undo = () => {};
  afterEach(() => undo());

  const halving = defineExperiment({
    name: "halving",
    title: "A half, again and again",
    options: { steps: integer({ default: 8, least: 1, means: "halvings" }) },
    run: ({ steps }) => Array.from({ length: steps + 1 }, (_, i) => 0.5 ** i),
    figure: (sizes) => ({ panels: [{ marks: [{ type: "line", x: sizes.map((_, i) => i), y: sizes }] }] }),
  });

  it("is listed after the built-in ones once it is registered, and runs as they do", async () => {
    undo = register(halving);
    expect(experiments.names.at(-1)).toBe("halving");
    const experiment = experiments.get("halving").create({ steps: 2 });
    const data = await experiment.run();
    expect(data).toEqual([1, 0.5, 0.25]);
    expect(figure(experiment.figure(data), { width: 340 })).toMatch(/^<svg/);
  });

  it("cannot have the name of a built-in one", () => {
    undo = register(
      defineExperiment({
        name: "earth-mover",
        title: "",
        options: {},
        run: () => 0,
        figure: () => ({ panels: [] }),
      }),
    );
    expect(() => experiments.all).toThrow(
      'experiment "earth-mover" is built in; choose another name for your own',
    );
  });
});
