/** What the tables page and its worker say to each other. */
import type { Figure, LeftOut, Sharing } from "tsgan/metrics";
import type { RowFormat } from "tsgan/tables";
import type { Shares } from "./bins.ts";

export interface Settings {
  /** Iterations of the whole run. */
  readonly steps: number;
  readonly batch: number;
  readonly seed: number;
  /** Share of the rows that is kept from training, to judge by. */
  readonly holdOut: number;
}

export interface RunFacts {
  /** Rows that are learnt from, and rows that are kept to judge by. */
  readonly training: number;
  readonly heldOut: number;
  /** Numbers that are trained. */
  readonly parameters: { readonly generator: number; readonly discriminator: number };
  /** What looked odd with the data. */
  readonly warnings: readonly string[];
}

/** Synthetic rows of a step beside the real ones. */
export interface Look {
  readonly step: number;
  /** By the name of the column. */
  readonly made: Readonly<Record<string, Shares>>;
  /** SDMetrics' score of each column, of `rows` rows. */
  readonly scores: Readonly<Record<string, number>>;
  /** The overall quality of as many. */
  readonly quality: number;
  readonly rows: number;
}

/** The figures of `tsgan evaluate`. */
export interface Judged {
  readonly quality: readonly Figure[];
  readonly privacy: readonly Figure[];
  /** Whether the rows may be shared, in words. */
  readonly sharing: Sharing;
  readonly leftOut: readonly LeftOut[];
  readonly step: number;
  readonly samples: number;
}

export interface RowsAsked {
  readonly rows: number;
  readonly format: RowFormat;
  readonly seed: number;
  /** Conditions, such as `country=DE`. */
  readonly where: readonly string[];
}

export interface RowsMade {
  readonly file: Blob;
  readonly rows: number;
  /** Rows that were made, of which the others did not meet the conditions. */
  readonly made: number;
}

export type TablesEvent =
  | {
      readonly kind: "trained";
      readonly step: number;
      /** Iterations a second, with all that is done between them; undefined before there are two. */
      readonly rate: number | undefined;
    }
  | { readonly kind: "looked"; readonly look: Look }
  | { readonly kind: "rows"; readonly done: number }
  | { readonly kind: "finished" }
  | { readonly kind: "failed"; readonly message: string };
