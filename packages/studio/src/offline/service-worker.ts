/**
 * Keeps the page for when there is no network: all that was built is stored at the first visit, what else of the site is
 * opened (data, the runtime for WebGPU) when it is. It also gives what is served the two headers that threads need, so that
 * they are there on hosts that cannot set headers, from the second visit on. The server of `tsgan studio` is never stood in for.
 */

/** Names of the built files, put here when the page is built. */
declare const __BUILT_FILES__: readonly string[];
/** Another one for other files. */
declare const __BUILT_VERSION__: string;

interface ExtendableEvent {
  waitUntil(work: Promise<unknown>): void;
}

interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

interface Scope {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener<E extends ExtendableEvent>(type: string, listener: (event: E) => void): void;
}

const worker = globalThis as unknown as Scope;
const PREFIX = "tsgan-studio-";
const CACHE = `${PREFIX}${__BUILT_VERSION__}`;
/** The files of ONNX Runtime for WebGPU: 27 MB that are wanted where there is a GPU alone. */
const LARGE = /asyncify/;

const addressOf = (file: string): string => new URL(file, worker.registration.scope).href;
const PAGE = addressOf("./");

const isolated = (response: Response): Response => {
  if (!response.ok || response.type !== "basic") return response;
  const headers = new Headers(response.headers);
  headers.set("cross-origin-opener-policy", "same-origin");
  headers.set("cross-origin-embedder-policy", "require-corp");
  headers.set("cross-origin-resource-policy", "same-origin");
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
};

const store = async (): Promise<void> => {
  const cache = await caches.open(CACHE);
  const files = __BUILT_FILES__.filter((file) => !LARGE.test(file));
  // One by one: a page that is in use has the network first.
  for (const address of [PAGE, ...files.map(addressOf)]) {
    if ((await cache.match(address)) === undefined) await cache.add(address);
  }
};

const clean = async (): Promise<void> => {
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await worker.clients.claim();
};

/** The newest page that can be had. */
const page = async (request: Request): Promise<Response> => {
  try {
    const response = await fetch(request);
    if (response.ok) return isolated(response);
  } catch {
    // No network.
  }
  const kept = await caches.match(PAGE);
  return kept === undefined ? fetch(request) : isolated(kept);
};

/** Keeps a copy, without holding up who waits for the answer. A full disk is no reason to give none. */
const keepCopy = (event: FetchEvent, response: Response): void => {
  if (!response.ok || response.type !== "basic") return;
  const copy = response.clone();
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.put(event.request, copy))
      .catch(() => undefined),
  );
};

/** Built files have a hash of their content in their names: what is kept is what the network would give. */
const file = async (event: FetchEvent): Promise<Response> => {
  const kept = await caches.match(event.request, { ignoreVary: true });
  if (kept !== undefined) return isolated(kept);
  const response = await fetch(event.request);
  keepCopy(event, response);
  return isolated(response);
};

/** Data may be another under the same name. */
const data = async (event: FetchEvent): Promise<Response> => {
  try {
    const response = await fetch(event.request);
    keepCopy(event, response);
    return isolated(response);
  } catch (error) {
    const kept = await caches.match(event.request, { ignoreVary: true });
    if (kept === undefined) throw error;
    return isolated(kept);
  }
};

worker.addEventListener("install", (event) => {
  event.waitUntil(store().then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(clean());
});

worker.addEventListener("fetch", (event: FetchEvent) => {
  const { request } = event;
  const { scope } = worker.registration;
  if (request.method !== "GET" || !request.url.startsWith(scope)) return;
  const path = request.url.slice(scope.length).split(/[?#]/)[0];
  if (path === "" || path === "index.html") event.respondWith(page(request));
  else if (path.startsWith("assets/")) event.respondWith(file(event));
  else if (path.startsWith("data/")) event.respondWith(data(event));
});
