import { describe, expect, it } from "vitest";
import { datasetOf, mixtureOf } from "./data.ts";
import { referenceOf } from "./figures.ts";
import { Gan } from "./gan.ts";
import { lossChoices, named, penaltyChoices } from "./named.ts";
import { ARROWS, CLOUD, CURVE, GRID, SURFACE } from "./picture.ts";
import { type GanSettings, initialExperiment } from "./settings.ts";
import { trainerFor } from "./trainer.ts";
import { createViews, realCloud, SAMPLES } from "./views.ts";

const { data, base } = initialExperiment;
const small: GanSettings = { ...base, generator: [8], discriminator: [8], batch: 16, code: 2 };
const dataset = datasetOf(data);
const cloud = await realCloud(dataset, 1);
const reference = referenceOf(await realCloud(dataset, 2, SAMPLES), mixtureOf(data));

const ganOf = (settings: Partial<GanSettings> = {}): Promise<Gan> =>
  Gan.create({ settings: { ...small, ...settings }, dataset, device: "cpu", cloud, reference });

describe("a GAN of the playground", () => {
  it.each(lossChoices.all.map(({ name }) => name))(
    "trains, draws and measures with every loss: %s",
    async (name) => {
      const gan = await ganOf({ loss: named(lossChoices, name), penalties: [named(penaltyChoices, "r1")] });
      await gan.advance("iteration");
      await gan.measure();
      expect(gan.status.problem).toBeUndefined();
      const { fake, surface, manifold, pull } = await gan.picture();
      expect([fake, surface, manifold, pull].map(({ length }) => length)).toEqual([
        2 * CLOUD,
        SURFACE * SURFACE,
        2 * GRID * GRID,
        2 * ARROWS,
      ]);
      for (const values of [fake, surface, manifold, pull]) expect(values.every(Number.isFinite)).toBe(true);
      expect(pull.some((value) => value !== 0)).toBe(true);
      expect(gan.curves.figures.slope[0]).toBeGreaterThan(0);
      await gan.dispose();
    },
  );

  it("shows the slope of the critic as the generator feels it", async () => {
    const settings = { ...small, loss: named(lossChoices, "wasserstein"), latentSize: 1 };
    const trainer = trainerFor(settings, dataset, { device: "cpu" });
    const views = await createViews(trainer, cloud, 1);
    const [{ fake, pull, manifold }, surface] = [await views.points(), await views.surface()];
    expect(manifold).toHaveLength(2 * CURVE);
    // The generator's loss of a point is −D(x), so that it is pulled along ∇D.
    const step = 1e-2;
    for (const i of [0, 1, 2, 3]) {
      const moved = fake.slice(0, 2 * ARROWS);
      moved[i] += step;
      const before = fake.slice(0, 2 * ARROWS);
      before[i] -= step;
      const point = Math.floor(i / 2);
      const slope =
        ((await trainer.scores(moved))[point] - (await trainer.scores(before))[point]) / (2 * step);
      expect(pull[i]).toBeCloseTo(slope, 2);
    }
    // The lowest row comes first: (−2.925, −2.925) and its neighbour to the right.
    const corner = Float64Array.of(0.5, 0.5, 1.5, 0.5).map((cell) => (6 * cell) / SURFACE - 3);
    const [first, second] = await trainer.scores(Float32Array.from(corner));
    expect(surface[0]).toBeCloseTo(first, 4);
    expect(surface[1]).toBeCloseTo(second, 4);
    await views.dispose();
    await trainer.dispose();
  });

  it("keeps the surface of the picture before where a new one is not asked for", async () => {
    const [gan, other] = [await ganOf(), await ganOf()];
    const first = await gan.picture();
    for (const one of [gan, other]) await one.advance("iteration");
    const whole = await other.picture();
    expect(whole.surface).not.toEqual(first.surface);
    expect(await gan.picture({ surface: false })).toEqual({ ...whole, surface: first.surface });
    expect(await gan.picture()).toEqual(whole);
    for (const one of [gan, other]) await one.dispose();
  });

  it("goes on from what was saved as if never stopped, and counts single steps apart", async () => {
    const [whole, first, second] = [await ganOf(), await ganOf(), await ganOf()];
    for (let i = 0; i < 4; i++) await whole.advance("iteration");
    for (let i = 0; i < 2; i++) await first.advance("iteration");
    second.restore((await first.save())!);
    for (let i = 0; i < 2; i++) await second.advance("iteration");
    expect(second.curves).toEqual(whole.curves);
    expect(await second.picture()).toEqual(await whole.picture());
    await second.advance("discriminator");
    expect(second.step).toBe(4);
    expect(second.status).toEqual({ discriminatorSteps: 5, generatorSteps: 4, problem: undefined });
    for (const gan of [whole, first, second]) await gan.dispose();
  });

  it("trains the same step by step as at once", async () => {
    const [whole, halves] = [await ganOf({ criticSteps: 3 }), await ganOf({ criticSteps: 3 })];
    for (let i = 0; i < 3; i++) {
      await whole.advance("iteration");
      for (let critic = 0; critic < 3; critic++) await halves.move("discriminator");
      await halves.move("generator");
    }
    expect(halves.step).toBe(whole.step);
    expect(halves.status).toEqual(whole.status);
    const losses = [whole, halves].map(({ curves }) => curves.losses.generatorLoss);
    losses[0].forEach((value, i) => {
      expect(losses[1][i]).toBeCloseTo(value, 4);
    });
    await whole.dispose();
    await halves.dispose();
  });

  it("goes on with other rates, penalty weights and critic steps from the state it is in, and marks where", async () => {
    const r1 = (weight: number) => [named(penaltyChoices, "r1", { weight })];
    const before = { ...small, penalties: r1(0.1) };
    const now = { ...before, generatorRate: 0.01, criticSteps: 2, penalties: r1(0.5) };
    const gan = await ganOf(before);
    for (let i = 0; i < 3; i++) await gan.advance("iteration");
    const picture = await gan.picture();
    await gan.change(now);
    expect(await gan.picture()).toEqual(picture);
    expect(gan.step).toBe(3);
    expect(gan.marks).toEqual([
      {
        step: 3,
        text: "Penalties: r1 (weight 0.5); Generator's learning rate: 0.01; Discriminator steps an iteration: 2",
      },
    ]);
    // The same as a trainer that is given the state and the new settings.
    const other = await ganOf(now);
    const { checkpoint } = (await gan.save())!;
    other.restore({ ...(await other.save())!, checkpoint });
    for (const one of [gan, other]) await one.advance("iteration");
    expect(await gan.picture()).toEqual(await other.picture());
    expect(gan.status.discriminatorSteps).toBe(5);
    expect(gan.curves.losses.step).toEqual(Float64Array.of(1, 2, 3, 4));
    await expect(gan.change({ ...now, generator: [4] })).rejects.toThrow("begin anew");
    await expect(gan.change({ ...now, penalties: [] })).rejects.toThrow("begin anew");
    for (const one of [gan, other]) await one.dispose();
  });

  it("stops where a loss is not finite, keeps its last picture and is not saved", async () => {
    const sgd = { name: "sgd", options: {} };
    const gan = await ganOf({
      loss: named(lossChoices, "wasserstein"),
      generatorOptimizer: sgd,
      discriminatorOptimizer: sgd,
      generatorRate: 1,
      discriminatorRate: 1,
    });
    const before = await gan.picture();
    for (let i = 0; i < 50 && gan.status.problem === undefined; i++) await gan.advance("iteration");
    expect(gan.status.problem).toMatch(/is not finite.*lower the learning rate/);
    expect(await gan.picture()).toEqual(before);
    expect(await gan.save()).toBeUndefined();
    await gan.dispose();
  });
});
