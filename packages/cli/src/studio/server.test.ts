import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { request, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ChangeEvent, RunDetail, RunList, Session } from "@tsgan/studio/api";
import { resolveStudy, trialsOf } from "@tsgan/study";
import { lockStudy } from "@tsgan/study/node";
import { lockFolder } from "tsgan/node";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createStudio } from "./server.ts";
import { studioPage } from "./studio-page.ts";

/** In memory where there is such a place: ten thousand folders take a disk a minute. */
const temporary = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

let folder: string;
let runs: string;
let server: Server;
let port: number;
let faults: unknown[];

beforeEach(async () => {
  folder = mkdtempSync(join(temporary, "tsgan-studio-test-"));
  runs = join(folder, "runs");
  const page = join(folder, "page");
  mkdirSync(join(page, "assets"), { recursive: true });
  writeFileSync(join(page, "index.html"), "<!doctype html><title>studio</title>");
  writeFileSync(join(page, "assets/main-abc.js"), `export const text = "${"compressible ".repeat(500)}";`);
  writeFileSync(join(folder, "secret.json"), '{"secret": 1}');
  faults = [];
  server = createStudio({
    runs,
    page,
    bin: join(folder, "no-such-command.js"),
    onFault: (error) => faults.push(error),
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
  expect(faults).toEqual([]);
});

const writeRun = (
  id: string,
  { steps = 10, at = 5, config = {} }: { steps?: number; at?: number; config?: object } = {},
): string => {
  const path = join(runs, id);
  mkdirSync(join(path, "samples"), { recursive: true });
  const whole = {
    data: "ring",
    model: { name: "mlp" },
    loss: { name: "hinge" },
    steps,
    dataset: { shape: [2] },
    ...config,
  };
  writeFileSync(join(path, "config.json"), JSON.stringify(whole));
  const lines = Array.from(
    { length: at },
    (_, i) => `${JSON.stringify({ step: i + 1, discriminatorLoss: 1 / (i + 1) })}\n`,
  );
  writeFileSync(join(path, "metrics.jsonl"), lines.join(""));
  writeFileSync(join(path, "samples/step-000005.png"), "png");
  return path;
};

const get = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`http://127.0.0.1:${port}${path}`, init);
const read = async <Value>(path: string): Promise<Value> => (await (await get(path)).json()) as Value;

/** A request as no browser would make it: the path and the headers go out as they are. */
const raw = (
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = "GET",
  body = "",
): Promise<number> =>
  new Promise((resolve, reject) => {
    const sent = request(
      { host: "127.0.0.1", port, path, method, headers, setHost: headers.host === undefined },
      (response) => {
        response.resume();
        response.on("end", () => resolve(response.statusCode ?? 0));
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });

type Posted = Readonly<Record<string, unknown>> & { readonly status: number; readonly error: string };

/** A change as the page asks for it. */
const post = async (path: string, body: string): Promise<Posted> => {
  const { token } = await read<Session>("/api/session");
  const response = await get(path, {
    method: "POST",
    headers: {
      origin: `http://127.0.0.1:${port}`,
      "content-type": "application/json",
      "x-tsgan-token": token,
    },
    body,
  });
  return { ...((await response.json()) as { error: string }), status: response.status };
};

describe("what is served", () => {
  it("is the page, with what threads and a strict policy need", async () => {
    const response = await get("/");
    expect(await response.text()).toContain("<title>studio</title>");
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
      "x-content-type-options": "nosniff",
      "cache-control": "no-cache",
    });
    expect(response.headers.get("content-security-policy")).toMatch(
      /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src/,
    );
  });

  it("is compressed and kept for ever where the name has a hash, and not sent again where nothing changed", async () => {
    const asset = await get("/assets/main-abc.js", { headers: { "accept-encoding": "br" } });
    expect(await asset.text()).toContain("compressible compressible");
    expect(asset.headers.get("content-encoding")).toBe("br");
    expect(asset.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    const page = await get("/");
    const again = await get("/", { headers: { "if-none-match": page.headers.get("etag") ?? "" } });
    expect(again.status).toBe(304);
  });

  it("is nothing for other methods and addresses", async () => {
    expect((await get("/", { method: "DELETE" })).status).toBe(405);
    expect((await get("/nothing.js")).status).toBe(404);
    expect((await get("/api/nothing")).status).toBe(404);
    expect((await get("/", { method: "HEAD" })).status).toBe(200);
  });
});

describe("requests that would leave the folders", () => {
  const escapes = [
    "/../secret.json",
    "/..%2fsecret.json",
    "/%2e%2e/secret.json",
    "/%2e%2e%2fsecret.json",
    "/%252e%252e%252fsecret.json",
    "/..%5csecret.json",
    "/assets/../../secret.json",
    "//secret.json",
    "/secret.json%00.png",
    "/api/runs/..",
    "/api/runs/%2e%2e%2fpage",
    "/api/runs/ring/files/..%2f..%2fsecret.json",
    "/api/runs/ring/files/%2e%2e/%2e%2e/secret.json",
    "/api/runs/ring/files/samples/..%2fconfig.json",
    "/api/runs/ring/files/.lock",
    "/api/runs/ring%2fsamples/files/step-000005.png",
    "/api/runs/..%2fruns%2fring",
    "/api/runs/C:%2fsecret",
    "/api/studies/..",
    "/data/..%2f..%2fsecret.json",
  ];
  it.each(escapes)("%s finds nothing", async (path) => {
    const run = writeRun("ring");
    writeFileSync(join(run, ".lock"), "1 1");
    expect(await raw(path)).toBe(404);
  });

  it("are refused where the encoding is broken or the path is none", async () => {
    expect(await raw("/%zz")).toBe(400);
    expect(await raw("http://example.org/")).toBe(400);
  });

  it("find nothing behind links that lead out, be they files, folders or runs", async () => {
    const run = writeRun("ring");
    const outside = join(folder, "outside");
    mkdirSync(join(outside, "samples"), { recursive: true });
    writeFileSync(join(outside, "config.json"), "{}");
    writeFileSync(join(outside, "samples/step-000001.png"), "secret");
    symlinkSync(join(outside, "config.json"), join(run, "report.html"));
    symlinkSync(join(outside, "samples"), join(run, "checkpoints"));
    symlinkSync(join(outside, "samples/step-000001.png"), join(run, "samples/step-000009.png"));
    symlinkSync(outside, join(runs, "linked"));
    mkdirSync(join(runs, "half"));
    writeFileSync(join(outside, "metrics.jsonl"), '{"step": 7}\n');
    for (const name of ["config.json", "metrics.jsonl", "samples"]) {
      symlinkSync(join(outside, name), join(runs, "half", name));
    }
    expect((await get("/api/runs/ring/files/config.json")).status).toBe(200);
    for (const path of [
      "ring/files/report.html",
      "ring/files/samples/step-000009.png",
      "linked",
      "linked/files/config.json",
    ]) {
      expect((await get(`/api/runs/${path}`)).status).toBe(404);
    }
    expect((await read<RunList>("/api/runs?order=name")).runs.map(({ id }) => id)).toEqual(["half", "ring"]);
    expect(await read("/api/runs/half")).toMatchObject({
      problem: "config.json leads out of the folder",
      step: 0,
      samples: [],
      checkpoints: [],
    });
    expect(await (await get("/api/runs/half/metrics")).text()).toBe("");
    expect(await read("/api/runs/half/health")).toEqual([]);
  });
});

describe("requests from other sites", () => {
  it.each([
    "example.org",
    `example.org:80`,
    "localhost.example.org",
    "127.0.0.1.example.org",
    "a@127.0.0.1",
    "",
  ])("are refused under the name %j", async (host) => {
    expect(await raw("/api/session", { host })).toBe(403);
  });

  it("are answered under addresses and localhost", async () => {
    for (const host of [`127.0.0.1:${port}`, "localhost", `[::1]:${port}`]) {
      expect(await raw("/api/session", { host })).toBe(200);
    }
  });

  it("change nothing without origin, type and token of the page", async () => {
    writeRun("ring");
    const { token } = await read<Session>("/api/session");
    const own = `127.0.0.1:${port}`;
    const good = {
      host: own,
      origin: `http://${own}`,
      "content-type": "application/json",
      "x-tsgan-token": token,
    };
    const post = (changes: Readonly<Record<string, string | undefined>>): Promise<number> => {
      const headers = Object.fromEntries(
        Object.entries({ ...good, ...changes }).filter(([, value]) => value !== undefined),
      );
      return raw("/api/runs/ring/stop", headers as Record<string, string>, "POST", "{}");
    };
    expect(await post({ origin: undefined })).toBe(403);
    expect(await post({ origin: "null" })).toBe(403);
    expect(await post({ origin: "http://example.org" })).toBe(403);
    expect(await post({ origin: `https://${own}` })).toBe(403);
    expect(await post({ origin: `http://localhost:${port}` })).toBe(403);
    expect(await post({ "content-type": "text/plain" })).toBe(415);
    expect(await post({ "x-tsgan-token": undefined })).toBe(403);
    expect(await post({ "x-tsgan-token": `${token}x` })).toBe(403);
    // Understood, and refused for what it asks: nothing trains there.
    expect(await post({})).toBe(409);
  });

  it("may not read answers: nothing names another origin", async () => {
    const response = await get("/api/session", { headers: { origin: "http://example.org" } });
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
    expect(response.headers.get("cross-origin-resource-policy")).toBe("same-origin");
  });
});

describe("bodies", () => {
  it("that are too long are refused", async () => {
    expect(await post("/api/runs", `{"config": "${"x".repeat(70_000)}"}`)).toMatchObject({ status: 413 });
  });

  it.each([
    ["no JSON", "{", "expected a body of JSON"],
    ["another shape", '{"config": 3}', "config: expected record, received number"],
    ["an unknown key", '{"config": {}, "command": "rm"}', 'Unrecognized key: "command"'],
    ["no data", '{"config": {}}', "config: data is missing"],
    ["an unknown loss", '{"config": {"data": "ring", "loss": "hing"}}', 'did you mean "hinge"'],
    ["steps out of range", '{"config": {"data": "ring", "steps": 0}}', "config: steps"],
    ["files of the machine", '{"config": {"data": "/etc"}}', "data must be a data set that has a name"],
    ["a name that leads out", '{"name": "../x", "config": {"data": "ring"}}', "name: expected letters"],
    ["a hidden name", '{"name": ".x", "config": {"data": "ring"}}', "name: expected letters"],
  ])("with %s are refused in words", async (_, body, message) => {
    const { status, error } = await post("/api/runs", body);
    expect(status).toBe(400);
    expect(error).toContain(message);
  });

  it("may not begin a run in a folder that is there, or resume what is none", async () => {
    writeRun("ring");
    expect(await post("/api/runs", '{"name": "ring", "config": {"data": "ring"}}')).toMatchObject({
      status: 409,
    });
    writeRun("paper/trials/first");
    writeFileSync(join(runs, "paper/study.json"), "{}");
    expect(await read("/api/runs/paper%2Ftrials%2Ffirst")).toMatchObject({ study: "paper" });
    for (const action of ["resume", "stop"]) {
      expect(await post(`/api/runs/paper%2Ftrials%2Ffirst/${action}`, "{}")).toMatchObject({
        status: 409,
        error: expect.stringContaining("belongs to the study paper"),
      });
    }
    expect(await post("/api/runs/nothing/resume", "{}")).toMatchObject({ status: 404 });
    expect(await post("/api/runs/ring/stop", "{}")).toMatchObject({
      status: 409,
      error: "ring is not being trained",
    });
  });

  it("resume a run whose failure is told", async () => {
    writeRun("ring");
    expect(await read<RunDetail>("/api/runs/ring")).not.toHaveProperty("problem");
    expect(await post("/api/runs/ring/resume", '{"steps": 20}')).toMatchObject({ status: 200 });
    await expect
      .poll(() => read<RunDetail>("/api/runs/ring"), { timeout: 20_000 })
      .toMatchObject({ state: "stopped", problem: expect.stringContaining("Node.js") });
  });

  it("begin a run whose failure is told", async () => {
    expect((await post("/api/runs", '{"name": "new", "config": {"data": "ring"}}')).status).toBe(201);
    await expect
      .poll(() => read<RunDetail>("/api/runs/new"), { timeout: 20_000 })
      .toMatchObject({ state: "failed", problem: expect.stringContaining("Node.js") });
  });
});

describe("run folders", () => {
  it("are listed, the newest first, with what they hold, in folders of folders too", async () => {
    writeRun("first", { at: 10 });
    writeRun("study/trials/second", { config: { data: "mnist" } });
    const { runs: listed, total } = await read<RunList>("/api/runs?order=name");
    expect(total).toBe(2);
    expect(listed).toMatchObject([
      {
        id: "first",
        state: "finished",
        step: 10,
        steps: 10,
        data: "ring",
        loss: "hinge",
        model: "mlp",
        sample: { step: 5 },
      },
      { id: "study/trials/second", state: "stopped", step: 5, data: "mnist" },
    ]);
    const found = await read<RunList>("/api/runs?search=mnist+SECOND");
    expect(found).toMatchObject({ matching: 1, total: 2 });
    const finished = await read<RunList>("/api/runs?state=finished");
    expect(finished.runs.map(({ id }) => id)).toEqual(["first"]);
  });

  it("are put in order by name, figure or configuration, and found by their figures", async () => {
    const figures = (id: string, fid: number | undefined, config = {}) => {
      const path = writeRun(id, { config });
      if (fid !== undefined)
        appendFileSync(join(path, "metrics.jsonl"), `${JSON.stringify({ step: 6, fid })}\n`);
      appendFileSync(join(path, "metrics.jsonl"), `${JSON.stringify({ step: 7, discriminatorLoss: 1 })}\n`);
    };
    figures("a10", 30, { seed: 1 });
    figures("a2", undefined, { seed: 1, loss: { name: "wasserstein" } });
    figures("b", 20, { seed: 2, steps: 900 });
    const ids = async (query: string): Promise<string[]> =>
      (await read<RunList>(`/api/runs?${query}`)).runs.map(({ id }) => id);
    expect(await ids("order=name")).toEqual(["a2", "a10", "b"]);
    expect(await ids("order=name&reverse=1")).toEqual(["b", "a10", "a2"]);
    expect(await ids("order=fid")).toEqual(["b", "a10", "a2"]);
    expect(await ids("order=fid&reverse=1")).toEqual(["a10", "b", "a2"]);
    const { runs: grouped } = await read<RunList>("/api/runs?order=group");
    expect(new Set(grouped.map(({ group }) => group)).size).toBe(2);
    expect(grouped.findIndex(({ id }) => id === "a2")).not.toBe(1);
    expect(await ids("search=fid<25")).toEqual(["b"]);
    expect(await ids(`search=${encodeURIComponent("hinge fid>=30")}`)).toEqual(["a10"]);
    expect(grouped.find(({ id }) => id === "b")?.figures).toEqual({ fid: 20, discriminatorLoss: 1 });
  });

  it("take tags and a note, which are found again, and refuse what is none", async () => {
    const path = writeRun("ring");
    const updated = async () => (await read<RunDetail>("/api/runs/ring")).updated;
    const before = await updated();
    const notes = { tags: ["paper", "long run"], note: "the one of figure 2\nkeep" };
    expect(await post("/api/runs/ring/notes", JSON.stringify(notes))).toMatchObject({ status: 200 });
    expect(await read<RunDetail>("/api/runs/ring")).toMatchObject(notes);
    expect(await updated()).toBe(before);
    expect((await read<RunList>("/api/runs?search=figure+PAPER")).matching).toBe(1);
    for (const wrong of [
      { tags: [" x"], note: "" },
      { tags: ["a\u0007"], note: "" },
      { tags: Array.from({ length: 21 }, (_, i) => `${i}`), note: "" },
      { tags: [], note: "x".repeat(4001) },
      { tags: [] },
    ])
      expect(await post("/api/runs/ring/notes", JSON.stringify(wrong))).toMatchObject({ status: 400 });
    expect(await post("/api/runs/ring/notes", '{"tags": [], "note": ""}')).toMatchObject({ status: 200 });
    expect(existsSync(join(path, "notes.json"))).toBe(false);
    expect(await post("/api/runs/none/notes", '{"tags": [], "note": ""}')).toMatchObject({ status: 404 });
  });

  it("write notes within their folder alone, and believe nothing of what they find there", async () => {
    const path = writeRun("ring");
    symlinkSync(join(folder, "secret.json"), join(path, "notes.json"));
    expect(await read<RunDetail>("/api/runs/ring")).not.toHaveProperty("tags");
    expect(await post("/api/runs/ring/notes", '{"tags": ["x"], "note": ""}')).toMatchObject({ status: 200 });
    expect(readFileSync(join(folder, "secret.json"), "utf8")).toBe('{"secret": 1}');
    writeFileSync(join(path, "notes.json"), '{"tags": "all", "note": {}}');
    expect(await read<RunDetail>("/api/runs/ring")).not.toHaveProperty("tags");
  });

  it("are renamed and deleted, and put back as they were", async () => {
    writeRun("first", { at: 9 });
    writeRun("group/second");
    expect(await post("/api/runs/first/rename", '{"name": "best"}')).toMatchObject({
      status: 200,
      id: "best",
    });
    expect(await post("/api/runs/group%2Fsecond/rename", '{"name": "third"}')).toMatchObject({
      id: "group/third",
    });
    const ids = async () => (await read<RunList>("/api/runs?order=name")).runs.map(({ id }) => id);
    expect(await ids()).toEqual(["best", "group/third"]);
    const { key } = await post("/api/runs/best/delete", "{}");
    expect(await ids()).toEqual(["group/third"]);
    expect(await read("/api/trash")).toEqual([{ key, id: "best", at: expect.any(Number) }]);
    writeRun("best");
    expect(await post(`/api/trash/${key}/restore`, "{}")).toMatchObject({ status: 409 });
    await post("/api/runs/best/rename", '{"name": "other"}');
    expect(await post(`/api/trash/${key}/restore`, "{}")).toMatchObject({ status: 200, id: "best" });
    expect(await ids()).toEqual(["best", "group/third", "other"]);
    expect(await read("/api/runs/best")).toMatchObject({ step: 9 });
    await post("/api/runs/other/delete", "{}");
    expect(await post("/api/trash/empty", "{}")).toMatchObject({ status: 200 });
    expect(await read("/api/trash")).toEqual([]);
    expect(existsSync(join(runs, ".trash"))).toBe(false);
  });

  it("are neither moved over others, nor out of the folder, nor away from who works on them", async () => {
    const path = writeRun("ring");
    writeRun("other");
    const rename = (name: string) => post("/api/runs/ring/rename", JSON.stringify({ name }));
    expect(await rename("other")).toMatchObject({ status: 409 });
    for (const name of ["../out", ".hidden", "a/b", "", "x".repeat(101)])
      expect(await rename(name)).toMatchObject({ status: 400 });
    const release = lockFolder(path, "training this run");
    expect(await rename("free")).toMatchObject({
      status: 409,
      error: expect.stringContaining("being trained"),
    });
    expect(await post("/api/runs/ring/delete", "{}")).toMatchObject({ status: 409 });
    release();
    writeRun("paper/trials/first");
    writeFileSync(join(runs, "paper/study.json"), "{}");
    expect(await post("/api/runs/paper%2Ftrials%2Ffirst/delete", "{}")).toMatchObject({ status: 409 });
    expect(await post("/api/runs/nothing/delete", "{}")).toMatchObject({ status: 404 });
    for (const key of ["..", "nothing", "abcdefgh-0123456789ab"])
      expect(await post(`/api/trash/${encodeURIComponent(key)}/restore`, "{}")).toMatchObject({
        status: 404,
      });
  });

  it("do not go into a trash that is a link, and emptying one follows none", async () => {
    writeRun("ring");
    const outside = join(folder, "outside");
    mkdirSync(outside);
    writeFileSync(join(outside, "kept"), "");
    symlinkSync(outside, join(runs, ".trash"));
    expect(await post("/api/runs/ring/delete", "{}")).toMatchObject({ status: 409 });
    expect(await post("/api/trash/empty", "{}")).toMatchObject({ status: 200 });
    rmSync(join(runs, ".trash"));
    await post("/api/runs/ring/delete", "{}");
    symlinkSync(outside, join(runs, ".trash", "link"));
    await post("/api/trash/empty", "{}");
    expect(readdirSync(outside)).toEqual(["kept"]);
  });

  it("are there before the folder of runs is", async () => {
    expect(await read<RunList>("/api/runs")).toEqual({ runs: [], matching: 0, total: 0, studies: [] });
  });

  it("are ten thousand at times", async () => {
    for (let i = 0; i < 10_000; i++) {
      mkdirSync(join(runs, `run-${i}`), { recursive: true });
      writeFileSync(join(runs, `run-${i}/config.json`), `{"data": "${i % 2 === 0 ? "ring" : "grid"}"}`);
    }
    const page = await read<RunList>("/api/runs?order=name&offset=9990");
    expect(page).toMatchObject({ total: 10_000, matching: 10_000 });
    expect(page.runs.map(({ id }) => id)).toEqual(Array.from({ length: 10 }, (_, i) => `run-${9990 + i}`));
    expect(await read<RunList>("/api/runs?search=grid&limit=3")).toMatchObject({ matching: 5000 });
  });

  it("that are malformed are shown as what they are", async () => {
    const write = (id: string, config: string, metrics?: string): void => {
      mkdirSync(join(runs, id), { recursive: true });
      writeFileSync(join(runs, id, "config.json"), config);
      if (metrics !== undefined) writeFileSync(join(runs, id, "metrics.jsonl"), metrics);
    };
    write("empty", "");
    write("list", "[1]");
    write(
      "numbers",
      '{"data": 3, "model": null, "loss": {"name": 4}, "steps": "x", "dataset": 7}',
      "3\nnull\n{\n",
    );
    write("huge", " ".repeat(2 << 20));
    write("binary", "{}", "\u0000\u0001\n\u0002");
    write("failed", '{"steps": 9}', '{"step":1}\n{"step":2,"failure":"loss is NaN"}\n');
    mkdirSync(join(runs, "folder/config.json"), { recursive: true });
    mkdirSync(join(runs, "strange/metrics.jsonl"), { recursive: true });
    writeFileSync(join(runs, "strange/config.json"), "{}");
    writeFileSync(join(runs, "file"), "");
    const { runs: listed } = await read<RunList>("/api/runs?order=name");
    expect(listed.map(({ id, state, step }) => [id, state, step])).toEqual([
      ["binary", "stopped", 0],
      ["empty", "damaged", 0],
      ["failed", "failed", 2],
      ["huge", "damaged", 0],
      ["list", "damaged", 0],
      ["numbers", "stopped", 0],
      ["strange", "stopped", 0],
    ]);
    for (const { id } of listed) {
      expect((await get(`/api/runs/${id}`)).status).toBe(200);
      if (id === "strange") continue;
      expect((await get(`/api/runs/${id}/health`)).status).toBe(200);
      expect((await get(`/api/runs/${id}/metrics`)).status).toBe(200);
    }
  });

  it("give their metrics in whole lines, from where the last piece ended", async () => {
    const run = writeRun("ring", { at: 2 });
    const first = await get("/api/runs/ring/metrics");
    expect((await first.text()).split("\n")).toHaveLength(3);
    const next = first.headers.get("tsgan-next");
    const version = first.headers.get("tsgan-version");
    const more = (): Promise<Response> => get(`/api/runs/ring/metrics?from=${next}&version=${version}`);
    appendFileSync(join(run, "metrics.jsonl"), '{"step":3,');
    expect(await (await more()).text()).toBe("");
    appendFileSync(join(run, "metrics.jsonl"), '"x":1}\n');
    expect(await (await more()).text()).toBe('{"step":3,"x":1}\n');
    // A resumed run replaces the file.
    rmSync(join(run, "metrics.jsonl"));
    writeFileSync(join(run, "metrics.jsonl"), '{"step":1}\n');
    const anew = await get(`/api/runs/ring/metrics?from=${next}&version=other`);
    expect([anew.headers.get("tsgan-from"), await anew.text()]).toEqual(["0", '{"step":1}\n']);
    expect((await get("/api/runs/ring/metrics?from=-1")).status).toBe(400);
  });

  it("show a report without any access to the server", async () => {
    const run = writeRun("ring");
    writeFileSync(join(run, "report.html"), "<script>fetch('/api/session')</script>");
    const response = await get("/api/runs/ring/files/report.html");
    expect(response.headers.get("content-security-policy")).toMatch(
      /^sandbox allow-scripts; default-src 'none'/,
    );
    expect(response.headers.get("content-security-policy")).not.toContain("allow-same-origin");
  });

  it("tell what their records say about their health", async () => {
    const records = Array.from({ length: 150 }, (_, i) => ({
      step: i + 1,
      discriminatorLoss: 1e-4,
      realScore: 9,
      fakeScore: -9,
    }));
    const run = writeRun("ring", { config: { loss: { name: "non-saturating" } } });
    writeFileSync(
      join(run, "metrics.jsonl"),
      records.map((record) => `${JSON.stringify(record)}\n`).join(""),
    );
    expect(await read("/api/runs/ring/health")).toMatchObject([{ title: "the discriminator wins" }]);
  });

  it("tell it of games of one's own, too, by the players that they have", async () => {
    const player = { trains: ["encoder"], optimizer: { name: "adam", links: [{ name: "clip", limit: 1 }] } };
    const game = { game: "bigan", batch: 16, players: { encoder: player }, techniques: [] };
    const run = writeRun("own", { config: game });
    const records = Array.from({ length: 150 }, (_, i) => ({
      step: i + 1,
      encoderLoss: 1,
      encoderGradient: i < 75 ? 1 : 1e6,
    }));
    writeFileSync(
      join(run, "metrics.jsonl"),
      records.map((record) => `${JSON.stringify(record)}\n`).join(""),
    );
    expect(await read("/api/runs/own/health")).toEqual([
      {
        severity: "alarm",
        title: "a gradient explodes",
        evidence: "the norm of the gradient of encoder grew from 1 after the warm-up to 1000000",
        advice: "lower the learning rates",
      },
    ]);
  });

  it("tell of changes as they happen", async () => {
    const run = writeRun("ring");
    const response = await get("/api/events");
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    const changes = (): ChangeEvent[] =>
      [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data) as ChangeEvent);
    const readUntil = async (isSeen: () => boolean): Promise<void> => {
      while (!isSeen()) text += (await reader.read()).value ?? "";
    };
    const writing = setInterval(() => appendFileSync(join(run, "metrics.jsonl"), '{"step":6}\n'), 300);
    await readUntil(() => changes().some(({ changed, listed }) => changed.includes("ring") && !listed));
    clearInterval(writing);
    writeRun("another");
    await readUntil(() => changes().some(({ changed, listed }) => changed.includes("another") && listed));
    await reader.cancel();
  });

  it("tell of a run that was made between the list that a page was given and the first look for changes", async () => {
    expect((await read<RunList>("/api/runs")).total).toBe(0);
    writeRun("ring");
    // The list is still that of a moment ago.
    expect((await read<RunList>("/api/runs")).total).toBe(0);
    const reader = (await get("/api/events")).body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    while (!/^data: .*"ring"/m.test(text)) text += (await reader.read()).value ?? "";
    await reader.cancel();
  });
});

it("counts the trials of a study, as the study itself writes them", async () => {
  const study = resolveStudy({
    name: "paper",
    data: { mnist: null },
    models: { wgan: { config: { loss: "wgan" } }, ns: { config: { loss: { name: "non-saturating" } } } },
    samples: 3,
    budget: { steps: 100 },
    metrics: ["fid"],
  });
  const path = join(runs, "paper");
  const folder = lockStudy(path, study, false);
  const [first, second] = trialsOf(study).filter(({ model }) => model === "wgan");
  const evaluations = [20, 30].map((fid, i) => ({ step: 50 * (i + 1), metrics: { fid } }));
  folder.writeRecord({ trial: first, status: "finished", evaluations });
  folder.writeRecord({ trial: second, status: "failed", error: "NaN", evaluations: [] });
  folder.close();
  const none = { running: 0, finished: 0, failed: 0, stopped: 0 };
  const wgan = { data: "mnist", model: "wgan", planned: 3, ...none, finished: 1, failed: 1 };
  expect((await read<RunList>("/api/runs")).studies).toEqual(["paper"]);
  expect(await read("/api/studies/paper")).toEqual({
    id: "paper",
    name: "paper",
    planned: 6,
    hasReport: false,
    cells: [
      { ...wgan, best: { figure: "fid", value: 20, trial: first.id } },
      { data: "mnist", model: "ns", planned: 3, ...none },
    ],
  });
  expect((await get("/api/studies/paper/report")).status).toBe(404);
  writeFileSync(join(path, "report.html"), "<title>paper</title>");
  expect((await get("/api/studies/paper/report")).headers.get("content-security-policy")).toMatch(
    /^sandbox /,
  );
  // A trial that is being trained has a run with a lock.
  const unlock = lockFolder(join(path, "trials/mnist_ns_sample-0_seed-1"), "training this run");
  expect(await read("/api/studies/paper")).toMatchObject({ cells: [{}, { model: "ns", running: 1 }] });
  unlock();

  writeFileSync(join(path, "study.json"), "{");
  writeFileSync(join(path, "trials", first.id, "record.json"), '{"trial": 3, "evaluations": [null]}');
  expect(await read("/api/studies/paper")).toMatchObject({
    problem: "study.json cannot be read",
    cells: [{ model: "wgan", finished: 0, failed: 1 }],
  });
});

it("says how the page is built where it is not", () => {
  const resolve = () => "/modules/@tsgan/studio/package.json";
  expect(studioPage(resolve, () => true)).toBe(join("/modules/@tsgan/studio/dist"));
  expect(() => studioPage(resolve, () => false)).toThrow(
    "is not built (/modules/@tsgan/studio/dist); run npm run build:web",
  );
  const absent = () => {
    throw new Error("Cannot find module '@tsgan/studio/package.json'");
  };
  expect(() => studioPage(absent, () => true)).toThrow(
    "the studio needs the package @tsgan/studio: npm install @tsgan/studio",
  );
});

it("has room for 64 pages that listen, and for others when they go", async () => {
  // The responses are kept: fetch() closes the connection of one that nobody holds any more.
  const pages: { controller: AbortController; response: Response }[] = [];
  const listen = async (): Promise<number> => {
    const controller = new AbortController();
    const response = await get("/api/events", { signal: controller.signal });
    pages.push({ controller, response });
    return response.status;
  };
  for (let i = 0; i < 64; i++) expect(await listen()).toBe(200);
  expect(await listen()).toBe(503);
  expect((await get("/api/session")).status).toBe(200);
  for (const { controller } of pages.splice(0)) controller.abort();
  await expect.poll(listen).toBe(200);
  for (const { controller } of pages) controller.abort();
});

it("goes on after connections that make no sense", async () => {
  for (const text of [
    "GET / HTTP/1.1\r\n\r\n",
    "nonsense\r\n\r\n",
    `GET /${"x".repeat(100_000)} HTTP/1.1\r\nhost: x\r\n\r\n`,
  ]) {
    await new Promise<void>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => socket.write(text));
      socket.on("data", () => socket.destroy());
      socket.on("error", () => {});
      socket.on("close", () => resolve());
    });
  }
  expect((await get("/")).status).toBe(200);
});
