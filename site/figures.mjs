/**
 * Figures of the catalogue: bundles that a page loads when a handle is moved, and what they draw at the handles' first places,
 * which is what a page shows before that, and without scripts.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL("figures/", import.meta.url));

/** Groups of figures, one for a page of the catalogue. */
const groups = ["losses", "penalties", "techniques", "models", "metrics"];

/** Of a page on a desk, and on a telephone. */
export const widths = { wide: 680, narrow: 340 };

/**
 * Makes the folder anew. It has `facts.json`: of each figure what the page needs to show it.
 *
 * @returns {Promise<string[]>} paths of all that its scripts contain
 */
export async function makeFigures(outdir) {
  const { metafile } = await build({
    entryPoints: groups.map((name) => join(here, `${name}.ts`)),
    outdir,
    bundle: true,
    minify: true,
    format: "esm",
    splitting: true,
    conditions: ["tsgan-source"],
    logLevel: "warning",
    metafile: true,
  });
  const facts = {};
  for (const group of groups) {
    const { figures, valuesOf } = await import(pathToFileURL(join(outdir, `${group}.js`)).href);
    for (const [name, figure] of Object.entries(figures)) {
      const drawn = await figure.draw(valuesOf(figure.controls));
      const heights = {};
      for (const [size, width] of Object.entries(widths)) {
        for (const theme of ["light", "dark"]) {
          const svg = drawn.svg({ width, theme });
          heights[size] = Number(/height="(\d+)"/.exec(svg)[1]);
          const file = join(outdir, group, `${name}.${size}.${theme}.svg`);
          mkdirSync(dirname(file), { recursive: true });
          writeFileSync(file, svg);
        }
      }
      const { alt, controls, drag } = figure;
      facts[`${group}/${name}`] = { alt, controls, ...(drag && { drag }), says: drawn.says, heights };
    }
  }
  writeFileSync(join(outdir, "facts.json"), JSON.stringify(facts));
  return Object.keys(metafile.inputs).map((path) => resolve(path));
}
