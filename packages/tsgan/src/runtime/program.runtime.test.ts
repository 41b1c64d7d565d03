import { describe, expect, expectTypeOf, it } from "vitest";
import { UsageError } from "../errors.ts";
import {
  add,
  cast,
  constant,
  gather,
  input,
  interpret,
  matmul,
  mul,
  reshape,
  sum,
  type Tensor,
} from "../graph/index.ts";
import { randomFeeds } from "../testing/check-gradient.ts";
import { compile, type FeedData, type HostData, type Program, State } from "./index.ts";

/** Longer than what engines keep inside an object, so that the buffers are real ones. */
const SIZE = 1000;
const filled = (value: number): Float32Array => new Float32Array(SIZE).fill(value);

describe("state", () => {
  it("is what the outputs of the same names were, run after run", async () => {
    const [a, b, kept] = ["a", "b", "kept"].map((name) => input(name, [SIZE]));
    const program = await compile(
      { a: add(a, b), b: mul(mul(b, b), constant([0.5], [])), kept, total: sum(add(a, kept)) },
      { state: ["a", "b", "kept"] },
    );
    const state = new State();
    state.set("a", filled(1));
    state.set("b", filled(3));
    state.set("kept", filled(7));
    let [x, y] = [1, 3];
    for (let i = 0; i < 5; i++) {
      const { total } = await program.run({}, state);
      expect(total[0]).toBe(SIZE * (x + 7));
      [x, y] = [x + y, Math.fround(Math.fround(y * y) * 0.5)];
      expect(await state.read("a")).toEqual(filled(x));
      expect(await state.read("b")).toEqual(filled(y));
      expect(await state.read("kept")).toEqual(filled(7));
    }
    state.dispose();
    await program.dispose();
  });

  it("may exchange its tensors, and hand them through under another shape", async () => {
    const [a, b] = ["a", "b"].map((name) => input(name, [SIZE]));
    const program = await compile(
      { a: b, b: reshape(reshape(a, [10, SIZE / 10]), [SIZE]), c: add(a, constant([1], [])) },
      { state: ["a", "b", "c"] },
    );
    const state = new State();
    state.set("a", filled(1));
    state.set("b", filled(2));
    state.set("c", filled(0));
    for (let i = 0; i < 4; i++) {
      await program.run({}, state);
      const [first, second] = i % 2 === 0 ? [2, 1] : [1, 2];
      expect(await state.read("a")).toEqual(filled(first));
      expect(await state.read("b")).toEqual(filled(second));
      expect(await state.read("c")).toEqual(filled(second + 1));
    }
    state.dispose();
    await program.dispose();
  });

  it("leaves beside it outputs that are constant, what was fed, one tensor twice, or whole numbers", async () => {
    const a = input("a", [SIZE]);
    const fed = input("fed", [3], "int32");
    const total = sum(a);
    const program = await compile(
      { a: add(a, 1), one: constant([1, 1], [2]), fed, total, same: total, cut: cast(total, "int32") },
      { state: ["a"] },
    );
    const state = new State();
    state.set("a", filled(1));
    const rounds = [];
    for (const each of [Int32Array.of(1, 2, 3), Int32Array.of(4, 5, 6)]) {
      rounds.push(await program.run({ fed: each }, state));
    }
    expect(rounds).toEqual(
      [1, 2].map((k) => ({
        one: Float32Array.of(1, 1),
        fed: Int32Array.of(3 * k - 2, 3 * k - 1, 3 * k),
        total: Float32Array.of(k * SIZE),
        same: Float32Array.of(k * SIZE),
        cut: Int32Array.of(k * SIZE),
      })),
    );
    expect(await state.read("a")).toEqual(filled(3));
    state.dispose();
    await program.dispose();
  });

  it("is what it was where ONNX Runtime fails, which is told", async () => {
    const a = input("a", [SIZE]);
    const program = await compile({ a: gather(a, input("at", [SIZE], "int32")) }, { state: ["a"] });
    const state = new State();
    state.set("a", filled(1));
    await expect(program.run({ at: new Int32Array(SIZE).fill(SIZE) }, state)).rejects.toThrow(
      /^program: ONNX Runtime failed: .*indices element out of data bounds/,
    );
    expect(await state.read("a")).toEqual(filled(1));
    state.dispose();
    await program.dispose();
  });

  it("is shared by programs, each of which goes on from where the other left it", async () => {
    const a = input("a", [SIZE]);
    const double = await compile({ a: mul(a, constant([2], [])) }, { state: ["a"] });
    const increment = await compile({ a: add(a, constant([1], [])) }, { state: ["a"] });
    const state = new State();
    state.set("a", filled(1));
    for (const expected of [3, 7, 15]) {
      await double.run({}, state);
      await increment.run({}, state);
      expect(await state.read("a")).toEqual(filled(expected));
    }
    state.dispose();
    await double.dispose();
    await increment.dispose();
  });
});

describe("feeds", () => {
  const [points, unusedScale] = [input("points", [3]), input("scale", [])];
  const label = input("label", [2], "int32");
  const chosen = gather(points, label);
  const program = () => compile({ chosen: add(chosen, mul(unusedScale, 0)) }, { device: "cpu", threads: 1 });

  it("are typed arrays, or lists of numbers", async () => {
    const { run, inputs, dispose } = await program();
    expect(inputs).toEqual({ points: [3], label: [2] });
    const typed = await run({ points: Float32Array.of(1, 2, 3), label: Int32Array.of(2, 0) });
    expect(typed).toEqual({ chosen: Float32Array.of(3, 1) });
    expect(await run({ points: [1, 2, 3], label: [2, 0] })).toEqual(typed);
    await dispose();
  });

  it("may be given for an input that simplification removed", async () => {
    const { run, dispose } = await program();
    const { chosen } = await run({ points: [1, 2, 3], label: [0, 1], scale: [7] });
    expect(chosen).toEqual(Float32Array.of(1, 2));
    await dispose();
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ["program: missing feeds: label", { points: [1, 2, 3] }],
    [
      'unknown input of the program "point"; did you mean "points"? (known: points, label)',
      { point: [1, 2, 3], label: [0, 1] },
    ],
    [
      "program: feed points: expected Float32Array or a list of numbers; got Float64Array",
      { points: Float64Array.of(1, 2, 3), label: [0, 1] },
    ],
    [
      "program: feed label: expected Int32Array or a list of numbers; got Float32Array",
      { points: [1, 2, 3], label: Float32Array.of(0, 1) },
    ],
    ["program: feed label: expected integers; got 0.5", { points: [1, 2, 3], label: [0, 0.5] }],
    ["program: feed points: expected numbers; got two", { points: [1, "two", 3], label: [0, 1] }],
    [
      "program: feed points: expected Float32Array or a list of numbers; got Number",
      { points: 1, label: [0, 1] },
    ],
    [
      "program: feed points needs 3 float32 values for [3]; got 2",
      { points: Float32Array.of(1, 2), label: [0, 1] },
    ],
  ])("are refused: %s", async (message, feeds) => {
    const { run, dispose } = await program();
    await expect(run(feeds as Record<string, FeedData>)).rejects.toThrow(new UsageError(message));
    await dispose();
  });

  it("cannot be given for what belongs to the state, which must be there in the right shape", async () => {
    const [w, x] = [input("w", [2]), input("x", [2])];
    const { run, dispose } = await compile({ w: add(w, x) }, { device: "cpu", threads: 1, state: ["w"] });
    const state = new State();
    await expect(run({ x: [1, 2] })).rejects.toThrow("program: a state is needed to run it");
    await expect(run({ x: [1, 2] }, state)).rejects.toThrow('unknown tensor of the state "w" (known: )');
    state.set("w", [1, 2, 3]);
    await expect(run({ x: [1, 2] }, state)).rejects.toThrow(
      "program: tensor w of the state must be [2]; got [3]",
    );
    state.set("w", [1, 2]);
    await expect(run({ x: [1, 2], w: [0, 0] }, state)).rejects.toThrow(
      'program: "w" belongs to the state; set it there',
    );
    await run({ x: [1, 2] }, state);
    expect(await state.read("w")).toEqual(Float32Array.of(2, 4));
    state.dispose();
    await dispose();
  });
});

describe("outputs", () => {
  const x = input("x", [2]);

  it("are typed by their names, but for those that the state keeps", async () => {
    const both = await compile({ double: mul(x, 2), next: add(x, 1) }, { device: "cpu" });
    expectTypeOf(both).toEqualTypeOf<Program<"double" | "next">>();
    const { double, next } = await both.run({ x: [1, 2] });
    expectTypeOf(double).toEqualTypeOf<HostData>();
    expect([double, next]).toEqual([Float32Array.of(2, 4), Float32Array.of(2, 3)]);
    await both.dispose();

    const kept = await compile({ double: mul(x, 2), x: add(x, 1) }, { device: "cpu", state: ["x"] });
    expectTypeOf(kept).toEqualTypeOf<Program<"double">>();
    await kept.dispose();

    const outputs: Record<string, Tensor> = { double: mul(x, 2) };
    const open = await compile(outputs, { device: "cpu", state: Object.keys(outputs).slice(1) });
    expectTypeOf(open).toEqualTypeOf<Program<string>>();
    await open.dispose();
  });

  it("of int32 may be kept, too", async () => {
    const count = input("count", [2], "int32");
    const next = cast(add(cast(count, "float32"), 1), "int32");
    const program = await compile({ count: next }, { device: "cpu", state: ["count"] });
    const state = new State();
    state.set("count", Int32Array.of(3, 5));
    for (let i = 0; i < 3; i++) await program.run({}, state);
    expect(await state.read("count")).toEqual(Float32Array.of(6, 8));
    state.dispose();
    await program.dispose();
  });
});

describe("a graph with two inputs of one name", () => {
  it("is refused", async () => {
    await expect(compile({ y: add(input("x", [2]), input("x", [2])) })).rejects.toThrow(
      'compile: expected one input of a name; got two called "x"',
    );
  });
});

describe("products of stacks of matrices", () => {
  it.each(["cpu", "wasm"] as const)("are those of turned matrices on %s", async (device) => {
    const [a, turnedA] = [input("a", [3, 4, 2]), input("turnedA", [3, 2, 4])];
    const [b, turnedB] = [input("b", [1, 2, 5]), input("turnedB", [3, 5, 2])];
    const bias = input("bias", [5]);
    const outputs = {
      plain: matmul(a, b, { bias }),
      left: matmul(turnedA, b, { transposeA: true, bias }),
      right: matmul(a, turnedB, { transposeB: true }),
      both: matmul(turnedA, turnedB, { transposeA: true, transposeB: true }),
    };
    const points = randomFeeds([a, turnedA, b, turnedB, bias]);
    const feeds = Object.fromEntries(
      Object.entries(points).map(([name, values]) => [name, Float32Array.from(values)]),
    );
    const program = await compile(outputs, { device, threads: 1 });
    const got = await program.run(feeds);
    await program.dispose();
    const expected = interpret(Object.values(outputs), feeds);
    Object.values(got).forEach((values, i) => {
      values.forEach((value, j) => {
        expect(value).toBeCloseTo(expected[i][j], 5);
      });
    });
  });
});
