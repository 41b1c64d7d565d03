/**
 * Where the page is: `#/playground?loss=hinge`. Behind the hash, so that the static files work from any folder of any
 * host. A page keeps its state in the query, which is what makes it a link to share.
 */
import { signal } from "@preact/signals";

export interface Route {
  /** The parts of the path: ["lessons", "parallel-lines"]. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

/** Whether the page is shown inside another: `?embed` before the `#`. */
export const isEmbedded = new URLSearchParams(location.search).has("embed");

const parse = (hash: string): Route => {
  const [path, query = ""] = hash.replace(/^#\/?/, "").split(/\?(.*)/s);
  return { path: path.split("/").filter((part) => part !== ""), query: new URLSearchParams(query) };
};

export const route = signal<Route>(parse(location.hash));

addEventListener("hashchange", () => {
  route.value = parse(location.hash);
});

export const href = (path: string, query?: URLSearchParams): string => {
  const text = query?.toString() ?? "";
  return text === "" ? `#/${path}` : `#/${path}?${text}`;
};

/** Changes the query in place, without an entry in the history: for state that changes as one plays. */
export const replaceQuery = (query: URLSearchParams): void => {
  history.replaceState(null, "", href(route.peek().path.join("/"), query));
  route.value = parse(location.hash);
};
