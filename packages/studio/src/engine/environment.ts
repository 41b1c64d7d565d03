/** What this browser and this page offer for training, and which device follows from it. */
import type { Device } from "tsgan/runtime";

export interface Environment {
  /** Why WebAssembly cannot be used; undefined where it can. Nothing trains without it. */
  readonly wasmProblem: string | undefined;
  /** Whether the page may use SharedArrayBuffer, which threads need. */
  readonly isolated: boolean;
  readonly cores: number;
  /** Name of the GPU that WebGPU offers. */
  readonly gpu: string | undefined;
  /** Whether that GPU is emulated on the processor, which is slower than WebAssembly. */
  readonly gpuIsSoftware: boolean;
}

interface GpuAdapter {
  readonly info?: {
    readonly vendor?: string;
    readonly architecture?: string;
    readonly description?: string;
    readonly isFallbackAdapter?: boolean;
  };
}

/** The smallest module: its magic number and version. */
const EMPTY_MODULE = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

const wasmProblem = async (): Promise<string | undefined> => {
  if (typeof WebAssembly === "undefined") return "This browser has no WebAssembly, or it is switched off.";
  try {
    await WebAssembly.compile(EMPTY_MODULE);
    return undefined;
  } catch (error) {
    return `WebAssembly is blocked on this page: ${error instanceof Error ? error.message : error}`;
  }
};

const gpuAdapter = async (): Promise<GpuAdapter | undefined> => {
  const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<GpuAdapter | null> } };
  try {
    return (await gpu?.requestAdapter()) ?? undefined;
  } catch {
    // A browser may offer the interface and refuse the adapter: there is no GPU then.
    return undefined;
  }
};

/** Asks the browser. It works on a page and in a worker. */
export const examineEnvironment = async (): Promise<Environment> => {
  const [problem, adapter] = await Promise.all([wasmProblem(), gpuAdapter()]);
  const { vendor, architecture, description, isFallbackAdapter } = adapter?.info ?? {};
  const name = description || [vendor, architecture].filter(Boolean).join(" ");
  return {
    wasmProblem: problem,
    isolated: globalThis.crossOriginIsolated,
    cores: navigator.hardwareConcurrency,
    gpu: adapter === undefined ? undefined : name || "GPU",
    gpuIsSoftware: isFallbackAdapter === true || /swiftshader|llvmpipe|software/i.test(`${name}`),
  };
};

export const deviceChoices = ["auto", "webgpu", "threads", "single"] as const;
/** `threads` and `single` are WebAssembly with several threads and with one. */
export type DeviceChoice = (typeof deviceChoices)[number];

export const deviceLabels: Readonly<Record<DeviceChoice, string>> = {
  auto: "Automatic",
  webgpu: "WebGPU",
  threads: "WebAssembly, threads",
  single: "WebAssembly, one thread",
};

export interface ChosenDevice {
  readonly choice: Exclude<DeviceChoice, "auto">;
  readonly device: Device;
  readonly threads: number;
}

/**
 * Cores from which threads are worth it for small networks: on two a second thread makes an iteration of the playground's slower
 * by half, and the page is left without a core to draw on (packages/dev/src/bench/studio.ts).
 */
export const FOR_SMALL_NETWORKS = 4;

/** More threads than this do not make small networks faster. */
const MOST_THREADS = 4;

/** Why a device cannot be chosen here; undefined where it can. */
export const unavailable = (choice: DeviceChoice, environment: Environment): string | undefined => {
  if (environment.wasmProblem !== undefined) return environment.wasmProblem;
  if (choice === "webgpu" && environment.gpu === undefined) {
    return "This browser offers no WebGPU adapter.";
  }
  if (choice === "threads" && !environment.isolated) {
    return (
      "Threads need SharedArrayBuffer, which browsers give to cross-origin isolated pages only: serve the page with " +
      "Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp, as tsgan studio does."
    );
  }
  if (choice === "threads" && environment.cores < 2) return "This machine has one core.";
  return undefined;
};

/** Why devices cannot be chosen here, of those that cannot; none while that is not known. */
export const reasonsAgainst = (
  environment: Environment | undefined,
): Readonly<Partial<Record<DeviceChoice, string>>> =>
  environment === undefined
    ? {}
    : Object.fromEntries(
        deviceChoices.flatMap((choice) => {
          const reason = unavailable(choice, environment);
          return reason === undefined ? [] : [[choice, reason]];
        }),
      );

/**
 * WebGPU where there is a GPU, else threads, else one thread; or what was chosen, where it can be had.
 *
 * @param threadsFrom cores from which threads are worth it when nothing is chosen: small networks are faster without
 * @param gpuByItself whether WebGPU is taken when nothing is chosen
 */
export const chooseDevice = (
  wanted: DeviceChoice,
  environment: Environment,
  {
    threadsFrom = 2,
    gpuByItself = true,
  }: { readonly threadsFrom?: number | undefined; readonly gpuByItself?: boolean | undefined } = {},
): ChosenDevice => {
  const { gpuIsSoftware, cores } = environment;
  const automatic = [
    ...(gpuIsSoftware || !gpuByItself ? [] : ["webgpu" as const]),
    ...(cores < threadsFrom ? [] : ["threads" as const]),
  ];
  const choice = [...(wanted === "auto" ? [] : [wanted]), ...automatic].find(
    (candidate) => unavailable(candidate, environment) === undefined,
  );
  switch (choice) {
    case "webgpu":
      return { choice, device: "webgpu", threads: 1 };
    case "threads":
      return { choice, device: "wasm", threads: Math.min(cores, MOST_THREADS) };
    default:
      return { choice: "single", device: "wasm", threads: 1 };
  }
};
