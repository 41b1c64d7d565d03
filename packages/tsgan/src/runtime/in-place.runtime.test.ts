import { expect, it } from "vitest";
import { input, mul } from "../graph/index.ts";
import { compile, State } from "./index.ts";

const SIZE = 1_219_011;
const RUNS = 10;
const PAGE = 4096;

it("writes a large state into the memory that it has, and takes no new pages for copies of it", async () => {
  const names = ["parameters", "mean", "squares"];
  const program = await compile(
    Object.fromEntries(names.map((name) => [name, mul(input(name, [SIZE]), 0.5)])),
    {
      state: names,
      threads: 1,
    },
  );
  const state = new State();
  for (const name of names) state.set(name, new Float32Array(SIZE).fill(1));
  for (let i = 0; i < RUNS; i++) await program.run({}, state);
  const before = process.resourceUsage().minorPageFault;
  for (let i = 0; i < RUNS; i++) await program.run({}, state);
  const faults = process.resourceUsage().minorPageFault - before;
  state.dispose();
  await program.dispose();
  // A copy would be new pages in each run.
  const pagesOfState = (names.length * SIZE * Float32Array.BYTES_PER_ELEMENT) / PAGE;
  expect(faults).toBeLessThan((RUNS * pagesOfState) / 50);
});
