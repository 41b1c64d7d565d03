import { describe, expect, it } from "vitest";
import { parseState } from "./address.ts";
import { datasetOf } from "./data.ts";
import { VIEW } from "./drawn-points.ts";
import { examples } from "./examples.ts";
import { lossChoices, named, penaltyChoices } from "./named.ts";
import { dataFields, gansOf, initialExperiment } from "./settings.ts";
import { ganFor, trainerFor } from "./trainer.ts";

const { base } = initialExperiment;

describe("the networks of the playground", () => {
  it.each(lossChoices.all.map(({ name }) => name))("can be trained with every loss: %s", (name) => {
    const gan = ganFor({ ...base, loss: named(lossChoices, name) });
    expect(gan.loss.name).toBe(name);
  });

  it.each(penaltyChoices.all.map(({ name }) => name))(
    "can be trained with every penalty for points: %s",
    (name) => {
      const gan = ganFor({ ...base, penalties: [named(penaltyChoices, name)] });
      expect(gan.penalties.map((penalty) => penalty.name)).toEqual([name]);
    },
  );

  it("have the sizes that are asked for", () => {
    const settings = { ...base, latentSize: 3, generator: [5], discriminator: [7, 4] };
    const trainer = trainerFor(settings, datasetOf(initialExperiment.data), {});
    const { generator, discriminator } = trainer.parameterCounts;
    expect(generator).toBe(3 * 5 + 5 + 5 * 2 + 2);
    expect(discriminator).toBe(2 * 7 + 7 + 7 * 4 + 4 + 4 + 1);
  });

  it.each(examples.map(({ name, query }) => [name, query]))("are those of the example: %s", (_, query) => {
    const gans = gansOf(parseState(new URLSearchParams(query)).state.experiment);
    expect(gans.map(ganFor)).toHaveLength(gans.length);
  });
});

describe("the distributions of the playground", () => {
  it.each(Object.keys(dataFields.data.titles) as (typeof dataFields.data.initial)[])(
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
