/**
 * Requests as no page sends them, to the studio of the command over runs of which some are hostile: addresses that lead out,
 * broken encodings, foreign hosts and origins, bodies that make no sense, half a request. Each is answered, within ten seconds
 * and never by a fault (5xx), nothing outside the folders is told, and the server lives and answers others meanwhile.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type RandomStream, randomStream } from "tsgan/random";
import type { Campaign, Failure } from "./campaign.ts";
import { mutate } from "./files/mutate.ts";

/** Milliseconds, by the clock: the machine may be busy. */
const PATIENCE = 10_000;
const TICK = 100;
/** Megabytes that the server may have had at once. */
const MEGABYTES = 512;
/** Stands in a file beside the runs, and in no answer. */
const SECRET = "what nobody may read";

const bin = fileURLToPath(new URL("../../../cli/bin/tsgan.js", import.meta.url));

const lines = (count: number): string =>
  Array.from(
    { length: count },
    (_, i) => `${JSON.stringify({ step: i + 1, discriminatorLoss: 1 / (i + 1) })}\n`,
  ).join("");

/** A folder of runs, some of them as nobody of ours leaves them. */
const makeRuns = (folder: string): string => {
  const runs = join(folder, "runs");
  const put = (name: string, content: string): string => {
    const file = join(runs, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  };
  const config = JSON.stringify({
    data: "ring",
    model: { name: "mlp" },
    loss: { name: "hinge" },
    steps: 10,
    dataset: { shape: [2] },
  });
  const run = (id: string): void => {
    put(`${id}/config.json`, config);
    put(`${id}/metrics.jsonl`, lines(20));
    put(`${id}/samples/step-000010.png`, "png");
    put(`${id}/report.html`, "<!doctype html>");
  };
  for (const id of ["good", "paper/trials/ring_gan_sample-0_seed-1", "pipes", "links", "absurd", "torn"])
    run(id);
  const study = {
    name: "paper",
    data: [{ name: "ring" }],
    models: [{ name: "gan" }],
    samples: 1,
    seeds: [1],
  };
  put("paper/study.json", JSON.stringify({ study }));
  writeFileSync(join(folder, "secret"), SECRET);
  for (const name of ["metrics.jsonl", "report.html", ".lock", "samples/step-000010.png"]) {
    rmSync(join(runs, "pipes", name), { force: true });
    execFileSync("mkfifo", [join(runs, "pipes", name)]);
    rmSync(join(runs, "links", name), { force: true });
    symlinkSync(name === ".lock" ? "/dev/zero" : join(folder, "secret"), join(runs, "links", name));
  }
  symlinkSync(folder, join(runs, "out"));
  put("absurd/config.json", config.replace('"mlp"', '"mlp","hidden":[1e9,1e9,1e9]'));
  put("torn/config.json", "[".repeat(200_000));
  truncateSync(join(runs, "torn/metrics.jsonl"), 2 ** 40);
  return runs;
};

const ids = [
  "good",
  "paper",
  "paper/trials/ring_gan_sample-0_seed-1",
  "pipes",
  "links",
  "absurd",
  "torn",
  "out",
  "none",
  "..",
  "../secret",
  "good/../../secret",
  "C:\\x",
  ".lock",
  "",
];
const parts = [
  "",
  "metrics",
  "metrics?from=1e9&version=x",
  "metrics?from=5",
  "health",
  "files/config.json",
  "files/metrics.jsonl",
  "files/report.html",
  "files/samples/step-000010.png",
  "files/../../../secret",
  "files/.lock",
  "stop",
  "resume",
  "report",
];
const plain = [
  "/",
  "/index.html",
  "/secret",
  "/../secret",
  "/%2e%2e/secret",
  "/assets/../../secret",
  "/data/pokemon.json",
  "/data/../../secret.json",
  "/api/session",
  "/api/runs",
  "/api/runs?search=ring+gan&state=stopped&order=name&offset=2&limit=3",
  "/api/runs?limit=-1",
  "/api/runs?offset=1e99",
  "/api/nothing",
  "//",
  "*",
  "http://example.org/",
  "/api/studies/paper",
  "/api/studies/paper/report",
];

const choose = <T>(random: RandomStream, list: readonly T[]): T => list[random.integer(list.length)];

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");
const twisted = (value: string, random: RandomStream): string =>
  text(mutate(Buffer.from(value), Buffer.from(choose(random, plain)), random)).slice(0, 20_000);

const addressOf = (random: RandomStream): string => {
  if (random.uniform() < 0.4) return choose(random, plain);
  const encode = random.uniform() < 0.7 ? encodeURIComponent : (x: string) => x;
  const kind = random.uniform() < 0.8 ? "runs" : "studies";
  return `/api/${kind}/${encode(choose(random, ids))}/${choose(random, parts)}`.replace(/\/$/, "");
};

const start = {
  name: "new",
  config: { data: "ring", model: { name: "mlp", hidden: [4] }, batch: 4, steps: 1 },
};
const bodies = [
  JSON.stringify(start),
  JSON.stringify({ ...start, name: undefined }),
  '{"steps": 20}',
  "{}",
  "[]",
  "null",
  '"x"',
];

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** As it is, instead: what no library sends. */
  readonly raw?: string;
}

const drawn = (random: RandomStream, host: string, token: string): Sent => {
  const path = random.uniform() < 0.3 ? twisted(addressOf(random), random) : addressOf(random);
  const method = choose(random, [
    "GET",
    "GET",
    "GET",
    "HEAD",
    "POST",
    "POST",
    "POST",
    "PUT",
    "DELETE",
    "OPTIONS",
    "PATCH",
  ]);
  const body = random.uniform() < 0.6 ? twisted(choose(random, bodies), random) : choose(random, bodies);
  const headers = {
    host: choose(random, [
      host,
      host,
      host,
      host,
      "localhost",
      "example.org",
      "[::1]",
      "",
      "a@b",
      host.repeat(50),
    ]),
    origin: choose(random, [
      `http://${host}`,
      `http://${host}`,
      `http://${host}`,
      "null",
      "http://example.org",
    ]),
    "content-type": choose(random, ["application/json", "application/json", "text/plain", ""]),
    "x-tsgan-token": choose(random, [token, token, token, "", `${token}x`, "ß".repeat(20)]),
    "accept-encoding": choose(random, ["br", "gzip;q=0", "*", ",,,;q=x", "gzip, br"]),
    "if-none-match": choose(random, ["", '"x"', "*"]),
  };
  const sent = { method, path, headers, body };
  if (random.uniform() > 0.2) return sent;
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const whole = `${method} ${path} HTTP/1.1\r\n${head.join("")}content-length: ${body.length}\r\n\r\n${body}`;
  return { ...sent, raw: random.uniform() < 0.7 ? twisted(whole, random) : whole };
};

interface Answer {
  readonly status: number | undefined;
  readonly body: string;
}

/** Bytes of an answer that are read: a terabyte is not waited for. */
const MOST = 1 << 16;

const sendRaw = (port: number, raw: string): Promise<Answer> =>
  new Promise((resolve) => {
    let body = "";
    const socket = connect(port, "127.0.0.1");
    const end = (): void => {
      socket.destroy();
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(body)?.[1] ?? Number.NaN) || undefined, body });
    };
    socket.on("error", end);
    socket.on("close", end);
    socket.on("data", (data) => {
      body += data.toString("latin1");
      if (body.length > MOST) end();
    });
    socket.end(Buffer.from(raw, "latin1"));
    // Half a request has no answer until it is given up, and a stream of events has no end.
    setTimeout(end, 300);
  });

const send = (port: number, { method, path, headers, body, raw }: Sent): Promise<Answer> => {
  if (raw !== undefined) return sendRaw(port, raw);
  return new Promise((resolve, reject) => {
    const end = (status: number | undefined, read: string): void => {
      clearInterval(timer);
      resolve({ status, body: read });
    };
    // In small parts, each of which counts once: a process that is stopped for a while lets no time pass.
    let left = PATIENCE / TICK;
    const timer = setInterval(() => {
      if (--left < 0) reject(new Error(`no answer within ${PATIENCE / 1000} s`));
    }, TICK);
    try {
      const sent = request({ host: "127.0.0.1", port, path, method, headers, setHost: false }, (response) => {
        let read = "";
        response.on("data", (data) => {
          read += data.toString("latin1");
          if (read.length > MOST) sent.destroy();
        });
        response.on("close", () => end(response.statusCode, read));
        if (response.headers["content-type"] === "text/event-stream") sent.destroy();
      });
      // Refused before its body was read.
      sent.on("error", () => end(undefined, ""));
      sent.end(method === "GET" || method === "HEAD" ? undefined : body);
    } catch {
      // What the library does not send at all is sent as it is.
      clearInterval(timer);
      resolve(sendRaw(port, `${method} ${path} HTTP/1.1\r\nhost: ${headers.host}\r\n\r\n`));
    }
  });
};

/** Megabytes that a process has had at once, at most; undefined where the system does not say. */
const peakOf = ({ pid }: ChildProcess): number | undefined => {
  try {
    const [, kilobytes] = /^VmHWM:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined;
  }
};

/** Ends the runs that the server has begun. */
const endRuns = (server: ChildProcess): void => {
  try {
    const children = readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, "utf8").trim();
    for (const pid of children.split(" ").filter(Boolean)) process.kill(Number(pid), "SIGKILL");
  } catch {
    // It has none any more.
  }
};

export const http: Campaign = async ({ seed, count, from = 0, progress }) => {
  const folder = mkdtempSync(join(tmpdir(), "tsgan-http-"));
  const server = spawn(process.execPath, [bin, "studio", "--runs", makeRuns(folder), "--port", "0"], {
    env: { ...process.env, TMPDIR: folder },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const failures: Failure[] = [];
  const counts = new Map<string, number>();
  let memory: number | undefined;
  let said = "";
  server.stderr.on("data", (data) => {
    said += data;
  });
  try {
    const [printed] = (await once(server.stdout, "data")) as [Buffer];
    const port = Number(/127\.0\.0\.1:(\d+)/.exec(printed.toString())?.[1]);
    const host = `127.0.0.1:${port}`;
    const session = (): Promise<Answer> =>
      send(port, { method: "GET", path: "/api/session", headers: { host }, body: "" });
    const { token } = JSON.parse((await session()).body) as { token: string };
    for (let number = from; number < from + count; number++) {
      const random = randomStream(seed, "http", number);
      const sent = drawn(random, host, token);
      const tried = `${sent.method} ${JSON.stringify(sent.path.slice(0, 100))}${sent.raw === undefined ? "" : ", raw"}`;
      const fail = (message: string): void => void failures.push({ case: number, tried, message });
      try {
        // Others are served meanwhile.
        const [answer, other] = await Promise.all([
          send(port, sent),
          number % 50 === 0 ? session() : undefined,
        ]);
        const status = String(answer.status ?? "none");
        counts.set(status, (counts.get(status) ?? 0) + 1);
        if (status.startsWith("5") && answer.status !== 503)
          fail(`it was answered with ${status}: ${answer.body.slice(0, 200)}`);
        if (answer.body.includes(SECRET)) fail("the answer holds what is outside");
        if (other !== undefined && other.status !== 200)
          fail(`another one was answered with ${other.status}`);
      } catch (error) {
        fail(String(error));
      }
      endRuns(server);
      progress?.(number + 1 - from, failures);
      if (server.exitCode !== null || server.signalCode !== null) {
        fail(`the server ended: ${server.signalCode ?? server.exitCode}: ${said.slice(-500)}`);
        break;
      }
      if (said !== "") {
        fail(`the server said: ${said.slice(0, 500)}`);
        said = "";
      }
      memory = peakOf(server) ?? memory;
      if (memory !== undefined && memory > MEGABYTES) {
        fail(`the server has had ${memory.toFixed(0)} MB`);
        break;
      }
    }
  } finally {
    endRuns(server);
    server.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
  const tried = [...counts]
    .sort()
    .map(
      ([status, n]) =>
        `${String(n).padStart(8)} answered with ${status === "none" ? "nothing, or closed" : status}`,
    );
  if (memory !== undefined) tried.push(`the server has had at most ${memory.toFixed(0)} MB`);
  return { tried, failures };
};
