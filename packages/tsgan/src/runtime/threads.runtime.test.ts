import { expect, it } from "vitest";
import { add, dense, input, matmul, mul, sum, type Tensor } from "../graph/index.ts";
import { randomStream } from "../random/index.ts";
import { compile } from "./index.ts";

const values = (name: string, size: number): Float32Array => {
  const list = new Float32Array(size);
  randomStream(5, name).fillUniform(list, -1, 1);
  return list;
};

/** Products whose inner axis is long. ONNX Runtime divides them by their columns, and sums each part in an order of its own. */
const products: Readonly<Record<string, Tensor>> = {
  "a layer of 128": dense(input("x", [64, 784]), input("w", [128, 784]), input("b", [128])),
  "a layer of 256 for few examples": dense(input("x", [5, 784]), input("w", [256, 784]), input("b", [256])),
  "a layer of 512": dense(input("x", [64, 784]), input("w", [512, 784])),
  "a single score": dense(input("x", [64, 6272]), input("w", [1, 6272]), input("b", [1])),
  "a product with a side that is added": matmul(input("x", [30, 500]), input("w", [500, 100]), {
    bias: input("b", [30, 1]),
  }),
  "a product that a matrix is added to": matmul(input("x", [300, 120]), input("w", [120, 1200]), {
    bias: input("b", [300, 1200]),
  }),
  "a product of turned matrices": matmul(input("x", [500, 30]), input("w", [100, 500]), {
    transposeA: true,
    transposeB: true,
  }),
};

/** Sums that become products with a bias, or stay sums, whichever is the same on any number of threads. */
it.each([
  [120, 1200],
  [500, 100],
])(
  "a sum of products of inner length %i and %i columns is the same on any number of threads",
  async (inner, columns) => {
    const [x, w, b] = [input("x", [30, inner]), input("w", [inner, columns]), input("b", [30, columns])];
    const feeds = {
      x: values("x", 30 * inner),
      w: values("w", inner * columns),
      b: values("b", 30 * columns),
    };
    const on = async (threads: number): Promise<unknown> => {
      const program = await compile({ y: add(matmul(x, w), b) }, { device: "cpu", threads });
      const results = await program.run(feeds);
      await program.dispose();
      return results;
    };
    const one = await on(1);
    for (const threads of [2, 3, 8]) expect(await on(threads)).toEqual(one);
  },
);

it.each(Object.keys(products))("%s is the same to the last bit on any number of threads", async (name) => {
  const product = products[name];
  const feeds = Object.fromEntries(
    product.inputs.map(({ shape, attributes }) => {
      const { name: key } = attributes as { name: string };
      return [
        key,
        values(
          key,
          shape.reduce((size, side) => size * side, 1),
        ),
      ];
    }),
  );
  const on = async (threads: number): Promise<unknown> => {
    const program = await compile(
      { product, squares: sum(mul(product, product)) },
      { device: "cpu", threads },
    );
    const results = await program.run(feeds);
    await program.dispose();
    return results;
  };
  const one = await on(1);
  for (const threads of [2, 3, 4, 8]) expect(await on(threads)).toEqual(one);
});
