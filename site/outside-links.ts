/**
 * The pages of `docs/` are read in the repository, too, where they link to what lies beside them. On the site these links lead to
 * pages of the site, or to files that it brings along under `files/`.
 */
import { posix } from "node:path";
import type { MarkdownRenderer } from "vitepress";

/** Folders and pages of the repository, and what has their place on the site. */
const places: Readonly<Record<string, string>> = {
  "README.md": "/",
  "CHANGELOG.md": "/changelog",
  examples: "/examples",
  "examples/page": "/examples#in-a-page",
  "packages/tsgan/src/graph": "/api/tsgan/graph",
  "packages/study/README.md": "/study",
};

/** A plug-in of markdown-it. `base` is where the site will lie on its host: `/`, or `/some/folder/`. */
export const outsideLinks = (markdown: MarkdownRenderer, base: string): void => {
  markdown.core.ruler.push("outside-links", ({ tokens, env }) => {
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const href = token.type === "link_open" ? token.attrGet("href") : null;
      if (href === null) continue;
      // Of CHANGELOG.md, which is a page of the site.
      if (href.startsWith("docs/")) token.attrSet("href", href.slice("docs/".length));
      if (!href.startsWith("..")) continue;
      const path = posix.join("docs", posix.dirname(env.relativePath), href).replace(/\/$/, "");
      if (path.startsWith("docs/")) continue;
      // A template of several files is told of with the others.
      const place = places[path] ?? (/^examples\/[\w-]+$/.test(path) ? "/examples#in-a-page" : undefined);
      if (place !== undefined) {
        token.attrSet("href", place);
        continue;
      }
      token.attrSet("href", `${base}files/${path}`);
      // Of a link with a target VitePress does not think that it is a page.
      token.attrSet("target", "_self");
    }
  });
};
