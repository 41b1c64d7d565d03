/** What the server does with folders that come from elsewhere, bodies that make no sense, and other users of the machine. */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import type { HealthVerdict, RunDetail, RunList, Session, StudyProgress } from "@tsgan/studio/api";
import { lockFolder } from "tsgan/node";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isForeign, parseConnections } from "./peer.ts";
import { createStudio } from "./server.ts";

let folder: string;
let runs: string;
let server: Server;
let port: number;
let faults: unknown[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "tsgan-studio-hostile-"));
  runs = join(folder, "runs");
  mkdirSync(join(folder, "page"), { recursive: true });
  writeFileSync(join(folder, "page/index.html"), "<!doctype html><title>studio</title>");
  faults = [];
  server = createStudio({
    runs,
    page: join(folder, "page"),
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

const get = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`http://127.0.0.1:${port}${path}`, init);
const read = async <Value>(path: string): Promise<Value> => (await (await get(path)).json()) as Value;

const post = async (path: string, body: string): Promise<{ status: number; error: string }> => {
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
  return { status: response.status, error: ((await response.json()) as { error: string }).error };
};

const CONFIG = {
  data: "ring",
  model: { name: "mlp" },
  loss: { name: "hinge" },
  steps: 10,
  dataset: { shape: [2] },
};

const write = (name: string, content: unknown): string => {
  const file = join(runs, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
};

const writeRun = (id: string, config: unknown = CONFIG): string => {
  write(`${id}/config.json`, config);
  write(`${id}/metrics.jsonl`, '{"step":1,"discriminatorLoss":1}\n{"step":2,"discriminatorLoss":1}\n');
  return join(runs, id);
};

describe.runIf(process.platform !== "win32")("what is no file", () => {
  const traps: Record<string, (file: string) => void> = {
    pipe: (file) => spawnSync("mkfifo", [file]),
    device: (file) => symlinkSync("/dev/zero", file),
    loop: (file) => symlinkSync(basename(file), file),
    folder: (file) => mkdirSync(file),
    terabyte: (file) => {
      writeFileSync(file, "");
      truncateSync(file, 2 ** 40);
    },
  };
  const names = [
    ".lock",
    "metrics.jsonl",
    "report.html",
    "generator.onnx",
    "samples/step-000001.png",
    "checkpoints/step-000001.safetensors",
    "config.json",
  ];
  const addresses = [
    "",
    "/metrics",
    "/health",
    ...["config.json", "metrics.jsonl", "report.html", "generator.onnx", "samples/step-000001.png"].map(
      (name) => `/files/${name}`,
    ),
  ];

  it.each(Object.keys(traps))(
    "is not read, sent or waited for: a %s in the place of any file",
    async (kind) => {
      for (const name of names) {
        const id = name.replaceAll(/\W/g, "_");
        const file = join(writeRun(id), name);
        mkdirSync(dirname(file), { recursive: true });
        rmSync(file, { force: true });
        traps[kind](file);
      }
      const { runs: listed } = await read<RunList>("/api/runs");
      expect(listed.length).toBeGreaterThanOrEqual(names.length - 1);
      for (const name of names) {
        const id = name.replaceAll(/\W/g, "_");
        for (const address of addresses) {
          const response = await get(`/api/runs/${id}${address}`, { method: "HEAD" });
          expect([200, 404]).toContain(response.status);
          // Whatever has a terabyte is begun to be sent; the rest is there at once.
          if (response.status === 404 || kind === "terabyte") continue;
          await (await get(`/api/runs/${id}${address}`)).arrayBuffer();
        }
        for (const action of ["stop", "resume"]) {
          const { status } = await post(`/api/runs/${id}/${action}`, '{"steps": 1}');
          expect([200, 404, 409]).toContain(status);
        }
      }
    },
  );

  it.each(Object.keys(traps))("does not keep a study from being shown: a %s for a record", async (kind) => {
    const study = {
      name: "paper",
      data: [{ name: "ring" }],
      models: [{ name: "gan" }],
      samples: 1,
      seeds: [1, 2],
    };
    write("paper/study.json", { study });
    for (const trial of ["ring_gan_sample-0_seed-1", "ring_gan_sample-0_seed-2"]) {
      writeRun(`paper/trials/${trial}`);
    }
    traps[kind](join(runs, "paper/trials/ring_gan_sample-0_seed-1/record.json"));
    traps[kind](join(runs, "paper/trials/ring_gan_sample-0_seed-2/.lock"));
    traps[kind](join(runs, "paper/report.html"));
    expect(await read("/api/studies/paper")).toMatchObject({ planned: 2 });
    rmSync(join(runs, "paper/study.json"));
    traps[kind](join(runs, "paper/study.json"));
    const response = await get("/api/studies/paper");
    expect([200, 404]).toContain(response.status);
  });
});

it("sends a file that has grown beyond measure as it is, without the work of making it shorter", async () => {
  truncateSync(join(writeRun("vast"), "metrics.jsonl"), 2 ** 40);
  const response = await get("/api/runs/vast/files/metrics.jsonl", { headers: { "accept-encoding": "br" } });
  expect(response.headers.get("content-encoding")).toBeNull();
  expect(response.headers.get("content-length")).toBe(String(2 ** 40));
  await response.body?.cancel();
});

describe("a copy of a run that trains", () => {
  it("is not running, and stopping it stops nobody", async () => {
    const unlock = lockFolder(writeRun("original"), "training this run");
    cpSync(join(runs, "original"), join(runs, "copy"), { recursive: true });
    expect(existsSync(join(runs, "copy/.lock"))).toBe(true);
    expect(await read("/api/runs/original")).toMatchObject({ state: "running" });
    expect(await read("/api/runs/copy")).toMatchObject({ state: "stopped" });
    expect(await post("/api/runs/copy/stop", "{}")).toEqual({
      status: 409,
      error: "copy is not being trained",
    });
    unlock();
  });
});

describe("what makes no sense", () => {
  const nested = (levels: number): string => `${"[".repeat(levels)}${"]".repeat(levels)}`;

  it.each([
    ["nested", `{"config": {"data": "ring", "model": ${nested(30_000)}}}`, "nested more than 64 levels deep"],
    ["nested in objects", `{"config": ${'{"a":'.repeat(9000)}1${"}".repeat(9000)}}`, "64 levels deep"],
    ["nested without an end", `{"config": ${"[".repeat(60_000)}`, "64 levels deep"],
  ])("is refused in a body that is %s", async (_, body, message) => {
    const { status, error } = await post("/api/runs", body);
    expect(status).toBe(400);
    expect(error).toContain(message);
  });

  it("is told of in a configuration that is nested", async () => {
    writeRun("deep", `{"model": ${nested(100_000)}}`);
    writeRun("quotes", `{"model": "${'\\"'.repeat(400_000)}`);
    expect(await read("/api/runs/deep")).toMatchObject({
      state: "damaged",
      problem: "config.json cannot be read: it is nested more than 64 levels deep",
    });
    expect(await read<RunDetail>("/api/runs/quotes")).toMatchObject({ state: "damaged" });
    expect(await read("/api/runs/deep/health")).toMatchObject([{ title: "not examined" }]);
  });

  it.each<[string, object]>([
    ["too large", { model: { name: "mlp", hidden: [1e9, 1e9] } }],
    ["of the wrong kind", { model: { name: "mlp", hidden: "x" }, batch: "many", optimizer: 3 }],
    ["of other shapes", { dataset: { shape: [1e9, 1e9, 1e9, 1e9] } }],
    ["with nothing in it", { dataset: { shape: [2] }, model: {}, loss: {} }],
  ])("is not examined: a configuration %s", async (_, change) => {
    writeRun("absurd", { ...CONFIG, ...change });
    const verdicts = await read<HealthVerdict[]>("/api/runs/absurd/health");
    expect(verdicts.length).toBeGreaterThan(0);
  });

  it("is not examined, with what is wrong in a line: a damaged plan of a table", async () => {
    const columns = [{ kind: "category", name: "c", values: ["a", "b"], counts: [1] }];
    const table = { columns, rows: 40, separator: ",", decimal: "." };
    writeRun("plan", { ...CONFIG, dataset: { shape: [2], table } });
    const [{ title, evidence }] = await read<HealthVerdict[]>("/api/runs/plan/health");
    expect(title).toBe("not examined");
    expect(evidence).toMatch(
      /^config\.json: dataset\.table\.columns\.0\.counts: expected 2 counts, [^\n]+; got 1; /,
    );
  });

  it("is shown as damaged: a study with more cells than there can be", async () => {
    const many = Array.from({ length: 20_000 }, (_, i) => ({ name: `n${i}` }));
    write("vast/study.json", { study: { name: "vast", data: many, models: many, samples: 1, seeds: [1] } });
    expect(await read<StudyProgress>("/api/studies/vast")).toMatchObject({
      problem: "study.json cannot be read",
      cells: [],
    });
  });
});

describe("a run of many steps", () => {
  it("is examined while other requests are served", async () => {
    const path = writeRun("long");
    const file = openSync(join(path, "metrics.jsonl"), "w");
    for (let i = 0; i < 100; i++) {
      const lines = Array.from(
        { length: 5000 },
        (_, j) =>
          `{"step":${5000 * i + j + 1},"discriminatorLoss":1.25,"generatorLoss":0.75,"accuracy":0.5}\n`,
      );
      writeSync(file, lines.join(""));
    }
    const order: string[] = [];
    const health = read<HealthVerdict[]>("/api/runs/long/health").then((verdicts) => {
      order.push("health");
      return verdicts;
    });
    for (let i = 0; i < 5; i++) {
      await get("/api/session");
      order.push("session");
    }
    const verdicts = await health;
    expect(order.at(-1)).toBe("health");
    expect(verdicts[0].title).not.toBe("not examined");
  });

  it("says how many of its records are damaged", async () => {
    const path = writeRun("torn");
    writeFileSync(join(path, "metrics.jsonl"), '{"step":1,"discriminatorLoss":1}\n\0\0\n{"st\n');
    expect(await read<HealthVerdict[]>("/api/runs/torn/health")).toContainEqual({
      severity: "note",
      title: "damaged records",
      evidence: "2 lines of metrics.jsonl cannot be read",
      advice: "",
    });
  });
});

describe("other users of this machine", () => {
  const line = (local: number, remote: number, user: number, inode: number): string =>
    `   0: 0100007F:${local.toString(16).toUpperCase().padStart(4, "0")} 0100007F:${remote.toString(16)} 01 00000000:00000000 00:00000000 00000000  ${user}        0 ${inode} 1 0 100 0 0 10 0`;
  const table =
    (...lines: readonly string[]) =>
    () =>
      parseConnections(["  sl  local_address …", ...lines, ""].join("\n"));
  const socket = { localPort: 7317, remotePort: 5555, remoteAddress: "127.0.0.1" };
  const ours = line(7317, 5555, 1000, 77);

  it.each<[string, boolean, readonly string[]]>([
    ["the user's own", false, [ours, line(5555, 7317, 1000, 78)]],
    ["root's", false, [ours, line(5555, 7317, 0, 78)]],
    ["another one's", true, [ours, line(5555, 7317, 1001, 78)]],
    ["one that no process holds any more, whose user is not told", true, [ours, line(5555, 7317, 0, 0)]],
    ["gone", true, [ours]],
    ["one of two of the same ports", true, [ours, line(5555, 7317, 1000, 78), line(5555, 7317, 1001, 79)]],
    ["unknown, as is our own end", false, [line(1, 2, 1001, 3)]],
  ])("are told by the system's list of connections: %s", (_, expected, lines) => {
    expect(isForeign(socket, 1000, table(...lines))).toBe(expected);
  });

  it("are not those of other machines, nor of a system without such a list", () => {
    expect(isForeign({ ...socket, remoteAddress: "192.168.1.7" }, 1000, table(ours))).toBe(false);
    expect(isForeign(socket, 1000, () => [])).toBe(false);
  });

  it.runIf(process.getuid?.() === 0 && existsSync("/proc/net/tcp"))(
    "are refused whatever they ask (where the test may be another user)",
    async () => {
      expect((await get("/api/session")).status).toBe(200);
      const script = `fetch("http://127.0.0.1:${port}/api/session").then((r) => r.text()).then((t) => console.log(t))`;
      const { spawn } = await import("node:child_process");
      const child = spawn(process.execPath, ["-e", script], { uid: 65534, gid: 65534, cwd: "/" });
      let output = "";
      for await (const text of child.stdout) output += text;
      expect(output).toContain("this studio is another user's of this machine; start one of your own");
    },
  );
});
