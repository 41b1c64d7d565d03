import { describe, expect, it } from "vitest";
import { fromExamples } from "../data/index.ts";
import { ganGame } from "../gan/index.ts";
import { recipesPage } from "../testing/recipes-page.ts";
import {
  ganOf,
  overrideConfig,
  type Recipe,
  recipes,
  recipeWords,
  resolveConfig,
  warningsOf,
} from "./index.ts";

/** Data of the kind that a recipe is for. */
const shapes: Readonly<Record<Recipe["data"], readonly number[]>> = {
  images: [1, 32, 32],
  "labelled images": [1, 32, 32],
  "pairs of images": [6, 32, 32],
  points: [2],
};

const noise = (shape: readonly number[]) =>
  fromExamples({ name: "noise", shape, examples: new Float32Array(shape.reduce((a, b) => a * b, 2)) });

describe.each(Object.entries(recipes))("recipe %s", (name, { config, data }) => {
  const resolved = resolveConfig({ data: data === "points" ? "ring" : "mnist", recipe: name });

  it("is a whole run of models and options that exist", () => {
    const gan = ganOf(resolved, {
      shape: shapes[data],
      classes: data === "labelled images" ? 10 : undefined,
    });
    const { generator, discriminator } = ganGame(gan, { real: noise(shapes[data]) }).variables;
    expect(warningsOf(gan, { generator, discriminator })).toEqual([]);
  });

  it("says what it follows and what it does not leave to the defaults", () => {
    const { notes, source } = recipeWords[name];
    expect(notes).toMatch(/^(Follows|No code)|^Two generator steps/);
    expect(source).toMatch(/\((read|recalled)/);
    for (const key of ["model", "loss", "penalties", "optimizer", "criticSteps", "batch"]) {
      expect(config).toHaveProperty(key);
    }
    expect(resolved).toMatchObject(config);
  });
});

it("every recipe has words, and all words have a recipe", () => {
  expect(Object.keys(recipeWords).sort()).toEqual(Object.keys(recipes).sort());
});

describe("a recipe in a configuration", () => {
  it("comes below the keys beside it and above what is below it", () => {
    const config = resolveConfig({ data: "mnist", batch: 8, steps: 7 }, { recipe: "wgan-gp", steps: 5 });
    expect(config).toMatchObject({ batch: 50, steps: 5, criticSteps: 5 });
    expect(overrideConfig(config, { loss: "hinge" }).optimizer).toEqual(config.optimizer);
    expect(Object.keys(config)).not.toContain("recipe");
  });

  it("is named when it is misspelt", () => {
    expect(() => resolveConfig({ data: "mnist", recipe: "wgan-pg" })).toThrow(
      'unknown recipe "wgan-pg"; did you mean "wgan-gp"?',
    );
  });
});

it("docs/recipes.md holds the recipes as they are", async () => {
  await expect(recipesPage()).toMatchFileSnapshot("../../../../docs/recipes.md");
});
