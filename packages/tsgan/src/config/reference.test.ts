import { describe, expect, it } from "vitest";
import { register } from "../define/index.ts";
import * as losses from "../losses/index.ts";
import * as penalties from "../penalties/index.ts";
import { lossesPage } from "../testing/losses-page.ts";
import { type Named, recipes, resolveConfig, topics, topicsOf } from "./index.ts";

const namesOf = (name: string): string[] => topicsOf(name).map((topic) => topic.name);

describe("the reference", () => {
  it("has each loss, penalty and constraint once", () => {
    const names = topics().map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const named = [...losses.catalogue.names, ...penalties.catalogue.names];
    expect(names).toEqual(expect.arrayContaining(named));
  });

  it.each(topics().map((topic) => [topic.name, topic] as const))("says all about %s", (_, topic) => {
    const { title, formulas = [], symbols, approximates, failure, use, papers = [] } = topic;
    for (const { of, text, latex } of formulas)
      for (const part of [of, text, latex]) expect(part).not.toBe("");
    for (const text of [title, symbols, approximates, failure, use]) expect(text).toMatch(/[^.]$/);
    expect([formulas.length, papers.length].every((count) => count > 0)).toBe(true);
  });

  it("has every preset at its loss and its penalties", () => {
    for (const { name, images, points } of losses.presets()) {
      const { loss, penalties: added = [] } = { ...points, ...images } as {
        loss: Named;
        penalties?: Named[];
      };
      expect(namesOf(name)).toEqual(expect.arrayContaining([loss, ...added].map((each) => each.name)));
      expect(topicsOf(name)[0].presets.map((preset) => preset.name)).toContain(name);
    }
  });

  it("has what is registered", () => {
    const { discriminator, generator } = losses.wasserstein();
    const mine = losses.defineLoss({
      name: "mine",
      title: "of one's own",
      scores: "unbounded",
      options: {},
      presets: { "mine-r1": { images: { penalties: [{ name: "r1" }] } } },
      create: () => ({ discriminator, generator }),
    });
    const undo = register(mine);
    expect(topicsOf("mine")).toMatchObject([{ kind: "adversarial loss", use: "`--loss mine`" }]);
    expect(namesOf("mine-r1")).toEqual(["mine", "r1"]);
    expect(resolveConfig({ data: "mnist", loss: "mine-r1" })).toMatchObject({
      loss: { name: "mine" },
      penalties: [{ name: "r1" }],
    });
    undo();
    expect(() => topicsOf("mine")).toThrow('unknown loss or penalty "mine"');
  });

  it("has every recipe at its loss", () => {
    for (const [name, { config }] of Object.entries(recipes)) {
      expect(topicsOf(config.loss?.name ?? "")[0].recipes).toContain(name);
    }
  });
});

describe("a name in the reference", () => {
  it("stands for what has that name, and for a preset's loss and penalties", () => {
    expect(namesOf("hinge")).toEqual(["hinge"]);
    expect(namesOf("wgan-gp")).toEqual(["wasserstein", "gradient-penalty"]);
    expect(namesOf("dragan")).toEqual(["non-saturating", "dragan"]);
    expect(namesOf("rpgan-r1-r2")).toEqual(["relativistic-paired", "r1", "r2"]);
    expect(namesOf("spectral-norm")).toEqual(["spectral-norm"]);
  });

  it("is corrected when it is misspelt", () => {
    expect(() => topicsOf("wgan-gpp")).toThrow('unknown loss or penalty "wgan-gpp"; did you mean "wgan-gp"?');
  });
});

it("docs/losses.md holds the catalogue as it is", async () => {
  await expect(lossesPage()).toMatchFileSnapshot("../../../../docs/losses.md");
});
