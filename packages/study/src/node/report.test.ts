/** The report of a study's folder that comes from elsewhere. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { resolveStudy, trialsOf } from "../index.ts";
import { lockStudy } from "./folder.ts";
import { writeStudyReport } from "./report.ts";

const SECRET = "what nobody may read";
const study = resolveStudy({
  name: "elsewhere",
  data: { ring: null },
  models: { hinge: { config: { loss: "hinge" } } },
  budget: { steps: 4 },
  metrics: ["swd"],
});
const [trial] = trialsOf(study);

let parent: string;
let folder: string;
let run: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "tsgan-study-report-"));
  folder = join(parent, "study");
  run = join(folder, "trials", trial.id);
  lockStudy(folder, study, false).close();
  mkdirSync(join(run, "samples"), { recursive: true });
  writeFileSync(join(parent, "secret"), SECRET);
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

it.runIf(process.platform !== "win32")("follows no link that leads out to a record", () => {
  symlinkSync(join(parent, "secret"), join(run, "record.json"));
  const { warnings } = writeStudyReport(folder);
  expect(warnings[0]).toContain("it leads out of");
  expect(warnings[0]).not.toContain(SECRET);
});

it("takes a file for the folder of trials as none", () => {
  rmSync(join(folder, "trials"), { recursive: true });
  writeFileSync(join(folder, "trials"), "");
  expect(writeStudyReport(folder).summary.data[0].models[0].trials).toMatchObject({ finished: 0 });
});
