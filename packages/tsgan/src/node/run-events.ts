/** What happens to a run, for whoever shows it. */
import { hasAdversary, type RunConfig } from "../config/index.ts";
import type { Reading } from "../data/index.ts";
import type { DataFacts } from "../report/index.ts";
import type { StepRecord } from "../train/index.ts";

export type RunEvent =
  /** Image files are decoded for the first time. */
  | { readonly type: "reading"; readonly done: number; readonly total: number }
  /** What was read of a person's files: the facts, and the same in lines; and what else is to be said of the data. */
  | { readonly type: "data"; readonly reading?: Reading; readonly lines: readonly string[] }
  | { readonly type: "warning"; readonly message: string }
  | {
      readonly type: "start";
      readonly out: string;
      /** Finished steps: 0, or those of the checkpoint. */
      readonly step: number;
      readonly config: RunConfig;
      /** Whether there is an adversary, whose loss is that of the configuration. */
      readonly adversarial: boolean;
      readonly dataset: DataFacts;
      /** Number of trained numbers of each network. */
      readonly parameters: Readonly<Record<string, number>>;
    }
  /** Before the first step: seconds to the last, where they are many enough to be asked for. */
  | { readonly type: "estimate"; readonly seconds: number }
  | {
      readonly type: "step";
      readonly record: StepRecord;
      /** One word on how the run is doing; empty while there is too little to tell. */
      readonly health: string;
    }
  | {
      /** Samples were judged. */
      readonly type: "evaluation";
      readonly step: number;
      readonly figures: Readonly<Record<string, number>>;
      /** Whether none before was better: its state is kept. */
      readonly best: boolean;
    }
  | {
      /** A picture is written. It is drawn while training goes on, and is there before the next, and before a checkpoint. */
      readonly type: "sample";
      readonly step: number;
      readonly path: string;
    }
  | { readonly type: "checkpoint"; readonly step: number };

type Start = Extract<RunEvent, { readonly type: "start" }>;

/** What is said of a run before its first step. */
export const startOf = (run: Omit<Start, "type" | "adversarial">): Start => ({
  type: "start",
  ...run,
  adversarial: hasAdversary(run.config),
});
