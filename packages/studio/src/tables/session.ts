/** What the controls of the tables page do, and the worker behind them. */
import { effect } from "@preact/signals";
import type { ColumnSchema, TableSchema } from "tsgan/tables";
import { type DeviceChoice, FOR_SMALL_NETWORKS, trainingSession } from "../engine/index.ts";
import { messageOf } from "../engine/message-of.ts";
import { download } from "../ui/download.ts";
import type { RowsAsked, Settings, TablesEvent } from "./protocol.ts";
import { type Rule, withoutRule, withRule } from "./rules.ts";
import {
  busy,
  curve,
  deviceChoice,
  doing,
  inspection,
  isTraining,
  judged,
  look,
  making,
  noCurve,
  problem,
  question,
  rate,
  run,
  settings,
  status,
} from "./state.ts";
import type { TableFile, TablesHandlers } from "./worker.ts";

/** The table that is open, for a worker that has to begin anew. */
let opened: TableFile | undefined;

const number = (value: number): string => value.toLocaleString("en");

const forgetRun = (): void => {
  run.value = undefined;
  isTraining.value = false;
  look.value = undefined;
  curve.value = noCurve;
  judged.value = undefined;
  rate.value = undefined;
};

const onEvent = (event: TablesEvent): void => {
  switch (event.kind) {
    case "trained":
      if (run.peek() === undefined) return;
      run.value = { ...run.peek()!, step: event.step };
      rate.value = event.rate ?? rate.peek();
      return;
    case "looked": {
      const { steps, quality } = curve.peek();
      look.value = event.look;
      curve.value = { steps: [...steps, event.look.step], quality: [...quality, event.look.quality] };
      return;
    }
    case "rows":
      making.value = making.peek() && { ...making.peek()!, done: event.done };
      return;
    case "finished":
      isTraining.value = false;
      status.value = `Trained: ${number(run.peek()?.step ?? 0)} steps`;
      void judge();
      return;
    case "failed":
      isTraining.value = false;
      status.value = "Training stopped";
      problem.value = event.message;
  }
};

/** Whether the worker that there is has the table. */
let isIn = false;

export const session = trainingSession<TablesHandlers, TablesEvent>({
  worker: () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }),
  wanted: deviceChoice,
  threadsFrom: FOR_SMALL_NETWORKS,
  // A step is hundreds of small kernels, whose compilation alone may take minutes.
  gpuByItself: false,
  onEvent,
  onFailure: (message) => {
    isIn = false;
    forgetRun();
    problem.value = `The worker that trains has failed: ${message}. The table is still here; train again.`;
  },
});
export const { environment, device } = session;

/** Asks before a tab is closed in which something was learnt: the rows of a person's table are not kept for a reload. */
const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
effect(() => {
  if ((run.value?.step ?? 0) > 0) addEventListener("beforeunload", ask);
  else removeEventListener("beforeunload", ask);
});

const closeWorker = (): void => {
  session.close();
  isIn = false;
  forgetRun();
};

/** Puts the table into the worker, where it is not there. */
const withTable = async (): Promise<void> => {
  await session.ready();
  if (isIn || opened === undefined) return;
  await session.call("open", opened);
  await session.call("correct", inspection.peek()!.schema, "schema");
  isIn = true;
};

/** Whether to go on, where that throws a trained run away. */
const mayDrop = (what: string, yes: string): Promise<boolean> => {
  const step = run.peek()?.step ?? 0;
  if (step === 0) return Promise.resolve(true);
  return new Promise((resolve) => {
    question.value = {
      title: what,
      text: `The run at step ${number(step)} is thrown away. Download its model first to keep it.`,
      yes,
      answer: (goOn) => {
        question.value = undefined;
        resolve(goOn);
      },
    };
  });
};

/** Opens a table in place of the one before. */
export const openTable = async (file: TableFile): Promise<void> => {
  if (busy.peek() !== undefined) return;
  if (!(await mayDrop("Open another table?", "Open it"))) return;
  await doing(`Reading ${file.name}`, async () => {
    const seen = await session.call("open", file);
    await session.call("drop");
    forgetRun();
    opened = file;
    isIn = true;
    inspection.value = seen;
    status.value = `${file.name}: ${number(seen.rows)} rows, ${seen.columns.length} columns`;
  });
};

export const closeTable = async (): Promise<void> => {
  if (!(await mayDrop("Close the table?", "Close it"))) return;
  closeWorker();
  opened = undefined;
  inspection.value = undefined;
  problem.value = undefined;
  status.value = "The table is closed";
};

const correctAs = async (given: unknown, where: string, what = "columns"): Promise<void> => {
  if (busy.peek() !== undefined) return;
  if (!(await mayDrop(`Change the ${what}?`, "Change them"))) {
    // So that the form shows again what is the case.
    inspection.value = inspection.peek() && { ...inspection.peek()! };
    return;
  }
  const before = inspection.peek();
  await doing(`Reading the ${what}`, async () => {
    await withTable();
    try {
      inspection.value = await session.call("correct", given, where);
    } catch (error) {
      inspection.value = before && { ...before };
      throw error;
    }
    await session.call("drop");
    forgetRun();
    status.value = `The ${what} are changed`;
  });
};

/** What rows must keep, as a schema that says so. Whether it is so now. */
const keepAs = async (schema: TableSchema): Promise<boolean> => {
  const before = inspection.peek()!.rules;
  await correctAs(schema, "constraints", "constraints");
  return inspection.peek()!.rules !== before;
};

/** One more rule, or one in place of another. Whether it is so now. */
export const keepRule = (rule: Rule, before?: Rule): Promise<boolean> =>
  keepAs(withRule(inspection.peek()!.schema, rule, before));

export const dropRule = (rule: Rule): Promise<boolean> =>
  keepAs(withoutRule(inspection.peek()!.schema, rule));

/** What a person says about one column, beside what stands of the others. */
export const correctColumn = (column: ColumnSchema): Promise<void> => {
  const { columns, constraints } = inspection.peek()!.schema;
  const schema: TableSchema = {
    columns: columns.map((each) => (each.name === column.name ? column : each)),
    ...(constraints && { constraints }),
  };
  return correctAs(schema, `column ${column.name}`);
};

export const loadSchema = async (file: File): Promise<void> => {
  try {
    await correctAs(JSON.parse(await file.text()), file.name);
  } catch (error) {
    problem.value = `${file.name}: expected a schema as JSON; ${messageOf(error)}`;
  }
};

export const saveSchema = (): void => {
  download("schema.json", `${JSON.stringify(inspection.peek()!.schema, null, 2)}\n`, "application/json");
  status.value = "schema.json saved";
};

const start = async (): Promise<void> => {
  const chosen = settings.peek();
  forgetRun();
  run.value = { step: 0, settings: chosen, facts: await session.call("start", chosen) };
};

const play = async (): Promise<void> => {
  judged.value = undefined;
  await session.call("play", settings.peek().steps);
  isTraining.value = true;
};

/** Begins, or goes on. */
export const train = (): Promise<boolean> =>
  doing("Preparing", async () => {
    await withTable();
    if (run.peek() === undefined) await start();
    await play();
    status.value = "Training";
  });

/** Resolves when the run stands still, after the iteration that it is in. */
export const pause = async (): Promise<void> => {
  if (!isTraining.peek()) return;
  await session.call("pause");
  isTraining.value = false;
  status.value = `Paused at step ${number(run.peek()?.step ?? 0)}`;
};

export const restart = async (): Promise<void> => {
  if (!(await mayDrop("Start again from the first step?", "Start again"))) return;
  await pause();
  await doing("Preparing", async () => {
    await withTable();
    await start();
    await play();
    status.value = "Training from the first step";
  });
};

export const changeSettings = (changed: Partial<Settings>): void => {
  settings.value = { ...settings.peek(), ...changed };
};

export const judge = (): Promise<boolean> =>
  doing("Judging 10,000 rows", async () => {
    judged.value = await session.call("judge");
    status.value = "Judged";
  });

const stem = (): string => (opened?.name ?? "table").replace(/\.[^.]*$/, "");

/** Makes rows and hands them over as a file. */
export const saveRows = (asked: RowsAsked): Promise<boolean> =>
  doing("Making rows", async () => {
    making.value = { done: 0, rows: asked.rows };
    try {
      const { file, rows, made } = await session.call("rows", asked);
      download(`${stem()}-synthetic.${asked.format}`, file, file.type);
      const share = made > rows ? `, ${((100 * rows) / made).toPrecision(3)} % of those made` : "";
      status.value = `${number(rows)} rows saved${share}`;
    } finally {
      making.value = undefined;
    }
  });

export const cancelRows = (): void => {
  void session.call("cancelRows");
};

export const saveRun = (): Promise<boolean> =>
  doing("Packing the run", async () => {
    const name = `${stem()}-run`;
    download(`${name}.zip`, await session.call("exportRun", name), "application/zip");
    status.value = "The run is saved";
  });

export const saveGenerator = (): Promise<boolean> =>
  doing("Exporting", async () => {
    const bytes = await session.call("exportGenerator");
    download("generator.onnx", bytes as Uint8Array<ArrayBuffer>, "application/octet-stream");
    status.value = "generator.onnx saved";
  });

export const saveReport = (): Promise<boolean> =>
  doing("Writing the report", async () => {
    download(`${stem()}-report.html`, await session.call("exportReport"), "text/html");
    status.value = "The report is saved";
  });

/** A worker keeps its device: another one means another worker, and a run from the start. */
export const chooseDeviceAs = async (choice: DeviceChoice): Promise<void> => {
  if (!(await mayDrop("Change the device?", "Change it"))) {
    // So that the menu shows again what is the case.
    settings.value = { ...settings.peek() };
    return;
  }
  closeWorker();
  deviceChoice.value = choice;
};
