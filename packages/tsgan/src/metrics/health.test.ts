import { describe, expect, it } from "vitest";
import { matrix } from "../distances/index.ts";
import { catalogue, equilibriumOf } from "../losses/index.ts";
import { randomStream } from "../random/index.ts";
import { diagnose, type HealthInput, type HealthRecord, watchHealth } from "./health.ts";
import { sampleEvidence } from "./sample-evidence.ts";

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
const near = { distance: 0.05, missing: 0, regions: 8, emptyRegions: 0, duplicates: 0, dataDuplicates: 0 };

const input = (part: Partial<HealthInput> = {}): HealthInput => ({
  records: records(() => balanced),
  loss: lossFacts("non-saturating"),
  isConstrained: false,
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

  it("says nothing of a run without records but that nothing looks wrong", () => {
    expect(kinds({ records: [], samples: undefined })).toEqual(["healthy"]);
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

  it("does not take the data's own repetitions for collapse", () => {
    expect(kinds({ samples: { ...near, duplicates: 0.5, dataDuplicates: 0.4 } })).toEqual(["healthy"]);
  });

  it("does not take a constrained critic's falling gap, or equilibrium near the data, for an alarm", () => {
    const wasserstein = { loss: lossFacts("wasserstein"), isConstrained: true };
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

  it("names causes before consequences", () => {
    expect(kinds({ inputScale: "x", samples: { ...near, missing: 1, emptyRegions: 8 } })).toEqual([
      "input-scale",
      "mode-collapse",
    ]);
  });

  it("takes what every run starts with for a note before the first pass over the data", () => {
    const won = {
      records: records(() => ({ ...balanced, discriminatorLoss: 0.01, accuracy: 1 })),
      samples: { ...near, distance: 2 },
    };
    expect(diagnose(input({ ...won, stepsPerPass: 400 }))[0]).toMatchObject({ severity: "alarm" });
    expect(diagnose(input({ ...won, stepsPerPass: 401 }))).toMatchObject([
      { kind: "healthy", title: "too early to tell" },
      { kind: "discriminator-wins", severity: "note" },
    ]);
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

describe("watchHealth", () => {
  it("has one word once there is enough to tell", () => {
    const watch = watchHealth({ loss: lossFacts("minimax"), isConstrained: false });
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
