import { describe, expect, it } from "vitest";
import { UsageError } from "../errors.ts";
import { type Dataset, grid, line, type MixtureDataset, mixture, moons, ring, spiral } from "./index.ts";

const points = async (dataset: Dataset, count: number) => {
  const { examples, labels } = await dataset.draw(11, 0, count);
  return Array.from({ length: count }, (_, i) => ({
    x: examples[2 * i],
    y: examples[2 * i + 1],
    label: labels?.[i] ?? -1,
  }));
};

describe("ring", () => {
  it("has its centres on a circle of radius 2, the first on the x axis", () => {
    const { centres, deviation } = ring();
    expect(centres).toHaveLength(8);
    expect(deviation).toBe(0.02);
    centres.forEach(([x, y], k) => {
      expect(x).toBeCloseTo(2 * Math.cos((k * Math.PI) / 4), 12);
      expect(y).toBeCloseTo(2 * Math.sin((k * Math.PI) / 4), 12);
    });
  });

  it("takes other numbers of modes, radii and deviations", () => {
    const { centres, deviation } = ring({ modes: 3, radius: 1, deviation: 0.01 });
    expect(centres.map(([x, y]) => Math.hypot(x, y).toFixed(6))).toEqual([
      "1.000000",
      "1.000000",
      "1.000000",
    ]);
    expect(deviation).toBe(0.01);
  });
});

describe("grid", () => {
  it("has 25 centres at {−4 … 4}², x slowest", () => {
    const { centres, deviation } = grid();
    expect(deviation).toBe(0.05);
    expect(centres).toHaveLength(25);
    expect(centres.slice(0, 6)).toEqual([
      [-4, -4],
      [-4, -2],
      [-4, 0],
      [-4, 2],
      [-4, 4],
      [-2, -4],
    ]);
  });
});

describe.each<[string, MixtureDataset]>([
  ["ring", ring()],
  ["grid", grid()],
])("%s", (_, dataset) => {
  const count = 20_000;

  it("draws every mode equally often, within five standard errors", async () => {
    const counts = new Array<number>(dataset.centres.length).fill(0);
    for (const { label } of await points(dataset, count)) counts[label]++;
    const p = 1 / counts.length;
    for (const got of counts) {
      expect(Math.abs(got - count * p)).toBeLessThan(5 * Math.sqrt(count * p * (1 - p)));
    }
  });

  it("spreads around the centre of the label with its deviation, in both directions", async () => {
    let [sumX, sumY, squaresX, squaresY] = [0, 0, 0, 0];
    for (const { x, y, label } of await points(dataset, count)) {
      const [dx, dy] = [x - dataset.centres[label][0], y - dataset.centres[label][1]];
      sumX += dx;
      sumY += dy;
      squaresX += dx * dx;
      squaresY += dy * dy;
    }
    const slack = (5 * dataset.deviation) / Math.sqrt(count);
    expect(Math.abs(sumX / count)).toBeLessThan(slack);
    expect(Math.abs(sumY / count)).toBeLessThan(slack);
    expect(Math.abs(Math.sqrt(squaresX / count) - dataset.deviation)).toBeLessThan(slack);
    expect(Math.abs(Math.sqrt(squaresY / count) - dataset.deviation)).toBeLessThan(slack);
  });
});

describe("shapes", () => {
  it("line lies on the diagonal and covers it evenly", async () => {
    const drawn = await points(line(), 10_000);
    expect(drawn.every(({ x, y }) => x === y && Math.abs(x) <= 1)).toBe(true);
    const mean = drawn.reduce((sum, { x }) => sum + x, 0) / drawn.length;
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(3 * drawn.length));
  });

  it("moons lie near their half circle", async () => {
    for (const { x, y, label } of await points(moons({ deviation: 0.01 }), 2_000)) {
      const radius = label === 0 ? Math.hypot(x, y) : Math.hypot(x - 1, y - 0.5);
      expect(Math.abs(radius - 1)).toBeLessThan(0.06);
      expect(label === 0 ? y > -0.06 : y < 0.56).toBe(true);
    }
  });

  it("spiral's angle grows with the radius", async () => {
    for (const { x, y } of await points(spiral({ turns: 2, radius: 2, deviation: 1e-6 }), 2_000)) {
      const angle = 2 * Math.PI * 2 * (Math.hypot(x, y) / 2);
      expect(Math.cos(Math.atan2(y, x) - angle)).toBeGreaterThan(0.99);
    }
  });
});

describe("mixture", () => {
  it("takes centres of any dimension", async () => {
    const dataset = mixture(
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      0,
    );
    expect(dataset.shape).toEqual([3]);
    const { examples, labels } = await dataset.draw(1, 0, 10);
    labels?.forEach((label, i) => {
      expect([...examples.subarray(3 * i, 3 * i + 3)]).toEqual(dataset.centres[label]);
    });
  });

  it.each([
    [() => mixture([], 1), "centres must be one or more points of the same dimension; got dimensions []"],
    [() => mixture([[1], [1, 2]], 1), "got dimensions [1,2]"],
    [() => mixture([[1]], -1), "data set mixture: deviation must be a number of at least 0; got -1"],
    [
      () => ring({ modes: 2.5 }),
      "data set ring: modes must be an integer of at least 1 and at most 10000; got 2.5",
    ],
    [() => ring({ radius: 0 }), "data set ring: radius must be a finite number above 0; got 0"],
    [() => grid({ side: 0 }), "data set grid: side must be an integer of at least 1 and at most 100; got 0"],
    [() => spiral({ turns: Number.NaN }), "data set spiral: turns must be a finite number above 0; got NaN"],
    [() => moons({ deviation: -1 }), "data set moons: deviation must be a finite number above 0; got -1"],
  ])("refuses options out of range: %#", (make, message) => {
    expect(make).toThrow(UsageError);
    expect(make).toThrow(message);
  });
});
