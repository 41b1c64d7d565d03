/** One case: what is tried, whether it may be refused, and a check that throws `Wrong`. */
import { UsageError } from "tsgan";
import type { RandomStream } from "tsgan/random";

export class Wrong extends Error {}

export interface Trial {
  readonly tried: string;
  /** Whether a UsageError is an answer, too: for results beyond the largest float, or beside them. */
  readonly mayRefuse?: boolean;
  readonly check: () => void;
}

export type Property = (random: RandomStream) => Trial;

/** Throws unless |got − want| is at most `relative` of |want| plus `absolute`. */
export const close = (what: string, got: number, want: number, relative: number, absolute: number): void => {
  if (got === want) return;
  const allowed = relative * Math.abs(want) + absolute;
  if (Math.abs(got - want) <= allowed) return;
  throw new Wrong(
    `${what}: expected ${want}; got ${got}; ${Math.abs(got - want) / allowed} of what is allowed`,
  );
};

export const holds = (what: string, condition: boolean): void => {
  if (!condition) throw new Wrong(what);
};

export type Verdict = "right" | "refused" | { readonly wrong: string };

export const judge = ({ mayRefuse = false, check }: Trial): Verdict => {
  try {
    check();
    return "right";
  } catch (error) {
    if (error instanceof Wrong) return { wrong: error.message };
    if (!(error instanceof UsageError)) return { wrong: `it threw ${(error as Error).stack ?? error}` };
    return mayRefuse ? "refused" : { wrong: `it was refused: ${error.message}` };
  }
};
