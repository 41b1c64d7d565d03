/** Checks `penalties.json`: the penalties of `tsgan/penalties` on two small critics, with parameter gradients. */
import { conv2d, dense, flatten, grad, leakyRelu, reshape, sizeOf, type Tensor, tanh } from "tsgan/graph";
import {
  dragan,
  gradientPenalty,
  type Penalty,
  type PenaltyInputs,
  r1,
  r2,
  weightClipping,
  wganDiv,
  wganLp,
  zeroCentred,
} from "tsgan/penalties";
import { type CaseResult, type JsonRecord, number, record, UnknownKind } from "./case.ts";
import { type Answer, checkPrograms, type Feed } from "./programs.ts";

/** The golden files name options by the papers' symbols. */
const factories: Readonly<Record<string, (options: JsonRecord) => Penalty>> = {
  "wgan-gp": ({ lambda, target }) => gradientPenalty({ weight: number(lambda), target: number(target) }),
  "one-sided": ({ lambda, target }) =>
    gradientPenalty({ weight: number(lambda), target: number(target), sided: "one" }),
  "wgan-lp": ({ lambda }) => wganLp({ weight: number(lambda) }),
  dragan: ({ lambda, target }) => dragan({ weight: number(lambda), target: number(target) }),
  r1: ({ gamma }) => r1({ weight: number(gamma) }),
  r2: ({ gamma }) => r2({ weight: number(gamma) }),
  "zero-centred": ({ lambda }) => zeroCentred({ weight: number(lambda) }),
  "wgan-div": ({ k, p, points }) =>
    wganDiv({
      weight: number(k),
      exponent: number(p),
      at: String(points) as "interpolates" | "real-and-fake",
    }),
  "weight-clipping": ({ c }) => weightClipping({ limit: number(c) }),
};

/** The penalty that a golden case names. */
export const penaltyOf = (name: string, options: JsonRecord): Penalty => {
  if (!Object.hasOwn(factories, name)) throw new UnknownKind(`no penalty "${name}"`);
  return factories[name](options);
};

type Parameters = Readonly<Record<string, Tensor>>;

const critics: Readonly<Record<string, (x: Tensor, parameters: Parameters) => Tensor>> = {
  mlp: (x, p) => {
    const hidden = tanh(dense(x, p["0.weight"], p["0.bias"]));
    return dense(tanh(dense(hidden, p["1.weight"], p["1.bias"])), p["2.weight"], p["2.bias"]);
  },
  conv: (x, p) => {
    const layer = (t: Tensor, i: number): Tensor =>
      leakyRelu(conv2d(t, p[`${i}.weight`], { stride: 2, padding: 1, bias: p[`${i}.bias`] }), 0.2);
    return dense(flatten(layer(layer(x, 0), 1)), p["2.weight"], p["2.bias"]);
  },
};

const answer = (definitions: JsonRecord, golden: JsonRecord, feed: Feed): { [field: string]: Answer } => {
  const name = String(golden.critic);
  if (!Object.hasOwn(critics, name)) throw new UnknownKind(`no critic "${name}"`);
  const definition = record(definitions[name]);
  const parameters = Object.fromEntries(
    Object.entries(record(definition.parameters)).map(([key, value]) => [key, feed(key, value)]),
  );
  const { penalty, constraint } = penaltyOf(String(golden.penalty), record(golden.options));
  const answers: { [field: string]: Answer } = {};
  if (constraint !== undefined) {
    answers.parameters = Object.fromEntries(
      Object.entries(parameters).map(([key, parameter]) => [key, constraint(parameter)]),
    );
  }
  if (penalty !== undefined) {
    const critic = (x: Tensor): Tensor => critics[name](x, parameters);
    const real = feed("real", definition.real);
    const fake = feed("fake", definition.fake);
    const epsilon = feed("epsilon", definition.epsilon);
    const noise = feed("noise", definition.noise);
    // One number for each example is an interpolation, one for each element is DRAGAN's noise.
    const random: PenaltyInputs["random"] = (_kind, shape) =>
      reshape(sizeOf(shape) === real.shape[0] ? epsilon : noise, shape);
    const value = penalty({
      real,
      fake,
      realScores: critic(real),
      fakeScores: critic(fake),
      critic,
      weights: Object.values(parameters).filter((t) => t.shape.length > 1),
      random,
    });
    const gradients = grad(value, Object.values(parameters));
    answers.value = value;
    answers.gradients = Object.fromEntries(Object.keys(parameters).map((key, i) => [key, gradients[i]]));
  }
  return answers;
};

/** Checks every case of a parsed `penalties.json`. */
export const checkPenalties = (json: unknown): Promise<CaseResult[]> => {
  const { critics: definitions, cases } = record(json);
  return checkPrograms(cases, {
    inputs: ["id", "critic", "penalty", "options"],
    answer: (golden, feed) => answer(record(definitions), golden, feed),
  });
};
