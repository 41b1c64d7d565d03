import { describe, expect, it } from "vitest";
import { matrix } from "../distances/index.ts";
import { catalogue, equilibriumOf } from "../losses/index.ts";
import { randomStream } from "../random/index.ts";
import { diagnose, type HealthInput, type HealthRecord, type HealthSettings, watchHealth } from "./health.ts";
import { type SampleEvidence, sampleEvidence } from "./sample-evidence.ts";

const lossFacts = (name: string): HealthInput["loss"] => {
  const loss = catalogue.get(name).create();
  return { name, scores: loss.scores, equilibrium: equilibriumOf(loss) };
};

/** A record for each of 400 steps; `at` gives its figures for a share of the run from 0 to 1. */
const records = (at: (share: number) => HealthRecord): HealthRecord[] =>
  Array.from({ length: 400 }, (_, i) => ({ step: i + 1, ...at(i / 400) }));

const balanced: HealthRecord = {
  discriminatorLoss: 1.3,
  generatorLoss: 0.8,
  realScore: 0.1,
  fakeScore: -0.1,
  accuracy: 0.6,
  generatorGradient: 1,
};
const plain: HealthSettings = {
  limits: [],
  criticSteps: 1,
  generatorSteps: 1,
  augments: false,
  cutsGradients: false,
  couldPack: true,
  mixesLosses: false,
};
const near: SampleEvidence = {
  distance: 0.05,
  ownDistance: 0.05,
  spread: 1,
  missing: 0,
  regions: 8,
  emptyRegions: 0,
  duplicates: 0,
  dataDuplicates: 0,
};

const input = (part: Partial<HealthInput> = {}): HealthInput => ({
  records: records(() => balanced),
  loss: lossFacts("non-saturating"),
  settings: plain,
  images: false,
  earliest: 100,
  samples: near,
  ...part,
});
const kinds = (part: Partial<HealthInput>) => diagnose(input(part)).map(({ kind }) => kind);

describe("diagnose", () => {
  it("calls a run near equilibrium healthy, with the figures that say so", () => {
    const [verdict, ...others] = diagnose(input());
    expect(others).toEqual([]);
    expect(verdict).toMatchObject({
      kind: "healthy",
      evidence:
        "discriminator loss 1.3 (equilibrium of non-saturating: 2 log 2 = 1.386, accuracy 0.5), score gap 0.2, " +
        "accuracy 0.6, samples in 8 of 8 regions of the data",
    });
  });

  it("says of a run without records, or of a short one, that it is too early to tell", () => {
    expect(diagnose(input({ records: [], samples: undefined }))).toMatchObject([
      { kind: "too-early", title: "too early to tell", evidence: "0 of the 100 steps that it takes" },
    ]);
    const bad = { ...balanced, discriminatorLoss: 0.001, accuracy: 1, generatorGradient: 0 };
    const short = { records: records(() => bad).slice(0, 99), samples: { ...near, distance: 2, missing: 1 } };
    for (const { severity } of diagnose(input(short))) expect(severity).toBe("note");
    expect(diagnose(input(short))[0].kind).toBe("too-early");
  });

  it.each<[string, Partial<HealthInput>]>([
    [
      "diverged",
      { records: [...records(() => balanced), { step: 401, failure: "step 401: x is not finite; y" }] },
    ],
    ["input-scale", { inputScale: "pixels must lie in [−1, 1]" }],
    ["clipped-weights", { clip: { limit: 0.01, share: 0.7 }, loss: lossFacts("wasserstein") }],
    [
      "unbounded-critic",
      {
        loss: lossFacts("wasserstein"),
        records: records((share) => ({
          discriminatorLoss: -100 * share,
          realScore: 100 * share,
          fakeScore: -1,
        })),
      },
    ],
    ["memorisation", { memory: { ratio: 0.1, copies: 0.6 } }],
    ["idle-discriminator", { records: records(() => ({ ...balanced, discriminatorLoss: 3 })) }],
    ["idle-discriminator", { records: records(() => ({ ...balanced, accuracy: 0.1 })) }],
    [
      "idle-discriminator",
      {
        records: records(() => ({ ...balanced, discriminatorLoss: 1.386 })),
        samples: { ...near, distance: 2 },
      },
    ],
    [
      "discriminator-wins",
      {
        records: records(() => ({ ...balanced, discriminatorLoss: 0.01, accuracy: 1 })),
        samples: { ...near, distance: 2 },
      },
    ],
    ["mode-collapse", { samples: { ...near, missing: 0.6, emptyRegions: 5 } }],
    ["mode-collapse", { samples: { ...near, duplicates: 0.5 } }],
    [
      "exploding-gradient",
      { records: records((share) => ({ ...balanced, generatorGradient: 10 ** (5 * share) })) },
    ],
    [
      "vanishing-gradient",
      {
        records: records((share) => ({ ...balanced, generatorGradient: 10 ** (-6 * share) })),
        samples: { ...near, distance: 2 },
      },
    ],
  ])("names %s: %#", (kind, part) => {
    const [verdict] = diagnose(input(part));
    expect(verdict).toMatchObject({ kind, severity: "alarm" });
    expect(verdict.advice).not.toBe("");
  });

  it("takes images for far, or for collapsed, only beside the data's own distances and variety", () => {
    // Pixels are far from each other, and a young generator's images resemble each other.
    const young = { ...near, distance: 0.95, ownDistance: 0.78, spread: 0.7, missing: 0.55, emptyRegions: 5 };
    const won = records(() => ({ ...balanced, discriminatorLoss: 0.01, accuracy: 1 }));
    expect(kinds({ images: true, samples: young })).toEqual(["healthy"]);
    expect(kinds({ images: true, samples: young, records: won })).toEqual(["healthy"]);
    expect(kinds({ images: true, samples: { ...young, distance: 1.8 }, records: won })).toEqual([
      "discriminator-wins",
    ]);
    expect(kinds({ images: true, samples: { ...young, spread: 0.3, missing: 0.9 } })).toEqual([
      "mode-collapse",
    ]);
    // Copies of a few images are easy to tell from the data: the discriminator's win is no cause.
    const copies = { ...young, spread: 0.01, missing: 0.9, duplicates: 0.4 };
    expect(kinds({ images: true, samples: copies, records: won })).toEqual(["mode-collapse"]);
  });

  it("does not take the data's own repetitions for collapse", () => {
    expect(kinds({ samples: { ...near, duplicates: 0.5, dataDuplicates: 0.4 } })).toEqual(["healthy"]);
  });

  it("does not take a constrained critic's falling gap, or equilibrium near the data, for an alarm", () => {
    const wasserstein = {
      loss: lossFacts("wasserstein"),
      settings: { ...plain, limits: ["gradient-penalty"] },
    };
    const falling = records((share) => ({
      discriminatorLoss: share - 1,
      realScore: 1 - share,
      fakeScore: 0,
    }));
    expect(kinds({ ...wasserstein, records: falling })).toEqual(["healthy"]);
    expect(
      kinds({ records: records(() => ({ ...balanced, discriminatorLoss: 1.386, accuracy: 0.5 })) }),
    ).toEqual(["healthy"]);
  });

  it("lets a discriminator be ahead that does no harm", () => {
    expect(
      kinds({ records: records(() => ({ ...balanced, discriminatorLoss: 0.01, accuracy: 1 })) }),
    ).toEqual(["healthy"]);
  });

  it("leaves the penalty out of the discriminator's loss", () => {
    expect(kinds({ records: records(() => ({ ...balanced, discriminatorLoss: 3, penalty: 1.7 })) })).toEqual([
      "healthy",
    ]);
  });

  it("compares the adversarial part of the discriminator's loss with its equilibrium, not that of classes", () => {
    const mixed = { ...plain, mixesLosses: true };
    const withClasses = { ...balanced, discriminatorLoss: 2.01 };
    const verdict = (record: HealthRecord) =>
      diagnose(input({ records: records(() => record), settings: mixed }))[0];
    expect(verdict({ ...withClasses, adversarialLoss: 1.38 })).toMatchObject({
      kind: "healthy",
      evidence: expect.stringContaining("discriminator loss 1.38"),
    });
    expect(verdict({ ...withClasses, adversarialLoss: 1.8 }).kind).toBe("idle-discriminator");
    expect(verdict(withClasses).kind).toBe("healthy");
  });

  it("names causes before consequences", () => {
    const collapsed = { samples: { ...near, missing: 1, emptyRegions: 8 } };
    expect(kinds({ ...collapsed, memory: { ratio: 0.1, copies: 0.6 } })).toEqual([
      "memorisation",
      "mode-collapse",
    ]);
  });

  it("does not take what a wrong scale of the data brings with it for a failure of its own", () => {
    const dark = "data set digits.npy: pixels use 4 % of the range from black to white, and are nearly black";
    expect(
      kinds({ inputScale: dark, samples: { ...near, missing: 1, emptyRegions: 8, distance: 2 } }),
    ).toEqual(["input-scale"]);
  });

  it("measures a critic's gap against its own history after the warm-up, not against the first steps", () => {
    const penalised = {
      loss: lossFacts("wasserstein"),
      settings: { ...plain, limits: ["gradient-penalty"] },
    };
    const gap = (at: (share: number) => number) =>
      records((share) => ({
        discriminatorLoss: -at(share),
        realScore: at(share),
        fakeScore: 0,
        generatorGradient: 1,
      }));
    // WGAN-GP on digits: from nearly nothing to what the penalty allows, and no further.
    const warm = gap((share) => 29 * (1 - Math.exp(-8 * share)) + 0.1);
    expect(kinds({ ...penalised, records: warm })).toEqual(["healthy"]);
    expect(kinds({ ...penalised, records: gap((share) => Math.exp(12 * share)) })).toEqual([
      "unbounded-critic",
    ]);
    expect(kinds({ loss: lossFacts("wasserstein"), records: gap((share) => 100 * share + 1) })).toEqual([
      "unbounded-critic",
    ]);
  });

  it("does not call a gradient vanished that is there, or that never was", () => {
    const won = { ...balanced, discriminatorLoss: 0.01, accuracy: 1, generatorGradient: 19.8 };
    const far = { ...near, distance: 2 };
    const [wins] = diagnose(input({ records: records(() => won), samples: far }));
    expect(wins.kind).toBe("discriminator-wins");
    expect(wins.evidence).toContain("generator's gradient 19.8");
    expect(wins.advice).not.toContain("vanished");
    const none = records(() => ({ ...balanced, generatorGradient: 0 }));
    expect(kinds({ records: none })).toEqual(["healthy"]);
    const [never] = diagnose(input({ records: none, samples: far, loss: lossFacts("wasserstein") }));
    expect(never).toMatchObject({
      kind: "vanishing-gradient",
      evidence:
        "the norm of the gradient of generator has been 0 from the first steps on, and samples are far from the data",
    });
  });

  it("takes what every run starts with for a note while it is too early", () => {
    const won = {
      records: records(() => ({ ...balanced, discriminatorLoss: 0.01, accuracy: 1 })),
      samples: { ...near, distance: 2 },
    };
    expect(diagnose(input({ ...won, earliest: 400 }))[0]).toMatchObject({ severity: "alarm" });
    expect(diagnose(input({ ...won, earliest: 401 }))).toMatchObject([
      { kind: "too-early", title: "too early to tell" },
      { kind: "discriminator-wins", severity: "note" },
    ]);
  });

  it("knows the configuration: it asks for nothing that is there", () => {
    const far = { ...near, distance: 2, missing: 0.9, emptyRegions: 7 };
    const failing: Partial<HealthInput>[] = [
      { records: [...records(() => balanced), { step: 401, failure: "step 401: x is not finite" }] },
      { records: records(() => ({ ...balanced, discriminatorLoss: 0.01, accuracy: 1 })), samples: far },
      { records: records(() => ({ ...balanced, discriminatorLoss: 3 })) },
      { samples: { ...near, missing: 0.6, emptyRegions: 5 } },
      { memory: { ratio: 0.1, copies: 0.6 } },
      { records: records((share) => ({ ...balanced, generatorGradient: 10 ** (8 * share) })) },
      {
        records: records((share) => ({ ...balanced, generatorGradient: 10 ** (-8 * share) })),
        samples: { ...near, distance: 2 },
      },
      {
        loss: lossFacts("wasserstein"),
        records: records((share) => ({
          discriminatorLoss: -(3 ** (9 * share)),
          realScore: 3 ** (9 * share),
          fakeScore: 0,
        })),
      },
    ];
    const has: HealthSettings = {
      ...plain,
      limits: ["gradient-penalty"],
      augments: true,
      cutsGradients: true,
      couldPack: false,
      mixesLosses: false,
    };
    for (const part of failing) {
      const [verdict] = diagnose(input({ ...part, settings: has }));
      expect(verdict.severity).toBe("alarm");
      expect(verdict.advice).not.toMatch(
        /add a gradient penalty|a gradient penalty,|--loss wgan-gp|add r1|limit the slope/,
      );
      expect(verdict.advice).not.toMatch(
        /diff-augment|the link clip|packing|use non-saturating|criticSteps \(1\)|critic steps \(1\)/,
      );
    }
    const advice = (part: Partial<HealthInput>) => diagnose(input(part))[0].advice;
    expect(advice({ ...failing[1], loss: lossFacts("minimax") })).toContain(
      "use non-saturating instead of minimax",
    );
    expect(advice({ ...failing[1], settings: { ...plain, criticSteps: 5 } })).toContain(
      "fewer critic steps (5)",
    );
    expect(advice({ ...failing[3], settings: { ...plain, generatorSteps: 4 } })).toContain(
      "fewer generator steps (4)",
    );
  });

  it("does not call a gradient vanished that fell from a great norm to one that still leads", () => {
    const falling = records((share) => ({
      ...balanced,
      discriminatorLoss: 0.01,
      accuracy: 1,
      generatorGradient: share < 0.5 ? 1e6 : 19.8,
    }));
    const verdicts = diagnose(input({ records: falling, samples: { ...near, distance: 2 } }));
    expect(verdicts.map(({ kind }) => kind)).toEqual(["discriminator-wins"]);
    expect(verdicts[0].advice).not.toContain("vanished");
  });

  it("asks for more or less of what limits the slope in its own terms", () => {
    const losing = { records: records(() => ({ ...balanced, discriminatorLoss: 3 })) };
    const winning = {
      records: records(() => ({ ...balanced, discriminatorLoss: 0.01, accuracy: 1 })),
      samples: { ...near, distance: 2 },
    };
    const advice = (part: Partial<HealthInput>, ...limits: string[]) =>
      diagnose(input({ ...part, settings: { ...plain, limits } }))[0].advice;
    expect(advice(winning)).toContain("add r1");
    expect(advice(winning, "r1", "spectral norm")).toContain("raise the weight of r1");
    expect(advice(winning, "spectral norm")).toContain("add r1 to the spectral norm");
    expect(advice(winning, "weight-clipping")).toContain("lower the limit of weight-clipping");
    expect(advice(losing)).not.toMatch(/weight of|limit/);
    expect(advice(losing, "r1")).toContain("lower the weight of r1");
    expect(advice(losing, "spectral norm")).not.toMatch(/weight of|limit/);
    expect(advice(losing, "weight-clipping")).toContain("raise the limit of weight-clipping");
    const clipped = { clip: { limit: 0.01, share: 0.7 } };
    expect(advice(clipped, "weight-clipping")).toContain("gradient penalty instead of clipping");
    expect(advice(clipped, "weight-clipping", "gradient-penalty")).toContain(
      "leave weight-clipping out: gradient-penalty limits the slope",
    );
  });

  it("asks for nothing that these data or this model cannot have", () => {
    const advice = (part: Partial<HealthInput>) => diagnose(input(part))[0].advice;
    const copies = { memory: { ratio: 0.1, copies: 0.6 } };
    expect(advice({ ...copies, images: true })).toContain("diff-augment");
    expect(advice(copies)).not.toContain("augment");
    const collapsed = { samples: { ...near, missing: 0.6, emptyRegions: 5 } };
    expect(advice(collapsed)).toContain("packing");
    expect(advice({ ...collapsed, settings: { ...plain, couldPack: false } })).not.toContain("packing");
    expect(advice({ ...collapsed, loss: lossFacts("ebgan") })).not.toContain("relativistic");
    expect(advice({ inputScale: "x", images: true })).toContain("pixels");
    expect(advice({ inputScale: "x" })).toMatch(/column of a table.* −2 to 2/);
  });

  it("does not send a run on that an alarm speaks against, however a metric improves", () => {
    const improving = Array.from({ length: 9 }, (_, i) => ({
      ...balanced,
      step: 100 * (i + 1),
      fid: 100 - i,
    }));
    expect(kinds({ records: improving })).toEqual(["healthy", "improving"]);
    const diverged = [...improving, { step: 901, failure: "step 901: x is not finite" }];
    expect(kinds({ records: diverged })).toEqual(["diverged"]);
    expect(kinds({ records: improving, memory: { ratio: 0.1, copies: 0.6 } })).toEqual(["memorisation"]);
  });

  it("says from which step on a short run can be judged", () => {
    expect(diagnose(input({ earliest: 750 }))[0]).toMatchObject({
      kind: "too-early",
      advice: "look again from step 750 on",
    });
  });

  it("does not send a diverged run on from a checkpoint: with the same settings it diverges again", () => {
    const diverged = {
      records: [...records(() => balanced), { step: 401, failure: "step 401: x is not finite" }],
    };
    const [without] = diagnose(input(diverged));
    const [with400] = diagnose(input({ ...diverged, checkpoint: 400 }));
    for (const { advice } of [without, with400]) {
      expect(advice).toContain("then begin anew: with the same settings it diverges again");
      expect(advice).not.toMatch(/go on|resume/);
    }
    expect(without.advice).not.toContain("checkpoint");
    expect(with400.advice).toContain("step 400 can still be sampled");
  });

  it("says when to stop, and which checkpoint to keep", () => {
    const judged = (fid: (i: number) => number) =>
      Array.from({ length: 9 }, (_, i) => ({ ...balanced, step: 100 * (i + 1), fid: fid(i) }));
    const standing = diagnose(input({ records: judged((i) => Math.abs(i - 4) + 10) }));
    expect(standing[1]).toMatchObject({
      kind: "plateau",
      evidence: "best fid 10 at step 500, no better in the last third of the evaluations",
      advice: "keep the checkpoint of step 500 (--step best)",
    });
    expect(diagnose(input({ records: judged((i) => 100 - i) }))[1]).toMatchObject({ kind: "improving" });
    expect(diagnose(input({ records: judged((i) => 100 - i).slice(0, 4) })).length).toBe(1);
  });
});

describe("diagnose, of a game of one's own", () => {
  const game: Partial<HealthInput> = {
    loss: { name: "bigan", scores: "unbounded" },
    players: ["critic", "encoder"],
    sampler: "encoder",
    samples: undefined,
    settings: { ...plain, couldPack: false },
  };
  const steady = { criticLoss: 3, criticGradient: 2, encoderLoss: 100, encoderGradient: 0.5 };

  it("compares no loss with an equilibrium, and says what was looked at", () => {
    expect(diagnose(input({ ...game, records: records(() => steady) }))).toMatchObject([
      { kind: "healthy", evidence: "gradients: critic 2, encoder 0.5" },
    ]);
  });

  it("names the player whose gradient explodes, and what diverged, without words of a GAN", () => {
    const exploding = records((share) => ({ ...steady, criticGradient: 10 ** (5 * share) }));
    const diverged = [...records(() => steady), { step: 401, failure: "step 401: criticLoss is not finite" }];
    const [explodes] = diagnose(input({ ...game, records: exploding }));
    expect(explodes).toMatchObject({ kind: "exploding-gradient", severity: "alarm" });
    expect(explodes.evidence).toContain("of critic grew from");
    const [fails] = diagnose(input({ ...game, records: diverged }));
    expect(fails.kind).toBe("diverged");
    expect(fails.advice).toContain("of all players");
    const [collapses] = diagnose(
      input({ ...game, records: records(() => steady), samples: { ...near, missing: 0.6, emptyRegions: 5 } }),
    );
    expect(collapses.advice).toContain("a lower learning rate for encoder, or more moves of the players");
    for (const { advice } of [explodes, fails, collapses]) {
      expect(advice).not.toMatch(/discriminator|generator|criticSteps|r1|packing|both/);
    }
  });
});

describe("watchHealth", () => {
  it("has one word once there is enough to tell", () => {
    const watch = watchHealth({ loss: lossFacts("minimax"), settings: plain, images: false, earliest: 100 });
    const words = records((share) =>
      share < 0.5 ? balanced : { ...balanced, discriminatorLoss: 0.001, accuracy: 1 },
    ).map(watch);
    expect(words[100]).toBe("");
    expect(words[250]).toBe("ok");
    expect(words.at(-1)).toBe("D wins");
  });
});

describe("sampleEvidence", () => {
  const cloud = (seed: number, count: number, modes: number) => {
    const random = randomStream(seed, "cloud");
    return matrix(
      count,
      2,
      Float64Array.from({ length: 2 * count }, (_, i) => {
        return 0.05 * random.normal() + (i % 2 === 0 ? 3 * ((i >> 1) % modes) : 0);
      }),
    );
  };

  it("misses nothing in a sample of the same distribution", () => {
    expect(sampleEvidence(cloud(1, 600, 6), cloud(2, 600, 6))).toMatchObject({ missing: 0, emptyRegions: 0 });
  });

  it("counts the data of modes without samples", () => {
    const { missing, distance } = sampleEvidence(cloud(1, 600, 2), cloud(2, 600, 6));
    expect(missing).toBeCloseTo(4 / 6, 1);
    expect(distance).toBeLessThan(0.05);
  });

  it("sees twins", () => {
    const half = cloud(1, 300, 6);
    const twice = matrix(600, 2, [...half.data, ...half.data]);
    const { duplicates, dataDuplicates } = sampleEvidence(twice, cloud(2, 600, 6));
    expect(duplicates).toBe(1);
    expect(dataDuplicates).toBeLessThan(0.2);
  });
});
