import { afterEach, describe, expect, it, vi } from "vitest";
import { missingFile } from "./wasm-file.ts";

const SITE = "http://site/ort-wasm-simd-threaded.wasm";

/** A page that has looked for the `.wasm` file at an address, and what its server answers there. */
const pageThatLoaded = (addresses: readonly string[], answer: () => Promise<Response>): void => {
  const entries = addresses.map((name) => ({ name }) as PerformanceEntry);
  vi.spyOn(performance, "getEntriesByType").mockReturnValue(entries);
  vi.stubGlobal("fetch", answer);
};

const html = async () => new Response("<!doctype html>", { headers: { "content-type": "text/html" } });

describe("a .wasm file that is not where it is looked for", () => {
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  it("is named with its address, what is there instead, and what helps", async () => {
    pageThatLoaded(["http://site/page.js", SITE], html);
    expect(await missingFile("wasm")).toBe(
      `ort-wasm-simd-threaded.wasm is not at ${SITE} (200, text/html); copy it there from node_modules/tsgan/assets/onnxruntime/ort-wasm-simd-threaded.wasm, or say where it is: configureRuntime({ wasmPaths: { wasm: ADDRESS } })`,
    );
  });

  it("is onnxruntime-web's for webgpu", async () => {
    pageThatLoaded([SITE], async () => new Response(null, { status: 404 }));
    expect(await missingFile("webgpu")).toMatch(
      /^ort-wasm-simd-threaded\.asyncify\.wasm is not at .* \(404\); copy it there from node_modules\/onnxruntime-web\/dist\//,
    );
  });

  it("is the build that suspends where the browser asked for that", async () => {
    const address = SITE.replace("threaded", "threaded.jspi");
    pageThatLoaded([address], async () => new Response(null, { status: 404 }));
    expect(await missingFile("webgpu")).toBe(
      `ort-wasm-simd-threaded.jspi.wasm is not at ${address} (404); copy it there from node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.jspi.wasm`,
    );
  });

  it("is a matter of one setting in the development server of Vite 7", async () => {
    pageThatLoaded(["http://site/node_modules/.vite/deps/ort-wasm-simd-threaded.wasm"], html);
    expect(await missingFile("wasm")).toMatch(
      /; set optimizeDeps: \{ exclude: \["tsgan"\], include: \["tsgan > papaparse"\] \} in vite\.config\.js$/,
    );
  });

  it("is not what is missing where ONNX Runtime's script is lost, as by Parcel", async () => {
    pageThatLoaded(["http://site/page.js"], html);
    const said = "no available backend found. ERR: [wasm] TypeError: Failed to fetch";
    expect(await missingFile("wasm", said)).toBe(
      `${said}; with Parcel: configureRuntime({ wasmPaths: { wasm: ADDRESS }, threads: 1 })`,
    );
    expect(await missingFile("wasm", "no available backend found")).toBeUndefined();
  });

  it("is said where nothing answers", async () => {
    pageThatLoaded([SITE], () => Promise.reject(new TypeError("Failed to fetch")));
    expect(await missingFile("wasm")).toContain(`is not at ${SITE} (no answer); `);
  });

  it("is not blamed where it is there, or was not asked for", async () => {
    pageThatLoaded([SITE], async () => new Response("\0asm rest"));
    expect(await missingFile("wasm")).toBeUndefined();
    pageThatLoaded(["http://site/page.js"], html);
    expect(await missingFile("wasm")).toBeUndefined();
  });
});
