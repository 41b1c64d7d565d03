import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitepress";
import { licencePlugins } from "../../scripts/licences.mjs";
import { figuresInPages } from "../figures-in-pages.ts";
import { outsideLinks } from "../outside-links.ts";
import { navigation } from "../pages.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Where the site will lie on its host: `/` or `/some/folder/`. */
const base = process.env.SITE_BASE ?? "/";

/** What of others the scripts contain that have been bundled before the pages are. */
const bundled: readonly string[] = JSON.parse(process.env.SITE_BUNDLED ?? "[]");

/** Made by TypeDoc before the pages are. */
const modules = here("../../docs/api/modules.json");

/** Eight points on a ring. */
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-3 -3 6 6" fill="#1f5fa8">${Array.from(
  { length: 8 },
  (_, k) =>
    `<circle cx="${2 * Math.cos((k * Math.PI) / 4)}" cy="${2 * Math.sin((k * Math.PI) / 4)}" r=".6"/>`,
).join("")}</svg>`;

export default defineConfig({
  lang: "en",
  title: "tsgan",
  description: "Train, judge and understand generative adversarial networks in TypeScript",
  base,
  head: [["link", { rel: "icon", href: `data:image/svg+xml,${encodeURIComponent(icon)}` }]],
  srcDir: "../docs",
  outDir: "dist",
  cacheDir: "../node_modules/.cache/vitepress",
  themeConfig: navigation(existsSync(modules) ? modules : undefined, base),
  markdown: {
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    config: (markdown) => {
      outsideLinks(markdown, base);
      figuresInPages(markdown, here("../public/figures/facts.json"));
    },
  },
  vite: {
    publicDir: here("../public"),
    plugins: [licencePlugins(bundled).page],
    // The index of the search is one file, which is loaded when somebody searches.
    build: { chunkSizeWarningLimit: 4000 },
  },
});
