/**
 * npm run bundler-matrix -- [--only NAMES] [--keep]
 *
 * Packs tsgan, and for each template of `examples/` installs it in a clean folder, builds it and has it train ten steps and draw in
 * Chromium. All must say the same losses. `--only`: names with commas between them. Exit code 1 where one failed.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { launch, repository } from "tsgan/testing";
import { npmCommand, packOne } from "../install/pack.ts";
import { installTemplate, tryWay } from "./cell.ts";
import { templates } from "./templates.ts";

const { values } = parseArgs({
  options: { only: { type: "string" }, keep: { type: "boolean", default: false } },
});
const asked = values.only?.split(",") ?? templates.map(({ name }) => name);
const unknown = asked.find((name) => !templates.some((template) => template.name === name));
if (unknown !== undefined) {
  console.error(
    `bundler-matrix: --only must be of ${templates.map(({ name }) => name).join(", ")}; got ${unknown}`,
  );
  process.exit(2);
}

const root = mkdtempSync(join(tmpdir(), "tsgan-bundlers-"));
const npm = npmCommand();
const browser = await launch({ webgpu: false });
let failed = 0;
let first: string | undefined;
const report = (name: string, way: string, since: number, said: string): void => {
  const seconds = ((performance.now() - since) / 1000).toFixed(0);
  console.log(`${name.padEnd(10)} ${way.padEnd(8)} ${seconds.padStart(4)} s  ${said}`);
};
try {
  const tarball = await packOne(repository, "tsgan", npm, root);
  for (const template of templates.filter(({ name }) => asked.includes(name))) {
    if (Number(process.versions.node.split(".")[0]) < (template.node ?? 0)) {
      failed++;
      console.log(`${template.name}: FAILED: it needs Node.js ${template.node}; this is ${process.version}`);
      continue;
    }
    const project = join(root, template.name.replace(" ", "-"));
    mkdirSync(project);
    let began = performance.now();
    try {
      await installTemplate(template, { examples: join(repository, "examples"), project, tarball, npm });
      report(template.name, "install", began, "installed");
      for (const way of template.ways) {
        began = performance.now();
        try {
          const said = await tryWay(project, way, browser);
          first ??= said;
          if (said !== first) throw new Error(`expected "${first}", as the others say; got "${said}"`);
          report(template.name, way.name, began, said);
        } catch (error) {
          failed++;
          report(template.name, way.name, began, `FAILED: ${(error as Error).message}`);
        }
      }
    } catch (error) {
      failed++;
      report(template.name, "install", began, `FAILED: ${(error as Error).message}`);
    }
    if (!values.keep) rmSync(project, { recursive: true, force: true, maxRetries: 5 });
  }
} finally {
  await browser.close();
  if (!values.keep) rmSync(root, { recursive: true, force: true });
}
console.log(failed === 0 ? "all train and draw, with the same losses" : `${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
