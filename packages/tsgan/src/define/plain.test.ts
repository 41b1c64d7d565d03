/** Options that have gone through JSON are what they were, for who shows and reads them. */
import { describe, expect, it } from "vitest";
import { catalogue as losses } from "../losses/index.ts";
import { catalogue as metrics } from "../metrics/index.ts";
import { catalogue as models } from "../models/index.ts";
import { linkCatalogue, optimizerCatalogue } from "../nn/index.ts";
import { catalogue as penalties } from "../penalties/index.ts";
import { catalogue as techniques } from "../techniques/index.ts";
import {
  auto,
  choice,
  describeOption,
  flag,
  formatOption,
  integer,
  number,
  numbers,
  type OptionTable,
  optionsFrom,
  parseOption,
  plainOptions,
  resolveOptions,
  text,
} from "./index.ts";

const throughJson = (table: OptionTable): OptionTable =>
  optionsFrom(JSON.parse(JSON.stringify(plainOptions(table))));

const catalogues = [losses, penalties, techniques, models, optimizerCatalogue, linkCatalogue, metrics];
const definitions = catalogues
  .flatMap(({ all }): readonly { readonly definition: { name: string; options: OptionTable } }[] => all)
  .map(({ definition }) => definition);

describe("options as plain data", () => {
  it.each(definitions)("of $name mean, take and default to the same", ({ options }) => {
    const read = throughJson(options);
    expect(Object.keys(read)).toEqual(Object.keys(options));
    for (const [name, option] of Object.entries(options)) {
      const { check: _, ...facts } = option;
      expect(read[name]).toMatchObject(JSON.parse(JSON.stringify(facts)));
      expect(describeOption(read[name])).toBe(describeOption(option));
      if (option.default === undefined) continue;
      const written = formatOption(option, option.default);
      expect(parseOption("", name, read[name], written)).toEqual(
        JSON.parse(JSON.stringify(parseOption("", name, option, written))),
      );
    }
  });

  it("refuse what the type, the bounds or the choices do not let in", () => {
    const table = throughJson({
      weight: number({ default: 1, above: 0, means: "weight" }),
      count: integer({ default: 2, least: 1, means: "how many" }),
      way: choice(["up", "down"], { default: "up", means: "where to" }),
      both: flag({ default: true, means: "whether both" }),
      name: text({ default: "x", means: "name" }),
      widths: numbers({ default: [8, 8], least: 1, integer: true, means: "widths" }),
      size: auto(integer({ default: 0, least: 1, means: "size" }), "that of the data"),
    });
    expect(resolveOptions("it", table)).toEqual({
      weight: 1,
      count: 2,
      way: "up",
      both: true,
      name: "x",
      widths: [8, 8],
      size: undefined,
    });
    for (const [name, value, message] of [
      ["weight", 0, "it: weight must be a finite number above 0; got 0"],
      ["count", 1.5, "it: count must be an integer of at least 1; got 1.5"],
      ["way", "left", "it: way must be"],
      ["both", "yes", 'it: both must be true or false; got "yes"'],
      ["name", 3, "it: name must be a text; got 3"],
      ["widths", [0.5], "it: widths[0] must be an integer of at least 1; got 0.5"],
      ["size", 0, "it: size must be an integer of at least 1; got 0"],
      ["wieght", 1, 'unknown option of it "wieght"; did you mean "weight"?'],
    ] as const) {
      expect(() => resolveOptions("it", table, { [name]: value })).toThrow(message);
    }
  });
});
