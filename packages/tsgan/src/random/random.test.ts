import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { longStream, randomStream } from "./index.ts";
import { normals, uniforms } from "./numbers.node.ts";
import { normals as plainNormals, uniforms as plainUniforms } from "./numbers.ts";
import { philox4x32 as vectorPhilox } from "./philox.node.ts";
import { philox4x32 } from "./philox.ts";
import { wedges } from "./wedges.node.ts";
import { Words } from "./words.ts";
import { xoshiro128 } from "./xoshiro.ts";
import { edges, STRIPS, sure } from "./ziggurat.ts";

describe("philox4x32-10", () => {
  // Known answers published with the Random123 library (kat_vectors), for counters whose second word is zero.
  it("gives the published words for zero counter and key", () => {
    const out = new Uint32Array(4);
    philox4x32(0, 0, 0, 0, 0, out);
    expect([...out]).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
  });

  it("agrees with exact 64-bit arithmetic for any counter and key", () => {
    const word = fc.integer({ min: 0, max: 0xffffffff });
    fc.assert(
      fc.property(word, word, word, word, word, (first, c2, c3, k0, k1) => {
        const out = new Uint32Array(4);
        philox4x32(first, c2, c3, k0, k1, out);
        expect([...out]).toEqual(reference([first, 0, c2, c3], [k0, k1]));
      }),
    );
  });

  it("counts on from block to block", () => {
    const out = new Uint32Array(8);
    philox4x32(41, 7, 0, 1, 2, out);
    const second = new Uint32Array(4);
    philox4x32(42, 7, 0, 1, 2, second);
    expect(out.subarray(4)).toEqual(second);
  });
});

describe("Philox in vector instructions", () => {
  const word = fc.integer({ min: 0, max: 0xffffffff });

  it("gives the same words for any counter and key, in any number of blocks", () => {
    fc.assert(
      fc.property(
        ...([word, word, word, word, word, fc.integer({ min: 1, max: 300 })] as const),
        (first, c2, c3, k0, k1, blocks) => {
          const [one, other] = [new Uint32Array(4 * blocks), new Uint32Array(4 * blocks)];
          philox4x32(first, c2, c3, k0, k1, one);
          vectorPhilox(first, c2, c3, k0, k1, other);
          expect(other).toEqual(one);
        },
      ),
    );
  });

  it("goes on where more words are asked for than its memory holds", () => {
    const [one, other] = [new Uint32Array(40_004), new Uint32Array(40_004)];
    philox4x32(0xfffffff0, 1, 2, 3, 4, one);
    vectorPhilox(0xfffffff0, 1, 2, 3, 4, other);
    expect(other).toEqual(one);
  });
});

describe("numbers in vector instructions", () => {
  const streams = (seed: number): readonly [Words, Words] => {
    const stream = (): Words => {
      let counter = 0;
      return new Words((words) => {
        philox4x32(counter, 0, 0, seed, 7, words);
        counter += words.length / 4;
      });
    };
    return [stream(), stream()];
  };
  const draws = fc.array(
    fc.record({
      kind: fc.constantFrom("normal", "uniform"),
      count: fc.integer({ min: 0, max: 3000 }),
      spread: fc.constantFrom<readonly [number, number]>([0, 1], [0, 1], [-1, 1], [0.5, 2]),
      isDouble: fc.boolean(),
    }),
    { maxLength: 8 },
  );

  it("are the same, and so is what is left of their streams, whatever is drawn in turn", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), draws, (seed, list) => {
        const [one, other] = streams(seed);
        for (const { kind, count, spread, isDouble } of list) {
          const make = () => (isDouble ? new Float64Array(count) : new Float32Array(count));
          const [expected, found] = [make(), make()];
          const isNormal = kind === "normal";
          (isNormal ? plainNormals : plainUniforms)(one, expected, ...spread);
          (isNormal ? normals : uniforms)(other, found, ...spread);
          expect(found).toEqual(expected);
          expect(other.take()).toBe(one.take());
        }
      }),
    );
  });

  it("are the same in the tail, and where more words are needed than a block has", () => {
    for (let seed = 0; seed < 10; seed++) {
      const [one, other] = streams(seed);
      const [expected, found] = [new Float32Array(20_000), new Float32Array(20_000)];
      plainNormals(one, expected, 0, 1);
      normals(other, found, 0, 1);
      expect(found).toEqual(expected);
      expect(other.take()).toBe(one.take());
    }
  });

  it("count beside the sure part of a strip only where the curve says so, with room for rounding", () => {
    const { slopes, starts, above, below } = wedges();
    const f = (x: number): number => Math.exp(-0.5 * x * x);
    for (let strip = 1; strip < STRIPS; strip++) {
      const [low, high] = [f(edges[strip]), f(edges[strip + 1])];
      for (let i = 0; i <= 1000; i++) {
        const u = sure[strip] + (i / 1000) * (1 - sure[strip]);
        // What v must be above for the number to count.
        const least = 1 - (f(u * edges[strip]) - low) / (high - low);
        const lead = least - (slopes[strip] * u + starts[strip]);
        expect(lead).toBeLessThan(above[strip] - 0.005);
        expect(lead).toBeGreaterThan(below[strip] + 0.005);
      }
    }
    expect([above[0], below[0]]).toEqual([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  });

  it("are the same where streams take turns, and where a block passes between draws", () => {
    const [first, second] = [streams(1), streams(2)];
    const draw = (
      [one, other]: readonly [Words, Words],
      fill: typeof normals,
      plain: typeof normals,
    ): void => {
      const [expected, found] = [new Float32Array(100), new Float32Array(100)];
      plain(one, expected, 0, 1);
      fill(other, found, 0, 1);
      expect(found).toEqual(expected);
    };
    const skip = (count: number): void => {
      for (let i = 0; i < count; i++) for (const words of [...first, ...second]) words.take();
    };
    // By then blocks are as long as they get, and the array of one is that of the next.
    skip(4096);
    for (let i = 0; i < 12; i++) {
      for (const both of [first, second]) {
        draw(both, normals, plainNormals);
        draw(both, uniforms, plainUniforms);
      }
      skip(i % 2 === 0 ? 1024 : 7);
    }
  });
});

/** The algorithm as the paper writes it, in BigInt; checked against the published words for all-one input. */
const reference = (counter: readonly number[], key: readonly number[]): number[] => {
  let [c0, c1, c2, c3] = counter.map(BigInt);
  let [k0, k1] = key.map(BigInt);
  const word = 0xffffffffn;
  for (let round = 0; round < 10; round++) {
    const p0 = 0xd2511f53n * c0;
    const p1 = 0xcd9e8d57n * c2;
    [c0, c1, c2, c3] = [(p1 >> 32n) ^ c1 ^ k0, p1 & word, (p0 >> 32n) ^ c3 ^ k1, p0 & word];
    k0 = (k0 + 0x9e3779b9n) & word;
    k1 = (k1 + 0xbb67ae85n) & word;
  }
  return [c0, c1, c2, c3].map(Number);
};

it("the reference implementation gives the published words for all-one counter and key", () => {
  const ones = [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff];
  expect(reference(ones, ones)).toEqual([0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]);
});

describe("xoshiro128++", () => {
  it("gives the words of the authors' code, from state 1, 2, 3, 4", () => {
    const out = new Uint32Array(10);
    xoshiro128(Uint32Array.of(1, 2, 3, 4), out);
    // rand_xoshiro's test vector, made with https://prng.di.unimi.it/xoshiro128plusplus.c
    const expected = [641, 1573767, 3222811527, 3517856514, 836907274, 4247214768, 3867114732, 1355841295];
    expect([...out]).toEqual([...expected, 495546011, 621204420]);
  });

  it("is the same in one piece or several", () => {
    const [whole, part] = [new Uint32Array(8), new Uint32Array(4)];
    xoshiro128(Uint32Array.of(9, 8, 7, 6), whole);
    const state = Uint32Array.of(9, 8, 7, 6);
    xoshiro128(state, part);
    xoshiro128(state, part);
    expect(part).toEqual(whole.subarray(4));
  });

  it("is another stream for each seed, purpose and step, of normal numbers", () => {
    const take = (seed: number, purpose: string, step: number) => {
      const out = new Float64Array(100_000);
      longStream(seed, purpose, step).fillNormal(out);
      return out;
    };
    const one = take(1, "a", 0);
    expect(take(1, "a", 0)).toEqual(one);
    for (const other of [take(2, "a", 0), take(1, "b", 0), take(1, "a", 1)]) {
      const products = one.reduce((sum, x, i) => sum + x * other[i], 0);
      expect(Math.abs(products / one.length)).toBeLessThan(4 / Math.sqrt(one.length));
    }
    const square = one.reduce((sum, x) => sum + x * x, 0) / one.length;
    expect(Math.abs(square - 1)).toBeLessThan(4 * Math.sqrt(2 / one.length));
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

  it("gives the same numbers one by one and many at a time", () => {
    const [one, many] = [randomStream(3, "pieces", 5), randomStream(3, "pieces", 5)];
    for (const count of [1, 7, 100, 5000, 3]) {
      const [single, filled] = [new Float32Array(count), new Float32Array(count)];
      for (let i = 0; i < count; i++) single[i] = -1 + 3 * one.uniform();
      many.fillUniform(filled, -1, 2);
      expect(filled).toEqual(single);
      for (let i = 0; i < count; i++) single[i] = one.normal();
      many.fillNormal(filled);
      expect(filled).toEqual(single);
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

  it("has the tails and the kurtosis of the normal distribution", () => {
    const n = 2_000_000;
    const normal = new Float64Array(n);
    randomStream(11, "tails").fillNormal(normal);
    const share = (limit: number) =>
      normal.reduce((count, v) => count + (Math.abs(v) > limit ? 1 : 0), 0) / n;
    // Two-sided tail probabilities; four standard errors.
    for (const [limit, p] of [
      [0.5, 0.6170751],
      [1, 0.3173105],
      [2, 0.0455003],
      [3, 0.0026998],
      [3.6, 0.0003182],
      [4.2, 0.0000267],
    ]) {
      expect(Math.abs(share(limit) - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / n));
    }
    expect(normal.reduce((sum, v) => sum + v ** 4, 0) / n).toBeCloseTo(3, 1);
    expect(normal.reduce((sum, v) => sum + v, 0) / n).toBeCloseTo(0, 2);
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
