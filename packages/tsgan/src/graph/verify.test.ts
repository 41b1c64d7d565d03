import { describe, expect, it } from "vitest";
import {
  add,
  apply,
  constant,
  defineOp,
  GraphError,
  grad,
  input,
  interpret,
  mul,
  type Op,
  square,
  sum,
  type Tensor,
  tanh,
  toOnnx,
  verify,
} from "./index.ts";

/** The identity, as an op whose parts may be wrong. */
const wrong = (parts: Partial<Op>): ((x: Tensor) => Tensor) => {
  const op = defineOp({
    name: "wrong",
    shape: ([x]: readonly Tensor[]) => ({ shape: x.shape }),
    derivative: (_: Tensor, dy: Tensor) => [dy],
    value: (_: Tensor, [x]: readonly Float64Array[]) => x,
    onnx: (_: Tensor, [x]: readonly string[]) => x,
    ...parts,
  });
  return (x) => apply(op, [x], {});
};

const x = input("x", [2, 3]);

describe("two inputs of one name", () => {
  const twice = input("x", [2, 3]);
  const message = (where: string) =>
    `${where}: expected one input of a name; got two called "x", [2,3] and [2,3]; ` +
    "make it once and use that tensor again, or give one another name";

  it("are refused by grad, whether both are in the graph or one is differentiated by", () => {
    expect(() => grad(sum(mul(x, twice)), [x])).toThrow(new GraphError(message("grad")));
    expect(() => grad(sum(square(x)), [twice])).toThrow(new GraphError(message("grad")));
    expect(() => grad(sum(square(x)), [x, x])).not.toThrow();
  });

  it("are refused by the interpreter, and before the graph becomes ONNX", () => {
    expect(() => interpret([add(x, twice)], { x: new Float64Array(6) })).toThrow(
      new GraphError(message("interpret")),
    );
    expect(() => toOnnx({ y: add(x, twice) })).toThrow(new GraphError(message("onnx")));
    expect(() => verify([x, twice])).toThrow(new GraphError(message("verify")));
  });
});

describe("an op whose parts do not fit", () => {
  it.each<[string, () => unknown]>([
    [
      "grad: the derivative of wrong(x [2,3]) by its input 0 must be [2,3]; got [2]; reduceTo undoes broadcasting",
      () => grad(sum(wrong({ derivative: (_, dy) => [sum(dy, 1)] })(x)), [x]),
    ],
    [
      "grad: the derivative of wrong(multiply [2,3]) must be a list of 1, one for each input; got 2",
      () => grad(sum(wrong({ derivative: (_, dy) => [dy, dy] })(mul(x, 2))), [x]),
    ],
    [
      "interpret: wrong(x [2,3]) must have 6 values; got 1",
      () => interpret([wrong({ value: () => Float64Array.of(1) })(x)], { x: new Float64Array(6) }),
    ],
    [
      "wrong: every axis of [2,0] must be at least 1; got [2,3]",
      () => wrong({ shape: () => ({ shape: [2, 0] }) })(x),
    ],
    [
      "defineOp: op wrong needs the functions shape, derivative, value, onnx; got none for value, onnx",
      () => wrong({ value: undefined, onnx: undefined }),
    ],
    ['defineOp: expected a name in snake_case; got "My op"', () => wrong({ name: "My op" })],
    ["add: expected a tensor as input 1; got undefined", () => add(x, undefined as unknown as Tensor)],
  ])("is named: %s", (message, build) => {
    expect(build).toThrow(new GraphError(message));
  });
});

describe("verify", () => {
  it("accepts what the ops have made", () => {
    const y = sum(square(tanh(mul(x, 2))));
    expect(() => verify([y, ...grad(y, [x])])).not.toThrow();
  });

  it("names a node that was not made by its op", () => {
    const y = tanh(x);
    const changed = { ...y, shape: [3, 2] };
    expect(() => verify([add(changed, constant([1], []))])).toThrow(
      new GraphError(
        "verify: node tanh(x [2,3]) must be [2,3]; got [3,2]; make nodes with apply, and leave them as they are",
      ),
    );
    expect(() => toOnnx({ y: changed })).toThrow("onnx: node tanh(x [2,3]) must be [2,3]; got [3,2]");
  });

  it("names the nodes whose structure follows the batch size", () => {
    const build = (batch: number) => ({
      y: batch === 2 ? tanh(input("z", [batch])) : square(input("z", [batch])),
    });
    expect(() => toOnnx(build)).toThrow(
      new GraphError(
        "onnx: the graph's structure must not depend on the batch size; " +
          "got tanh(z [2]) for 2 examples and square(z [3]) for 3",
      ),
    );
  });
});
