/** What the page and its worker say to each other. */
import type { Equilibrium } from "tsgan/losses";
import type { Figures } from "./figures.ts";
import type { SavedHistory } from "./history.ts";
import type { Notes, Phase } from "./narration.ts";
import type { Picture, SurfaceKind } from "./picture.ts";
import type { Experiment } from "./settings.ts";

export interface StartRequest {
  readonly experiment: Experiment;
  /** Whose states are kept: those of another tab are not touched. */
  readonly tab: string;
  /** Whether to go on from a state that was kept for this experiment. */
  readonly resume: boolean;
}

/** What is kept of a GAN for a reload. */
export interface SavedGan {
  readonly checkpoint: Uint8Array;
  readonly losses: SavedHistory;
  readonly figures: SavedHistory;
  readonly marks?: readonly Mark[];
}

/** Settings that were changed while it ran. */
export interface Mark {
  /** The iteration after which they count. */
  readonly step: number;
  readonly text: string;
}

export interface SavedRun {
  readonly gans: readonly SavedGan[];
}

/** What a step consists of: a whole iteration, or one step of one player, which is no iteration. */
export type StepKind = "iteration" | "discriminator" | "generator";
/** In slow motion, a phase of an iteration. */
export type AskedStep = StepKind | "phase";

/** Of a new experiment; it does not change while it runs. */
export interface Started {
  /** Real points that are shown, [n, 2]. */
  readonly real: Float32Array;
  readonly gans: readonly {
    readonly surface: SurfaceKind;
    readonly parameters: { readonly generator: number; readonly discriminator: number };
    /** Where the losses end when the discriminator can tell nothing apart; not every loss has such values. */
    readonly equilibrium?: Equilibrium | undefined;
  }[];
  /** Modes of the distribution, where they can be counted. */
  readonly modes: number | undefined;
}

export interface Frame {
  readonly event: "frame";
  readonly step: number;
  /** Where slow motion is; undefined after a whole iteration. */
  readonly phase: Phase | undefined;
  readonly iterationsPerSecond: number;
  readonly pictures: readonly Picture[];
  /** Figures of the latest steps of each GAN. */
  readonly notes: readonly Notes[];
}

export type CurveKey = "discriminatorLoss" | "generatorLoss" | "discriminatorGradient" | "generatorGradient";

export interface Curves {
  readonly losses: Readonly<Record<CurveKey | "step", Float64Array>>;
  readonly figures: Readonly<Record<keyof Figures | "step", Float64Array>>;
}

export interface GanStatus {
  readonly discriminatorSteps: number;
  readonly generatorSteps: number;
  /** Why it has stopped: a loss that is not finite, say. */
  readonly problem: string | undefined;
}

export interface Report {
  readonly event: "report";
  readonly step: number;
  readonly playing: boolean;
  readonly gans: readonly {
    readonly status: GanStatus;
    readonly curves: Curves;
    readonly marks: readonly Mark[];
  }[];
  /** Why states cannot be kept for a reload. */
  readonly storageProblem: string | undefined;
}

/** The worker has met an error that it has no other answer to. */
export interface Failed {
  readonly event: "failed";
  readonly reason: string;
}

export type WorkerEvent = Frame | Report | Failed;
