/** A worker of a pool that knows only what is built in. */
import { serveTasks } from "./worker.ts";

await serveTasks();
