/** The exhibits are results of the experiments as they are: `npm run exhibits` makes them anew. */

import { experiments, holds } from "@tsgan/theory";
import { openDataset } from "tsgan/node";
import { describe, expect, it } from "vitest";
import type { Exhibit } from "./exhibit.ts";

const files = import.meta.glob<string>("./exhibits/*.json", {
  query: "?raw",
  import: "default",
  eager: true,
});
const parse = <T>(name: string): T => JSON.parse(files[`./exhibits/${name}.json`]);

/** Runs of a second each, made together with the exhibits. */
const shortRuns = Object.entries(parse<Record<string, Exhibit<unknown>>>("short-runs"));

/** Numbers within a rounding to four digits and what processors differ in. */
const alike = (a: number, b: number): boolean => Math.abs(a - b) <= 2e-3 * Math.abs(b) + 1e-6;

/** Where a value differs from one that was kept, of whose long lists only the beginning was. */
const differences = (value: unknown, wanted: unknown, path = ""): string[] => {
  if (typeof value === "number" && typeof wanted === "number") {
    return alike(value, wanted) ? [] : [`${path}: ${value}, kept was ${wanted}`];
  }
  if (typeof wanted === "object" && wanted !== null && typeof value === "object" && value !== null) {
    return Object.entries(wanted).flatMap(([key, part]) =>
      differences((value as Record<string, unknown>)[key], part, `${path}/${key}`),
    );
  }
  return value === wanted ? [] : [`${path}: ${value}, kept was ${wanted}`];
};

it("there is an exhibit for each short run, and the other way round", () => {
  const names = [...shortRuns.map(([name]) => name), "short-runs"];
  expect(Object.keys(files).sort()).toEqual(names.map((name) => `./exhibits/${name}.json`).sort());
});

describe.each(shortRuns)("exhibit %s", (name, short) => {
  const factory = experiments.get(name);

  it("comes of an experiment that has not changed since: a short run gives what it gave then", async () => {
    const again = await factory.create(short.options).run({ openDataset });
    expect(differences(again, short.data)).toEqual([]);
  });

  it("has options that the experiment takes, and bears out what it claims", () => {
    const { options, data } = parse<Exhibit<unknown>>(name);
    const claims = factory.create(options).claims?.(data) ?? [];
    expect(claims.length).toBeGreaterThan(0);
    expect(claims.filter((claim) => !holds(claim))).toEqual([]);
  });
});
