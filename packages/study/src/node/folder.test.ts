/** What the folder of a study says of files of things of one's own. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RunError, UsageError } from "tsgan";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resolveStudy, trialsOf } from "../index.ts";
import { queueOf } from "../redis/queue.ts";
import { checkStudyUses, hashOf, lockStudy, openStudyFolder } from "./folder.ts";

const study = resolveStudy({
  name: "uses",
  data: { ring: null },
  models: { hinge: { config: { loss: "hinge" } } },
  budget: { steps: 4 },
  metrics: ["swd"],
});
const [a, b, other] = ["a", "b", "c"].map((letter) => letter.repeat(64));
const uses = [
  { file: "one.ts", sha256: a },
  { file: "two.ts", sha256: b },
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tsgan-study-uses-"));
  lockStudy(join(folder, "own"), study, false, uses).close();
  lockStudy(join(folder, "plain"), study, false).close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the folder of a study", () => {
  it("keeps the files that it began with", () => {
    expect(openStudyFolder(join(folder, "own")).uses).toEqual(uses);
    expect(JSON.parse(readFileSync(join(folder, "plain/study.json"), "utf8"))).not.toHaveProperty("uses");
    lockStudy(join(folder, "own"), study, true, [{ file: "one.ts", sha256: other }, uses[1]]).close();
    expect(openStudyFolder(join(folder, "own")).uses).toEqual(uses);
  });

  it("wants them again, wherever they lie now, and says which have changed", () => {
    const check = (...now: typeof uses) => checkStudyUses(join(folder, "own"), now);
    expect(check(...uses)).toEqual([]);
    expect(check({ file: "elsewhere/one.ts", sha256: a }, uses[1])).toEqual([]);
    expect(check(uses[0], { file: "two.ts", sha256: other })).toEqual([
      "two.ts has changed since the study began: what it registers may be other than what was trained",
    ]);
    expect(() => check(uses[0])).toThrow(UsageError);
    expect(() => check(uses[0])).toThrow(
      "own: the study began with --use two.ts, which is not given now; give it again",
    );
    expect(checkStudyUses(join(folder, "plain"), uses)).toEqual([]);
  });

  it("has a hash and a queue that depend on what the files hold, and on nothing else of them", () => {
    const again = [{ file: "elsewhere.ts", sha256: b }, uses[0], uses[0]];
    for (const of of [(files: typeof uses) => hashOf(study, files), queueOf]) {
      expect(of(again)).toBe(of(uses));
      const all = [of([]), of(uses), of([uses[0]]), of([{ file: "one.ts", sha256: other }])];
      expect(new Set(all).size).toBe(4);
    }
    expect(hashOf(study, [])).toBe(hashOf(study));
  });

  it("is damaged where its files are none", () => {
    const file = join(folder, "plain/study.json");
    const stored = JSON.parse(readFileSync(file, "utf8"));
    for (const damaged of ["one.ts", [null], [{ file: "one.ts" }]]) {
      writeFileSync(file, JSON.stringify({ ...stored, uses: damaged }));
      expect(() => openStudyFolder(join(folder, "plain"))).toThrow(RunError);
      expect(() => openStudyFolder(join(folder, "plain"))).toThrow(
        "study.json: expected uses to be files with their sha256; got something else",
      );
    }
  });

  it("keeps nothing of what a killed coordinator was writing", () => {
    const path = join(folder, "killed");
    const [trial] = trialsOf(study);
    mkdirSync(path);
    writeFileSync(join(path, ".study.json.123-0.tmp"), "{");
    const own = lockStudy(path, study, false);
    mkdirSync(join(path, "trials", trial.id));
    writeFileSync(join(path, "trials", trial.id, ".record.json.123-0.tmp"), "{");
    own.writeRecord({ trial, status: "finished", evaluations: [] });
    own.close();
    expect(readdirSync(path).sort()).toEqual(["study.json", "trials"]);
    expect(readdirSync(join(path, "trials", trial.id))).toEqual(["record.json"]);
  });

  it.each<[string, (stored: typeof study) => object]>([
    ["names lead out of it", (stored) => ({ models: [{ ...stored.models[0], name: "../../out" }] })],
    ["names are none", (stored) => ({ data: [{ ...stored.data[0], name: undefined }] })],
    ["trials are more than there is room for", () => ({ samples: 1e15 })],
    ["seeds are no list", () => ({ seeds: 3 })],
    ["configurations are none", (stored) => ({ models: [{ ...stored.models[0], config: { loss: 7 } }] })],
    ["search spaces are none", (stored) => ({ models: [{ ...stored.models[0], search: { x: null } }] })],
    ["models are left out", () => ({ models: undefined })],
    ["paths are a text", (stored) => ({ models: [{ ...stored.models[0], set: "x".repeat(100_000) }] })],
    [
      "paths are without number",
      (stored) => {
        const set = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`x${i}`, i]));
        return { models: [{ ...stored.models[0], set }] };
      },
    ],
  ])("is none that was written here because its %s", (_, change) => {
    writeFileSync(
      join(folder, "plain/study.json"),
      JSON.stringify({ version: "0", hash: "0", study: { ...study, ...change(study) } }),
    );
    expect(() => openStudyFolder(join(folder, "plain"))).toThrow(RunError);
    expect(() => openStudyFolder(join(folder, "plain"))).toThrow(
      "study.json: expected a study as tsgan study run writes it; ",
    );
  });
});
