import { afterEach, expect, it, vi } from "vitest";
import { createProgram } from "../program.ts";

afterEach(() => vi.restoreAllMocks());

const printed = async (...args: readonly string[]): Promise<string> => {
  let text = "";
  vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    text += chunk;
    return true;
  });
  await createProgram().parseAsync(["bench", ...args], { from: "user" });
  return text;
};

it("says how long an iteration takes, and on what", async () => {
  const text = await printed("--only", "mlp-ns", "--seconds", "0.01", "--threads", "1");
  expect(text).toMatch(/cores; tsgan \d+\.\d+\.\d+, Node\.js \S+; cpu, 1 thread\n/);
  expect(text).toMatch(
    /^mlp-ns +\d+\.\d\d ms an iteration \(least .*\), .* a second; the first after \d+ ms$/m,
  );
});

it("as JSON, with the figures of the first iterations", async () => {
  const found = JSON.parse(
    await printed("--only", "mlp-ns", "--seconds", "0.01", "--together", "2", "--json"),
  );
  expect(found).toMatchObject({
    device: "cpu",
    workloads: [{ workload: "mlp-ns", records: [{ step: 1 }, { step: 2 }] }],
  });
});

it("knows its workloads before it measures", async () => {
  await expect(printed("--only", "mlp-ns,ring")).rejects.toThrow(/^unknown workload "ring" \(known: /);
});
