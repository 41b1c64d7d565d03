#!/usr/bin/env node
/**
 * Builds the documentation as static files in `site/dist`, or serves it while one writes. Fails on a warning and on a dead link.
 *
 *     npm run site                       for the root of a host
 *     SITE_BASE=/tsgan/ npm run site     for a folder of a host
 *     npm run site -- --serve            serves what is written, as it is written
 */
import { cpSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, createServer } from "vitepress";
import { makeApi } from "./api.mjs";
import { deadLinks } from "./links.mjs";

const site = dirname(fileURLToPath(import.meta.url));
const root = join(site, "..");
const publicFolder = join(site, "public");

const problems = await makeApi();

rmSync(publicFolder, { recursive: true, force: true });
const files = join(publicFolder, "files/examples");
mkdirSync(files, { recursive: true });
for (const name of readdirSync(join(root, "examples"), { recursive: true })) {
  if (/\.(ts|js|html)$/.test(name)) cpSync(join(root, "examples", name), join(files, name));
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
