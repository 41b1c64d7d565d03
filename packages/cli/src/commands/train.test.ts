import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { models, resolveConfig } from "tsgan";
import { imageGridPng } from "tsgan/node";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { helpLists } from "../help-lists.ts";
import { trainCommand } from "./train.ts";
import { configOf, effortInput, freeFolder } from "./train-config.ts";

let folder: string;
let before: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tsgan-train-"));
  before = process.cwd();
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true, force: true });
});

describe("the configuration of a run", () => {
  it("is the defaults where nothing is said", async () => {
    expect(configOf("ring", {})).toEqual(resolveConfig({ data: "ring" }));
  });

  it("takes flags over the file over the defaults", async () => {
    writeFileSync("my.json", JSON.stringify({ data: "grid", batch: 8, steps: 3 }));
    expect(configOf(undefined, { config: "my.json", steps: 4 })).toEqual({
      ...resolveConfig({ data: "grid" }),
      batch: 8,
      steps: 4,
    });
  });

  it("has a thing of another name with its own options, where only the name is set", () => {
    const { loss, model } = configOf("ring", {
      set: [
        ["loss.name", "hinge"],
        ["model.name", "mlp"],
      ],
    });
    expect(loss).toEqual({ name: "hinge" });
    expect(model).toEqual(configOf("ring", {}).model);
  });

  it("says that there is no run to go on with, and begins one where data are named", () => {
    const flags = { resume: true, out: "nowhere" };
    expect(() => configOf(undefined, flags)).toThrow(
      "nowhere: expected the folder of a run; there is no such folder",
    );
    expect(configOf("ring", flags)).toEqual(configOf("ring", {}));
  });

  it("gives both players the learning rate of the flag, and keeps the rest of a preset", async () => {
    const { optimizer, criticSteps } = configOf("mnist", { loss: "wgan-gp", learningRate: 3e-4 });
    const adam = { name: "adam", learningRate: 3e-4, beta1: 0, beta2: 0.9 };
    expect({ optimizer, criticSteps }).toMatchObject({
      optimizer: { generator: adam, discriminator: adam },
      criticSteps: 5,
    });
  });

  it("is the run's own on resume, but for what is said", async () => {
    const stored = resolveConfig({ data: "ring", batch: 8, seed: 5 });
    mkdirSync("run");
    writeFileSync("run/config.json", JSON.stringify({ ...stored, dataset: { name: "ring", shape: [2] } }));
    expect(configOf(undefined, { resume: true, out: "run", steps: 9000 })).toEqual({
      ...stored,
      steps: 9000,
    });
  });

  it("takes a recipe, of which flags and --set change a part", async () => {
    const { model, batch, steps } = configOf("mnist", {
      recipe: "began",
      steps: 9,
      set: [
        ["model.base", 8],
        ["optimizer.generator.learningRate", 1],
      ],
    });
    expect(model).toEqual({ name: "began", base: 8, code: 64, latent: 64, latentDistribution: "uniform" });
    expect([batch, steps]).toEqual([16, 9]);
  });

  it("reaches into lists with --set, and checks what it is given", async () => {
    const { penalties } = configOf("mnist", { recipe: "wgan-gp", set: [["penalties.0.weight", 1]] });
    expect(penalties).toMatchObject([{ name: "gradient-penalty", weight: 1 }]);
    expect(() => configOf("mnist", { set: [["step", 3]] })).toThrow('did you mean "steps"?');
  });

  it("has a name for every model in its help", async () => {
    let help = "";
    trainCommand(await helpLists("train"))
      .configureOutput({ writeOut: (text) => (help += text) })
      .outputHelp();
    for (const name of models.catalogue.names) expect(help).toContain(name);
  });

  it("needs data, and a folder to resume", async () => {
    expect(() => configOf(undefined, {})).toThrow("config: data is missing");
    expect(() => configOf("ring", { resume: true })).toThrow("--resume needs --out");
  });
});

describe("an effort", () => {
  const pictures = async (): Promise<void> => {
    for (const name of ["cats", "dogs"]) {
      mkdirSync(`pets/${name}`, { recursive: true });
      for (const n of [1, 2, 3])
        writeFileSync(
          `pets/${name}/${n}.png`,
          await imageGridPng(new Float32Array(192).fill(n / 4), [3, 8, 8]),
        );
    }
  };

  it("is meant for pictures of one's own, with their labels", async () => {
    await pictures();
    const settings = await effortInput("pets", { imageSize: 32 });
    expect(configOf("pets", { imageSize: 32 }, settings)).toMatchObject({
      model: { name: "cgan", conditioning: "concatenate" },
      batch: 6,
    });
    expect(await effortInput("pets", { imageSize: 32, labels: "none", effort: "quick" })).toMatchObject({
      model: { name: "dcgan", base: 16 },
    });
  });

  it("is not meant where settings are named, and for data that have a name", async () => {
    await pictures();
    for (const flags of [{ loss: "hinge" }, { model: "cgan" }, { recipe: "dcgan" }]) {
      expect(await effortInput("pets", flags)).toBeUndefined();
    }
    expect(await effortInput("ring", {})).toBeUndefined();
    expect(await effortInput("ring", { effort: "best" })).toMatchObject({ steps: expect.any(Number) });
  });

  it("ranks below what is said beside it, and is not for runs that go on", async () => {
    const settings = await effortInput("ring", { effort: "quick" });
    expect(configOf("ring", { steps: 7 }, settings).steps).toBe(7);
    await expect(effortInput("ring", { effort: "quick", recipe: "wgan-gp-toy" })).rejects.toThrow(
      "--effort and --recipe both bring all settings",
    );
    mkdirSync("run");
    const stored = resolveConfig({ data: "ring" });
    writeFileSync("run/config.json", JSON.stringify({ ...stored, dataset: { name: "ring", shape: [2] } }));
    const resumed = { resume: true, out: "run" };
    expect(await effortInput(undefined, resumed)).toBeUndefined();
    await expect(effortInput(undefined, { ...resumed, effort: "best" })).rejects.toThrow(
      "--effort is for runs",
    );
  });
});

it("the folder of a run is the first that is free", () => {
  expect(freeFolder("mnist", "hinge")).toBe(join("runs", "mnist-hinge-1"));
  mkdirSync("runs/points-hinge-1", { recursive: true });
  expect(freeFolder("/data/points.csv", "hinge")).toBe(join("runs", "points-hinge-2"));
  expect(freeFolder("./my photos/", "hinge")).toBe(join("runs", "my-photos-hinge-1"));
  expect(freeFolder("фото/кошки 猫", "hinge")).toBe(join("runs", "кошки-猫-hinge-1"));
  expect(freeFolder("Photos.zip", "hinge")).toBe(join("runs", "Photos-hinge-1"));
});
