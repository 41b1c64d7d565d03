/** Curves of a run without end in memory that does not grow. */

/** A curve of several values. When it is full, every second point goes, and from then on every second is taken. */
export class History<Key extends string> {
  readonly #capacity: number;
  readonly #columns = new Map<Key | "step", number[]>();
  #stride = 1;
  #offered = 0;

  constructor(keys: readonly Key[], capacity: number) {
    this.#capacity = capacity;
    for (const key of ["step", ...keys] as const) this.#columns.set(key, []);
  }

  /** What is undefined becomes NaN: a gap in that curve. */
  add(step: number, values: Readonly<Partial<Record<Key, number>>>): void {
    if (this.#offered++ % this.#stride !== 0) return;
    for (const [key, column] of this.#columns) {
      column.push(key === "step" ? step : (values[key] ?? Number.NaN));
    }
    if (this.length < this.#capacity) return;
    this.#stride *= 2;
    for (const [key, column] of this.#columns) {
      this.#columns.set(
        key,
        column.filter((_, i) => i % 2 === 0),
      );
    }
  }

  get length(): number {
    return this.#columns.get("step")?.length ?? 0;
  }

  /** Copies of all columns. */
  columns(): Readonly<Record<Key | "step", Float64Array>> {
    return Object.fromEntries(
      [...this.#columns].map(([key, column]) => [key, Float64Array.from(column)]),
    ) as Record<Key | "step", Float64Array>;
  }

  /** For storage; `restore` of another history of the same keys goes on from there. */
  save(): SavedHistory {
    return { stride: this.#stride, offered: this.#offered, columns: this.columns() };
  }

  restore({ stride, offered, columns }: SavedHistory): void {
    this.#stride = stride;
    this.#offered = offered;
    for (const key of this.#columns.keys()) this.#columns.set(key, [...(columns[key] ?? [])]);
  }
}

export interface SavedHistory {
  readonly stride: number;
  readonly offered: number;
  readonly columns: Readonly<Record<string, Float64Array>>;
}
