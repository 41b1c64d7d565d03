/**
 * Cases that are graphs: each is evaluated twice, as a program on ONNX Runtime's CPU device (float32) and by the graph's
 * reference interpreter (float64), and the worse of the two counts.
 */
import { input, interpret, type Tensor } from "tsgan/graph";
import { compile } from "tsgan/runtime";
import {
  type CaseResult,
  type Check,
  type Checks,
  checkCase,
  errorOfAll,
  fields,
  type JsonRecord,
  list,
  number,
  record,
  tensor,
} from "./case.ts";

/** What a case should give: tensors to compute, or numbers of the host, under the names of the golden's fields. */
export type Answer = Tensor | readonly number[] | { readonly [field: string]: Answer };

/** Makes an input of the program, to be fed with a golden tensor. */
export type Feed = (name: string, value: unknown, dtype?: "float32" | "int32") => Tensor;

export interface ProgramRules {
  /** Fields that are read, not checked. */
  readonly inputs: readonly string[];
  /** The graphs of all fields that are checked. */
  readonly answer: (golden: JsonRecord, feed: Feed) => { readonly [field: string]: Answer };
}

const TOLERANCE = 5e-5;
const FLOOR = 0.01;

/** |got − e| ≤ tol · max(floor, max |e|) for every element of a number, a list or a tensor. */
const near =
  (got: ArrayLike<number>): Check =>
  (want) => {
    const wanted =
      typeof want === "number"
        ? [want]
        : Array.isArray(want)
          ? list(want).map(number)
          : [...tensor(want).data];
    const scale = Math.max(FLOOR, ...wanted.map(Math.abs));
    return errorOfAll(got, wanted, { relative: 0, absolute: TOLERANCE * scale });
  };

const isTensor = (answer: Answer): answer is Tensor => "op" in answer && "dtype" in answer;
const isList = (answer: Answer): answer is readonly number[] => Array.isArray(answer);

/** The tensors of an answer by their path, `gradients/discriminator/real`. */
const tensorsOf = (answer: Answer, path: string): [string, Tensor][] => {
  if (isTensor(answer)) return [[path, answer]];
  if (isList(answer)) return [];
  return Object.entries(answer).flatMap(([field, part]) =>
    tensorsOf(part, path === "" ? field : `${path}/${field}`),
  );
};

const checkOf = (
  answer: Answer,
  path: string,
  values: Readonly<Record<string, ArrayLike<number>>>,
): Check => {
  if (isTensor(answer)) return near(values[path]);
  if (isList(answer)) return near(answer);
  return fields(checksOf(answer, `${path}/`, values));
};

const checksOf = (
  answers: { readonly [field: string]: Answer },
  prefix: string,
  values: Readonly<Record<string, ArrayLike<number>>>,
): Checks =>
  Object.fromEntries(
    Object.entries(answers).map(([field, part]) => [field, checkOf(part, prefix + field, values)]),
  );

const checkProgram = async (golden: JsonRecord, rules: ProgramRules): Promise<CaseResult> => {
  const id = String(golden.id);
  const feeds: Record<string, Float32Array | Int32Array> = {};
  const feed: Feed = (name, value, dtype = "float32") => {
    // A 0-d tensor is a plain number.
    const { shape, data } = tensor(typeof value === "number" ? { shape: [], data: [value] } : value);
    feeds[name] = dtype === "int32" ? Int32Array.from(data) : Float32Array.from(data);
    return input(name, shape, dtype);
  };
  const check = (checks: () => Checks): CaseResult => checkCase(id, golden, { inputs: rules.inputs, checks });
  try {
    const answers = rules.answer(golden, feed);
    const graphs = tensorsOf(answers, "");
    const outputs = graphs.map(([, graph]) => graph);
    const exact = interpret(outputs, feeds);
    const reference = Object.fromEntries(graphs.map(([path], i) => [path, exact[i]]));
    const program = await compile(Object.fromEntries(graphs), { device: "cpu", threads: 1 });
    const used = Object.fromEntries(Object.keys(program.inputs).map((name) => [name, feeds[name]]));
    const computed = await program.run(used);
    await program.dispose();
    const results = [computed, reference].map((values) => check(() => checksOf(answers, "", values)));
    return results[1].error > results[0].error ? results[1] : results[0];
  } catch (problem) {
    return check(() => {
      throw problem;
    });
  }
};

/** Checks a list of cases that have an `id`. */
export const checkPrograms = async (cases: unknown, rules: ProgramRules): Promise<CaseResult[]> => {
  const results: CaseResult[] = [];
  for (const golden of list(cases)) results.push(await checkProgram(record(golden), rules));
  return results;
};
