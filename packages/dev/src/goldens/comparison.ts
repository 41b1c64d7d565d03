/** How far a run is off its golden. */
import { sizeOf } from "tsgan/graph";
import type { VariableSpec } from "tsgan/nn";
import type { State } from "tsgan/runtime";
import { type JsonRecord, tensor, UnknownKind } from "./case.ts";

const TOLERANCE = 1e-4;
const FLOOR = 0.1;
/** Largest change of a parameter whose gradient is zero but for rounding. */
const STILL = 1e-2;

/** Collects the errors of a case, in units of what is allowed. */
export class Comparison {
  worst = 0;
  where = "";

  note(where: string, error: number): void {
    if (error > this.worst || Number.isNaN(error)) {
      this.worst = Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
      this.where = where;
    }
  }

  compare(where: string, got: ArrayLike<number>, want: readonly number[]): void {
    if (got.length !== want.length) {
      this.note(where, Number.POSITIVE_INFINITY);
      return;
    }
    const scale = Math.max(FLOOR, ...want.map(Math.abs));
    for (let i = 0; i < want.length; i++) this.note(where, Math.abs(got[i] - want[i]) / (TOLERANCE * scale));
  }

  async compareState(
    where: string,
    state: State,
    vector: string,
    specs: readonly VariableSpec[],
    want: JsonRecord,
    still: { readonly names: ReadonlySet<string>; readonly initial: JsonRecord; readonly player: string },
  ): Promise<void> {
    const flat = await state.read(vector);
    for (const [name, expected] of Object.entries(want)) {
      const spec = specs.find((s) => s.name === name);
      if (spec === undefined) throw new UnknownKind(`no parameter "${name}"`);
      const got = flat.subarray(spec.offset, spec.offset + sizeOf(spec.shape));
      if (still.names.has(`${still.player}/${name}`)) {
        const before = tensor(still.initial[name]).data;
        got.forEach((v, i) => {
          this.note(`${where}/${name}`, Math.abs(v - before[i]) / STILL);
        });
      } else {
        this.compare(`${where}/${name}`, got, [...tensor(expected).data]);
      }
    }
  }
}
