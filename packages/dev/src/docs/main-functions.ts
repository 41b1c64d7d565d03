/** The functions that people start with: each has an example, which is run. */
export const main: readonly string[] = [
  ...["configureRuntime", "compile", "loadModel"].map((name) => `tsgan/runtime: ${name}`),
  ...["gan", "game", "train", "createTrainer", "openGenerator"].map((name) => `tsgan/train: ${name}`),
  ...["input", "constant", "grad", "toOnnx", "conv2d", "matmul", "print", "defineOp"].map(
    (name) => `tsgan/graph: ${name}`,
  ),
  ...["hinge", "custom", "combine", "defineLoss", "defineTerm"].map((name) => `tsgan/losses: ${name}`),
  ...["r1", "definePenalty"].map((name) => `tsgan/penalties: ${name}`),
  ...["chain", "learner", "diffAugment", "defineAugmentation", "defineSchedule"].map(
    (name) => `tsgan/nn: ${name}`,
  ),
  ...["fromExamples", "defineDataset"].map((name) => `tsgan/data: ${name}`),
  ...["sinkhorn", "exactTransport", "wasserstein1d", "frechetDistance"].map(
    (name) => `tsgan/distances: ${name}`,
  ),
  ...["fid", "kid", "precisionRecall", "compareImages", "defineFeatures", "defineMetric"].map(
    (name) => `tsgan/metrics: ${name}`,
  ),
  ...["openDataset", "startRun", "startGameRun", "openRun", "evaluateRun", "examineRun", "comparePaths"].map(
    (name) => `tsgan/node: ${name}`,
  ),
  "tsgan/config: resolveConfig",
  "tsgan/define: register",
  "tsgan/figure: figure",
  "tsgan/game: defineTechnique",
  "tsgan/models: defineModel",
  "tsgan/random: randomStream",
  "tsgan/tables: readTable",
  "@tsgan/theory: defineExperiment",
];
