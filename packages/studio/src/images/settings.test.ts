import { ganOf } from "tsgan/config";
import { describe, expect, it } from "vitest";
import {
  addressFor,
  configOf,
  losses,
  type ModelName,
  models,
  parseAddress,
  sameSettings,
  usualSettings,
} from "./settings.ts";

describe("the address", () => {
  it("is empty for the usual settings", () => {
    expect(addressFor({ settings: usualSettings(), device: "auto", generator: "" }).toString()).toBe("");
    expect(parseAddress(new URLSearchParams()).state.settings).toEqual(usualSettings());
  });

  it("holds all that differs from the usual, and gives it back", () => {
    const settings = {
      ...usualSettings("pokemon", "wgan-gp"),
      model: "acgan" as const,
      size: 64,
      width: 8,
      latent: 32,
      batch: 64,
      generatorRate: 3e-4,
      seed: 7,
    };
    const query = addressFor({ settings, device: "webgpu", generator: "" });
    expect(Object.fromEntries(query)).toEqual({
      data: "pokemon",
      loss: "wgan-gp",
      model: "acgan",
      size: "64",
      width: "8",
      latent: "32",
      batch: "64",
      lrG: "0.0003",
      seed: "7",
      on: "webgpu",
    });
    const parsed = parseAddress(new URLSearchParams(query.toString()));
    expect(parsed.state.device).toBe("webgpu");
    expect(sameSettings(parsed.state.settings, settings)).toBe(true);
    expect(parsed.notices).toEqual([]);
  });

  it("says nothing of what is chosen by hand where the data choose", () => {
    const settings = {
      ...usualSettings("own"),
      by: "data",
      size: 64,
      seed: 3,
      width: 64,
      loss: "hinge",
    } as const;
    const query = addressFor({ settings, device: "auto", generator: "" });
    expect(Object.fromEntries(query)).toEqual({ data: "own", by: "data", size: "64", seed: "3" });
    expect(sameSettings(parseAddress(query).state.settings, settings)).toBe(true);
    expect(sameSettings({ ...settings, by: "hand" }, settings)).toBe(false);
  });

  it.each([
    "data=cats",
    "size=64",
    "width=9",
    "model=gan",
    "batch=",
    "loss=ebgan",
    "lrG=0",
    "lrD=x",
    "seed=-1",
    "seed=1.5",
    "on=tpu",
    "by=chance",
  ])("names what it asks for in vain: %s", (part) => {
    const { state, notices } = parseAddress(new URLSearchParams(part));
    expect(notices).toEqual([
      expect.stringMatching(
        new RegExp(`^${part.replace(".", "\\.")} in the address: expected .*; using .*\\.$`),
      ),
    ]);
    expect(state.settings).toEqual(usualSettings());
  });
});

describe("the losses on offer", () => {
  it("are those that a DCGAN of raw scores can be trained with", () => {
    expect(losses).toEqual(expect.arrayContaining(["non-saturating", "hinge", "wgan-gp", "rpgan-r1-r2"]));
    for (const name of ["ebgan", "began", "mmd-gan", "sinkhorn"]) expect(losses).not.toContain(name);
  });

  it.each(losses)("%s makes a GAN with the page's learning rates, with class names and without", (loss) => {
    const settings = { ...usualSettings("mnist", loss), generatorRate: 0.003 };
    const images = { channels: 1, count: 1000, classes: 3 };
    for (const model of Object.keys(models) as ModelName[]) {
      const gan = ganOf(configOf({ ...settings, model }, images), { shape: [1, 28, 28], classes: 3 });
      expect(gan.model.classes).toBe(model === "dcgan" ? undefined : 3);
    }
    const { optimizer, batch } = ganOf(configOf(settings, images), { shape: [1, 28, 28] });
    expect(optimizer.generator.options.learningRate).toBe(0.003);
    expect(optimizer.discriminator.options.learningRate).toBe(settings.discriminatorRate);
    expect(batch).toBe(settings.batch);
  });
});
