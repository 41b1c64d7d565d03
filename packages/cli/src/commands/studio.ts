/** tsgan studio */
import { spawn } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import type { Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { integer, useOption } from "../options.ts";
import { print } from "../text.ts";

interface StudioFlags {
  readonly runs: string;
  readonly port?: number;
  readonly host: string;
  readonly open?: boolean;
  readonly use?: readonly string[];
}

const PORT = 7317;
const LOCAL = ["127.0.0.1", "::1", "localhost"];

export const studioCommand = (): Command =>
  new Command("studio")
    .description("Serve the studio: play with GANs, and watch, start and stop runs, in a browser.")
    .option("--runs <folder>", "folder that holds the runs", "runs")
    .option("--port <n>", `port; 0 for any that is free (default: ${PORT}, or any)`, integer(0, 65_535))
    .option(
      "--host <address>",
      "address to listen on; another one opens the studio to a network",
      "127.0.0.1",
    )
    .option("--open", "open the page in a browser")
    .addOption(useOption())
    .addHelpText(
      "after",
      `
Runs that are started from the page are processes of their own: they go on when the studio is closed, and saving and
stopping them is a button of the page.

Examples:
  tsgan studio
  tsgan studio --runs experiments --port 8080 --open`,
    )
    .action(run);

/** @returns the port; undefined where it is taken */
const listen = (server: Server, port: number, host: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      server.off("listening", onListening);
      if (error.code === "EADDRINUSE") resolve(undefined);
      else reject(error);
    };
    const onListening = (): void => {
      server.off("error", onError);
      resolve((server.address() as AddressInfo).port);
    };
    server.once("error", onError);
    server.once("listening", onListening);
    server.listen(port, host);
  });

/** Opens an address in the browser of the desktop; where there is none the address is on the terminal. */
const openBrowser = (url: string): void => {
  const commands: Partial<Record<NodeJS.Platform, string>> = { darwin: "open", win32: "explorer" };
  const child = spawn(commands[process.platform] ?? "xdg-open", [url], { stdio: "ignore", detached: true });
  child.on("error", () => process.stderr.write("no browser could be opened\n"));
  child.unref();
};

const run = async ({ runs, port, host, open, use = [] }: StudioFlags): Promise<void> => {
  const { useFiles } = await import("../use.ts");
  await useFiles(use);
  const { RunError, UsageError } = await import("tsgan");
  const { holdsRun } = await import("tsgan/node");
  const { createStudio } = await import("../studio/server.ts");
  const { studioPage } = await import("../studio/studio-page.ts");
  const folder = resolve(runs);
  if (holdsRun(folder)) {
    throw new UsageError(
      `--runs: expected a folder that holds runs; ${runs} is a run itself; give the folder above it`,
    );
  }
  if (existsSync(folder) && !statSync(folder).isDirectory()) {
    throw new UsageError(`--runs: expected a folder that holds runs; ${runs} is a file`);
  }
  const server = createStudio({
    runs: folder,
    page: studioPage(createRequire(import.meta.url).resolve, existsSync),
    bin: fileURLToPath(new URL("../../bin/tsgan.js", import.meta.url)),
    uses: use.map((file) => resolve(file)),
    names: [host.toLowerCase()],
    onFault: (error) => process.stderr.write(`error: ${error instanceof Error ? error.stack : error}\n`),
  });
  let bound: number | undefined;
  try {
    bound = await listen(server, port ?? PORT, host);
    if (bound === undefined && port === undefined) bound = await listen(server, 0, host);
  } catch (error) {
    throw new RunError(`cannot listen on ${host}: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
  if (bound === undefined)
    throw new RunError(`port ${port} is taken; choose another --port, or leave it out`);
  if (!LOCAL.includes(host)) {
    process.stderr.write(
      `warning: whoever reaches port ${bound} of ${host} can read these runs, and start and stop training\n`,
    );
  }
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${bound}/`;
  print(`studio: ${url}\nruns:   ${folder}\n`);
  if (open) openBrowser(`${url}#/runs`);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => {
      server.close();
      server.closeAllConnections();
    });
  }
};
