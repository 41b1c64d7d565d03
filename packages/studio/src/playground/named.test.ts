import { auto, choice, flag, integer, number, numbers, register, text } from "tsgan";
import { mean, mul, neg, sub } from "tsgan/graph";
import { defineLoss } from "tsgan/losses";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { formatState, initialView, parseState } from "./address.ts";
import {
  describeNamed,
  formatNamed,
  lossChoices,
  optimizerChoices,
  parseNamed,
  penaltyChoices,
} from "./named.ts";
import { initialExperiment, withSetting } from "./settings.ts";
import { ganFor } from "./trainer.ts";

const mine = defineLoss({
  name: "mine",
  title: "a loss of one's own",
  scores: "unbounded",
  options: {
    slope: number({ default: 1, least: 0, means: "factor of the scores", symbol: "s" }),
    power: integer({ default: 1, least: -3, means: "power" }),
    side: choice(["real", "fake"], { default: "real", means: "which side" }),
    centred: flag({ default: false, means: "whether scores are centred" }),
    note: text({ default: "", means: "a note" }),
    widths: numbers({ default: [8, 8], least: 1, integer: true, means: "widths" }),
    margin: auto(number({ default: 1, means: "margin" }), "worked out"),
  },
  create: ({ slope }) => ({
    discriminator: (real, fake) => mul(sub(mean(fake), mean(real)), slope),
    generator: (_real, fake) => neg(mean(fake)),
  }),
});

describe("a loss that a user has registered", () => {
  let undo = () => {};
  beforeEach(() => {
    undo = register(mine);
  });
  afterEach(() => undo());

  it("has a field for each of its options, as its definition says", () => {
    const { title, fields: byName } = lossChoices.get("mine");
    const fields = Object.values(byName);
    expect(title).toBe("a loss of one's own");
    expect(fields.map(({ name, control, inputMode, takes }) => [name, control, inputMode, takes])).toEqual([
      ["slope", "text", "decimal", "a number at least 0"],
      ["power", "text", "text", "a whole number at least -3"],
      ["side", "select", "text", "one of real, fake"],
      ["centred", "check", "text", "true or false"],
      ["note", "text", "text", "a text"],
      ["widths", "text", "text", "a list of numbers at least 1, such as 8-8"],
      ["margin", "text", "decimal", "a number"],
    ]);
    expect(fields[0].meaning).toBe("s: factor of the scores");
    expect(fields[2].titles).toEqual({ real: "real", fake: "fake" });
    expect(fields[6].meaning).toBe("margin (empty: worked out)");
    expect([fields[6].parse(" "), fields[6].format(undefined)]).toEqual([undefined, ""]);
    expect(() => fields[0].parse("-1")).toThrow("a number at least 0");
  });

  it("can be trained, and stands in the address with any options", () => {
    const options = {
      slope: 0.5,
      side: "fake",
      centred: true,
      note: "50 % of a*b_c",
      widths: [4, 2],
      margin: -1,
    };
    const experiment = withSetting(initialExperiment, 0, "loss", { name: "mine", options });
    const query = formatState({ experiment, view: initialView }).toString();
    const read = parseState(new URLSearchParams(query));
    expect(read.notices).toEqual([]);
    expect(read.state.experiment).toEqual(experiment);
    expect(ganFor(experiment.base).loss.options).toEqual({ power: 1, ...options });
    expect(describeNamed(lossChoices, experiment.base.loss)).toContain("mine (slope 0.5, side fake");
  });
});

it.each([
  [lossChoices, "least-squares*a*-1*c*0.5", { a: -1, c: 0.5 }],
  [lossChoices, "hinge", {}],
  [penaltyChoices, "gradient-penalty*weight*0.1*sided*one", { weight: 0.1, sided: "one" }],
  [penaltyChoices, "weight-clipping*limit*0.1", { limit: 0.1 }],
  [optimizerChoices, "sgd*momentum*0.9*nesterov*true", { momentum: 0.9, nesterov: true }],
  [optimizerChoices, "adam*beta1*0*epsilon*0.0001", { beta1: 0, epsilon: 1e-4 }],
])("an address of 0.1 means what it meant: %#", (choices, address, options) => {
  const read = parseNamed(choices, address);
  expect(read).toEqual({ name: address.split("*")[0], options });
  expect(formatNamed(choices, read)).toBe(address);
});

it("learning rates have a control of their own, and no option", () => {
  expect(() => parseNamed(optimizerChoices, "sgd*learningRate*1")).toThrow("sgd with options momentum");
});
