/** What a table's samples show about a run: copies, and columns that have collapsed. */
import type { Frame, FrameColumn } from "../tables/index.ts";
import { exactCopies } from "./table-privacy.ts";

export interface CollapsedColumn {
  readonly column: string;
  /** Share of the synthetic rows that have its most frequent value, and that of the real rows' most frequent one. */
  readonly share: number;
  readonly real: number;
}

export interface TableEvidence {
  /** Share of synthetic rows that are rows of training; undefined where those are not kept. */
  readonly copies?: number | undefined;
  /** The same of held-out rows. */
  readonly byChance?: number | undefined;
  readonly heldOut: number;
  readonly collapsed: readonly CollapsedColumn[];
  readonly columns: number;
}

/** From this share on a column has one value, and up to that share a real one has several. */
const ONE = 0.98;
const SEVERAL = 0.9;

/** Share of the rows that have the most frequent value, missing ones counting as one. */
const mostFrequent = ({ values }: FrameColumn): number => {
  const counts = new Map<unknown, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return Math.max(0, ...counts.values()) / Math.max(1, values.length);
};

/** Columns that are of one value, where the real ones are not. */
export const collapsedColumns = (real: Frame, synthetic: Frame): readonly CollapsedColumn[] =>
  synthetic.columns.flatMap((column, i) => {
    const [share, own] = [mostFrequent(column), mostFrequent(real.columns[i])];
    return share >= ONE && own < SEVERAL ? [{ column: column.name, share, real: own }] : [];
  });

/** @param real rows of the table to compare columns with */
export const tableEvidence = (
  synthetic: Frame,
  real: Frame,
  known: { readonly training?: Frame | undefined; readonly heldOut?: Frame | undefined } = {},
): TableEvidence => {
  const { training, heldOut } = known;
  return {
    ...(training && { copies: exactCopies(training, synthetic) }),
    ...(training && heldOut && { byChance: exactCopies(training, heldOut) }),
    heldOut: heldOut?.rows ?? 0,
    collapsed: collapsedColumns(real, synthetic),
    columns: synthetic.columns.length,
  };
};
