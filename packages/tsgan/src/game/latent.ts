/** Latent vectors. */
import type { Latent, LatentPart } from "../models/model.ts";
import type { RandomStream } from "../random/index.ts";

/** Numbers of one distribution: N(0,1), U(−1,1), U(−√3,√3) (unit variance), U(0,1), or a one-hot vector. */
const fillPart = (
  distribution: LatentPart["distribution"],
  random: RandomStream,
  out: Float32Array,
): void => {
  switch (distribution) {
    case "normal":
      random.fillNormal(out);
      return;
    case "uniform":
      random.fillUniform(out, -1, 1);
      return;
    case "unit-uniform":
      random.fillUniform(out, -Math.sqrt(3), Math.sqrt(3));
      return;
    case "uniform-01":
      random.fillUniform(out, 0, 1);
      return;
    case "one-hot":
      out.fill(0);
      out[random.integer(out.length)] = 1;
  }
};

/** Gives the one-hot parts of N latent vectors, the rows of z, the categories that `category` says, counted from 0. */
export const setCategories = (latent: Latent, z: Float32Array, category: (index: number) => number): void => {
  let begin = 0;
  for (const { size, distribution } of latent.parts ?? []) {
    if (distribution === "one-hot") {
      for (let i = 0; i * latent.size < z.length; i++) {
        const at = i * latent.size + begin;
        z.fill(0, at, at + size);
        z[at + (category(i) % size)] = 1;
      }
    }
    begin += size;
  }
};

/** Fills `out` [N, size] with N latent vectors, each of as many numbers as the latent has. */
export const latentFill = (latent: Latent, random: RandomStream, out: Float32Array): void => {
  if (latent.parts === undefined) {
    fillPart(latent.distribution, random, out);
    return;
  }
  let at = 0;
  while (at < out.length) {
    for (const { size, distribution } of latent.parts) {
      fillPart(distribution, random, out.subarray(at, at + size));
      at += size;
    }
  }
};
