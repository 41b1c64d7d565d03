/** Checks `losses.json`: every adversarial loss of `tsgan/losses`, with its gradients. */
import { grad, reshape, type Tensor } from "tsgan/graph";
import { type AdversarialLoss, beganMeasure, catalogue } from "tsgan/losses";
import { type CaseResult, type JsonRecord, number, record, UnknownKind } from "./case.ts";
import { type Answer, checkPrograms, type Feed } from "./programs.ts";

/** The loss that a golden case names. */
export const lossOf = (name: string, options: JsonRecord): AdversarialLoss => {
  if (name === "f-gan") {
    const { divergence, ...others } = options;
    return lossOf(`fgan-${divergence}`, others);
  }
  if (!catalogue.has(name)) throw new UnknownKind(`no loss "${name}"`);
  return catalogue.get(name).create(options);
};

const answer = (golden: JsonRecord, feed: Feed): { [field: string]: Answer } => {
  const options = record(golden.options);
  const loss = lossOf(String(golden.loss), options);
  const real = feed("real", golden.real);
  const fake = feed("fake", golden.fake);
  const state = loss.state && feed("state", { shape: [1], data: loss.state.initial });
  const gradients = (value: Tensor) => {
    const [realGradient, fakeGradient] = grad(value, [real, fake]);
    return { real: realGradient, fake: fakeGradient };
  };
  const discriminator = loss.discriminator(real, fake, state);
  const generator = loss.generator(real, fake, state);
  const answers = {
    discriminator,
    generator,
    gradients: { discriminator: gradients(discriminator), generator: gradients(generator) },
  };
  if (loss.state === undefined || state === undefined) return answers;
  const kNext = reshape(loss.state.next(real, fake, state), []);
  return { ...answers, extra: { kNext, measure: beganMeasure(real, fake, number(options.gamma)) } };
};

/** Checks every case of a parsed `losses.json`. */
export const checkLosses = (json: unknown): Promise<CaseResult[]> =>
  checkPrograms(json, { inputs: ["id", "loss", "options", "real", "fake"], answer });
