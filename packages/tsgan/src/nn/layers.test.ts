import { describe, expect, it } from "vitest";
import { input, interpret, type Shape, sizeOf, type Tensor } from "../graph/index.ts";
import { randomStream } from "../random/index.ts";
import {
  bindScope,
  collectVariables,
  heInit,
  initialValues,
  type Layer,
  layers,
  type Mode,
  recordVariables,
  type Scope,
  type Variables,
} from "./index.ts";

const values = (shape: Shape, purpose: string): Float32Array => {
  const out = new Float32Array(sizeOf(shape));
  randomStream(1, purpose).fillNormal(out);
  return out;
};

interface Built {
  readonly variables: Variables;
  /** Output and the buffers after it, for the given buffers. */
  run(
    mode: Mode,
    x: Float32Array,
    buffers?: Float32Array,
    noise?: Float32Array,
  ): [Float64Array, Float64Array];
  readonly initialBuffers: Float32Array;
}

/** A layer with its variables at their initial values. */
const build = (layer: Layer, shape: Shape): Built => {
  const network = (scope: Scope): Tensor => layer(input("x", shape), scope);
  const variables = collectVariables(network);
  const { parameters, parameterCount, buffers, bufferCount } = variables;
  const initialBuffers = initialValues(buffers, bufferCount, 3, "buffers");
  return {
    variables,
    initialBuffers,
    run: (mode, x, given = initialBuffers, noise) => {
      const bound = bindScope({
        variables,
        parameters: input("parameters", [Math.max(1, parameterCount)]),
        buffers: bufferCount === 0 ? undefined : input("buffers", [bufferCount]),
        mode,
        noise: (_, noiseShape) => input("noise", noiseShape),
      });
      const y = network(bound.scope);
      const next = bound.updatedBuffers();
      const fed = { x, buffers: given, parameters: initialValues(parameters, parameterCount, 3, "p"), noise };
      const [out, after] = interpret(
        next === undefined ? [y] : [y, next],
        fed as Record<string, Float32Array>,
      );
      return [out, after ?? new Float64Array()];
    },
  };
};

describe("a scope", () => {
  it("names variables by their place and packs them in order of first use", () => {
    const net = layers.sequential(
      layers.dense(3),
      layers.relu(),
      layers.batchNorm(),
      layers.dense(1, { bias: false }),
    );
    const { variables } = build(net, [4, 2]);
    expect(variables.parameters.map(({ name, shape, offset }) => [name, shape, offset])).toEqual([
      ["0.weight", [3, 2], 0],
      ["0.bias", [3], 6],
      ["2.gamma", [3], 9],
      ["2.beta", [3], 12],
      ["3.weight", [1, 3], 15],
    ]);
    expect(variables.parameterCount).toBe(18);
    expect(variables.buffers.map(({ name }) => name)).toEqual(["2.mean", "2.variance"]);
    expect(variables.mixesExamples).toBe(true);
    expect(build(layers.dense(3), [4, 2]).variables.mixesExamples).toBe(false);
  });

  it("gives the same variable to every application of the network", () => {
    const layer = layers.dense(3);
    const variables = collectVariables((scope) => {
      layer(input("x", [4, 2]), scope);
      layer(input("y", [7, 2]), scope);
    });
    expect(variables.parameters).toHaveLength(2);
  });

  it("refuses two layers in one scope, which would share their weights, and lets one layer be applied twice", () => {
    const x = input("x", [4, 3, 8, 8]);
    const wide = { kernel: 3, padding: 1 };
    const twice = (make: () => Layer) => (scope: Scope) => make()(make()(x, scope), scope);
    const inOneScope: (() => Layer)[] = [
      () => layers.conv2d(3, wide),
      () => layers.convTranspose2d(3, wide),
      () => layers.batchNorm(),
      () => layers.layerNorm(),
      () => layers.instanceNorm(),
      () => layers.groupNorm(3),
    ];
    for (const make of inOneScope) {
      expect(() => collectVariables(twice(make))).toThrow(
        /^(weight|gamma): two layers would share it; give each layer a scope of its own: scope\.child\(NAME\)$/,
      );
      const layer = make();
      expect(() => collectVariables(twice(() => layer))).not.toThrow();
    }
    const row = input("row", [4, 3]);
    expect(() =>
      collectVariables((scope) => layers.dense(3)(layers.dense(3)(row, scope.child("a")), scope.child("a"))),
    ).toThrow("a.weight: two layers would share it");
    expect(
      collectVariables((scope) => layers.dense(3)(layers.dense(3)(row, scope.child("a")), scope.child("b")))
        .parameters,
    ).toHaveLength(4);
  });

  it("knows a network that makes its layers anew each time that it is applied", () => {
    const { scope, variables } = recordVariables();
    const network = (s: Scope) => layers.dense(3)(input("row", [4, 3]), s);
    network(scope());
    network(scope());
    expect(variables().parameters).toHaveLength(2);
  });

  it("refuses a variable that changes its shape, and one it has not seen", () => {
    const layer = layers.dense(3);
    expect(() =>
      collectVariables((scope) => {
        layer(input("x", [4, 2]), scope);
        layer(input("y", [4, 5]), scope);
      }),
    ).toThrow("weight: a variable keeps its shape [3,2]; got [3,5]");
    const variables = collectVariables((scope) => layer(input("x", [4, 2]), scope));
    const { scope } = bindScope({ variables, parameters: input("p", [9]), mode: "training" });
    expect(() => scope.parameter("other", [1], heInit())).toThrow(
      "other: the network did not ask for this variable",
    );
  });

  it("gives each variable random numbers of its own, whatever comes before it", () => {
    const flat = (net: Layer): Float32Array => {
      const { parameters, parameterCount } = build(net, [4, 2]).variables;
      return initialValues(parameters, parameterCount, 3, "p");
    };
    const long = flat(layers.sequential(layers.dense(5), layers.dense(3)));
    expect(long.slice(0, 15)).toEqual(flat(layers.sequential(layers.dense(5))));
    expect(flat(layers.dense(5))).not.toEqual(new Float32Array(15));
  });
});

describe("batch norm", () => {
  const shape = [6, 3, 2, 2];
  const x = values(shape, "x").map((v, i) => v * 2 + (Math.floor(i / 4) % 3));
  const norm = build(layers.batchNorm({ momentum: 0.25 }), shape);
  const channel = (out: ArrayLike<number>, c: number): number[] =>
    Array.from(out).filter((_, i) => Math.floor(i / 4) % 3 === c);
  const mean = (v: readonly number[]): number => v.reduce((a, b) => a + b, 0) / v.length;
  const variance = (v: readonly number[]): number => mean(v.map((a) => (a - mean(v)) ** 2));

  it("normalises each channel by its batch in training", () => {
    const [y] = norm.run("training", x);
    for (const c of [0, 1, 2]) {
      expect(mean(channel(y, c))).toBeCloseTo(0, 6);
      expect(variance(channel(y, c))).toBeCloseTo(1, 4);
    }
  });

  it("moves its running statistics towards the batch's", () => {
    const [, buffers] = norm.run("training", x);
    for (const c of [0, 1, 2]) {
      expect(buffers[c]).toBeCloseTo(0.25 * mean(channel(x, c)), 6);
      expect(buffers[3 + c]).toBeCloseTo(0.75 + 0.25 * variance(channel(x, c)), 6);
    }
  });

  it("uses the running statistics for inference, and leaves them alone", () => {
    const running = Float32Array.of(1, 2, 3, 4, 9, 16);
    const [y, after] = norm.run("inference", x, running);
    expect(after).toEqual(Float64Array.from(running));
    expect(y[0]).toBeCloseTo((x[0] - 1) / 2, 4);
    expect(y[4]).toBeCloseTo((x[4] - 2) / 3, 4);
  });
});

describe("spectral norm", () => {
  it("brings the largest singular value to one as its vector settles", () => {
    const layer = build(layers.dense(4, { spectralNorm: true, bias: false, init: heInit(5) }), [5, 5]);
    const identity = Float32Array.from({ length: 25 }, (_, i) => (i % 6 === 0 ? 1 : 0));
    let buffers = layer.initialBuffers;
    for (let i = 0; i < 200; i++) buffers = Float32Array.from(layer.run("training", identity, buffers)[1]);
    // With x = I the output is the transposed weight; its largest singular value by power iteration.
    const [w] = layer.run("inference", identity, buffers);
    let v = [1, 0.5, 0.25, 0.125];
    let sigma = 0;
    for (let i = 0; i < 200; i++) {
      const wv = Array.from({ length: 5 }, (_, r) => v.reduce((sum, a, c) => sum + a * w[r * 4 + c], 0));
      const next = v.map((_, c) => wv.reduce((sum, a, r) => sum + a * w[r * 4 + c], 0));
      const norm = Math.hypot(...next);
      sigma = Math.sqrt(norm / Math.hypot(...v));
      v = next.map((a) => a / norm);
    }
    expect(sigma).toBeCloseTo(1, 4);
  });
});

describe("dropout", () => {
  const noise = Float32Array.from({ length: 8 }, (_, i) => (i + 0.5) / 8);
  const ones = new Float32Array(8).fill(1);

  it("zeroes the elements whose number is below the rate and scales the rest", () => {
    const [y] = build(layers.dropout(0.5), [2, 4]).run("training", ones, undefined, noise);
    expect([...y]).toEqual([0, 0, 0, 0, 2, 2, 2, 2]);
  });

  it("does nothing for inference", () => {
    expect([...build(layers.dropout(0.5), [2, 4]).run("inference", ones)[0]]).toEqual([...ones]);
  });

  it("refuses a rate of one", () => {
    expect(() => build(layers.dropout(1), [2, 4])).toThrow("dropout: rate must lie in [0, 1); got 1");
  });
});

it("residual adds its shortcut", () => {
  const x = values([2, 3], "x");
  const [y] = build(layers.residual(layers.relu()), [2, 3]).run("training", x);
  x.forEach((v, i) => {
    expect(y[i]).toBeCloseTo(Math.max(v, 0) + v, 6);
  });
});

it("instance norm without γ and β has no parameters and normalises each image's channels", () => {
  const layer = build(layers.instanceNorm({ affine: false }), [2, 3, 4, 4]);
  expect(layer.variables.parameterCount).toBe(0);
  const [y] = layer.run("training", values([2, 3, 4, 4], "x"));
  for (let plane = 0; plane < 6; plane++) {
    const part = y.subarray(plane * 16, plane * 16 + 16);
    expect(part.reduce((a, b) => a + b, 0)).toBeCloseTo(0, 5);
    expect(part.reduce((a, b) => a + b * b, 0) / 16).toBeCloseTo(1, 3);
  }
});

it("pools take means and largest elements of windows, side by side or apart", () => {
  const x = Float32Array.from({ length: 16 }, (_, i) => (i * 7) % 16);
  // 0 7 14 5 / 12 3 10 1 / 8 15 6 13 / 4 11 2 9
  const pooled = (layer: Layer): number[] => [...build(layer, [1, 1, 4, 4]).run("training", x)[0]];
  expect(pooled(layers.averagePool(2))).toEqual([5.5, 7.5, 9.5, 7.5]);
  expect(pooled(layers.maxPool(2))).toEqual([12, 14, 15, 13]);
  expect(pooled(layers.maxPool(2, 1))).toEqual([12, 14, 14, 15, 15, 13, 15, 15, 13]);
});
