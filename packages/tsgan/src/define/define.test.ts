import { afterEach, describe, expect, expectTypeOf, it } from "vitest";
import {
  auto,
  catalogueOf,
  choice,
  describeOption,
  factoryOf,
  flag,
  formatOption,
  integer,
  number,
  numbers,
  type Option,
  parseOption,
  register,
  text,
} from "./index.ts";

const table = {
  weight: number({ default: 10, least: 0, means: "weight of the penalty", symbol: "λ" }),
  every: integer({ default: 1, least: 1, means: "steps from one to the next" }),
  at: choice(["real", "fake"], { default: "real", means: "where slopes are taken" }),
  hidden: numbers({ default: [8, 8], least: 1, integer: true, means: "widths" }),
  blocks: auto(integer({ default: 6, least: 0, means: "residual blocks" }), "6, or 9 from 256 px on"),
};

const slope = factoryOf(
  { kind: "penalty", name: "slope", title: "a penalty", options: table } as const,
  (options, size: number = 32) => ({
    total: options.weight * options.every,
    options: { blocks: options.blocks ?? (size >= 256 ? 9 : 6) },
  }),
);

describe("a thing made by a factory", () => {
  it("carries its name, its definition and every option with its value", () => {
    const thing = slope({ weight: 2 });
    expect(thing).toMatchObject({ name: "slope", total: 2 });
    expect(thing.options).toEqual({ weight: 2, every: 1, at: "real", hidden: [8, 8], blocks: 6 });
    expect(thing.definition.title).toBe("a penalty");
  });

  it("is the same when it is made again from its options", () => {
    const thing = slope({ at: "fake" }, 512);
    expect(thing.options.blocks).toBe(9);
    expect(slope.create(thing.options)).toEqual(thing);
  });

  it("has options whose types follow from the table", () => {
    expectTypeOf(slope).parameter(0).toEqualTypeOf<
      | {
          readonly weight?: number | undefined;
          readonly every?: number | undefined;
          readonly at?: "real" | "fake" | undefined;
          readonly hidden?: readonly number[] | undefined;
          readonly blocks?: number | undefined;
        }
      | undefined
    >();
  });

  it.each<[Record<string, unknown>, string]>([
    [{ wieght: 1 }, 'unknown option of slope "wieght"; did you mean "weight"?'],
    [{ weight: -1 }, "slope: weight must be a finite number of at least 0; got -1"],
    [{ weight: "1" }, 'slope: weight must be a finite number of at least 0; got "1"'],
    [{ every: 1.5 }, "slope: every must be an integer of at least 1; got 1.5"],
    [{ at: "both" }, "slope: at must be one of real, fake; got both"],
    [{ hidden: 8 }, "slope: hidden must be a list of numbers, such as [8,8]; got 8"],
    [{ hidden: [8, 0] }, "slope: hidden[1] must be an integer of at least 1; got 0"],
    [{ blocks: -1 }, "slope: blocks must be an integer of at least 0; got -1"],
  ])("refuses %j", (options, message) => {
    expect(() => slope.create(options)).toThrow(message);
  });

  it("refuses options that are no object", () => {
    expect(() => slope.create(3 as never)).toThrow(
      "slope: options must be an object, such as {weight, every}",
    );
  });
});

describe("an option as text", () => {
  const options: readonly (readonly [Option<unknown>, unknown])[] = [
    [table.weight, 0.25],
    [table.every, 3],
    [table.at, "fake"],
    [table.hidden, [64, 32]],
    [numbers({ default: [1], means: "bounds" }), [0.001, 1e-7, -2, -1e21]],
    [flag({ default: false, means: "whether" }), true],
    [text({ default: "", means: "policy" }), "color,cutout"],
  ];

  it.each(options)("reads what it wrote", (option, value) => {
    expect(parseOption("page", "x", option, formatOption(option, value))).toEqual(value);
  });

  it.each([
    ["0.1,0.01", [0.1, 0.01]],
    ["1e-3,-2", [1e-3, -2]],
    ["64-32", [64, 32]],
    ["", []],
  ])("reads the list %j", (text, list) => {
    expect(parseOption("page", "x", numbers({ default: [], means: "" }), text)).toEqual(list);
  });

  it("names what was written where it is no number", () => {
    expect(() => parseOption("page", "weight", table.weight, "much")).toThrow(
      'page: weight must be a finite number of at least 0; got "much"',
    );
    expect(() => parseOption("page", "hidden", table.hidden, "8,wide")).toThrow(
      'page: hidden[1] must be an integer of at least 1; got "wide"',
    );
  });

  it("says what it takes", () => {
    expect(describeOption(table.weight)).toBe("a number at least 0");
    expect(describeOption(table.at)).toBe('"real" or "fake"');
  });
});

describe("the registry", () => {
  let undo = () => {};
  afterEach(() => undo());
  const builtIn = { slope, other: 3 };
  const penalties = catalogueOf<typeof slope>("penalty", builtIn);
  const mine = factoryOf(
    { kind: "penalty", name: "mine", title: "of one's own", options: {} } as const,
    () => ({}),
  );

  it("finds what is registered wherever built-in things are found", () => {
    expect(penalties.names).toEqual(["slope"]);
    undo = register(mine);
    expect(penalties.names).toEqual(["slope", "mine"]);
    expect(penalties.get("mine").create()).toMatchObject({ name: "mine" });
  });

  it("names the nearest where there is none", () => {
    expect(() => penalties.get("slop")).toThrow('unknown penalty "slop"; did you mean "slope"?');
  });

  it("refuses a second thing of one name, built in or not, and the same one twice is no second", () => {
    undo = register(mine, mine);
    const twin = factoryOf(
      { kind: "penalty", name: "mine", title: "twin", options: {} } as const,
      () => ({}),
    );
    expect(() => register(twin)).toThrow('there is another penalty "mine" already');
    undo();
    undo = register(
      factoryOf({ kind: "penalty", name: "slope", title: "", options: {} } as const, () => ({})),
    );
    expect(() => penalties.names).toThrow('penalty "slope" is built in');
  });

  it("refuses what has no definition", () => {
    expect(() => register({} as never)).toThrow("register: expected what defineLoss");
  });
});
