/**
 * What a person gets wrong, as a shell runs it: exit code 2 for wrong use and 1 for bad data, nothing written, one line that
 * names no function of the library. Needs the build (`npx tsc -b`).
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import * as library from "tsgan";
import * as config from "tsgan/config";
import * as dataSets from "tsgan/data";
import * as metrics from "tsgan/metrics";
import * as node from "tsgan/node";
import * as tables from "tsgan/tables";
import * as trainers from "tsgan/train";
import { afterAll, beforeAll, expect, it } from "vitest";

const bin = fileURLToPath(new URL("../bin/tsgan.js", import.meta.url));

/** Functions whose names no word of English is. */
const functions = [library, config, dataSets, metrics, node, tables, trainers].flatMap((module) =>
  Object.entries(module).flatMap(([name, value]) =>
    typeof value === "function" && /^[a-z]+[A-Z]/.test(name) ? [name] : [],
  ),
);

let folder: string;
const at = (name: string): string => join(folder, name);

/** Every file with its time: what was written shows. */
const files = (path = folder): string[] =>
  readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    const full = join(path, entry.name);
    return entry.isDirectory() ? [full, ...files(full)] : [`${full} ${statSync(full).mtimeMs}`];
  });

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly lines: readonly string[];
}

const run = (args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [bin, ...args], {
      cwd: folder,
      env: { ...process.env, TSGAN_CACHE: join(tmpdir(), "tsgan-wrong-use-cache") },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [out, errors] = ["", ""];
    child.stdout.on("data", (chunk) => {
      out += chunk;
    });
    child.stderr.on("data", (chunk) => {
      errors += chunk;
    });
    child.on("close", (code) =>
      resolve({ code, out, lines: errors.split("\n").filter((line) => line !== "") }),
    );
  });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tsgan-wrong-use-"));
  const pictureOf = (red: number): Promise<Buffer> =>
    sharp({ create: { width: 9, height: 8, channels: 3, background: { r: red, g: 90, b: 120 } } })
      .png()
      .toBuffer();
  const picture = await pictureOf(40);
  for (const name of ["pictures", "one", "empty"]) mkdirSync(at(name));
  for (let i = 0; i < 4; i++) writeFileSync(at(`pictures/${i}.png`), await pictureOf(60 * i));
  writeFileSync(at("one/1.png"), picture);
  writeFileSync(at("one/2.jpg"), "<!doctype html>");
  writeFileSync(at("lone.png"), picture);
  writeFileSync(at("points.csv"), "x,y\n1,2\n3,4\n5,6\n");
  writeFileSync(at("words.csv"), "x,y\n1,2\n3,four\n5,6\n");
  writeFileSync(at("single.csv"), "1,2\n");
  writeFileSync(at("equal.csv"), "1,1\n1,1\n1,1\n");
  writeFileSync(at("text.onnx"), "no model");
  writeFileSync(at("hing.json"), '{"data":"ring","loss":"hing"}');
  const trained = await run([
    "train",
    "ring",
    "--steps",
    "2",
    "--batch",
    "8",
    "--set",
    "model.hidden=[4]",
    "--out",
    "run",
  ]);
  expect(trained.code).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const uses: readonly (readonly [code: 1 | 2, line: string, message: string])[] = [
  [2, "train", "data is missing"],
  [2, "train minst", 'did you mean "mnist"?'],
  [2, "train nothing.zip", "there is no such file or folder"],
  [2, "train ring --loss hing", 'did you mean "hinge"?'],
  [2, "train ring --model dcgan", "model dcgan is for images"],
  [2, "train ring --steps 1.5", "It must be a whole number of at least 1."],
  [2, "train ring --learning-rate -1", "It must be a number above 0."],
  [2, "train ring --image-size 64x", "It must be a side, such as 64, or width x height"],
  [2, "train ring --image-size 64", "it consists of points"],
  [2, "train pictures --image-size 2000", "size must be a whole number in 1 … 1024"],
  [2, "train pictures --image-size 33", "resize them to 32×32 or 36×36"],
  [2, "train pictures --model cgan", "needs labels"],
  [2, "train pictures --fit crop", "Allowed choices are cover, contain, stretch."],
  [2, "train pictures --labels nothing.csv", "there is no file nothing.csv"],
  [1, "train pictures --labels folders", "expected pictures in at least 2 folders"],
  [2, "train pictures --columns x,y", "leave columns out"],
  [2, "train points.csv --columns a,b", 'there is no column "a"'],
  [1, "train words.csv", "line 3, column y"],
  [1, "train single.csv", "at least 2 points"],
  [1, "train equal.csv", "all"],
  [1, "train one", "got 1 picture; cannot be read: 2.jpg (no picture but HTML, a web page)"],
  [1, "train empty", "got none"],
  [2, "train lone.png", "it is one picture (PNG)"],
  [2, "train --config nothing.json", "there is no such file"],
  [2, "train --config hing.json", 'did you mean "hinge"?'],
  [2, "train ring --set stepz=3", 'did you mean "steps"?'],
  [2, "train ring --set steps", "It must be key=value."],
  [2, "train ring --recipe nothing", 'unknown recipe "nothing"'],
  [2, "train ring --resume", "--resume needs --out"],
  [2, "train --resume --out new", "new: expected the folder of a run; there is no such folder"],
  [2, "train ring --out pictures", "expected a new or empty folder"],
  [2, "train ring --wrong", "unknown option '--wrong'"],
  [2, "train ring extra", "too many arguments"],
  [2, "train ring --use nothing.ts", "there is no such file"],
  [2, 'train pictures --set evaluateMetrics=["fidd"]', 'did you mean "fid"?'],
  [2, "train ring --set dataOptions.modes=0", "modes must be an integer of at least 1"],
  [2, "sample", "missing required argument"],
  [2, "sample pictures", "expected the folder of a run"],
  [2, "sample lone.png", "expected the folder of a run; it is a file"],
  [2, "sample run --step 77", "there is no checkpoint of step 77"],
  [2, "sample run --step newest", "It must be the step of a checkpoint, or best."],
  [2, "sample run --where x=3", "leave --rows and --where out"],
  [2, "sample run --out made.jpg", "points are written to a .png or .csv file; got made.jpg"],
  [2, "evaluate", "expected the folder of a run"],
  [2, "evaluate pictures", "say what to judge it against with --against"],
  [2, "evaluate run --metrics fidd", 'did you mean "fid"?'],
  [2, "evaluate run --metrics ms-ssim", "it is for images; the data are points"],
  [2, "evaluate run --features nothing.onnx", "there is no such file"],
  [2, "evaluate run --features minst", 'did you mean "mnist"?'],
  [2, "evaluate run --layer x", "give --features FILE, too"],
  [2, "evaluate run --fit cover", "give --against, too"],
  [2, "evaluate run --against nothing", 'unknown data set "nothing"'],
  [2, "evaluate run --against pictures", "it holds pictures; the other side has examples of [2]"],
  [1, "evaluate words.csv --against words.csv --columns y", "line 3, column y"],
  [2, "evaluate pictures --against pictures --columns x", "--columns is for tables of points"],
  [2, "evaluate pictures --against pictures --step 3", "--step is for runs"],
  [2, "evaluate points.csv --against points.csv --fit cover", "--fit is for pictures of your own"],
  [2, "evaluate points.csv --against ring --image-size 8", "it consists of points"],
  [2, "evaluate pictures --against pictures --metrics fidd", 'did you mean "fid"?'],
  [2, "evaluate pictures --against pictures --metrics is", "it needs a classifier"],
  [1, "evaluate pictures --against one", "got 1 picture"],
  [1, "evaluate text.onnx --against pictures", "expected an ONNX model"],
  [2, "translate run", "the run translates nothing"],
  [2, "translate run lone.png", "expected --out FOLDER"],
  [2, "translate run lone.png --out made", "the run translates nothing"],
  [2, "translate run --use nothing.ts", "there is no such file"],
  [2, "translate run --back", "name their FILES"],
  [2, "translate run lone.png --count 3", "leave it out with FILES"],
  [2, "doctor pictures", "expected the folder of a run"],
  [2, "export run --out made.png", "It must end in .onnx."],
  [1, "export run --hub lone.png", "cannot create lone.png: it is a file, not a folder"],
  [2, "export run --hub made --out made.onnx", "leave one out"],
  [2, "export run --step 9", "there is no checkpoint of step 9"],
  [2, "losses hing", 'did you mean "hinge"?'],
  [2, "theory nothing", 'unknown experiment "nothing"'],
  [2, "study run", "required option '--out <folder>' not specified"],
  [2, "study run --resume --out made", "made: expected the folder of a study; there is no such folder"],
  [2, "study init nothing", "expected paper; got nothing"],
  [2, "study report nothing", "expected the folder of a study"],
  [2, "studio --port 99999", "at most 65535"],
  [2, "studio --runs lone.png", "expected a folder that holds runs; lone.png is a file"],
  [2, "nothing", "unknown command 'nothing'"],
];

it.each(uses)("exit code %i: tsgan %s", async (code, line, message) => {
  const before = files();
  const ended = await run(line.split(" "));
  expect(ended.lines.at(-1)).toContain(message);
  expect([ended.code, ended.out]).toEqual([code, ""]);
  const errors = ended.lines.filter((each) => each.startsWith("error: "));
  expect(errors).toEqual([ended.lines.at(-1)]);
  expect(functions.filter((name) => new RegExp(`\\b${name}\\b`).test(errors[0]))).toEqual([]);
  expect(files()).toEqual(before);
});

it("names of functions are known, so that the test above can find them", () => {
  expect(functions.length).toBeGreaterThan(60);
  expect(functions).toContain("openRun");
  expect(readFileSync(at("run/config.json"), "utf8")).toContain('"ring"');
});
