#!/usr/bin/env node
/**
 * Builds the documentation as static files in `site/dist`, or serves it while one writes. Fails on a warning and on a dead link.
 *
 *     npm run site                       for the root of a host
 *     SITE_BASE=/tsgan/ npm run site     for a folder of a host
 *     npm run site -- --serve            serves what is written, as it is written
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build, createServer } from "vitepress";
import { makeApi } from "./api.mjs";
import { makeDemo } from "./demo.mjs";
import { makeFigures } from "./figures.mjs";
import { makeGallery } from "./gallery.mjs";
import { deadLinks } from "./links.mjs";

const site = dirname(fileURLToPath(import.meta.url));
const root = join(site, "..");
const docs = join(root, "docs");
const publicFolder = join(site, "public");

const problems = await makeApi();

rmSync(publicFolder, { recursive: true, force: true });
takeFiles();
const bundled = [
  ...(await makeDemo(join(publicFolder, "demo"))),
  ...(await makeFigures(join(publicFolder, "figures"))),
].filter((path) => path.includes("node_modules"));
// VitePress loads its configuration by itself: what that is to know stands in the environment, as SITE_BASE does.
process.env.SITE_BUNDLED = JSON.stringify(bundled);
await makeGallery(join(publicFolder, "gallery"));

/** Files of the repository that pages link to: the site brings them along. */
function takeFiles() {
  for (const page of readdirSync(docs, { recursive: true })) {
    if (!page.endsWith(".md")) continue;
    for (const [, link] of readFileSync(join(docs, page), "utf8").matchAll(/\]\((\.\.\/[^)#]+)/g)) {
      const file = join(docs, dirname(page), link);
      const path = relative(root, file);
      if (path.startsWith("docs") || !existsSync(file) || statSync(file).isDirectory()) continue;
      mkdirSync(dirname(join(publicFolder, "files", path)), { recursive: true });
      cpSync(file, join(publicFolder, "files", path));
    }
  }
}

if (process.argv.includes("--serve")) {
  const server = await createServer(site);
  await server.listen();
  server.printUrls();
} else {
  for (const name of ["warn", "error"]) {
    const said = console[name];
    console[name] = (...words) => {
      problems.push(words.join(" "));
      said(...words);
    };
  }
  await build(site);
  problems.push(...deadLinks(join(site, "dist"), process.env.SITE_BASE ?? "/"));
  for (const problem of problems) process.stderr.write(`site: ${problem}\n`);
  process.exitCode = problems.length > 0 ? 1 : 0;
  if (problems.length === 0) console.log(`site: ${join(site, "dist/index.html")}`);
}
