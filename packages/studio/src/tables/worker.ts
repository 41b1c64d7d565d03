/** The worker of the tables page: one table, and one run that it trains. */
import {
  checkConstraints,
  fitTable,
  overridden,
  parseSchema,
  readTable,
  recognise,
  type Table,
  type TableSchema,
} from "tsgan/tables";
import { messageOf } from "../engine/message-of.ts";
import { answerCalls, type Emit, type Runtime, spaced, speedometer, workLoop } from "../engine/worker.ts";
import { type Inspection, inspect, isLearntKind } from "./inspect.ts";
import type { Judged, RowsAsked, RowsMade, RunFacts, Settings, TablesEvent } from "./protocol.ts";
import { beginRun, factsOf, judge, lookAt, makeRows, type Run } from "./run.ts";
import { runFiles, runReport } from "./run-files.ts";
import { zip } from "./zip.ts";

/** Bytes of a file that this page takes: a table takes some twenty times as many in memory. */
const MOST_BYTES = 50e6;
/** Least time between two looks, and the largest share of the time that they take. */
const LOOK_MILLISECONDS = 1000;
const LOOK_SHARE = 0.15;
const REPORT_MILLISECONDS = 150;
/** Rows below which a table is tried at once: it may be too small to learn from. */
const SMALL = 200;

/** A file of the page: what errors call it, and its content. */
export interface TableFile {
  readonly name: string;
  readonly content: Blob;
}

/** Lets messages in. */
const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6).toLocaleString("en-US")} MB`;

/** What is seen of a table, and what can be said at once of whether it can be learnt. */
const checked = (own: Table, schema: TableSchema, guessed = schema): Inspection => {
  if (own.rows < SMALL || !schema.columns.some(isLearntKind)) fitTable(own, schema);
  checkConstraints(own, schema);
  const seen = inspect(own, schema, guessed);
  const strange = seen.columns.findIndex(
    ({ drawn }) => drawn?.scale.kind === "number" && drawn.real.missing === 1,
  );
  // Its error says what was expected of the column.
  if (strange !== -1)
    fitTable({ ...own, columns: [own.columns[strange]] }, { columns: [schema.columns[strange]] });
  return seen;
};

const makeHandlers = (emit: Emit<TablesEvent>, runtime: () => Runtime) => {
  let table: Table | undefined;
  let inspection: Inspection | undefined;
  let run: Run | undefined;
  let playing = false;
  let steps = 0;
  let cancelled = false;

  const running = (): Run => {
    if (run === undefined) throw new Error("nothing is trained yet; train first");
    return run;
  };

  const opened = (): Table => {
    if (table === undefined) throw new Error("there is no table yet; open one first");
    return table;
  };

  const look = async (own: Run): Promise<void> => emit({ kind: "looked", look: await lookAt(own) });

  const speed = speedometer();
  const looking = spaced(LOOK_MILLISECONDS, LOOK_SHARE);
  let reported = 0;

  const begin = (): void => {
    reported = 0;
    speed.restart();
    looking.restart();
  };

  const report = ({ trainer }: Run): void => {
    emit({ kind: "trained", step: trainer.progress.step, rate: speed.rate() });
    reported = performance.now();
  };

  const rest = async (own: Run): Promise<void> => {
    playing = false;
    report(own);
    await look(own);
  };

  /** One iteration, and what is due after it. */
  const iterate = async (): Promise<void> => {
    const own = running();
    const began = performance.now();
    own.records.push(await own.trainer.iterate());
    const now = performance.now();
    own.seconds += (now - began) / 1000;
    speed.count(now);
    if (own.trainer.progress.step >= steps) {
      await rest(own);
      emit({ kind: "finished" });
      return;
    }
    if (now - reported >= REPORT_MILLISECONDS) report(own);
    await looking.ifDue(() => look(own));
  };

  const loop = workLoop({
    isPlaying: () => playing,
    iterate,
    onError: (error) => {
      playing = false;
      emit({ kind: "failed", message: messageOf(error) });
    },
  });

  const close = async (): Promise<void> => {
    playing = false;
    await run?.trainer.dispose();
    run = undefined;
  };

  return {
    /** Reads a table in place of the one before, whose run goes. A file that is none changes nothing. */
    open: ({ name, content }: TableFile): Promise<Inspection> =>
      loop.do(async () => {
        if (content.size > MOST_BYTES) {
          throw new Error(
            `${name}: expected at most ${megabytes(MOST_BYTES)} in this page; got ${megabytes(content.size)}; train it on the command line: npx tsgan train ${name}`,
          );
        }
        const read = readTable(new Uint8Array(await content.arrayBuffer()), name);
        const seen = checked(read, recognise(read));
        [table, inspection] = [read, seen];
        return seen;
      }),
    /** What a person says about columns, checked as a schema file is. */
    correct: (given: unknown, where: string): Promise<Inspection> =>
      loop.do(async () => {
        const own = opened();
        const guessed = inspection!.guessed;
        const schema = overridden(guessed, await parseSchema(given, where), where);
        inspection = checked(own, schema, guessed);
        return inspection;
      }),
    /** A new run in place of the one before. */
    start: (settings: Settings): Promise<RunFacts> =>
      loop.do(async () => {
        await close();
        run = await beginRun(opened(), inspection!, settings, runtime);
        return factsOf(run);
      }),
    /** Trains until so many iterations have been made. */
    play: (until: number): Promise<void> =>
      loop.do(async () => {
        running();
        steps = until;
        if (!playing) begin();
        playing = true;
      }),
    /** Resolves when the run stands still. */
    pause: (): Promise<void> =>
      loop.do(async () => {
        if (playing) await rest(running());
      }),
    /** The run goes; the table stays. */
    drop: (): Promise<void> => loop.do(close),
    /** All figures that `tsgan evaluate` has for tables. */
    judge: (): Promise<Judged> => loop.do(async () => judge(running())),
    /** Rows as a file. Training waits meanwhile: all are of the same generator. */
    rows: (asked: RowsAsked): Promise<RowsMade> =>
      loop.do(async () => {
        cancelled = false;
        return makeRows(running(), asked, async (done) => {
          emit({ kind: "rows", done });
          await breathe();
          if (cancelled) throw new Error("The rows were not made: cancelled.");
        });
      }),
    cancelRows: (): void => {
      cancelled = true;
    },
    exportGenerator: (): Promise<Uint8Array> => loop.do(() => running().trainer.exportGenerator()),
    exportReport: (): Promise<string> => loop.do(() => runReport({ ...running(), ...runtime() })),
    /** The run's folder as an archive. */
    exportRun: (name: string): Promise<Blob> =>
      loop.do(async () => zip(await runFiles(name, { ...running(), ...runtime() }))),
  };
};

export type TablesHandlers = ReturnType<typeof makeHandlers>;

answerCalls(makeHandlers);
