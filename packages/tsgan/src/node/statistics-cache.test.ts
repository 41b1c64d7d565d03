import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ring } from "../data/index.ts";
import { matrix } from "../distances/index.ts";
import type { FeatureExtractor } from "../metrics/index.ts";
import { cachedReference } from "./statistics-cache.ts";

let cacheFolder: string;
beforeAll(() => {
  cacheFolder = mkdtempSync(join(tmpdir(), "tsgan-statistics-"));
});
afterAll(() => rmSync(cacheFolder, { recursive: true, force: true }));

const coordinates: FeatureExtractor = {
  name: "coordinates",
  description: "the points themselves",
  inputShape: [2],
  dispose: () => Promise.resolve(),
  features: async (points) => ({ features: matrix(points.length / 2, 2, points) }),
};

it("looks at the data where the cache is empty, and at a file of it afterwards, or again where that is spoilt", async () => {
  const [count, dataset] = [100, ring()];
  let looks = 0;
  const counting: FeatureExtractor = {
    ...coordinates,
    // The 64 examples that tell one data set from another are looked at each time.
    features: (points) => {
      if (points.length > 2 * 64) looks++;
      return coordinates.features(points);
    },
  };
  const first = await cachedReference(dataset, counting, { cacheFolder, count });
  expect(looks).toBe(1);
  const folder = join(cacheFolder, "statistics");
  const [file] = readdirSync(folder);
  // Others push it out of what this process remembers.
  for (const other of [10, 20, 30])
    await cachedReference(dataset, coordinates, { cacheFolder, count: other });
  expect(await cachedReference(dataset, counting, { cacheFolder, count })).toEqual(first);
  expect(looks).toBe(1);
  writeFileSync(join(folder, file), "spoilt");
  for (const other of [10, 20, 30])
    await cachedReference(dataset, coordinates, { cacheFolder, count: other });
  expect(await cachedReference(dataset, counting, { cacheFolder, count })).toEqual(first);
  expect(looks).toBe(2);
});
