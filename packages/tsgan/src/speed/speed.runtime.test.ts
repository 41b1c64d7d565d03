import { describe, expect, it } from "vitest";
import { measureSpeed, timed, workloads, workloadTrainer } from "./index.ts";

describe("timed", () => {
  it("counts neither the first call nor those of the warm-up, and keeps what the first two gave", async () => {
    let calls = 0;
    const { count, results, ms, least } = await timed(async () => ++calls, 0.01);
    expect(results).toEqual([1, 2]);
    expect(count).toBeGreaterThanOrEqual(3);
    expect(calls).toBeGreaterThan(count + 2);
    expect(least).toBeLessThanOrEqual(ms);
  });

  it("makes two calls alone with no time", async () => {
    let calls = 0;
    expect((await timed(async () => ++calls, 0)).count).toBe(1);
    expect(calls).toBe(2);
  });
});

describe("measureSpeed", () => {
  it("trains the same everywhere: figures of the first two iterations agree between devices, alone or together", async () => {
    const seconds = 0.01;
    const native = await measureSpeed("mlp-ns", { device: "cpu", seconds });
    const web = await measureSpeed("mlp-ns", { device: "wasm", threads: 1, seconds, together: 2 });
    expect(native.ms).toBeGreaterThan(0);
    expect(native.records.map(({ step }) => step)).toEqual([1, 2]);
    for (const [i, record] of native.records.entries()) {
      for (const [name, value] of Object.entries(record)) {
        expect(web.records[i][name], name).toBeCloseTo(value, 4);
      }
    }
  });

  it("refuses what is no workload, and no time", async () => {
    await expect(measureSpeed("ring")).rejects.toThrow(/^unknown workload "ring" \(known: mlp-wgan-gp, /);
    await expect(measureSpeed("mlp-ns", { seconds: 0 })).rejects.toThrow(/seconds above 0; got 0$/);
  });
});

it("workloads are the networks that they were: numbers of parameters", () => {
  const counts = Object.entries(workloads).map(([name, workload]) => [
    name,
    ...Object.values(workloadTrainer(workload).parameterCounts),
  ]);
  expect(counts).toMatchInlineSnapshot(`
    [
      [
        "mlp-wgan-gp",
        18946,
        17025,
      ],
      [
        "mlp-ns",
        18946,
        17025,
      ],
      [
        "dcgan28-ns",
        540161,
        138689,
      ],
      [
        "dcgan28-wgan-gp",
        540161,
        138561,
      ],
      [
        "dcgan64-ns",
        1219011,
        694689,
      ],
      [
        "resnet64-r1",
        145699,
        86401,
      ],
    ]
  `);
});
