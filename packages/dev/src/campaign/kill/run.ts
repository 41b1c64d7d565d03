/** The process that is killed: node run.js KIND, in the folder of the run. */
import { runKind } from "./kinds.ts";

await runKind(process.argv[2], () => process.stdout.write("started\n"));
