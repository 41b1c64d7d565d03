/** Checks `auxiliary.json`: losses and techniques beside the adversarial game. */
import {
  add,
  concat,
  constant,
  div,
  grad,
  mul,
  reshape,
  softmax,
  sqrt,
  square,
  sum,
  type Tensor,
} from "tsgan/graph";
import {
  classCrossEntropy,
  cycleConsistency,
  type DiagonalGaussian,
  discreteJensenShannon,
  discreteKl,
  discreteReverseKl,
  discreteTotalVariation,
  featureMatching,
  gaussianJensenShannon,
  gaussianKl,
  gaussianReverseKl,
  gaussianTotalVariation,
  gaussianW1,
  gaussianW2,
  historicalAveraging,
  historicalMean,
  l1,
  labelledMean,
  mutualInformation,
  nonSaturating,
  semiSupervised,
} from "tsgan/losses";
import { instanceNoiseSigma, minibatchDiscrimination, spectralNormalize, virtualBatchNorm } from "tsgan/nn";
import { type CaseResult, type JsonRecord, number, numbers, record, UnknownKind } from "./case.ts";
import { type Answer, checkPrograms, type Feed } from "./programs.ts";

type Inputs = Readonly<Record<string, Tensor>>;
type Outputs = { readonly [output: string]: Answer };

/** Σ output · upstream: its gradient is the whole backward pass. */
const weighted = (output: Tensor, upstream: Tensor): Tensor => sum(mul(output, upstream));

const gaussian = (value: unknown): DiagonalGaussian => {
  const { mean, std } = record(value);
  return { mean: constant([number(mean)], [1]), std: constant([number(std)], [1]) };
};

/** Power iterations that reach the largest singular value itself. */
const MANY_ITERATIONS = 200;

const kinds: Readonly<Record<string, (inputs: Inputs, options: JsonRecord) => Outputs>> = {
  acgan: ({ realLogits, realLabels, fakeLogits, fakeLabels }, { labelSmoothing }) => {
    const ofFake = classCrossEntropy(fakeLogits, fakeLabels);
    return {
      discriminator: add(classCrossEntropy(realLogits, realLabels, number(labelSmoothing)), ofFake),
      generator: ofFake,
    };
  },
  "semi-supervised": ({ labelledLogits, unlabelledLogits, fakeLogits, labels }) => ({
    supervised: semiSupervised.supervised(labelledLogits, labels),
    unsupervisedReal: semiSupervised.unsupervisedReal(unlabelledLogits),
    unsupervisedFake: semiSupervised.unsupervisedFake(fakeLogits),
    discriminator: semiSupervised.discriminator(labelledLogits, labels, unlabelledLogits, fakeLogits),
    generator: semiSupervised.generator(fakeLogits),
  }),
  infogan: ({ categoricalLogits, gaussianMean, gaussianCode, categoricalCode }, options) => {
    const categorical = mutualInformation.categorical(categoricalLogits, categoricalCode);
    const normal = mutualInformation.gaussian(gaussianMean, gaussianCode, number(options.std));
    return {
      categorical,
      gaussian: normal,
      total: add(
        mul(categorical, number(options.categoricalWeight)),
        mul(normal, number(options.gaussianWeight)),
      ),
      categoricalLowerBound: mutualInformation.categoricalBound(categoricalLogits, categoricalCode),
    };
  },
  "cycle-consistency": ({ x, xReconstructed, y, yReconstructed }, { lambda }) => ({
    forward: l1(xReconstructed, x),
    backward: l1(yReconstructed, y),
    sum: cycleConsistency(x, xReconstructed, y, yReconstructed, 1),
    weighted: cycleConsistency(x, xReconstructed, y, yReconstructed, number(lambda)),
  }),
  pix2pix: ({ fakeScores, generated, target }, { lambda }) => {
    const adversarial = nonSaturating().generator(fakeScores, fakeScores);
    const distance = l1(generated, target);
    return { adversarial, l1: distance, generator: add(adversarial, mul(distance, number(lambda))) };
  },
  "feature-matching": ({ realFeatures, fakeFeatures }) => ({
    value: featureMatching(realFeatures, fakeFeatures),
  }),
  "historical-averaging": ({ weight, bias, weightHistory, biasHistory }) => {
    const weightAverage = historicalMean(weightHistory);
    const biasAverage = historicalMean(biasHistory);
    return {
      weightAverage,
      biasAverage,
      value: add(historicalAveraging(weight, weightAverage), historicalAveraging(bias, biasAverage)),
    };
  },
  "minibatch-discrimination": ({ features, tensor, upstream }, { includeSelf }) => {
    const output = minibatchDiscrimination(features, tensor, { includeSelf: includeSelf === true });
    return { output, concatenated: concat([features, output], 1), weighted: weighted(output, upstream) };
  },
  "virtual-batch-norm": ({ x, reference, gamma, beta, upstream }, { epsilon }) => {
    const { output, reference: referenceOutput } = virtualBatchNorm(
      x,
      reference,
      gamma,
      beta,
      number(epsilon),
    );
    return { output, referenceOutput, weighted: weighted(output, upstream) };
  },
  "spectral-norm": ({ weight, uUnnormalised, upstream }, { iterations }) => {
    const start = div(uUnnormalised, sqrt(sum(square(uUnnormalised))));
    const { sigma, normalized, u, v } = spectralNormalize(weight, start, number(iterations));
    const exactSigma = spectralNormalize(weight, start, MANY_ITERATIONS).sigma;
    return { sigma, normalised: normalized, u, v, exactSigma, weighted: weighted(normalized, upstream) };
  },
  "one-sided-label-smoothing": ({ real, fake }, { realLabel }) => {
    const loss = nonSaturating({ realLabel: number(realLabel) });
    return { discriminator: loss.discriminator(real, fake), generator: loss.generator(real, fake) };
  },
  "instance-noise": ({ x, noise }, { initialSigma, annealSteps, steps }) => {
    const sigma = (step: number): number =>
      instanceNoiseSigma(step, number(initialSigma), number(annealSteps));
    return { sigmas: numbers(steps).map(sigma), noisyAtStep25: add(x, mul(noise, sigma(25))) };
  },
  "labelled-mean": ({ labels, scores }) => ({ value: labelledMean(labels, scores) }),
  "discrete-divergence": ({ pLogits, qLogits }) => ({
    p: softmax(pLogits),
    q: softmax(qLogits),
    kl: discreteKl(pLogits, qLogits),
    reverseKl: discreteReverseKl(pLogits, qLogits),
    js: discreteJensenShannon(pLogits, qLogits),
    tv: discreteTotalVariation(pLogits, qLogits),
  }),
  "gaussian-divergence": (_inputs, options) => {
    const [p, q] = [gaussian(options.p), gaussian(options.q)];
    return {
      kl: gaussianKl(p, q),
      reverseKl: gaussianReverseKl(p, q),
      js: gaussianJensenShannon(p, q),
      tv: gaussianTotalVariation(p, q),
      w1: gaussianW1(p, q),
      w2: gaussianW2(p, q),
    };
  },
};

/** Class indices: every input whose name says so, but for the ±1 labels of `labelled-mean`. */
const isClasses = (kind: string, name: string): boolean =>
  (/labels$/i.test(name) && kind !== "labelled-mean") || name === "categoricalCode";

const answer = (golden: JsonRecord, feed: Feed): { [field: string]: Answer } => {
  const kind = String(golden.kind);
  if (!Object.hasOwn(kinds, kind)) throw new UnknownKind(`no kind "${kind}"`);
  const inputs = Object.fromEntries(
    Object.entries(record(golden.inputs)).map(([name, value]) => [
      name,
      feed(name, value, isClasses(kind, name) ? "int32" : "float32"),
    ]),
  );
  const outputs = kinds[kind](inputs, record(golden.options));
  const gradients = Object.entries(record(golden.gradients)).map(([output, wanted]) => {
    const names = Object.keys(record(wanted));
    const scalar = outputs[output];
    if (scalar === undefined) throw new UnknownKind(`no output "${output}"`);
    const tensors = grad(
      reshape(scalar as Tensor, []),
      names.map((name) => inputs[name]),
    );
    return [output, Object.fromEntries(names.map((name, i) => [name, tensors[i]]))];
  });
  return { outputs, gradients: Object.fromEntries(gradients) };
};

/** Checks every case of a parsed `auxiliary.json`. */
export const checkAuxiliary = (json: unknown): Promise<CaseResult[]> =>
  checkPrograms(json, { inputs: ["id", "kind", "options", "inputs"], answer });
