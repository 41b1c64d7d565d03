import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { costMatrix, fillCosts, fillInnerProducts } from "./pairwise.ts";
import { latticePoints } from "./points.test.helpers.ts";

const sets = fc
  .integer({ min: 1, max: 3 })
  .chain((d) => fc.tuple(latticePoints(d, 11), latticePoints(d, 11)));

describe("costMatrix", () => {
  it("holds the distance of every pair, whatever their number", () => {
    fc.assert(
      fc.property(sets, ([x, y]) => {
        const d = x.columns;
        const squared = costMatrix(x, y, "sqeuclidean");
        const plain = costMatrix(x, y, "euclidean");
        const products = new Float64Array(y.rows);
        for (let i = 0; i < x.rows; i++) {
          fillInnerProducts(x, i, y, products);
          for (let j = 0; j < y.rows; j++) {
            let distance = 0;
            let product = 0;
            for (let k = 0; k < d; k++) {
              distance += (x.data[i * d + k] - y.data[j * d + k]) ** 2;
              product += x.data[i * d + k] * y.data[j * d + k];
            }
            expect(squared.data[i * y.rows + j]).toBe(distance);
            expect(plain.data[i * y.rows + j]).toBe(Math.sqrt(distance));
            expect(products[j]).toBe(product);
          }
        }
      }),
    );
  });
});

describe("fillCosts", () => {
  it("fills the stretch of the row that it is asked for, and nothing else", () => {
    fc.assert(
      fc.property(sets, fc.nat(11), fc.nat(11), ([x, y], one, other) => {
        const [from, to] = [one, other].map((end) => Math.min(end, y.rows)).sort((a, b) => a - b);
        const row = costMatrix(x, y, "euclidean").data;
        const out = new Float64Array(y.rows).fill(-1);
        fillCosts("euclidean", x, 0, y, out, 0, from, to);
        out.forEach((value, j) => {
          expect(value).toBe(j >= from && j < to ? row[j] : -1);
        });
      }),
    );
  });
});
