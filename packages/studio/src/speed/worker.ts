/** The worker of the speed page: trains what is asked for, on what was loaded. */
import { measureSpeed } from "tsgan/speed";
import { answerCalls } from "../engine/worker.ts";

/** Seconds that a workload is timed, after a warm-up. */
const SECONDS = 2;

const handlersOf = (runtime: () => Parameters<typeof measureSpeed>[1]) => ({
  measure: async (workload: string): Promise<number> =>
    (await measureSpeed(workload, { ...runtime(), seconds: SECONDS })).ms,
});
export type SpeedHandlers = ReturnType<typeof handlersOf>;

answerCalls((_emit, runtime) => handlersOf(runtime));
