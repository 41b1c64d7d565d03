/** Pictures that the pages show, made anew with each build: figures of the theory lab, a ring that was learnt. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { earthMover, nashOscillation, optimalDiscriminator, parallelLines } from "@tsgan/theory";
import { figure } from "tsgan/figure";
import { openDataset, openRun, samplePng, startRun } from "tsgan/node";

const write = (folder, name, content) => {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
};

/** A figure for readers in the light and in the dark: the site has a switch. */
const draw = (folder, name, spec, width) => {
  for (const theme of ["light", "dark"])
    write(folder, `${name}.${theme}.svg`, figure(spec, { width, theme }));
};

const drawTheory = async (folder) => {
  for (const create of [parallelLines, optimalDiscriminator, nashOscillation, earthMover]) {
    const experiment = create({});
    draw(folder, experiment.name, experiment.figure(await experiment.run()), 800);
  }
};

const drawRing = async (folder) => {
  const out = join(mkdtempSync(join(tmpdir(), "tsgan-site-")), "ring");
  await startRun({ config: { data: "ring", loss: "wgan-gp", steps: 1000, seed: 1 }, out });
  const { trainer } = openRun(out);
  const { examples } = await (await openDataset("ring")).draw(0, 1, 500);
  write(folder, "ring.png", await samplePng(await trainer.sample(500), [2], examples));
  await trainer.dispose();
  rmSync(dirname(out), { recursive: true });
};

/** Fills a folder with all pictures. */
export async function makeGallery(folder) {
  await drawTheory(folder);
  await drawRing(folder);
}
