import { describe, expect, it } from "vitest";
import { chooseDevice, type Environment, unavailable } from "./environment.ts";

const full: Environment = {
  wasmProblem: undefined,
  isolated: true,
  cores: 8,
  gpu: "some GPU",
  gpuIsSoftware: false,
};

describe("chooseDevice", () => {
  it.each([
    ["a GPU", full, "webgpu", 1],
    ["an emulated GPU", { ...full, gpuIsSoftware: true }, "threads", 4],
    ["no GPU", { ...full, gpu: undefined }, "threads", 4],
    ["three cores", { ...full, gpu: undefined, cores: 3 }, "threads", 3],
    ["no isolation", { ...full, gpu: undefined, isolated: false }, "single", 1],
    ["one core", { ...full, gpu: undefined, cores: 1 }, "single", 1],
  ] as const)("takes the fastest that there is: %s", (_, environment, choice, threads) => {
    expect(chooseDevice("auto", environment)).toMatchObject({ choice, threads });
  });

  it("leaves threads out below the number of cores that they are worth it from", () => {
    const environment = { ...full, gpu: undefined, cores: 2 };
    expect(chooseDevice("auto", environment, { threadsFrom: 4 }).choice).toBe("single");
    expect(chooseDevice("threads", environment, { threadsFrom: 4 }).choice).toBe("threads");
  });

  it("takes a GPU only when asked where that is said", () => {
    expect(chooseDevice("auto", full, { gpuByItself: false }).choice).toBe("threads");
    expect(chooseDevice("webgpu", full, { gpuByItself: false }).choice).toBe("webgpu");
  });

  it("takes what is chosen where it can be had, and else the next best", () => {
    expect(chooseDevice("single", full).choice).toBe("single");
    expect(chooseDevice("webgpu", { ...full, gpuIsSoftware: true }).choice).toBe("webgpu");
    expect(chooseDevice("webgpu", { ...full, gpu: undefined }).choice).toBe("threads");
  });
});

describe("unavailable", () => {
  it("says what is missing", () => {
    expect(unavailable("threads", full)).toBeUndefined();
    expect(unavailable("webgpu", { ...full, gpu: undefined })).toBe("This browser offers no WebGPU adapter.");
    expect(unavailable("threads", { ...full, isolated: false })).toContain("Cross-Origin-Opener-Policy");
    expect(unavailable("single", { ...full, wasmProblem: "blocked" })).toBe("blocked");
  });
});
