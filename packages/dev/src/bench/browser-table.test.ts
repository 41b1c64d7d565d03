import { expect, it } from "vitest";
import { type BrowserRow, browserLine, browserTable } from "./browser-table.ts";
import { rivalsOf } from "./rivals.ts";

const row: BrowserRow = {
  workload: "mlp-ns",
  rounds: 1,
  own: { first: 1000, next: 5 },
  others: [
    { name: "tfjs wasm", first: 500, next: 20, difference: 3e-7 },
    { name: "jax-js wasm", failure: "other losses: they differ by 4e-1" },
    { name: "tfjs webgl", failure: undefined },
  ],
};

it("a table says how many times longer each took, and why one has no figure", () => {
  const table = browserTable([row], ["Chromium 1"], [0.5, 1.25]);
  expect(table).toContain("in Chromium 1:");
  expect(table).toContain("load 0.5 before and 1.3 after. Medians of 1 round in ms");
  expect(table).toMatch(/\| `mlp-ns` \| +1000 \| +5\.00 \| 20\.0 \(4\.00\) \| +– \| +– \|/);
  expect(table).toContain("–: `mlp-ns`, jax-js wasm: other losses: they differ by 4e-1.");
  expect(table).not.toContain("webgl:");
});

it("a line says the same", () => {
  expect(browserLine(row).split("\n")).toEqual([
    "mlp-ns             first step after 1000 ms, then 5.00 ms",
    "    tfjs wasm: 500 ms (0.50), then 20.0 ms (4.00); losses differ by 3e-7",
    "    jax-js wasm: other losses: they differ by 4e-1",
    "    tfjs webgl: not tried",
  ]);
});

it("a rival that is none is refused before anything is installed", () => {
  expect(() => rivalsOf("tfjs,brain", [])).toThrow(/^bench: a peer is one of tfjs, jax-js; got brain$/);
});
