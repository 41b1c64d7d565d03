import { networksOf } from "tsgan/train";
import { describe, expect, it } from "vitest";
import { parseState } from "./address.ts";
import { datasetOf } from "./data.ts";
import { VIEW } from "./drawn-points.ts";
import { examples } from "./examples.ts";
import { lossChoices, named, penaltyChoices } from "./named.ts";
import { dataFields, gansOf, initialExperiment } from "./settings.ts";
import { planFor } from "./trainer.ts";

const { base } = initialExperiment;

describe("the networks of the playground", () => {
  it.each(lossChoices.map(({ name }) => name))("can be trained with every loss: %s", (name) => {
    const plan = planFor({ ...base, loss: named(lossChoices, name) });
    expect(plan.loss.name).toBe(name);
  });

  it.each(penaltyChoices.map(({ name }) => name))(
    "can be trained with every penalty for points: %s",
    (name) => {
      const plan = planFor({ ...base, penalties: [named(penaltyChoices, name)] });
      expect(plan.penalties.map((penalty) => penalty.name)).toEqual([name]);
    },
  );

  it("have the sizes that are asked for", () => {
    const { generator, discriminator } = networksOf(
      planFor({ ...base, latentSize: 3, generator: [5], discriminator: [7, 4] }),
    );
    expect(generator.parameterCount).toBe(3 * 5 + 5 + 5 * 2 + 2);
    expect(discriminator.parameterCount).toBe(2 * 7 + 7 + 7 * 4 + 4 + 4 + 1);
  });

  it.each(examples.map(({ name, query }) => [name, query]))("are those of the example: %s", (_, query) => {
    const gans = gansOf(parseState(new URLSearchParams(query)).state.experiment);
    expect(gans.map(planFor)).toHaveLength(gans.length);
  });
});

describe("the distributions of the playground", () => {
  it.each(Object.keys(dataFields.data.choices) as (keyof typeof dataFields.data.choices)[])(
    "lie within the view, and come from the seed: %s",
    async (data) => {
      const settings = { ...initialExperiment.data, data, points: [[1, 1] as const, [-1, 2] as const] };
      const { examples: points } = await datasetOf(settings).draw(3, 64, 500);
      expect(points).toHaveLength(1000);
      expect(Math.max(...points.map(Math.abs))).toBeLessThan(VIEW);
      const again = await datasetOf(settings).draw(3, 64, 500);
      expect(again.examples).toEqual(points);
    },
  );
});
