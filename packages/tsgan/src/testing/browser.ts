/** A page in a Chromium, for tests: bundled by esbuild, served from 127.0.0.1, driven by playwright. */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { type Browser, chromium, type Page } from "playwright-core";
import { findChromium } from "./chromium.ts";

const onnxruntimeWeb = dirname(createRequire(import.meta.url).resolve("onnxruntime-web"));

const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".txt": "text/plain",
};

/** Bundles entry files for a browser, from the sources. File names are those of the entries, with `.js`. */
export const bundle = async (
  entries: readonly string[],
  { splitting = true }: { readonly splitting?: boolean } = {},
): Promise<Map<string, Uint8Array>> => {
  const { outputFiles } = await build({
    entryPoints: entries.map((entry) => fileURLToPath(new URL(entry, import.meta.url))),
    bundle: true,
    splitting,
    format: "esm",
    platform: "browser",
    conditions: ["tsgan-source"],
    outdir: "/",
    write: false,
    logLevel: "silent",
  });
  return new Map(outputFiles.map(({ path, contents }) => [`/${basename(path)}`, contents]));
};

export interface Site {
  readonly url: string;
  close(): Promise<void>;
}

/** How a folder on disk is served: its file for a path of the site, if it has one. */
export type Lookup = (path: string) => Uint8Array | Promise<Uint8Array> | undefined;

export const folder =
  (root: string): Lookup =>
  (path) =>
    readFile(join(root, path.endsWith("/") ? `${path}index.html` : path));

/** ONNX Runtime's files beside every page, as a bundler would leave them. */
const runtimeFiles: Lookup = (path) =>
  /^ort-wasm[\w.-]+$/.test(basename(path)) ? readFile(join(onnxruntimeWeb, basename(path))) : undefined;

const emptyPage: Lookup = (path) =>
  path === "/" ? new TextEncoder().encode("<!doctype html><title>test</title>") : undefined;

/** Serves a folder, or files in memory and ONNX Runtime's beside them, with the headers that make a page cross-origin isolated, so that it may use threads. */
export const serve = async (
  files: ReadonlyMap<string, Uint8Array> | Lookup,
  { isolated = true }: { readonly isolated?: boolean } = {},
): Promise<Site> => {
  const lookups =
    typeof files === "function" ? [files] : [(path: string) => files.get(path), runtimeFiles, emptyPage];
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://site").pathname;
    let found: ReturnType<Lookup>;
    for (const lookup of lookups) found ??= lookup(path);
    Promise.resolve(found ?? Promise.reject(new Error("not found"))).then(
      (body) => {
        response.writeHead(200, {
          "content-type": contentTypes[extname(path) || ".html"] ?? "application/octet-stream",
          ...(isolated && {
            "cross-origin-opener-policy": "same-origin",
            "cross-origin-embedder-policy": "require-corp",
          }),
        });
        response.end(body);
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
};

/** WebGPU on the processor, by SwiftShader: slow, but the real provider and the real shaders. */
const softwareWebGpu = [
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--enable-features=Vulkan",
  "--use-vulkan=swiftshader",
];

export const launch = (options: { readonly webgpu: boolean }): Promise<Browser> =>
  chromium.launch({
    executablePath: findChromium(),
    args: [
      "--no-sandbox",
      "--disable-quic",
      "--disable-background-networking",
      "--disable-component-update",
      "--no-first-run",
      ...(options.webgpu ? softwareWebGpu : []),
    ],
  });

/** A worker on a page, made from a file of the site that answers tasks with `answerTasks`. */
export interface TaskWorker {
  call<Result>(task: string, ...args: readonly unknown[]): Promise<Result>;
  terminate(): Promise<void>;
}

/** Starts a worker on the page. Each worker has its own ONNX Runtime. */
export const startWorker = async (page: Page, file: string): Promise<TaskWorker> => {
  const handle = await page.evaluateHandle((path) => {
    const worker = new Worker(path, { type: "module" });
    const call = (task: string, args: readonly unknown[]) =>
      new Promise((resolve, reject) => {
        worker.onerror = (event) => reject(new Error(event.message));
        worker.onmessage = ({ data }) =>
          "error" in data ? reject(new Error(data.error)) : resolve(data.result);
        worker.postMessage({ task, args });
      });
    return { call, terminate: () => worker.terminate() };
  }, file);
  return {
    call: <Result>(task: string, ...args: readonly unknown[]) =>
      handle.evaluate(({ call }, [name, values]) => call(name, values), [
        task,
        args,
      ] as const) as Promise<Result>,
    terminate: () => handle.evaluate(({ terminate }) => terminate()),
  };
};
