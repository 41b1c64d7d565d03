import type { Latent } from "tsgan/models";
import { describe, expect, it } from "vitest";
import { arithmetic, between, drawLatents } from "./latent.ts";

const normal: Latent = { size: 64, distribution: "normal" };
const uniform: Latent = { size: 64, distribution: "uniform" };

const vectors = (latent: Latent): Float32Array[] => {
  const z = drawLatents(latent, 3, 1);
  return [0, 1, 2].map((i) => z.slice(i * latent.size, (i + 1) * latent.size));
};
const length = (vector: Float32Array): number => Math.hypot(...vector);
const angle = (a: Float32Array, b: Float32Array): number =>
  Math.acos(a.reduce((sum, value, i) => sum + value * b[i], 0) / (length(a) * length(b)));

const expectClose = (a: Float32Array, b: Float32Array): void => {
  a.forEach((value, i) => {
    expect(value).toBeCloseTo(b[i], 5);
  });
};

describe.each([normal, uniform])("between two $distribution vectors", (latent) => {
  const [a, b] = vectors(latent);

  it("lie both ends, and themselves where they are the same", () => {
    expectClose(between(latent, a, b, 0), a);
    expectClose(between(latent, a, b, 1), b);
    expectClose(between(latent, a, a, 0.3), a);
  });
});

it("normal vectors are joined at a constant angular speed, with lengths in between", () => {
  const [a, b] = vectors(normal);
  for (const t of [0.25, 0.5, 0.75]) {
    const z = between(normal, a, b, t);
    expect(angle(a, z)).toBeCloseTo(t * angle(a, b), 4);
    expect(length(z)).toBeCloseTo((1 - t) * length(a) + t * length(b), 4);
  }
});

it("opposite vectors are joined by the straight line, since no arc between them is shorter than the others", () => {
  const [a] = vectors(normal);
  expect(
    length(
      between(
        normal,
        a,
        a.map((value) => -value),
        0.5,
      ),
    ),
  ).toBeCloseTo(0, 5);
});

describe("A − B + C", () => {
  it("of normal vectors has the length of A", () => {
    const [a, b, c] = vectors(normal);
    expect(length(arithmetic(normal, a, b, c))).toBeCloseTo(length(a), 4);
  });

  it("of uniform vectors stays in their range", () => {
    const [a, b, c] = vectors(uniform);
    const sum = arithmetic(uniform, a, b, c);
    expect(Math.max(...sum.map(Math.abs))).toBe(1);
    expect(sum.some((value, i) => Math.abs(value - (a[i] - b[i] + c[i])) < 1e-6)).toBe(true);
  });

  it("is A where B and C are the same", () => {
    const [a, b] = vectors(normal);
    expectClose(arithmetic(normal, a, b, b), a);
  });
});
