/** The state of the tables page. It outlives the page: another page may be looked at meanwhile. */
import { computed, signal } from "@preact/signals";
import type { DeviceChoice } from "../engine/index.ts";
import { doingOneThing } from "../ui/doing.ts";
import type { Inspection } from "./inspect.ts";
import type { Judged, Look, RunFacts, Settings } from "./protocol.ts";
import { usualSettings } from "./settings.ts";

export interface Run {
  readonly step: number;
  readonly facts: RunFacts;
  readonly settings: Settings;
}

/** Quality by step, of the looks so far. */
export interface Curve {
  readonly steps: readonly number[];
  readonly quality: readonly number[];
}

export const inspection = signal<Inspection | undefined>(undefined);
export const settings = signal<Settings>(usualSettings);
export const run = signal<Run | undefined>(undefined);
export const isTraining = signal(false);
/** What the page is waiting for. */
export const busy = signal<string | undefined>(undefined);
/** The last thing that happened, for those who do not see it. */
export const status = signal("");
export const problem = signal<string | undefined>(undefined);
/** Iterations a second. */
export const rate = signal<number | undefined>(undefined);
export const look = signal<Look | undefined>(undefined);
export const noCurve: Curve = { steps: [], quality: [] };
export const curve = signal<Curve>(noCurve);
export const judged = signal<Judged | undefined>(undefined);
/** Rows that have been made of a file that is under way. */
export const making = signal<{ readonly done: number; readonly rows: number } | undefined>(undefined);
/** What is to be confirmed before work is thrown away. */
export const question = signal<Question | undefined>(undefined);
export const deviceChoice = signal<DeviceChoice>("auto");

export interface Question {
  readonly title: string;
  readonly text: string;
  /** What the button says that goes on. */
  readonly yes: string;
  readonly answer: (goOn: boolean) => void;
}

/** Seconds until the last step; undefined where the speed is not known. */
export const timeLeft = computed<number | undefined>(() => {
  const current = run.value;
  if (current === undefined || rate.value === undefined) return undefined;
  return Math.max(0, settings.value.steps - current.step) / rate.value;
});

export const doing = doingOneThing({ busy, problem });
