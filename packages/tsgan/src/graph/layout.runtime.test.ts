import { describe, expect, it } from "vitest";
import { compile } from "../runtime/index.ts";
import { randomPoint } from "../testing/check-gradient.ts";
import {
  add,
  avgPool2d,
  batchLast,
  type Conv2dOptions,
  concat,
  conv2d,
  convTranspose2d,
  dense,
  exampleNorm,
  flatten,
  grad,
  input,
  interpret,
  leakyRelu,
  mean,
  mul,
  print,
  relu,
  reshape,
  simplify,
  square,
  sub,
  sum,
  type Tensor,
  tanh,
  upsampleNearest,
} from "./index.ts";

/** The largest difference of the program on the CPU from the reference, relative to the largest value of each output. */
const difference = async (outputs: Record<string, Tensor>, inputs: readonly Tensor[]): Promise<number> => {
  const feeds = Object.fromEntries(
    inputs.map((t, i) => [
      String(t.attributes.name),
      Float32Array.from(randomPoint(t.shape, i + 1, -1, 1).values),
    ]),
  );
  const names = Object.keys(outputs);
  const expected = interpret(Object.values(outputs), feeds);
  const program = await compile(outputs, { device: "cpu", threads: 1 });
  const got = await program.run(
    Object.fromEntries(Object.keys(program.inputs).map((name) => [name, feeds[name]])),
  );
  await program.dispose();
  let worst = 0;
  names.forEach((name, i) => {
    const scale = expected[i].reduce((most, v) => Math.max(most, Math.abs(v)), 1e-3);
    expected[i].forEach((value, j) => {
      worst = Math.max(worst, Math.abs(got[name][j] - value) / scale);
    });
  });
  return worst;
};

/** Value, gradients and gradients of the squared gradients. */
const allOrders = (y: Tensor, inputs: readonly Tensor[]): Record<string, Tensor> => {
  const first = grad(sum(square(y)), inputs);
  const second = grad(first.map((g) => sum(square(g))).reduce(add), inputs);
  return Object.fromEntries([y, ...first, ...second].map((t, i) => [`output${i}`, t]));
};

type Geometry = readonly [
  batch: number,
  channels: number,
  filters: number,
  size: number,
  kernel: number,
  options: Conv2dOptions,
];

const geometries: readonly Geometry[] = [
  [8, 3, 8, 8, 3, { stride: 1, padding: 1 }],
  [8, 1, 8, 8, 3, { stride: 1, padding: 0 }],
  // With fewer multiplications: whole tiles, and images that end within one.
  [8, 16, 20, 8, 3, { stride: 1, padding: 1 }],
  [8, 17, 16, 6, 3, { stride: 1, padding: 1 }],
  [16, 3, 8, 16, 4, { stride: 2, padding: 1 }],
  [16, 1, 8, 14, 4, { stride: 2, padding: 1 }],
  // Few filters: columns of the output's gradient.
  [8, 12, 3, 6, 3, { stride: 1, padding: 1 }],
  [8, 30, 3, 6, 3, { stride: 1, padding: 0 }],
  // Few filters of many channels: every tap's product, with paddings that are less and more than a tap beside the middle.
  [8, 16, 3, 7, 3, { stride: 1, padding: 1 }],
  [8, 20, 4, 12, 3, { stride: 1, padding: [0, 3] }],
  [8, 16, 1, 9, 5, { stride: 1, padding: 2 }],
  // Few pixels: gathered columns in place of phases.
  [8, 8, 6, 8, 4, { stride: 2, padding: 1 }],
  [8, 8, 4, 14, 5, { stride: 2, padding: 2 }],
  [8, 1, 4, 13, 5, { stride: 2, padding: 2 }],
  // Strides that leave rows and columns over.
  [8, 3, 4, 9, 4, { stride: 2, padding: 1 }],
  [8, 2, 4, 10, 3, { stride: 2, padding: 0 }],
  [8, 2, 3, 11, 3, { stride: 3, padding: 1 }],
  [8, 4, 4, 8, 3, { stride: 1, padding: 2, dilation: 2 }],
  [8, 4, 4, 8, 3, { stride: 1, padding: 1, groups: 2 }],
  [8, 4, 4, 8, 3, { stride: [1, 2], padding: [1, 0] }],
  [8, 4, 8, 4, 4, { stride: 1, padding: 0 }],
  [8, 4, 8, 6, 1, { stride: 1, padding: 0 }],
  [1, 3, 4, 8, 3, { stride: 1, padding: 1 }],
  [7, 3, 4, 8, 4, { stride: 2, padding: 1 }],
];

const described = geometries.map((geometry) => {
  const [batch, channels, filters, size, kernel, options] = geometry;
  const name = `${batch}x${channels}x${size}x${size}, ${filters} filters ${kernel}x${kernel} ${JSON.stringify(options)}`;
  return { name, geometry };
});

describe("batch-last layout on the CPU", () => {
  it.each(described)("gives conv2d and its derivatives the plain values: $name", async ({ geometry }) => {
    const [batch, channels, filters, size, kernel, options] = geometry;
    const x = input("x", [batch, channels, size, size]);
    const w = input("w", [filters, channels / (options.groups ?? 1), kernel, kernel]);
    const bias = input("bias", [filters]);
    const y = tanh(mul(conv2d(x, w, { ...options, bias }), 0.2));
    expect(await difference(allOrders(y, [x, w, bias]), [x, w, bias])).toBeLessThan(2e-5);
  });

  it.each(described)(
    "gives convTranspose2d and its derivatives the plain values: $name",
    async ({ geometry }) => {
      const [batch, channels, filters, size, kernel, options] = geometry;
      const small = Math.ceil(size / 2);
      const x = input("x", [batch, channels, small, small]);
      const w = input("w", [channels, filters / (options.groups ?? 1), kernel, kernel]);
      const y = tanh(mul(convTranspose2d(x, w, options), 0.2));
      expect(await difference(allOrders(y, [x, w]), [x, w])).toBeLessThan(2e-5);
    },
  );

  it("keeps a generator, a critic with gradient penalty and all that is between them", async () => {
    const [z, real] = [input("z", [8, 6]), input("real", [8, 3, 8, 8])];
    const parameters = [
      input("dense", [32, 6]),
      input("up1", [8, 4, 4, 4]),
      input("up2", [3, 4, 3, 3]),
      input("down1", [6, 3, 5, 5]),
      input("down2", [8, 6, 4, 4]),
      input("gamma", [8]),
      input("out", [1, 32]),
    ];
    const [dense1, up1, up2, down1, down2, gamma, out] = parameters;
    const hidden = relu(
      convTranspose2d(reshape(dense(z, dense1), [8, 8, 2, 2]), up1, { stride: 2, padding: 1 }),
    );
    const fake = tanh(conv2d(upsampleNearest(hidden, 2), up2, { padding: 1 }));
    const critic = (x: Tensor): Tensor => {
      const first = leakyRelu(conv2d(x, down1, { stride: 2, padding: 2 }), 0.2);
      const second = conv2d(first, down2, { stride: 2, padding: 1 });
      const scaled = mul(sub(second, mean(second, [2, 3], true)), reshape(gamma, [1, 8, 1, 1]));
      return dense(flatten(concat([relu(scaled), relu(mul(scaled, -1))], 0)), out);
    };
    const between = mul(add(real, fake), 0.5);
    const [slope] = grad(sum(critic(between)), [between]);
    const penalty = mean(square(sub(exampleNorm(slope, 1e-12), 1)));
    const loss = add(sub(mean(critic(fake)), mean(critic(real))), penalty);
    const outputs = Object.fromEntries(
      [loss, fake, avgPool2d(fake, 2), ...grad(loss, parameters)].map((t, i) => [`output${i}`, t]),
    );
    const lowered = print(batchLast(simplify(Object.values(outputs))));
    expect(lowered).toContain("= conv_batch_last ");
    expect(lowered).not.toMatch(/= (conv2d|conv_input|conv_filter) /);
    expect(await difference(outputs, [z, real, ...parameters])).toBeLessThan(2e-5);
  });
});
