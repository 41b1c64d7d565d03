import { describe, expect, it } from "vitest";
import { add, constant, input, mul, reshape, sum } from "../graph/index.ts";
import { compile, State } from "./index.ts";

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
