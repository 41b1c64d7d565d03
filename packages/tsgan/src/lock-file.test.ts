import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { repository } from "./testing/repository.ts";

interface Locked {
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const packages: Readonly<Record<string, Locked>> = JSON.parse(
  readFileSync(join(repository, "package-lock.json"), "utf8"),
).packages;

describe("package-lock.json", () => {
  it("holds no address of a registry, so that npm ci asks the one that the machine uses", () => {
    const addresses = Object.values(packages).map(({ resolved }) => resolved);
    expect(addresses.filter((address) => address?.includes("://"))).toEqual([]);
  });

  // npm install leaves out what a registry does not have, and npm ci then refuses the file.
  it("knows the optional packages of every platform", () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => {
          const places = [`${path}/node_modules/${name}`, `node_modules/${name}`];
          return !places.some((place) => place in packages);
        })
        .map((name) => `${name} of ${path}`),
    );
    expect(missing).toEqual([]);
  });
});
