/** A table as the trainer sees it: encoded rows with their conditions, drawn by sampling (Xu et al. 2019, §4.3). */

import type { Batch, Dataset } from "../data/dataset.ts";
import type { FiniteDataset } from "../data/finite.ts";
import { expectedBatch, poissonBatch } from "../data/poisson.ts";
import { checkIndices, checkStretch } from "../data/stream.ts";
import { conditionSize, rowSize } from "../layout.ts";
import { type RandomStream, randomStream } from "../random/index.ts";
import { cumulative, pick } from "./draws.ts";
import type { EncodedColumn, FittedTable } from "./fit.ts";
import type { TableRows } from "./frame.ts";
import { type Arrangement, arrange, isLearnt, type Slot, type TablePlan } from "./plan.ts";

/** A data set that knows how its rows are read back. */
export interface TableDataset extends Dataset {
  readonly table: TablePlan;
  /** The rows as they were read, where they are kept: those of training, and those that were held out. */
  readonly rows?: { training(): TableRows; heldOut?(): TableRows };
}

/** Whether a data set is of a table of mixed columns: whether `dataset` has a plan of its columns. */
export const isTable = (dataset: Dataset): dataset is TableDataset => "table" in dataset;

/** The rows that have each choice of a column: `rows` from `starts[choice]` on. */
interface Index {
  readonly starts: Uint32Array;
  readonly rows: Uint32Array;
}

const indexOf = ({ choice }: EncodedColumn, size: number): Index => {
  const starts = new Uint32Array(size + 1);
  for (const each of choice) starts[each + 1]++;
  for (let i = 0; i < size; i++) starts[i + 1] += starts[i];
  const next = starts.slice(0, size);
  const rows = new Uint32Array(choice.length);
  choice.forEach((each, row) => {
    rows[next[each]++] = row;
  });
  return { starts, rows };
};

/** A column that can be asked for. */
interface Asked {
  readonly slot: Slot;
  /** Of how often each choice comes, and of the logarithm: rare ones are shown more often. */
  readonly frequencies: Float64Array;
  readonly logarithms: Float64Array;
}

const askedOf = ({ slots }: Arrangement): readonly Asked[] =>
  slots
    .filter(({ condition }) => condition !== undefined)
    .map((slot) => ({
      slot,
      frequencies: cumulative(slot.plan.counts),
      logarithms: cumulative(slot.plan.counts.map((count) => Math.log(count + 1))),
    }));

/**
 * Places in the condition vector, as often as the table has each choice; undefined where nothing can be asked for.
 *
 * @param plan what the columns are, and what may be asked of them
 */
export const conditionPlaces = (
  plan: TablePlan,
): ((random: RandomStream, count: number) => Int32Array) | undefined => {
  const asked = askedOf(arrange(plan));
  if (asked.length === 0) return undefined;
  return (random, count) => {
    const places = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      const { slot, frequencies } = asked[random.integer(asked.length)];
      places[i] = slot.condition! + pick(frequencies, random);
    }
    return places;
  };
};

/**
 * What is known of a table without its rows: enough to sample and to read samples.
 *
 * @param plan what its columns are, and how they are encoded
 */
export const tableFacts = (
  plan: TablePlan,
): Pick<TableDataset, "shape" | "layout" | "table" | "conditions"> => {
  const arrangement = arrange(plan);
  const { layout } = arrangement;
  const [size, length] = [rowSize(layout), conditionSize(layout)];
  const places = conditionPlaces(plan);
  return {
    shape: [size + length],
    layout,
    table: plan,
    conditions: (seed, count) => {
      const out = new Float32Array(count * length);
      places?.(randomStream(seed, "table/condition"), count).forEach((place, i) => {
        out[i * length + place] = 1;
      });
      return out;
    },
  };
};

/**
 * The data set of a table that was planned and encoded. The `plan` says what its columns are, and `encoded` has the rows
 * as numbers.
 *
 * @param name what the data set and its errors are called
 */
export const tableDataset = (
  name: string,
  { plan, encoded }: FittedTable,
  { reading, rows: read }: Pick<TableDataset, "reading" | "rows"> = {},
): TableDataset & FiniteDataset => {
  const facts = tableFacts(plan);
  const arrangement = arrange(plan);
  const { slots } = arrangement;
  const size = rowSize(arrangement.layout);
  const [width] = facts.shape;
  const asked = askedOf(arrangement);
  const rowCount = encoded[0].choice.length;
  const columnOf = new Map(plan.columns.filter(isLearnt).map((each, i) => [each, encoded[i]]));
  const columns = slots.map(({ plan: each }) => columnOf.get(each)!);
  const indices = asked.map(({ slot }) => indexOf(columnOf.get(slot.plan)!, slot.size));

  const write = (row: number, out: Float32Array, offset: number): void => {
    slots.forEach(({ number, begin, size: length }, i) => {
      const { choice, number: numbers } = columns[i];
      if (number !== undefined) out[offset + number] = numbers![row];
      if (length > 0) out[offset + begin + choice[row]] = 1;
    });
  };
  return {
    name,
    size: rowCount,
    ...facts,
    ...(reading && { reading }),
    ...(read && { rows: read }),
    ...(plan.alone === true && {
      alone: {
        expected: (room: number) => Math.min(rowCount, expectedBatch(room)),
        draw(seed: number, position: number, room: number): Batch {
          const rate = Math.min(1, expectedBatch(room) / rowCount);
          const examples = new Float32Array(room * width);
          poissonBatch(seed, position, { size: rowCount, rate, most: room }).forEach((row, i) => {
            write(row, examples, i * width);
          });
          return { examples };
        },
      },
    }),
    draw(seed, position, count): Batch {
      checkStretch(name, position, count);
      const examples = new Float32Array(count * width);
      for (let i = 0; i < count; i++) {
        const random = randomStream(seed, "table/draw", position + i);
        let row: number;
        if (asked.length === 0) row = random.integer(rowCount);
        else {
          const at = random.integer(asked.length);
          const { slot, logarithms } = asked[at];
          const { starts, rows } = indices[at];
          let choice = pick(logarithms, random);
          // A table that has changed since it was planned may have none of what there was.
          while (starts[choice] === starts[choice + 1]) choice = pick(logarithms, random);
          row = rows[starts[choice] + random.integer(starts[choice + 1] - starts[choice])];
          examples[i * width + size + slot.condition! + choice] = 1;
        }
        write(row, examples, i * width);
      }
      return { examples };
    },
    read(rows): Batch {
      checkIndices(name, rows, rowCount);
      const examples = new Float32Array(rows.length * width);
      rows.forEach((row, i) => {
        write(row, examples, i * width);
        if (asked.length === 0) return;
        const { slot } = asked[row % asked.length];
        const { choice } = columnOf.get(slot.plan)!;
        examples[i * width + size + slot.condition! + choice[row]] = 1;
      });
      return { examples };
    },
  };
};
