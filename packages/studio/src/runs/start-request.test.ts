import { type Kind, kinds, plainOptions } from "tsgan/define";
import { hinge } from "tsgan/losses";
import { describe, expect, it } from "vitest";
import type { Session, Thing } from "../api.ts";
import { fieldsOfThing, noChoices, requestOf, thingsFor, withChosen } from "./start-request.ts";

const none = Object.fromEntries(kinds.map((kind) => [kind, []])) as unknown as Record<Kind, Thing[]>;
const { name, title, options } = hinge.definition;
const session: Session = {
  version: "",
  folder: "",
  token: "",
  losses: [name, "own-loss", "some-preset"],
  things: {
    ...none,
    loss: [
      { name, title, options: plainOptions(options) },
      {
        name: "own-loss",
        title: "my own",
        options: {
          slope: { type: "number", default: 1, means: "factor of the scores", bounds: { above: 0 } },
        },
      },
    ],
  },
  recipes: [],
  figures: {},
  charts: [],
};
const plain = { name: undefined, recipe: undefined, steps: 10, seed: 1, evaluateEvery: undefined };

describe("the form of a new run", () => {
  it("has a field for each option of a thing that somebody registered", () => {
    const own = thingsFor("loss", session)[1];
    const { slope } = fieldsOfThing(own);
    expect(slope).toMatchObject({ label: "factor of the scores", takes: "a number above 0", initial: 1 });
    expect(slope.parse("2.5")).toBe(2.5);
    expect(() => slope.parse("-1")).toThrow("a number above 0");
  });

  it("offers presets beside losses, which have no options of their own", () => {
    expect(thingsFor("loss", session).map((thing) => thing.name)).toEqual(session.losses);
    expect(fieldsOfThing(thingsFor("loss", session)[2])).toEqual({});
  });

  it("offers the models that the data can train, and drops one that other data cannot", () => {
    const thing = (name: string, models?: readonly string[]): Thing => ({
      name,
      title: name,
      options: {},
      ...(models && { models }),
    });
    const things = {
      ...none,
      dataset: [thing("ring", ["mlp"]), thing("mnist", ["mlp", "dcgan"]), thing("unknown")],
      model: [thing("mlp"), thing("dcgan"), thing("own")],
    };
    const offered = (data: string): string[] =>
      thingsFor("model", { ...session, things }, { data: [{ name: data, options: {} }] }).map(
        ({ name }) => name,
      );
    expect(["ring", "mnist", "unknown"].map(offered)).toEqual([
      ["mlp"],
      ["mlp", "dcgan"],
      ["mlp", "dcgan", "own"],
    ]);
    const chosen = { ...noChoices, model: [{ name: "dcgan", options: {} }] };
    const to = (data: string) =>
      withChosen(chosen, "data", [{ name: data, options: {} }], { ...session, things }).model;
    expect([to("mnist"), to("ring")]).toEqual([chosen.model, []]);
  });

  it("asks for nothing that was not chosen", () => {
    expect(JSON.parse(JSON.stringify(requestOf(plain, noChoices)))).toEqual({
      config: { data: "ring", steps: 10, seed: 1 },
    });
  });

  it("asks for everything that was chosen, options of data, model and loss by their paths", () => {
    const asked = requestOf(
      { ...plain, name: "mine" },
      {
        data: [{ name: "own-data", options: { count: 4 } }],
        loss: [{ name: "own-loss", options: { slope: 2 } }],
        model: [{ name: "mlp", options: { hidden: [8] } }],
        penalties: [
          { name: "r1", options: { weight: 2 } },
          { name: "r2", options: {} },
        ],
        terms: [],
        techniques: [{ name: "ema", options: {} }],
        optimizer: [{ name: "adam", options: { learningRate: 0.1 } }],
        links: [{ name: "clip", options: {} }],
        evaluateMetrics: [{ name: "swd", options: {} }],
      },
    );
    expect(JSON.parse(JSON.stringify(asked))).toEqual({
      name: "mine",
      config: {
        data: "own-data",
        loss: "own-loss",
        model: "mlp",
        penalties: [{ name: "r1", weight: 2 }, { name: "r2" }],
        techniques: [{ name: "ema" }],
        optimizer: { name: "adam", learningRate: 0.1, links: [{ name: "clip" }] },
        evaluateMetrics: [{ name: "swd" }],
        steps: 10,
        seed: 1,
      },
      set: { "dataOptions.count": 4, "model.hidden": [8], "loss.slope": 2 },
    });
  });
});
