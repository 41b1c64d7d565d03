/** A run that is looked at: its details, figures and health, fetched piece by piece as its files grow. */
import { type Signal, signal } from "@preact/signals";
import type { HealthVerdict, RunDetail } from "../api.ts";
import { idPart, read, request, ServerRefusal } from "./connection.ts";
import { addLines, emptyRecords, type Records } from "./records.ts";

export interface RunStore {
  readonly id: string;
  readonly detail: Signal<RunDetail | undefined>;
  /** A new object for new records; the columns within grow in place. */
  readonly records: Signal<Records>;
  readonly health: Signal<readonly HealthVerdict[]>;
  readonly missing: Signal<boolean>;
  /** Fetches what is new. */
  refresh(abort: AbortSignal): Promise<void>;
}

/** Milliseconds between two examinations of a run that is under way. */
const HEALTH_PERIOD = 5000;

export const createRunStore = (id: string): RunStore => {
  const detail = signal<RunDetail | undefined>(undefined);
  const records = signal(emptyRecords());
  const health = signal<readonly HealthVerdict[]>([]);
  const missing = signal(false);
  const path = `runs/${idPart(id)}`;
  let examined = Number.NEGATIVE_INFINITY;
  let examinedVersion = "";

  const fetchRecords = async (abort: AbortSignal): Promise<void> => {
    let own = records.peek();
    for (;;) {
      const query = `from=${own.next}&version=${encodeURIComponent(own.version)}`;
      const response = await request(`${path}/metrics?${query}`, { signal: abort });
      const header = (name: string): string => response.headers.get(`tsgan-${name}`) ?? "";
      const text = await response.text();
      // The file is another one: the run was resumed from a checkpoint, and what followed is written anew.
      if (Number(header("from")) !== own.next || header("version") !== own.version) {
        own = emptyRecords();
      }
      const before = own.next;
      addLines(own, text);
      own = { ...own, next: Number(header("next")), version: header("version") };
      records.value = own;
      if (own.next === before || own.next >= Number(header("size"))) return;
    }
  };

  return {
    id,
    detail,
    records,
    health,
    missing,
    async refresh(abort) {
      try {
        detail.value = await read<RunDetail>(path, abort);
        missing.value = false;
      } catch (error) {
        if (error instanceof ServerRefusal && error.status === 404) missing.value = true;
        throw error;
      }
      const { version, state } = detail.value;
      if (version === "") return;
      await fetchRecords(abort);
      const isDue = performance.now() - examined > HEALTH_PERIOD || state !== "running";
      if (version !== examinedVersion && isDue) {
        examined = performance.now();
        examinedVersion = version;
        health.value = await read<readonly HealthVerdict[]>(`${path}/health`, abort);
      }
    },
  };
};
