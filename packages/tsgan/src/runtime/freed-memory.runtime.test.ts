import { expect, it } from "vitest";
import { input, mul } from "../graph/index.ts";
import { compile, State } from "./index.ts";

const SIZE = 1_219_011;
const RUNS = 10;
const PAGE = 4096;

it("takes memory that runs have freed, not new pages, for the copies of a large state", async () => {
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
  const pagesOfState = (names.length * SIZE * Float32Array.BYTES_PER_ELEMENT) / PAGE;
  // With new pages it is each page in each run.
  expect(faults).toBeLessThan((RUNS * pagesOfState) / 4);
});
