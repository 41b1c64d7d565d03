/** Short forms of `npm run campaign -- kill | files | http | redis`. Need the build (`npx tsc -b`), and redis-server. */
import { hasRedisServer } from "@tsgan/study/testing";
import { describe, expect, it } from "vitest";
import type { Campaign } from "./campaign.ts";

const built = async (name: string): Promise<Campaign> => {
  const file = new URL(`../../dist/campaign/${name}.js`, import.meta.url).href;
  return ((await import(/* @vite-ignore */ file)) as Record<string, Campaign>)[name];
};

const passes = async (name: string, count: number, seed = 1, from = 0): Promise<void> => {
  const { failures } = await (await built(name))({ seed, count, from });
  expect(failures).toEqual([]);
};

describe("nothing is lost, hung or told", () => {
  it("to malformed files", () => passes("files", 1500));
  it("to hostile requests", () => passes("http", 300));
  it.skipIf(!hasRedisServer())("to what may happen to a Redis", () => passes("redis", 8));

  // Two kills each: chains of four follow one another in the order of kinds, thirteen configurations, a game and a study.
  it.each([
    ["a gradient penalty", 0],
    ["unrolling", 3],
    ["adaptive augmentation", 7],
    ["a pool", 10],
    ["a table", 11],
    ["a table of mixed columns", 12],
    ["a game with attention", 13],
    ["a study", 14],
  ])("to kills of a run with %s", (_, kind) => passes("kill", 2, 1, 4 * kind));
});
