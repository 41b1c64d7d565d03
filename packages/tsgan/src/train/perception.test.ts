import { describe, expect, it } from "vitest";
import { constant, evaluate, input, type Tensor } from "../graph/index.ts";
import { randomStream } from "../random/index.ts";
import { planOf, resolveConfig } from "./config.ts";
import { Feeds } from "./feeds.ts";
import { perceived, pooled, poolSize } from "./perception.ts";

const BATCH = 4;
const plan = planOf(
  resolveConfig({
    data: "ring",
    batch: BATCH,
    imagePool: 12,
    model: { name: "mlp", latent: 2, hidden: [2] },
  }),
  [2],
);

describe("the image pool", () => {
  /** What D is shown of the fakes 0, 1, 2, … of each place in the batch, in units of the step that made them. */
  const ages = (steps: number): number[][] => {
    let pool = new Float64Array(poolSize(plan));
    return Array.from({ length: steps }, (_, step) => {
      const fake = constant(new Float32Array(2 * BATCH).fill(step), [BATCH, 2]);
      const feeds = new Feeds("d0");
      const { fake: shown, next } = pooled(plan, fake, input("pool", [poolSize(plan)]), feeds);
      const values: Record<string, Float64Array> = { pool };
      for (const { name, shape } of feeds.specs) {
        values[name] = new Float64Array(shape.reduce((a, b) => a * b, 1));
        randomStream(1, name, step).fillUniform(values[name]);
      }
      const [seen, kept] = evaluate([shown, next as Tensor], values);
      pool = Float64Array.from(kept);
      return [...seen].filter((_, i) => i % 2 === 0).map((made) => step - made);
    });
  };

  it("shows each fake itself until it is full", () => {
    expect(ages(3).flat()).toEqual(new Array(12).fill(0));
  });

  it("then shows about half of them, and past ones in place of the others, never a place's zeros", () => {
    const later = ages(200).slice(3).flat();
    const fresh = later.filter((age) => age === 0).length / later.length;
    expect(fresh).toBeGreaterThan(0.4);
    expect(fresh).toBeLessThan(0.6);
    expect(Math.min(...later)).toBe(0);
    expect(new Set(later).size).toBeGreaterThan(5);
  });

  it("is nothing where the plan has none", () => {
    const fake = input("fake", [BATCH, 2]);
    expect(pooled(plan, fake, undefined, new Feeds("d0"))).toEqual({ fake });
  });
});

it("augmentation treats the images of a model in [0, 1] as those of one in [−1, 1]", () => {
  const shape = [1, 1, 8, 8];
  const pixels = Float32Array.from({ length: 64 }, (_, i) => i / 64);
  const seen = (model: string, values: Float32Array): number[] => {
    const config = resolveConfig({ data: "x", model, augment: { policy: "color,translation,cutout" } });
    const settings = {
      plan: planOf(config, [1, 8, 8]),
      probability: undefined,
      random: (_kind: string, wanted: readonly number[]) =>
        constant(new Float32Array(wanted.reduce((a, b) => a * b, 1)).fill(0.3), wanted),
      sigma: () => constant([0], [1]),
    };
    return [...evaluate([perceived(constant(values, shape), settings)])[0]];
  };
  const symmetric = seen(
    "mlp",
    pixels.map((v) => 2 * v - 1),
  );
  seen("study-net", pixels).forEach((value, i) => {
    expect(2 * value - 1).toBeCloseTo(symmetric[i], 5);
  });
});
