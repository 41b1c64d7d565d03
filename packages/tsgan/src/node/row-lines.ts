/** Stretches of rows as lines. */
import type { Bytes, Uint32s } from "../arrays.ts";
import {
  byteSink,
  type Condition,
  rowWriter,
  type StretchReader,
  type TablePlan,
  type Written,
} from "../tables/index.ts";
import type { RowModel } from "../train/drawn-rows.ts";

/** What is asked for, whoever makes it. */
export interface LinesRequest {
  readonly plan: TablePlan;
  readonly seed: number;
  readonly where: readonly Condition[];
  readonly written: Written;
}

/** What a thread is started with. */
export interface LinesWork extends LinesRequest {
  readonly model: RowModel;
}

/** The rows of a stretch that meet the conditions. */
export interface Lines {
  readonly bytes: Bytes;
  /** Where each of them ends. */
  readonly ends: Uint32s;
}

export type MakeLines = (index: number, count: number) => Promise<Lines>;

export const linesOf = ({ reader, stretch }: StretchReader, written: Written): MakeLines => {
  const { write } = rowWriter(reader, written);
  const sink = byteSink();
  return async (index, count) => {
    const { decoded, kept } = await stretch(index, count);
    const ends = new Uint32Array(kept.length);
    kept.forEach((row, i) => {
      write(decoded, row, sink);
      ends[i] = sink.length;
    });
    return { bytes: sink.take(), ends };
  };
};
