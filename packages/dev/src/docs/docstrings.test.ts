/** Every public function says what it takes, what it gives and what it throws; the main ones have an example. */
import { repository } from "tsgan/testing";
import { describe, expect, it } from "vitest";
import { main } from "./main-functions.ts";
import { lacking, type PublicFunction, publicFunctions } from "./public-functions.ts";

const functions = publicFunctions(repository);

const invented = (docstring: Partial<PublicFunction>): PublicFunction => ({
  ...{ name: "tsgan: invented", file: "", text: "", tags: [], parameters: [], measures: [], throws: false },
  ...docstring,
});

describe("public functions", () => {
  it("are all found: some six hundred", () => {
    expect(functions.length).toBeGreaterThan(600);
    expect(functions.filter(({ parameters }) => parameters.length > 0).length).toBeGreaterThan(400);
    expect(functions.filter(({ throws }) => throws).length).toBeGreaterThan(150);
    expect(functions.filter(({ measures }) => measures.length > 0).length).toBeGreaterThan(60);
  });

  it("describe what they give, each of their parameters, the units of numbers, and the errors that they throw", () => {
    const bare = functions
      .map((each) => ({ name: each.name, lacks: lacking(each) }))
      .filter(({ lacks }) => lacks.length > 0);
    expect(bare.map(({ name, lacks }) => `${name} lacks ${lacks.join(", ")}`)).toEqual([]);
  });

  it("have an example where people start", () => {
    expect(main.length).toBeGreaterThanOrEqual(40);
    const names = new Map(functions.map((each) => [each.name, each]));
    const without = main.filter((name) => !names.get(name)?.tags.some((tag) => tag.name === "example"));
    expect(without).toEqual([]);
    // Each uses what it is an example of.
    const others = main.filter((name) => {
      const called = new RegExp(`\\b${name.split(": ")[1]}\\b`);
      return !names.get(name)?.tags.some(({ name: tag, text }) => tag === "example" && called.test(text));
    });
    expect(others).toEqual([]);
  });
});

describe("a docstring", () => {
  const parameters = [{ names: ["x", "scale"], inPieces: true, described: ["scale"] }];

  it("lacks all where there is none", () => {
    expect(lacking(invented({ parameters }))).toEqual(["a docstring"]);
  });

  it("lacks a parameter that it does not name, unless its type describes it", () => {
    expect(lacking(invented({ text: "The image, by nearest neighbours.", parameters }))).toEqual([
      "parameter x",
    ]);
    expect(lacking(invented({ text: "The image x, by nearest neighbours.", parameters }))).toEqual([]);
    const tags = [{ name: "param", text: "image x [N, C, H, W]" }];
    expect(lacking(invented({ text: "The image, by nearest neighbours.", parameters, tags }))).toEqual([]);
  });

  it("lacks what is thrown where something is", () => {
    const text = "The image, by nearest neighbours.";
    expect(lacking(invented({ text, throws: true }))).toEqual(["what error it throws"]);
    expect(lacking(invented({ text: `${text} It throws.`, throws: true }))).toEqual(["what error it throws"]);
    const tags = [{ name: "throws", text: "UsageError for a scale of 0" }];
    expect(lacking(invented({ text, throws: true, tags }))).toEqual([]);
  });

  it("lacks the unit of a number that is of something", () => {
    const text = "The image, by nearest neighbours, no wider than that.";
    const measured = (more: string) => lacking(invented({ text, measures: [{ name: "width", text: more }] }));
    expect(measured("The width of the image.")).toEqual(["the unit of width"]);
    expect(measured("The width of the image, in pixels.")).toEqual([]);
    expect(measured("The share of it, in [0, 1].")).toEqual([]);
  });

  it("lacks words where it has one or two", () => {
    expect(lacking(invented({ text: "An image." }))).toEqual(["more than a few words"]);
  });
});
