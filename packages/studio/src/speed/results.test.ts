import { describe, expect, it } from "vitest";
import { browserName, read, type State, workloadNames, write } from "./results.ts";

const result = {
  figures: { single: { "mlp-ns": 5.9, "dcgan28-ns": 417.6 }, webgpu: { "mlp-ns": 3 } },
  date: "2026-11-29",
  version: "0.2.0",
  browser: "Chrome 156",
  cores: 2,
  gpu: "nvidia ampere",
} as const;

describe("the address of a measurement", () => {
  it.each<State>([
    { workloads: workloadNames, places: undefined, result: undefined },
    { workloads: ["mlp-ns"], places: ["single", "webgpu"], result },
    { workloads: workloadNames, places: undefined, result: { ...result, gpu: undefined } },
  ])("reads back what it says", (state) => {
    const { state: back, notices } = read(new URLSearchParams(write(state).toString()));
    expect(back).toEqual(state);
    expect(notices).toEqual([]);
  });

  it("leaves out what is no figure, and says so", () => {
    const query = new URLSearchParams("single=mlp-ns:fast&threads=mlp-ns:4&webgpu=ring:3&only=mlp-ns,x");
    const { state, notices } = read(query);
    expect(state.result?.figures).toEqual({ threads: { "mlp-ns": 4 } });
    expect(state.workloads).toEqual(["mlp-ns"]);
    expect(notices.map((notice) => notice.split(":")[0])).toEqual(["only", "single", "webgpu"]);
  });

  it("shows no more than a line of a text that somebody wrote", () => {
    const { state } = read(new URLSearchParams(`single=mlp-ns:4&browser=${"x".repeat(500)}&cores=-1`));
    expect(state.result).toMatchObject({ browser: "x".repeat(80), cores: 0 });
  });
});

it("browsers are told apart, though most of them claim to be others", () => {
  const chrome =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
  expect(browserName(chrome)).toBe("Chrome 156");
  expect(browserName(`${chrome} Edg/156.0.0.0`)).toBe("Edge 156");
  expect(
    browserName("Mozilla/5.0 (Macintosh) AppleWebKit/605 (KHTML, like Gecko) Version/19.1 Safari/605"),
  ).toBe("Safari 19");
});
