import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { constant, grad, interpret, type Tensor } from "../graph/index.ts";
import type { TermContext } from "../losses/index.ts";
import { collectVariables, type Scope, withinBounds } from "../nn/index.ts";
import { tvae } from "./index.ts";

interface Given {
  readonly value: readonly number[];
  readonly gradient: readonly number[];
}
type Network = "generator" | "discriminator";

/** What the public implementation gives; `fixtures/tvae.py` made it. */
const golden: Readonly<Record<Network, Readonly<Record<string, Given>>>> & {
  readonly x: readonly number[];
  readonly noise: readonly number[];
  readonly loss: number;
  readonly divergence: number;
} = JSON.parse(readFileSync(new URL("fixtures/tvae.json", import.meta.url), "utf8"));

const [rows, latent, size] = [5, 3, 7];
const model = tvae({ latent, hidden: [4], encoderHidden: [4] }).for({
  shape: [size],
  layout: { numbers: 2, choices: [2, 3], conditions: 0 },
});

const numbersOf = (tensor: Tensor): readonly number[] => [...interpret([tensor])[0]];

/** A scope whose parameters are those of the golden file. */
const given = (network: Network): { readonly scope: Scope; readonly parameters: Map<string, Tensor> } => {
  const parameters = new Map<string, Tensor>();
  const at = (prefix: string): Scope => ({
    mode: "training",
    child: (name) => at(`${prefix}${name}.`),
    parameter: (name, shape) => {
      const key = prefix + name;
      const known = parameters.get(key) ?? constant([...golden[network][key].value], shape);
      parameters.set(key, known);
      return known;
    },
    buffer: () => expect.unreachable(),
    update: () => {},
    noise: () => expect.unreachable(),
    mixesExamples: () => {},
    once: (_, make) => make(),
  });
  return { scope: at(""), parameters };
};

describe("the evidence lower bound", () => {
  const networks = { generator: given("generator"), discriminator: given("discriminator") };
  const figures: Record<string, Tensor> = {};
  const real = constant([...golden.x], [rows, size]);
  const realOutput = model.discriminator({ x: real }, networks.discriminator.scope);
  const context: TermContext = {
    player: "generator",
    z: real,
    real,
    fake: real,
    realOutput,
    fakeOutput: realOutput,
    discriminate: () => realOutput,
    averaged: () => realOutput,
    generate: (input) => model.generator(input, networks.generator.scope),
    labelled: () => expect.unreachable(),
    random: (kind, shape) => {
      expect([kind, shape]).toEqual(["normal", [rows, latent]]);
      return constant([...golden.noise], shape);
    },
    record: (name, value) => {
      figures[name] = value;
    },
  };
  const loss = model.terms![0].generator!(context);

  it("is that of the public implementation", () => {
    expect(numbersOf(loss)[0]).toBeCloseTo(golden.loss, 5);
    expect(numbersOf(figures.divergence)[0]).toBeCloseTo(golden.divergence, 5);
  });

  it.each(["generator", "discriminator"] as const)("has its gradient by each weight of the %s", (network) => {
    const { parameters } = networks[network];
    expect([...parameters.keys()].sort()).toEqual(Object.keys(golden[network]).sort());
    const names = [...parameters.keys()];
    const slopes = grad(
      loss,
      names.map((name) => parameters.get(name)!),
    );
    names.forEach((name, i) => {
      const got = numbersOf(slopes[i]);
      golden[network][name].gradient.forEach((value, j) => {
        expect(got[j]).toBeCloseTo(value, 5);
      });
    });
  });
});

it("keeps the deviations of numbers between 0.01 and 1, as the public implementation does", () => {
  const { parameters, parameterCount } = collectVariables((scope) =>
    model.generator({ z: constant(new Float32Array(latent + size), [1, latent + size]) }, scope),
  );
  const { offset } = parameters.find(({ name }) => name === "deviation")!;
  const flat = new Float32Array(parameterCount).fill(-3);
  flat[offset] = 2;
  const kept = numbersOf(withinBounds(constant(flat, [parameterCount]), parameters));
  expect(kept.map((value) => Number(value.toFixed(6)))).toEqual(
    Array.from(flat, (value, i) => (i === offset ? 1 : i === offset + 1 ? 0.01 : value)),
  );
});

it("refuses rows that have conditions: they are not shown as often as they come", () => {
  expect(() => tvae().for({ shape: [5], layout: { numbers: 1, choices: [2], conditions: 1 } })).toThrow(
    "tvae: expected rows as they come; got rows with conditions; open the table with rowsFromCsv(text, name, { asIs: true })",
  );
});
