import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RunConfig } from "../config/index.ts";
import { RunError } from "../errors.ts";
import { dataLines, factsOf, readingContext } from "../report/index.ts";
import { pngOf } from "../testing/own-data.ts";
import { zip } from "../testing/zip-files.ts";
import { hasTestSplit, openDataset } from "./datasets.ts";
import { changedData } from "./run-data.ts";

let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "tsgan-again-"));
  for (const [i, name] of ["cat/1", "cat/2", "dog/1", "dog/2"].entries()) {
    mkdirSync(join(folder, "pets", name, ".."), { recursive: true });
    writeFileSync(join(folder, "pets", `${name}.png`), await pngOf(i));
  }
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const facts = async (name = "pets") => {
  const options = { cacheFolder: join(folder, "cache"), size: 4 };
  // As they come back from config.json.
  return JSON.parse(JSON.stringify(factsOf(await openDataset(join(folder, name), options))));
};

describe("what is said before the first step", () => {
  it("labels that the model does not use, of data that have a name, too", async () => {
    const named = async (name: string, model: string) => {
      const config = { model: { name: model } } as unknown as Pick<RunConfig, "model">;
      return dataLines(factsOf(await openDataset(name)), config);
    };
    expect(await named("moons", "mlp")).toEqual([
      "moons: 2 classes (unused: model mlp learns without labels)",
    ]);
    expect(await named("moons", "cgan")).toEqual([]);
    expect(await named("ring", "mlp")).toEqual([]);
  });

  it("which data have examples for a test, by name", async () => {
    const sizes = {
      mnist: 60_000,
      "stacked-mnist": Number.POSITIVE_INFINITY,
      polygons: 60_000,
      ring: Number.POSITIVE_INFINITY,
    };
    const found = Object.entries(sizes).filter(([name, size]) => hasTestSplit(name, { size }));
    expect(found.map(([name]) => name)).toEqual(["mnist", "polygons"]);
  });
});

describe("the data of a run that is resumed", () => {
  it("are the same though files were touched, moved into another folder or zipped", async () => {
    const before = await facts();
    writeFileSync(join(folder, "pets/cat/1.png"), await pngOf(0));
    expect(changedData("runs/a", before, await facts())).toBeUndefined();
    renameSync(join(folder, "pets"), join(folder, "animals"));
    expect(changedData("runs/a", before, await facts("animals"))).toBeUndefined();
    const entries = await Promise.all(
      ["cat/1", "cat/2", "dog/1", "dog/2"].map(async (name, i) => ({
        name: `${name}.png`,
        content: await pngOf(i),
      })),
    );
    writeFileSync(join(folder, "pets.zip"), zip(entries));
    expect(changedData("runs/a", before, await facts("pets.zip"))).toBeUndefined();
  });

  it("are refused where a class has another name, came or went", async () => {
    const before = await facts();
    renameSync(join(folder, "pets/cat"), join(folder, "pets/emu"));
    const after = await facts();
    expect(() => changedData("runs/a", before, after)).toThrow(RunError);
    expect(() => changedData("runs/a", before, after)).toThrow(
      "runs/a: the run began with classes cat, dog; data set pets has classes dog, emu; put the data back as they were, or begin another run",
    );
    rmSync(join(folder, "pets/emu"), { recursive: true });
    const unlabelled = await facts();
    expect(() => changedData("runs/a", before, unlabelled)).toThrow("has no classes");
  });

  it("are said to have changed where a picture did, and where there are more", async () => {
    const before = await facts();
    writeFileSync(join(folder, "pets/cat/1.png"), await pngOf(9));
    expect(changedData("runs/a", before, await facts())).toBe(
      "data set pets: it has changed since the run began: as many examples, but not the same; the run goes on with those of now",
    );
    writeFileSync(join(folder, "pets/cat/3.png"), await pngOf(10));
    expect(changedData("runs/a", before, await facts())).toBe(
      "data set pets: it has changed since the run began: 4 examples of [3,4,4] then, 5 examples of [3,4,4] now",
    );
  });

  it("are said to have changed where two pictures changed classes", async () => {
    const before = await facts();
    writeFileSync(join(folder, "pets/cat/1.png"), await pngOf(2));
    writeFileSync(join(folder, "pets/dog/1.png"), await pngOf(0));
    expect(changedData("runs/a", before, await facts())).toMatch(/not the same/);
  });
});

it("labels are unused by models that learn without", () => {
  expect(readingContext({ model: { name: "dcgan" } })).toEqual({
    labelsUnused: "model dcgan learns without labels",
  });
  expect(readingContext({ model: { name: "cgan" } })).toEqual({});
});
