/**
 * A small image classifier, trained by tsgan itself and written as ONNX: the feature extractor that digits and articles
 * of clothing are judged by, since Inception's features mean little on them.
 */
import type { Dataset } from "../data/index.ts";
import { RunError, UsageError } from "../errors.ts";
import { constant, grad, input, simplify, softmax, type Tensor, toOnnx } from "../graph/index.ts";
import { classCrossEntropy } from "../losses/index.ts";
import {
  adam,
  bindScope,
  collectVariables,
  flatConcat,
  heInit,
  initialValues,
  layers,
  type Scope,
} from "../nn/index.ts";
import { checkKeys } from "../options.ts";
import { type RandomStream, randomStream } from "../random/index.ts";
import { type CompileOptions, compile, State } from "../runtime/index.ts";

export interface ClassifierOptions extends Pick<CompileOptions, "device" | "threads"> {
  readonly seed?: number;
  readonly epochs?: number;
  readonly batch?: number;
  /** Images are shifted by up to so many pixels each way, anew each epoch. */
  readonly shift?: number;
  readonly onEpoch?: (epoch: number, loss: number) => void;
}

export interface Classifier {
  /** Input `image` [batch, C, H, W] in [−1, 1]; outputs `features` [batch, 64] and `probabilities` [batch, classes]. */
  readonly model: Uint8Array;
  /** Share of the test examples whose most probable class is theirs. */
  readonly accuracy: number;
}

/** Width of the last hidden layer, whose activations are the features. */
const FEATURES = 64;
const LEARNING_RATE = 2e-3;
const DROPOUT = 0.4;

/** Two strided convolutions and two dense layers: 0.2 million weights for 28 × 28 grey images. */
const body = layers.sequential(
  layers.conv2d(24, { kernel: 5, stride: 2, padding: 2, init: heInit() }),
  layers.relu(),
  layers.conv2d(48, { kernel: 5, stride: 2, padding: 2, init: heInit() }),
  layers.relu(),
  layers.flatten(),
  layers.dense(FEATURES, { init: heInit() }),
  layers.relu(),
);

const network = (image: Tensor, classes: number, scope: Scope): { features: Tensor; logits: Tensor } => {
  const features = body(image, scope.child("body"));
  const logits = layers.dense(classes)(layers.dropout(DROPOUT)(features, scope), scope.child("head"));
  return { features, logits };
};

/** Moves each image of [count, C, H, W] by up to `most` pixels; what comes in from outside is black. */
const shiftImages = (
  images: Float32Array,
  [channels, height, width]: readonly number[],
  most: number,
  random: RandomStream,
): Float32Array => {
  const out = new Float32Array(images.length).fill(-1);
  const size = channels * height * width;
  for (let start = 0; start < images.length; start += size) {
    const [dy, dx] = [random.integer(2 * most + 1) - most, random.integer(2 * most + 1) - most];
    const [left, right] = [Math.max(0, -dx), Math.min(width, width - dx)];
    for (let c = 0; c < channels; c++) {
      for (let y = Math.max(0, -dy); y < Math.min(height, height - dy); y++) {
        const row = start + (c * height + y) * width;
        out.set(images.subarray(row + left, row + right), start + (c * height + y + dy) * width + left + dx);
      }
    }
  }
  return out;
};

/**
 * Trains the classifier with Adam, whose learning rate falls along half a cosine, and measures it on `test`. Equal
 * arguments give equal bytes on the same machine and number of threads.
 *
 * @param train labelled images, of which `test` holds others
 * @param options `seed`, `epochs`, `batch`, the `shift` of an example in pixels, the device and its threads
 * @throws UsageError for data that are no finite set of labelled images, RunError where training diverges
 */
export const trainClassifier = async (
  train: Dataset,
  test: Dataset,
  options: ClassifierOptions = {},
): Promise<Classifier> => {
  checkKeys("classifier", options, ["seed", "epochs", "batch", "shift", "onEpoch", "device", "threads"]);
  const { seed = 1, epochs = 6, batch = 128, shift = 2, onEpoch, ...compileOptions } = options;
  const { shape, size, name } = train;
  const classes = train.classes?.length;
  if (classes === undefined || shape.length !== 3 || !Number.isFinite(size)) {
    throw new UsageError(`classifier: expected a finite set of labelled images; got data set ${name}`);
  }
  const variables = collectVariables((scope) => network(input("image", [1, ...shape]), classes, scope));
  const count = variables.parameterCount;

  const rate = { kind: "cosine", from: LEARNING_RATE, to: LEARNING_RATE / 100 } as const;
  const optimizer = adam({ learningRate: rate });
  const parameters = input("parameters", [count]);
  const names = optimizer.slots.map((slot) => slot.name);
  const slots = names.map((own) => input(own, [count]));
  const scalars = Array.from({ length: optimizer.scalarCount }, (_, i) => input(`scalar${i}`, []));
  const noiseShapes: (readonly number[])[] = [];
  const bound = bindScope({
    variables,
    parameters,
    mode: "training",
    noise: (_, noiseShape) => input(`noise${noiseShapes.push(noiseShape) - 1}`, noiseShape),
  });
  const { logits } = network(input("image", [batch, ...shape]), classes, bound.scope);
  const loss = classCrossEntropy(logits, input("label", [batch], "int32"));
  const updated = optimizer.update(parameters, flatConcat(grad(loss, bound.parameters)), slots, scalars);

  const state = new State();
  const initial = initialValues(variables.parameters, count, seed, "classifier");
  state.set("parameters", initial);
  optimizer.init(initial).forEach((values, i) => {
    state.set(names[i], values);
  });
  const step = await compile(
    {
      loss,
      parameters: updated.parameters,
      ...Object.fromEntries(updated.slots.map((slot, i) => [names[i], slot])),
    },
    { ...compileOptions, state: state.names },
  );
  const stepsPerEpoch = Math.floor(size / batch);
  const steps = epochs * stepsPerEpoch;
  for (let epoch = 0; epoch < epochs; epoch++) {
    let sum = 0;
    for (let i = 0; i < stepsPerEpoch; i++) {
      const t = epoch * stepsPerEpoch + i;
      const { examples, labels } = await train.draw(seed, t * batch, batch);
      const image = shiftImages(examples, shape, shift, randomStream(seed, "classifier/shift", t));
      const feeds: Record<string, Float32Array | Int32Array> = { image, label: labels as Int32Array };
      const values = optimizer.scalars(t + 1, { step: t, steps });
      values.forEach((value, k) => {
        feeds[`scalar${k}`] = Float32Array.of(value);
      });
      noiseShapes.forEach((noiseShape, k) => {
        const noise = new Float32Array(noiseShape.reduce((a, b) => a * b, 1));
        randomStream(seed, `classifier/noise${k}`, t).fillUniform(noise);
        feeds[`noise${k}`] = noise;
      });
      sum += (await step.run(feeds, state)).loss[0];
    }
    onEpoch?.(epoch + 1, sum / stepsPerEpoch);
  }
  const trained = await state.read("parameters");
  state.dispose();
  await step.dispose();
  if (!trained.every(Number.isFinite)) throw new RunError(`classifier: training on ${name} diverged`);

  const outputs = (examples: number): Record<"features" | "probabilities", Tensor> => {
    const { scope } = bindScope({ variables, parameters: constant(trained, [count]), mode: "inference" });
    const found = network(input("image", [examples, ...shape]), classes, scope);
    const [features, probabilities] = simplify([found.features, softmax(found.logits)]);
    return { features, probabilities };
  };
  const accuracy = await accuracyOf(outputs, test, compileOptions);
  const model = toOnnx(outputs, {
    name: `${name}-classifier`,
    metadata: { dataset: name, range: "-1 … 1", testAccuracy: accuracy.toFixed(4), seed: String(seed) },
  });
  return { model, accuracy };
};

const TEST_BATCH = 100;

const accuracyOf = async (
  outputs: (examples: number) => Record<"probabilities", Tensor>,
  test: Dataset,
  options: Pick<CompileOptions, "device" | "threads">,
): Promise<number> => {
  const program = await compile({ probabilities: outputs(TEST_BATCH).probabilities }, options);
  const batches = Math.floor(test.size / TEST_BATCH);
  let right = 0;
  for (let i = 0; i < batches; i++) {
    const { examples, labels } = await test.draw(0, i * TEST_BATCH, TEST_BATCH);
    const { probabilities } = await program.run({ image: examples });
    mostProbable(probabilities, probabilities.length / TEST_BATCH).forEach((label, k) => {
      if (label === labels?.[k]) right++;
    });
  }
  await program.dispose();
  return right / (batches * TEST_BATCH);
};

/**
 * The class of the largest probability in each row of [n, classes].
 *
 * @param probabilities row by row
 */
export const mostProbable = (probabilities: ArrayLike<number>, classes: number): Int32Array =>
  Int32Array.from({ length: probabilities.length / classes }, (_, i) => {
    let best = 0;
    for (let c = 1; c < classes; c++) {
      if (probabilities[i * classes + c] > probabilities[i * classes + best]) best = c;
    }
    return best;
  });
