import { describe, expect, expectTypeOf, it } from "vitest";
import { matrix, mmdSquared, rbfMixtureKernel } from "../distances/index.ts";
import { UsageError } from "../errors.ts";
import {
  add,
  constant,
  fill,
  grad,
  input,
  interpret,
  mean,
  mul,
  neg,
  sub,
  sum,
  type Tensor,
} from "../graph/index.ts";
import { randomStream } from "../random/index.ts";
import {
  type AdversarialLoss,
  began,
  beganMeasure,
  catalogue,
  combine,
  custom,
  type DiagonalGaussian,
  discreteJensenShannon,
  discreteKl,
  discreteReverseKl,
  discreteTotalVariation,
  ebgan,
  fganKl,
  gaussianJensenShannon,
  gaussianKl,
  gaussianReverseKl,
  gaussianTotalVariation,
  gaussianW1,
  gaussianW2,
  leastSquares,
  minimax,
  mmdGan,
  normalSamples,
  pullingAway,
  sinkhorn,
  wasserstein,
  wassersteinLabels,
} from "./index.ts";

const vector = (...values: number[]): Tensor => constant(values, [values.length]);
const scalarOf = (t: Tensor): number => interpret([t])[0][0];

// Scores of TF-GAN's own unit tests, whose constants its authors computed.
const real = vector(-5, 1.4, 12.5, 2.7);
const fake = vector(10, 4.4, -5.5, 3.6);

describe("losses of known scores", () => {
  it.each([
    ["wasserstein", {}, 0.225, -3.125],
    ["hinge", {}, 6.75, -3.125],
    ["least-squares", {}, 41.73375, 17.69625],
    ["minimax", { realLabel: 0.875 }, 6.19637, undefined],
    ["non-saturating", {}, undefined, 1.38582],
  ] as const)("%s gives the constants of TF-GAN's tests", (name, options, discriminator, generator) => {
    const loss = catalogue.get(name).create(options);
    if (discriminator !== undefined) {
      expect(scalarOf(loss.discriminator(real, fake))).toBeCloseTo(discriminator, 5);
    }
    if (generator !== undefined) expect(scalarOf(loss.generator(real, fake))).toBeCloseTo(generator, 5);
  });

  it("cross-entropies keep their digits where σ is 0 or 1 in float32", () => {
    const loss = minimax();
    const [sure] = interpret([loss.discriminator(vector(60), vector(-60))]);
    expect(sure[0] / (2 * Math.exp(-60))).toBeCloseTo(1, 6);
  });
});

describe("the sign of the Wasserstein loss", () => {
  it("is that of mean(label · score) with labels −1 and +1", () => {
    for (const player of ["discriminator", "generator"] as const) {
      expect(scalarOf(wassersteinLabels()[player](real, fake))).toBe(
        scalarOf(wasserstein()[player](real, fake)),
      );
    }
  });

  it("is that of −D with labels +1 and −1", () => {
    const flipped = wassersteinLabels({ realLabel: 1, fakeLabel: -1 });
    for (const player of ["discriminator", "generator"] as const) {
      expect(scalarOf(flipped[player](neg(real), neg(fake)))).toBe(
        scalarOf(wasserstein()[player](real, fake)),
      );
    }
  });

  it("makes minus the critic's loss the difference of the means that the critic maximises", () => {
    const critic = scalarOf(wasserstein().discriminator(vector(3, 5), vector(-1, 1)));
    expect(-critic).toBe(4);
  });

  it("is lost with labels that do not sum to 0: a constant added to all scores changes the loss", () => {
    const shifted = (loss: { discriminator: (r: Tensor, f: Tensor) => Tensor }): number =>
      scalarOf(loss.discriminator(add(real, 7), add(fake, 7))) - scalarOf(loss.discriminator(real, fake));
    expect(shifted(wassersteinLabels())).toBeCloseTo(0, 10);
    expect(shifted(wassersteinLabels({ realLabel: -1, fakeLabel: 0 }))).toBeCloseTo(-7, 10);
  });
});

describe("f-GAN", () => {
  const GRID = Array.from({ length: 2001 }, (_, i) => (i - 1000) / 100);

  /** sup over D of E_p g(D) − E_q f*(g(D)) for distributions over two outcomes, by a grid of scores for each. */
  const bound = (divergence: string, p: number, q: number): number => {
    const [r, f] = [input("r", [1]), input("f", [1])];
    const loss = catalogue.get(`fgan-${divergence}`).create().discriminator(r, f);
    const at = (real: number, fake: number): number => interpret([loss], { r: [real], f: [fake] })[0][0];
    // D's loss is a sum of a part of the real and a part of the generated score.
    const parts = GRID.map((v) => [at(v, 0) - at(0, 0), at(0, v) - at(0, 0)]);
    const least = (a: number, b: number): number =>
      Math.min(...parts.map(([real, fake]) => a * real + b * fake));
    return -(least(p, q) + least(1 - p, 1 - q) + at(0, 0));
  };
  const [p, q] = [0.7, 0.4];
  const outcomes = [
    [p, q],
    [1 - p, 1 - q],
  ];
  const total = (term: (p: number, q: number) => number): number =>
    outcomes.reduce((s, [a, b]) => s + term(a, b), 0);
  const js = total((a, b) => a * Math.log((2 * a) / (a + b)) + b * Math.log((2 * b) / (a + b)));

  it.each([
    ["kl", total((a, b) => a * Math.log(a / b))],
    ["reverse-kl", total((a, b) => b * Math.log(b / a))],
    ["pearson", total((a, b) => (a - b) ** 2 / b)],
    ["squared-hellinger", total((a, b) => (Math.sqrt(a) - Math.sqrt(b)) ** 2)],
    ["jensen-shannon", js],
    ["gan", js - Math.log(4)],
    ["total-variation", total((a, b) => 0.5 * Math.abs(a - b))],
  ] as const)("%s: the best discriminator attains the divergence", (divergence, expected) => {
    expect(bound(divergence, p, q)).toBeCloseTo(expected, 3);
  });
});

describe("BEGAN", () => {
  const [r, f] = [vector(0.5, 0.7), vector(0.1, 0.3)];

  it("moves k by λ(γ E r − E f), inside [0, 1]", () => {
    const next = (k: number, lambda: number): number =>
      scalarOf(sum(began({ lambda }).state?.next(r, f, constant([k], [1])) as Tensor));
    expect(next(0.2, 0.1)).toBeCloseTo(0.2 + 0.1 * (0.5 * 0.6 - 0.2), 6);
    expect(next(0.99, 1)).toBe(1);
    expect(scalarOf(sum(began({ lambda: 1 }).state?.next(f, r, constant([0.1], [1])) as Tensor))).toBe(0);
  });

  it("measures convergence", () => {
    expect(scalarOf(beganMeasure(r, f, 0.5))).toBeCloseTo(0.6 + 0.1, 6);
  });

  it("asks for its state", () => {
    expect(() => began().discriminator(r, f)).toThrow("began: the state k is needed");
  });
});

describe("losses on embeddings", () => {
  const cloud = (seed: number, shift: number): Tensor => {
    const values = new Float32Array(30);
    randomStream(seed, "cloud").fillNormal(values, shift);
    return constant(values, [15, 2]);
  };

  it("see no difference between a batch and itself, and one between distant batches", () => {
    const same = cloud(1, 0);
    expect(scalarOf(sinkhorn().generator(same, same))).toBeCloseTo(0, 10);
    for (const loss of [sinkhorn(), mmdGan(), mmdGan({ kernel: "gaussian" })]) {
      const near = scalarOf(loss.generator(cloud(1, 0), cloud(2, 0)));
      const far = scalarOf(loss.generator(cloud(1, 0), cloud(2, 3)));
      expect(far).toBeGreaterThan(near + 0.5);
    }
  });

  it("Sinkhorn's tends to half the squared distance of the means for large ε, and to ½W₂² for small", () => {
    const [x, y] = [constant([0, 1, 5], [3, 1]), constant([2, 4, 9], [3, 1])];
    const at = (epsilon: number, iterations: number): number =>
      scalarOf(sinkhorn({ epsilon, iterations }).generator(x, y));
    expect(at(1e5, 5)).toBeCloseTo(0.5 * 3 ** 2, 2);
    expect(at(0.02, 200)).toBeCloseTo((0.5 * (2 ** 2 + 3 ** 2 + 4 ** 2)) / 3, 1);
  });

  it("MMD is unbiased: its mean over pairs of batches of one distribution is 0", () => {
    const values = Array.from({ length: 60 }, (_, i) =>
      scalarOf(mmdGan({ kernel: "gaussian" }).generator(cloud(2 * i + 10, 0), cloud(2 * i + 11, 0))),
    );
    const average = values.reduce((a, b) => a + b, 0) / values.length;
    expect(Math.abs(average)).toBeLessThan(0.05);
    expect(values.some((v) => v < 0)).toBe(true);
  });

  it("MMD's witness has means that differ by the biased MMD²", () => {
    const { witness } = mmdGan({ kernel: "gaussian" });
    const [real, fake] = [cloud(1, 0), cloud(2, 1)];
    const meanOver = (scores: Tensor): number => scalarOf(mean(witness?.(scores, real, fake) as Tensor));
    const [x, y] = interpret([real, fake]).map((values) => matrix(15, 2, [...values]));
    const expected = mmdSquared(x, y, rbfMixtureKernel([1, 2, 4, 8, 16]), "biased");
    expect(meanOver(real) - meanOver(fake)).toBeCloseTo(expected, 6);
  });

  it("refuse scalar scores", () => {
    expect(() => mmdGan().generator(vector(1, 2), vector(1, 2))).toThrow(
      "mmd-gan: scores must be embeddings [N,d] with N of at least 2; got [2]; use a discriminator with a vector output",
    );
  });
});

describe("distribution losses", () => {
  const logits = (...rows: number[][]): Tensor => constant(rows.flat(), [rows.length, rows[0].length]);
  const p = logits([0.3, -1, 2], [100, 0, -100]);
  const q = logits([-0.5, 0.4, 1], [-100, 0, 100]);

  it.each([
    ["KL", discreteKl],
    ["reverse KL", discreteReverseKl],
    ["Jensen–Shannon", discreteJensenShannon],
    ["total variation", discreteTotalVariation],
  ])("%s is 0 for equal distributions, positive and finite for logits of ±100", (_, divergence) => {
    // log 2 is a float32 constant.
    expect(scalarOf(divergence(p, p))).toBeCloseTo(0, 7);
    const [a, b] = [input("a", [2, 3]), input("b", [2, 3])];
    const value = divergence(a, b);
    const feeds = { a: interpret([p])[0], b: interpret([q])[0] };
    const [v, ...gradients] = interpret([value, ...grad(value, [a, b])], feeds);
    expect(v[0]).toBeGreaterThan(0);
    expect([v, ...gradients].every((list) => [...list].every(Number.isFinite))).toBe(true);
  });

  const gaussian = (mean: number[], std: number[]): DiagonalGaussian => ({
    mean: constant(mean, [mean.length]),
    std: constant(std, [std.length]),
  });
  const [a, b] = [gaussian([0.5], [0.75]), gaussian([-0.5], [1.5])];

  it("Gaussian ones are 0 for equal Gaussians", () => {
    for (const divergence of [
      gaussianKl,
      gaussianReverseKl,
      gaussianJensenShannon,
      gaussianTotalVariation,
      gaussianW1,
      gaussianW2,
    ]) {
      expect(scalarOf(divergence(a, a))).toBeCloseTo(0, 6);
    }
  });

  it("bound each other: ½TV² ≤ JS ≤ TV log 2, TV² ≤ ½KL, W₁ ≤ W₂", () => {
    const [tv, js, kl] = [gaussianTotalVariation(a, b), gaussianJensenShannon(a, b), gaussianKl(a, b)].map(
      scalarOf,
    );
    expect(js).toBeGreaterThan(0.5 * tv ** 2);
    expect(js).toBeLessThan(tv * Math.LN2);
    expect(tv ** 2).toBeLessThan(0.5 * kl);
    expect(scalarOf(gaussianW1(a, b))).toBeLessThan(scalarOf(gaussianW2(a, b)));
  });

  it("Monte Carlo in several dimensions tends to the rule in one", () => {
    const noise = new Float32Array(20_000);
    randomStream(1, "noise").fillNormal(noise);
    const rule = normalSamples(constant(noise, [noise.length, 1]));
    expect(scalarOf(gaussianJensenShannon(a, b, rule))).toBeCloseTo(scalarOf(gaussianJensenShannon(a, b)), 2);
    const plane = normalSamples(constant(noise, [noise.length / 2, 2]));
    const wide = (g: [number[], number[]]): DiagonalGaussian => gaussian(...g);
    expect(
      scalarOf(
        gaussianJensenShannon(
          wide([
            [0, 0],
            [1, 1],
          ]),
          wide([
            [40, 0],
            [1, 1],
          ]),
          plane,
        ),
      ),
    ).toBeCloseTo(Math.LN2, 4);
  });

  it("refuse a rule of another dimension", () => {
    expect(() => gaussianJensenShannon(gaussian([0, 0], [1, 1]), gaussian([0, 0], [1, 1]))).toThrow(
      "gaussian divergence: a rule [S,d] for d dimensions is needed; got [1441,1] and [2]",
    );
  });
});

describe("pullingAway", () => {
  it("is 0 for orthogonal features, 1 for parallel ones, and finite at 0", () => {
    expect(scalarOf(pullingAway(constant([1, 0, 0, 2], [2, 2])))).toBe(0);
    expect(scalarOf(pullingAway(constant([1, 2, -2, -4], [2, 2])))).toBeCloseTo(1, 6);
    const x = input("x", [2, 2]);
    const [slope] = interpret(grad(pullingAway(x), [x]), { x: [0, 0, 0, 0] });
    expect([...slope].every(Number.isFinite)).toBe(true);
  });
});

describe("combine", () => {
  const x = input("x", [3]);
  const feeds = { x: [1, -2, 3] };
  const adversarial = sum(mul(x, 2));
  const other = sum(mul(x, x));

  it("adds losses by weight", () => {
    expect(interpret([combine(adversarial, [{ loss: other, weight: 0.5 }])], feeds)[0][0]).toBe(4 + 7);
  });

  it("scales a loss so that its gradient has the given share of the adversarial one's", () => {
    const total = combine(adversarial, [{ loss: other, gradientRatio: 0.25 }], [x]);
    const [whole] = interpret(grad(total, [x]), feeds);
    const share = Math.hypot(...whole.map((v) => v - 2));
    expect(share).toBeCloseTo(0.25 * Math.hypot(2, 2, 2), 6);
  });

  it("takes shares that are scalars of the graph", () => {
    const share = input("share", []);
    const shared = { ...feeds, share: [0.25] };
    const [weighted, scaled] = [
      combine(adversarial, [{ loss: other, weight: share }]),
      combine(adversarial, [{ loss: other, gradientRatio: share }], [x]),
    ];
    expect(interpret([weighted], shared)[0][0]).toBe(4 + 14 / 4);
    const expected = combine(adversarial, [{ loss: other, gradientRatio: 0.25 }], [x]);
    expect(interpret([scaled], shared)).toEqual(interpret([expected], feeds));
    expect(interpret([scaled], { ...feeds, share: [0] })).toEqual(interpret([adversarial], feeds));
  });

  it("says what a gradient ratio needs", () => {
    expect(() => combine(adversarial, [{ loss: other, gradientRatio: 1 }])).toThrow(
      "combine: a gradientRatio needs the parameters of the gradients; got none",
    );
  });
});

describe("custom", () => {
  it("takes two functions and a kind of scores", () => {
    const loss = custom({
      scores: "unbounded",
      discriminator: (r, f) => sub(mean(f), mean(r)),
      generator: (_r, f) => neg(mean(f)),
    });
    expect(scalarOf(loss.discriminator(real, fake))).toBe(scalarOf(wasserstein().discriminator(real, fake)));
    expect(() => loss.discriminator(real, fill([4, 1], 0))).toThrow(UsageError);
  });

  it("carries a name and a definition like any other", () => {
    const { discriminator, generator } = wasserstein();
    const loss = custom({ name: "mine", scores: "unbounded", discriminator, generator });
    expect(loss).toMatchObject({ name: "mine", options: {}, scores: "unbounded" });
    expect(loss.definition).toMatchObject({ kind: "loss", name: "mine" });
  });

  it("checks the generator's scores too where it uses the real ones", () => {
    const { discriminator } = wasserstein();
    const loss = custom({ scores: "unbounded", usesReal: true, discriminator, generator: discriminator });
    expect(() => loss.generator(real, fill([4, 1], 0))).toThrow("custom: fake scores must have the shape");
  });

  it("refuses anything else", () => {
    expect(() => custom({ scores: "logit" } as never)).toThrow(
      "custom: discriminator must be a function of scores; got undefined",
    );
  });
});

describe("options", () => {
  it("have types that follow from their schema", () => {
    expectTypeOf(mmdGan)
      .parameter(0)
      .toEqualTypeOf<{ readonly kernel?: "gaussian" | "rational-quadratic" | undefined } | undefined>();
    expectTypeOf(ebgan({ margin: 2 })).toEqualTypeOf<AdversarialLoss>();
  });
});

describe("options out of range", () => {
  it.each<[string, () => unknown]>([
    [
      "minimax: realLabel must be a finite number of at least 0 and at most 1; got 1.5",
      () => minimax({ realLabel: 1.5 }),
    ],
    ["least-squares: a must be a finite number; got NaN", () => leastSquares({ a: Number.NaN })],
    ["ebgan: margin must be a finite number of at least 0; got -1", () => ebgan({ margin: -1 })],
    ["began: gamma must be a finite number of at least 0 and at most 1; got 2", () => began({ gamma: 2 })],
    [
      "fgan-kl: generator must be one of original, non-saturating; got other",
      () => fganKl({ generator: "other" as never }),
    ],
    [
      "sinkhorn: iterations must be an integer of at least 1 and at most 1000; got 0",
      () => sinkhorn({ iterations: 0 }),
    ],
  ])("are refused: %s", (message, build) => {
    expect(build).toThrow(new UsageError(message));
  });
});

describe("the catalogue", () => {
  it.each<[string, () => unknown]>([
    ['unknown loss "hing"; did you mean "hinge"?', () => catalogue.get("hing")],
    ['unknown loss "fgan-kll"; did you mean "fgan-kl"?', () => catalogue.get("fgan-kll")],
    [
      'unknown option of ebgan "margni"; did you mean "margin"? (known: margin)',
      () => catalogue.get("ebgan").create({ margni: 1 }),
    ],
    ['hinge: it takes no options; got "margin"', () => catalogue.get("hinge").create({ margin: 1 })],
    [
      "ebgan: margin must be a finite number of at least 0; got Infinity",
      () => catalogue.get("ebgan").create({ margin: Number.POSITIVE_INFINITY }),
    ],
    [
      'ebgan: margin must be a finite number of at least 0; got "1"',
      () => catalogue.get("ebgan").create({ margin: "1" }),
    ],
    [
      "mmd-gan: kernel must be one of gaussian, rational-quadratic; got 3",
      () => catalogue.get("mmd-gan").create({ kernel: 3 }),
    ],
  ])("refuses: %s", (message, build) => {
    expect(build).toThrow(UsageError);
    expect(build).toThrow(message);
  });
});
