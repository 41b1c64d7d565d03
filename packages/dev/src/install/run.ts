/** Commands in clean surroundings. */
import { spawn } from "node:child_process";

export interface RunSettings {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Only these are taken from where the matrix was started: npm's variables and others' settings are not. */
const KEPT = /^(PATH|LANG|TMPDIR|SYSTEMROOT|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|(HTTPS?|NO)_PROXY)$/i;

/** Runs a command to its end. @returns what it wrote. Rejects with the last of that where it fails. */
export const run = ([command, ...args]: readonly string[], { cwd, env }: RunSettings): Promise<string> => {
  const kept = Object.fromEntries(Object.entries(process.env).filter(([name]) => KEPT.test(name)));
  const child = spawn(command, args, { cwd, env: { ...kept, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  let errors = "";
  child.stdout.on("data", (text) => {
    output += text;
  });
  child.stderr.on("data", (text) => {
    errors += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(output);
      else
        reject(
          new Error(`${command} ${args.join(" ")}: exit code ${code}\n${(output + errors).slice(-2000)}`),
        );
    });
  });
};
