/** What is too large is refused in words, before memory is asked for. */
import { expect, it } from "vitest";
import { type ConfigInput, resolveConfig } from "../config/index.ts";
import { imagesFromIdx, ring } from "../data/index.ts";
import { UsageError } from "../errors.ts";
import { trainerOf } from "./index.ts";

const trainerWith = (config: ConfigInput) =>
  trainerOf({ config: resolveConfig({ data: "ring" }, config), dataset: ring(), threads: 1 });

it.each<[string, ConfigInput, RegExp]>([
  [
    "a layer",
    { model: { name: "mlp", hidden: [1e9] } },
    /^game: the state \(its largest part is \w+, 19000000002 numbers\) must take at most 2 GiB; got \d+ GiB; take narrower layers \(base, hidden\)$/,
  ],
  ["all layers together", { model: { name: "mlp", hidden: [20_000, 20_000] } }, /must take at most 2 GiB/],
  ["the latent vector", { model: { name: "mlp", latent: 1e12 } }, /must take at most 2 GiB/],
  ["a technique's state", { techniques: [{ name: "image-pool", size: 1e12 }] }, /must take at most 2 GiB/],
  [
    "the number of layers",
    { model: { name: "mlp", hidden: new Array<number>(3000).fill(8) } },
    /hidden must be a list of 0 to 100 numbers/,
  ],
  [
    "the steps looked ahead",
    { techniques: [{ name: "unrolled", steps: 1e5 }] },
    /and at most 100; got 100000/,
  ],
])("%s", (_, config, message) => {
  expect(() => trainerWith(config)).toThrow(UsageError);
  expect(() => trainerWith(config)).toThrow(message);
});

it("a batch", async () => {
  const trainer = trainerWith({ model: { name: "mlp", hidden: [1000] }, batch: 1_000_000 });
  await expect(trainer.prepare()).rejects.toThrow(
    "compile: a tensor of [1000000,1000] must take at most 2 GiB; got 3.73 GiB; take a smaller batch, smaller examples or narrower layers",
  );
});

it("a sample", async () => {
  const trainer = trainerWith({ model: { name: "mlp", hidden: [8] } });
  await expect(trainer.sample(1e12)).rejects.toThrow(
    /^sample: 1000000000000 examples must take at most 2 GiB; got \d+ GiB; take fewer at a time$/,
  );
});

it("images that are made larger", () => {
  const count = 60_000;
  const images = { shape: [count, 1, 1], data: new Uint8Array(count) };
  const labels = { shape: [count], data: new Uint8Array(count) };
  expect(() => imagesFromIdx({ name: "dots", images, labels, classes: ["0"], size: 512 })).toThrow(
    "data set dots: 60000 images of 512 × 512 must take at most 2 GiB; got 14.6 GiB; take smaller images",
  );
});
