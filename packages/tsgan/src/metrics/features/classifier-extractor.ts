import { type Matrix, matrix } from "../../distances/index.ts";
import { RunError } from "../../errors.ts";
import { describeOnnx, sizeOf } from "../../graph/index.ts";
import { loadModel } from "../../runtime/index.ts";
import { countOf, type ExtractorOptions, type FeatureExtractor } from "../extractor.ts";
import { BATCH, runBatches } from "./run-batches.ts";

/**
 * A classifier written by `trainClassifier`: the activations of its last hidden layer, and its class probabilities.
 *
 * @param file what errors call the model
 * @throws RunError for a model that is no classifier of one input, with the outputs `features` and `probabilities`
 */
export const classifierExtractor = async (
  model: Uint8Array,
  file: string,
  options: ExtractorOptions = {},
): Promise<FeatureExtractor> => {
  const { inputs, outputs, metadata } = describeOnnx(model, file);
  const names = ["features", "probabilities"];
  if (inputs.length !== 1 || names.some((name) => !outputs.includes(name))) {
    throw new RunError(
      `${file}: expected a classifier with one input and the outputs features and probabilities; ` +
        `got ${inputs.length} inputs and the outputs ${outputs.join(", ")}`,
    );
  }
  const [{ name: input, shape }] = inputs;
  const inputShape = shape.slice(1) as number[];
  const loaded = await loadModel(model, file, options);
  const accuracy = (100 * Number(metadata.testAccuracy)).toFixed(2);
  const probe = await loaded.run({
    [input]: { data: new Float32Array(sizeOf(inputShape)), shape: [1, ...inputShape] },
  });
  return {
    name: `${metadata.dataset} classifier`,
    description: `the last hidden layer of a small classifier trained on ${metadata.dataset} (${accuracy} % of its test set right), not Inception`,
    inputShape,
    classes: probe.probabilities.data.length,
    model,
    features: async (examples) => {
      const count = countOf(file, examples, inputShape);
      const feed = (data: Float32Array, n: number) => ({ [input]: { data, shape: [n, ...inputShape] } });
      const [features, probabilities] = await runBatches(
        loaded,
        examples,
        count,
        BATCH,
        false,
        feed,
        names,
        file,
      );
      return { features, probabilities };
    },
    dispose: () => loaded.dispose(),
  };
};

/**
 * The features of each channel of a stacked image side by side, and the probabilities of all combinations of their
 * classes: p(abc) = p(a) p(b) p(c).
 *
 * @param inner what gives the features of one channel
 * @param channels how many channels an image has
 */
export const stackedExtractor = (inner: FeatureExtractor, channels: number): FeatureExtractor => ({
  name: `${inner.name} of each channel`,
  description: `${inner.description}; of each channel`,
  inputShape: [channels, ...inner.inputShape.slice(1)],
  ...(inner.classes && { classes: inner.classes ** channels }),
  ...(inner.model && { model: inner.model }),
  features: async (examples) => {
    // A channel is an image to `inner`, so that [n, channels, H, W] are n · channels of them.
    const { features, probabilities } = await inner.features(examples);
    const count = features.rows / channels;
    const joined = matrix(count, features.columns * channels, features.data);
    if (probabilities === undefined) return { features: joined };
    return { features: joined, probabilities: jointProbabilities(probabilities, channels) };
  },
  dispose: () => inner.dispose(),
});

/** p(c₁) p(c₂) … for all combinations of classes, the last channel fastest; rows of one example follow each other. */
const jointProbabilities = ({ rows, columns, data }: Matrix, channels: number): Matrix => {
  const count = rows / channels;
  const combinations = columns ** channels;
  const joint = new Float64Array(count * combinations);
  for (let i = 0; i < count; i++) {
    let row = Float64Array.of(1);
    for (let c = 0; c < channels; c++) {
      const own = data.subarray((i * channels + c) * columns, (i * channels + c + 1) * columns);
      row = Float64Array.from({ length: row.length * columns }, (_, k) => {
        return row[Math.floor(k / columns)] * own[k % columns];
      });
    }
    joint.set(row, i * combinations);
  }
  return matrix(count, combinations, joint);
};
