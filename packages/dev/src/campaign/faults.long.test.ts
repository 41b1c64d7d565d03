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
  it("to kills of runs of several kinds", () => passes("kill", 12));
  it.skipIf(!hasRedisServer())("to what may happen to a Redis", () => passes("redis", 10));
});
