import { describe, expect, it } from "vitest";
import { randomStream } from "./index.ts";
import { philox4x32 } from "./philox.ts";

describe("philox4x32-10", () => {
  // Known answers published with the Random123 library (kat_vectors).
  it.each([
    { counter: [0, 0, 0, 0], key: [0, 0], words: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8] },
    {
      counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      key: [0xffffffff, 0xffffffff],
      words: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    },
    {
      counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      key: [0xa4093822, 0x299f31d0],
      words: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    },
  ])("gives the published words for counter $counter", ({ counter, key, words }) => {
    const out = new Uint32Array(4);
    philox4x32(counter[0], counter[1], counter[2], counter[3], key[0], key[1], out, 0);
    expect([...out]).toEqual(words);
  });
});

describe("randomStream", () => {
  const take = (seed: number, purpose: string, step: number) => {
    const out = new Float64Array(1000);
    randomStream(seed, purpose, step).fillNormal(out);
    return out;
  };

  it("is a pure function of seed, purpose and step", () => {
    expect(take(1, "latent", 7)).toEqual(take(1, "latent", 7));
    for (const other of [
      take(2, "latent", 7),
      take(1, "shuffle", 7),
      take(1, "latent", 8),
      take(1 + 2 ** 33, "latent", 7),
    ]) {
      expect(other).not.toEqual(take(1, "latent", 7));
    }
  });

  it("has the moments of its distributions", () => {
    const stream = randomStream(3, "moments");
    const normal = new Float64Array(200_000);
    stream.fillNormal(normal, 2, 3);
    const mean = normal.reduce((a, b) => a + b) / normal.length;
    const deviation = Math.sqrt(normal.reduce((a, b) => a + (b - mean) ** 2, 0) / normal.length);
    expect(mean).toBeCloseTo(2, 1);
    expect(deviation).toBeCloseTo(3, 1);
    const uniform = new Float32Array(200_000);
    stream.fillUniform(uniform, -1, 1);
    expect(Math.min(...uniform.subarray(0, 50_000))).toBeGreaterThanOrEqual(-1);
    expect(Math.max(...uniform.subarray(0, 50_000))).toBeLessThan(1);
    expect(uniform.reduce((a, b) => a + b * b, 0) / uniform.length).toBeCloseTo(1 / 3, 2);
  });

  it("permutes without loss", () => {
    const order = randomStream(5, "shuffle", 1).permutation(1000);
    expect(new Set(order).size).toBe(1000);
    expect([...order.subarray(0, 10)]).not.toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("refuses a seed that is no integer", () => {
    expect(() => randomStream(1.5, "x")).toThrow("the seed must be an integer from 0 to 2⁵³ − 1; got 1.5");
  });
});
