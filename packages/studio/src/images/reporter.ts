/** What the page is told of a run as it is trained: figures of iterations, grids of samples, and checkpoints to keep. */
import { type StepRecord, saveCheckpoint } from "tsgan/train";
import { type Emit, spaced, speedometer } from "../engine/worker.ts";
import { frameOf, type Run } from "./grid.ts";
import type { ImagesEvent } from "./protocol.ts";

/** Least time between two grids, and the largest share of the time that drawing them takes. */
const SAMPLE_MILLISECONDS = 1000;
const SAMPLE_SHARE = 0.15;
/** The same of two checkpoints that are kept for a reload. */
const SAVE_MILLISECONDS = 10_000;
const SAVE_SHARE = 0.03;
/** Events with figures of new iterations. */
const REPORT_MILLISECONDS = 100;

export const reporter = (emit: Emit<ImagesEvent>) => {
  const speed = speedometer();
  const sampling = spaced(SAMPLE_MILLISECONDS, SAMPLE_SHARE);
  const saving = spaced(SAVE_MILLISECONDS, SAVE_SHARE);
  /** Iterations that the page does not know of yet, and when it was last told of some. */
  let records: StepRecord[] = [];
  let reported = 0;

  const report = (): void => {
    emit({ kind: "trained", records, rate: speed.rate() });
    records = [];
    reported = performance.now();
  };

  const sample = async (run: Run): Promise<void> => {
    const frame = await frameOf(run);
    emit({ kind: "sampled", ...frame }, [frame.samples.bytes.buffer]);
  };

  const save = async ({ trainer }: Run): Promise<void> => {
    const bytes = (await saveCheckpoint(trainer)) as Uint8Array<ArrayBuffer>;
    emit({ kind: "saved", step: trainer.progress.step, bytes }, [bytes.buffer]);
  };

  return {
    sample,
    /** From now on iterations follow one another. */
    begin: (): void => {
      records = [];
      reported = 0;
      speed.restart();
      sampling.restart();
      saving.restart();
    },
    /** One of them is done: tells what is due. */
    iterated: async (run: Run, record: StepRecord): Promise<void> => {
      records.push(record);
      speed.count();
      if (performance.now() - reported >= REPORT_MILLISECONDS) report();
      await sampling.ifDue(() => sample(run));
      await saving.ifDue(() => save(run));
    },
    /** It stands still: tells all that has not been told. */
    end: async (run: Run): Promise<void> => {
      if (records.length > 0) report();
      await sample(run);
      await save(run);
    },
    /** A single iteration is done. */
    stepped: async (run: Run, record: StepRecord): Promise<void> => {
      emit({ kind: "trained", records: [record], rate: undefined });
      await sample(run);
      await save(run);
    },
  };
};
