/**
 * A worker or the coordinator of a fake study, to be killed:
 *
 *     node process.js worker ADDRESS
 *     node process.js coordinator ADDRESS OUT NAME TRIALS
 *
 * The coordinator ends with 0 when the study has ended; both end with 3 when they have stopped in words, which they print.
 */
import { coordinate, fakeStudy, fakeWorkers } from "@tsgan/study/testing";
import { RunError } from "tsgan";
import { STOPPED } from "./stopped.ts";

const [role, address, out, name, trials] = process.argv.slice(2);

try {
  if (role === "worker") {
    const workers = await fakeWorkers(address, { workers: 2, pause: 40, patience: 1500 });
    process.on("SIGTERM", () => void workers.stop().then(() => process.exit(0)));
  } else {
    await coordinate(address, fakeStudy(Number(trials), name), out);
    process.exit(0);
  }
} catch (error) {
  if (!(error instanceof RunError)) throw error;
  process.stdout.write(error.message);
  process.exitCode = STOPPED;
}
