/** One golden case, and what a golden file is read with. */

export interface CaseResult {
  /** Section, then the case's own name or number: "discrete/textbook". */
  id: string;
  status: "passed" | "failed" | "unknown";
  /** Largest |got − want| / allowed over the fields of the case. */
  error: number;
  /** The field that is wrong, or unknown, and how. */
  detail?: string;
}

/** |got − want| ≤ absolute + relative |want|. */
export interface Tolerance {
  readonly relative: number;
  readonly absolute: number;
}

/** A section, field or value that the checks have no rule for. */
export class UnknownKind extends Error {}

/** A check of one field: its error in units of the allowed one, at most 1 when right. */
export type Check = (want: unknown) => number;
export type Checks = Readonly<Record<string, Check>>;

export type JsonRecord = Readonly<Record<string, unknown>>;

export const record = (value: unknown): JsonRecord => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new UnknownKind(`expected an object; got ${JSON.stringify(value)?.slice(0, 60)}`);
  }
  return value as JsonRecord;
};

export const list = (value: unknown): readonly unknown[] => {
  if (!Array.isArray(value))
    throw new UnknownKind(`expected a list; got ${JSON.stringify(value)?.slice(0, 60)}`);
  return value;
};

/** A number, or the string "Infinity" that stands for one. */
export const number = (value: unknown): number => {
  if (value === "Infinity") return Number.POSITIVE_INFINITY;
  if (typeof value !== "number")
    throw new UnknownKind(`expected a number; got ${JSON.stringify(value)?.slice(0, 60)}`);
  return value;
};

export const numbers = (value: unknown): number[] => list(value).map(number);

/** `{ shape, data }`, row-major. */
export const tensor = (value: unknown): { shape: number[]; data: Float64Array } => {
  const { shape, data } = record(value);
  const result = { shape: numbers(shape), data: Float64Array.from(numbers(data)) };
  const size = result.shape.reduce((product, length) => product * length, 1);
  if (size !== result.data.length) {
    throw new UnknownKind(`expected a tensor of ${size} numbers; got ${result.data.length}`);
  }
  return result;
};

/** Infinity, null and undefined values must agree exactly; a value that is not a number is as wrong as can be. */
export const errorOf = (got: number | null | undefined, want: unknown, tolerance: Tolerance): number => {
  if (want === null) return got === null || got === undefined ? 0 : Number.POSITIVE_INFINITY;
  const wanted = number(want);
  if (got === wanted) return 0;
  if (typeof got !== "number" || !Number.isFinite(got) || !Number.isFinite(wanted))
    return Number.POSITIVE_INFINITY;
  return Math.abs(got - wanted) / (tolerance.absolute + tolerance.relative * Math.abs(wanted));
};

/** The largest error over two lists of the same length. */
export const errorOfAll = (
  got: ArrayLike<number>,
  want: readonly unknown[],
  tolerance: Tolerance,
): number => {
  if (got.length !== want.length) return Number.POSITIVE_INFINITY;
  return largest(want.map((value, i) => errorOf(got[i], value, tolerance)));
};

export const largest = (errors: readonly number[]): number =>
  errors.reduce((most, error) => Math.max(most, error), 0);

export const close =
  (got: number | null | undefined, tolerance: Tolerance): Check =>
  (want) =>
    errorOf(got, want, tolerance);

export const allClose =
  (got: ArrayLike<number>, tolerance: Tolerance): Check =>
  (want) =>
    errorOfAll(got, list(want), tolerance);

export const tensorClose =
  (got: ArrayLike<number>, tolerance: Tolerance): Check =>
  (want) =>
    errorOfAll(got, [...tensor(want).data], tolerance);

/** Integers and indices: no tolerance. */
export const EXACT: Tolerance = { relative: 0, absolute: 0 };

/** A record in the place of a field: every key of it needs a check of its own. */
export const fields =
  (checks: Checks): Check =>
  (want) =>
    largest(fieldErrors(record(want), [], checks).map(([, error]) => error));

const fieldErrors = (golden: JsonRecord, inputs: readonly string[], checks: Checks): [string, number][] => {
  const errors: [string, number][] = [];
  for (const [key, want] of Object.entries(golden)) {
    if (inputs.includes(key)) continue;
    if (!Object.hasOwn(checks, key)) throw new UnknownKind(`no check for field "${key}"`);
    const error = checks[key](want);
    errors.push([key, Number.isNaN(error) ? Number.POSITIVE_INFINITY : error]);
  }
  return errors;
};

export interface CaseRules {
  /** Fields that are read, not checked. */
  readonly inputs: readonly string[];
  /** Computes what the case asks for and returns one check for each other field that it may have. */
  readonly checks: (golden: JsonRecord) => Checks;
}

/** Checks every field of a case. */
export const checkCase = (id: string, value: unknown, rules: CaseRules): CaseResult => {
  try {
    const golden = record(value);
    const errors = fieldErrors(golden, rules.inputs, rules.checks(golden));
    if (errors.length === 0) return { id, status: "unknown", error: 0, detail: "no field to check" };
    const [field, error] = errors.reduce((worst, next) => (next[1] > worst[1] ? next : worst));
    return error <= 1
      ? { id, status: "passed", error }
      : {
          id,
          status: "failed",
          error,
          detail: `${field} is off by ${error.toPrecision(3)} of what is allowed`,
        };
  } catch (problem) {
    const detail = problem instanceof Error ? problem.message : String(problem);
    if (problem instanceof UnknownKind) return { id, status: "unknown", error: 0, detail };
    return { id, status: "failed", error: Number.POSITIVE_INFINITY, detail };
  }
};

/** Checks a list of cases, named by their `name` or their number. */
export const checkCases = (section: string, value: unknown, rules: CaseRules): CaseResult[] => {
  if (!Array.isArray(value))
    return [{ id: section, status: "unknown", error: 0, detail: "expected a list of cases" }];
  return value.map((golden: unknown, i) => checkCase(caseId(section, golden, i), golden, rules));
};

export const caseId = (section: string, golden: unknown, index: number): string => {
  const name = typeof golden === "object" && golden !== null && "name" in golden ? golden.name : undefined;
  return `${section}/${typeof name === "string" ? name : index}`;
};

export type Section = (name: string, value: unknown) => CaseResult[];

/** A section of sections. */
export const group =
  (sections: Readonly<Record<string, Section>>): Section =>
  (name, value) => {
    if (typeof value !== "object" || value === null) {
      return [{ id: name, status: "unknown", error: 0, detail: "expected an object of sections" }];
    }
    return Object.entries(value).flatMap(([key, content]) => {
      const id = name === "" ? key : `${name}/${key}`;
      return Object.hasOwn(sections, key)
        ? sections[key](id, content)
        : [{ id, status: "unknown" as const, error: 0, detail: `no check for section "${key}"` }];
    });
  };

/** A list of cases under one set of rules. */
export const cases =
  (rules: CaseRules): Section =>
  (section, value) =>
    checkCases(section, value, rules);

/** A whole file: its format must be the one that the sections were written for. */
export const checkFile = (
  json: unknown,
  format: string,
  sections: Readonly<Record<string, Section>>,
): CaseResult[] => {
  const checkFormat: Section = (id, value) =>
    value === format
      ? []
      : [{ id, status: "unknown", error: 0, detail: `expected ${format}; got ${String(value)}` }];
  return group({ ...sections, format: checkFormat })("", json);
};
