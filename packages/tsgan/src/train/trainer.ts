/** The trainer: owns the state on the device, fills the feeds of each iteration, and hands out records and samples. */
import type { Batch, Dataset } from "../data/index.ts";
import { RunError, UsageError } from "../errors.ts";
import { constant, input, reshape, simplify, sizeOf, type Tensor, toOnnx } from "../graph/index.ts";
import type { DiscriminatorInput, DiscriminatorOutput, GeneratorInput } from "../models/index.ts";
import {
  type BoundScope,
  bindScope,
  initialValues,
  instanceNoiseSigma,
  type Mode,
  scheduled,
  type Variables,
} from "../nn/index.ts";
import { type RandomStream, randomStream } from "../random/index.ts";
import { compile, type Device, type HostData, type Program, State } from "../runtime/index.ts";
import type { TensorFile } from "./checkpoint.ts";
import { type FeedSpec, isLabel, type ScalarSpec, scalarVector } from "./feeds.ts";
import { latentFill, setCategories } from "./latent.ts";
import { fromModelRange, toModelRange } from "./perception.ts";
import { checkScores, type Plan } from "./plan.ts";
import { buildIteration, type Iteration, networksOf, stateSizes } from "./step.ts";

/** Steps of one iteration. */
export interface IterationPlan {
  readonly discriminatorSteps: number;
  readonly generatorSteps: number;
}

export interface TrainerOptions {
  readonly plan: Plan;
  readonly dataset: Dataset;
  /** Where a semi-supervised model takes its labelled examples from. */
  readonly labelled?: Dataset | undefined;
  readonly seed: number;
  /** Length of the run, for schedules. */
  readonly steps: number;
  /** Steps of the iteration with the given index, counted from 0. */
  readonly iteration: (index: number) => IterationPlan;
  readonly device?: Device | undefined;
  readonly threads?: number | undefined;
}

/** Figures of one iteration, before its updates. `step` counts finished iterations, from 1. */
export interface StepRecord {
  readonly step: number;
  readonly [metric: string]: number;
}

export interface SampleOptions {
  /** Seed of the latent vectors. */
  readonly seed?: number;
  /** Latent vectors [count, latent size] instead of drawn ones. */
  readonly z?: Float32Array;
  /** Classes [count] of a conditional model, or categories of a latent code; by default they take turns. */
  readonly labels?: Int32Array;
  /** Examples [count, …shape] to translate, for image-to-image models; by default the first of the data's stream. */
  readonly sources?: Float32Array;
  /** Take the averaged generator where there is one (the default), or the one being trained. */
  readonly weights?: "average" | "current";
}

/** Both networks of a trainer as they stand, as functions to build a graph from. */
export interface ProbedNetworks {
  /** A network's layers and parameters themselves, to look inside or to differentiate by. */
  bind(player: "generator" | "discriminator"): BoundScope;
  generate(input: GeneratorInput): Tensor;
  discriminate(input: DiscriminatorInput): DiscriminatorOutput;
  /** Of a loss that carries a state, such as BEGAN's k. */
  readonly lossState: Tensor | undefined;
}

export interface ProbeOptions extends Pick<SampleOptions, "weights"> {
  /** "inference" without. In "training", batch norm takes the statistics of its batch; the running ones stay. */
  readonly mode?: Mode;
}

/** A compiled function of a trainer's networks. To be disposed of before the trainer. */
export interface Probe {
  /** What must be fed: the inputs that the outputs depend on. */
  readonly inputs: Program["inputs"];
  run(feeds: Readonly<Record<string, HostData>>): Promise<Record<string, HostData>>;
  dispose(): Promise<void>;
}

/** How far a run has come. */
export interface Progress {
  /** Finished iterations. */
  readonly step: number;
  readonly discriminatorSteps: number;
  readonly generatorSteps: number;
}

const SAMPLE_BATCH = 64;

/** At most this many steps are chained into one graph; longer bursts run the same program several times. */
const LONGEST_CHAIN = 8;

interface Compiled {
  readonly iteration: Iteration;
  readonly program: Program;
  readonly buffers: Record<string, HostData>;
}

/** Latents, labels and learning rates of a step, and the state they act on. Made by `createTrainer`. */
export class Trainer {
  readonly plan: Plan;
  readonly #options: TrainerOptions;
  readonly #networks: { readonly generator: Variables; readonly discriminator: Variables };
  readonly #sizes: Readonly<Record<string, number>>;
  readonly #state = new State();
  readonly #compiled = new Map<string, Compiled>();
  readonly #programs = new Map<string, Promise<Program>>();
  #progress: Progress = { step: 0, discriminatorSteps: 0, generatorSteps: 0 };

  constructor(options: TrainerOptions) {
    checkScores(options.plan.model, options.plan.loss);
    this.plan = options.plan;
    this.#options = options;
    this.#networks = networksOf(options.plan);
    this.#sizes = stateSizes(options.plan, this.#networks);
    this.#initialize();
  }

  #initialize(): void {
    const { seed, plan } = this.#options;
    for (const [name, size] of Object.entries(this.#sizes)) this.#state.set(name, new Float32Array(size));
    for (const owner of ["generator", "discriminator"] as const) {
      const { parameters, parameterCount, buffers, bufferCount } = this.#networks[owner];
      const values = initialValues(parameters, parameterCount, seed, owner);
      this.#state.set(owner, values);
      if (plan.historicalAveraging !== undefined) this.#state.set(`${owner}.history`, values);
      const kept = initialValues(buffers, bufferCount, seed, `${owner}/buffers`);
      if (bufferCount > 0) this.#state.set(`${owner}.buffers`, kept);
      if (owner === "generator" && plan.emaDecay > 0) {
        this.#state.set("ema", values);
        if (bufferCount > 0) this.#state.set("ema.buffers", kept);
      }
    }
    if (plan.loss.state !== undefined) this.#state.set("loss", Float32Array.from(plan.loss.state.initial));
  }

  get progress(): Progress {
    return this.#progress;
  }

  /** Number of trained numbers of each network. */
  get parameterCounts(): { readonly generator: number; readonly discriminator: number } {
    const { generator, discriminator } = this.#networks;
    return { generator: generator.parameterCount, discriminator: discriminator.parameterCount };
  }

  async #compile(discriminatorSteps: number, generatorSteps: number): Promise<Compiled> {
    const { plan } = this;
    const first = this.#progress.discriminatorSteps;
    const active = Array.from({ length: discriminatorSteps }, (_, i) =>
      plan.penalties.filter(({ every = 1 }) => (first + i) % every === 0),
    );
    const acting = active.map((list) => list.map((penalty) => plan.penalties.indexOf(penalty)).join("+"));
    const key = [discriminatorSteps, generatorSteps, ...acting].join();
    let compiled = this.#compiled.get(key);
    if (compiled === undefined) {
      const iteration = buildIteration(
        plan,
        this.#networks,
        discriminatorSteps,
        generatorSteps,
        (i) => active[i],
      );
      const program = await compile(iteration.outputs, {
        device: this.#options.device,
        threads: this.#options.threads,
        state: Object.keys(this.#sizes),
      });
      const buffers: Record<string, HostData> = {};
      const feeds = iteration.feeds.filter(({ name }) => program.inputs[name] !== undefined);
      for (const { name, kind, shape } of feeds) {
        buffers[name] = isLabel(kind) ? new Int32Array(sizeOf(shape)) : new Float32Array(sizeOf(shape));
      }
      compiled = { iteration: { ...iteration, feeds }, program, buffers };
      this.#compiled.set(key, compiled);
    }
    return compiled;
  }

  /** Examples for the step after `discriminatorSteps` critic steps, whose data they continue. */
  #draw(discriminatorSteps: number, count: number): Batch | Promise<Batch> {
    const { dataset, seed } = this.#options;
    return dataset.draw(seed, discriminatorSteps * this.plan.batch, count);
  }

  /** `chain`: discriminator steps of the iteration that is about to run. */
  async #fill(
    { name, kind, shape }: FeedSpec,
    out: HostData,
    batches: Map<string, Batch>,
    chain: number,
  ): Promise<void> {
    const { seed, labelled } = this.#options;
    const { model } = this.plan;
    const [owner] = name.split(".");
    const index = Number(owner.slice(1));
    const isCritic = owner.startsWith("d");
    const { discriminatorSteps, generatorSteps } = this.#progress;
    const at = (isCritic ? discriminatorSteps : generatorSteps) + index;
    const stream = (): RandomStream =>
      randomStream(seed, `${isCritic ? "d" : "g"}/${name.slice(owner.length + 1)}`, at);
    const setBatch = async (source: string, draw: () => Batch | Promise<Batch>): Promise<void> => {
      const key = `${owner}/${source}`;
      const batch = batches.get(key) ?? (await draw());
      batches.set(key, batch);
      if (!isLabel(kind)) out.set(batch.examples);
      else if (batch.labels === undefined) throw new UsageError(unlabelled(this.#options.dataset.name));
      else out.set(batch.labels);
    };
    switch (kind) {
      case "real":
      case "real-label": {
        // A generator step that needs real examples looks at the latest ones the critic saw.
        const position = isCritic ? at : Math.max(0, discriminatorSteps + chain - 1);
        return setBatch("real", () => this.#draw(position, shape[0]));
      }
      case "labelled":
      case "labelled-label": {
        if (labelled === undefined) {
          throw new UsageError(
            `train: model ${model.name} needs labelled examples beside its data; none are given`,
          );
        }
        return setBatch("labelled", () => labelled.draw(seed, at * shape[0], shape[0]));
      }
      case "latent":
        latentFill(model.latent, stream(), out as Float32Array);
        return;
      case "uniform":
        stream().fillUniform(out as Float32Array);
        return;
      case "normal":
        stream().fillNormal(out as Float32Array);
    }
  }

  /** What a scalar is in the iteration that is about to run. */
  #scalar({ player, index, kind, position }: ScalarSpec): number {
    const { plan, progress } = this;
    const t = progress[`${player}Steps`] + index + 1;
    switch (kind) {
      case "optimizer": {
        const rate = scheduled(plan[player].learningRate, progress.step, this.#options.steps);
        return plan[player].optimizer.scalars(t, rate, { step: progress.step, steps: this.#options.steps })[
          position
        ];
      }
      case "emaKeep":
        // The average's memory grows with the run, so that it does not hang on to the initial weights.
        return Math.min(plan.emaDecay, t / (t + 9));
      case "historyShare":
        return 1 - 1 / t;
      case "noiseSigma": {
        const { sigma, steps } = plan.instanceNoise ?? { sigma: 0, steps: 1 };
        return instanceNoiseSigma(progress.step, sigma, steps);
      }
    }
  }

  async #run(discriminatorSteps: number, generatorSteps: number): Promise<Record<string, number>> {
    const { iteration, program, buffers } = await this.#compile(discriminatorSteps, generatorSteps);
    const batches = new Map<string, Batch>();
    for (const spec of iteration.feeds)
      await this.#fill(spec, buffers[spec.name], batches, discriminatorSteps);
    const scalars = scalarVector(iteration.scalars, (spec) => this.#scalar(spec));
    const { metrics, realScores, fakeScores } = await program.run({ ...buffers, scalars }, this.#state);
    this.#progress = {
      ...this.#progress,
      discriminatorSteps: this.#progress.discriminatorSteps + discriminatorSteps,
      generatorSteps: this.#progress.generatorSteps + generatorSteps,
    };
    return {
      ...Object.fromEntries(iteration.metricNames.map((name, i) => [name, metrics[i]])),
      ...(realScores === undefined ? {} : this.#scoreStatistics(realScores, fakeScores)),
    };
  }

  /** Compiles the next iteration, so that a plan or a device that does not work shows before anything is written. */
  async prepare(): Promise<void> {
    const { discriminatorSteps, generatorSteps } = this.#options.iteration(this.#progress.step);
    let left = discriminatorSteps;
    while (left > LONGEST_CHAIN) left -= LONGEST_CHAIN;
    await this.#compile(left, generatorSteps);
  }

  #scoreStatistics(real: HostData, fake: HostData): Record<string, number> {
    const mean = (scores: HostData): number => {
      let sum = 0;
      for (const score of scores) sum += score;
      return sum / scores.length;
    };
    const statistics = { realScore: mean(real), fakeScore: mean(fake) };
    if (this.plan.loss.scores !== "logit") return statistics;
    let right = 0;
    for (const score of real) if (score > 0) right++;
    for (const score of fake) if (score < 0) right++;
    return { ...statistics, accuracy: right / (real.length + fake.length) };
  }

  /** One whole alternation: critic steps, then generator steps. */
  async iterate(): Promise<StepRecord> {
    const { discriminatorSteps, generatorSteps } = this.#options.iteration(this.#progress.step);
    let metrics: Record<string, number> = {};
    let left = discriminatorSteps;
    while (left > LONGEST_CHAIN) {
      metrics = { ...metrics, ...(await this.#run(LONGEST_CHAIN, 0)) };
      left -= LONGEST_CHAIN;
    }
    metrics = { ...metrics, ...(await this.#run(left, generatorSteps)) };
    this.#progress = { ...this.#progress, step: this.#progress.step + 1 };
    const record = { step: this.#progress.step, ...metrics };
    const broken = Object.entries(metrics).find(([, value]) => !Number.isFinite(value));
    if (broken !== undefined) throw new NotFiniteError(record.step, broken[0], await this.#nonFiniteTensor());
    return record;
  }

  /**
   * One step of one player alone, as a teacher would show it. It does not count as an iteration, unless it is said to end
   * one: as many critic steps as an iteration has, followed by its generator steps, are that iteration.
   */
  async advance(
    player: "discriminator" | "generator",
    { endsIteration = false }: { readonly endsIteration?: boolean } = {},
  ): Promise<Record<string, number>> {
    const metrics = await (player === "discriminator" ? this.#run(1, 0) : this.#run(0, 1));
    if (endsIteration) this.#progress = { ...this.#progress, step: this.#progress.step + 1 };
    return metrics;
  }

  async #nonFiniteTensor(): Promise<string | undefined> {
    const tensors = Object.entries(await this.tensors());
    return tensors.find(([, { data }]) => data.some((v) => !Number.isFinite(v)))?.[0];
  }

  /** Every vector of the state, cut into its named tensors: `generator/0.weight`, `discriminator.slot0/body.0.bias`. */
  async tensors(): Promise<TensorFile["tensors"]> {
    const result: TensorFile["tensors"] = {};
    for (const name of Object.keys(this.#sizes)) {
      const flat = await this.#state.read(name);
      const specs = this.#specsOf(name);
      if (specs === undefined) result[name] = { shape: [flat.length], data: flat };
      else {
        for (const { name: own, shape, offset } of specs) {
          result[`${name}/${own}`] = { shape, data: flat.slice(offset, offset + sizeOf(shape)) };
        }
      }
    }
    return result;
  }

  #specsOf(vector: string): Variables["parameters"] | undefined {
    if (vector === "loss" || vector === "augment" || vector === "pool") return undefined;
    const owner = vector.startsWith("discriminator") ? "discriminator" : "generator";
    const variables = this.#networks[owner];
    return vector.endsWith(".buffers") ? variables.buffers : variables.parameters;
  }

  /** Puts a state back that `tensors` gave. Names and shapes must be this model's; errors call it `file`. */
  restore(tensors: TensorFile["tensors"], progress: Progress, file = "checkpoint"): void {
    const flats = new Map<string, Float32Array>();
    const expected = new Map<string, readonly number[]>();
    for (const [vector, size] of Object.entries(this.#sizes)) {
      const flat = new Float32Array(size);
      flats.set(vector, flat);
      const specs = this.#specsOf(vector) ?? [{ name: "", shape: [size], offset: 0 }];
      for (const { name, shape, offset } of specs) {
        const full = name === "" ? vector : `${vector}/${name}`;
        expected.set(full, shape);
        const found = tensors[full];
        if (
          found === undefined ||
          found.shape.join() !== shape.join() ||
          !(found.data instanceof Float32Array)
        ) {
          const got = found === undefined ? "none" : `[${found.shape.join(",")}]`;
          throw new RunError(
            `${file}: it belongs to another model: tensor ${full} must be [${shape.join(",")}]; got ${got}`,
          );
        }
        flat.set(found.data, offset);
      }
    }
    const foreign = Object.keys(tensors).find((name) => !expected.has(name));
    if (foreign !== undefined) {
      throw new RunError(`${file}: it belongs to another model: this one has no tensor ${foreign}`);
    }
    for (const [vector, flat] of flats) this.#state.set(vector, flat);
    this.#progress = progress;
  }

  /** A network on the flat vectors of that name; those of `bound`, which collects them, are used again. */
  #bind(
    owner: "generator" | "discriminator",
    weights: string,
    mode: Mode,
    bound = new Map<string, Tensor>(),
  ): BoundScope {
    const variables = this.#networks[owner];
    const vector = (name: string, size: number): Tensor => {
      const known = bound.get(name) ?? input(name, [size]);
      bound.set(name, known);
      return known;
    };
    return bindScope({
      variables,
      parameters: vector(weights, variables.parameterCount),
      buffers: variables.bufferCount > 0 ? vector(`${weights}.buffers`, variables.bufferCount) : undefined,
      mode,
    });
  }

  /** The generator as a graph on flat weight vectors. */
  #generatorGraph(
    batch: number,
    weights: "ema" | "generator",
    mode: Mode,
    bound?: Map<string, Tensor>,
  ): Tensor {
    const { model } = this.plan;
    const { scope } = this.#bind("generator", weights, mode, bound);
    const z = input("z", [batch, model.latent.size]);
    const label = model.classes === undefined ? undefined : input("label", [batch], "int32");
    const source =
      model.translates === true ? toModelRange(model, input("source", [batch, ...model.shape])) : undefined;
    return fromModelRange(model, model.generator({ z, label, source }, scope));
  }

  #weights(options: SampleOptions): "ema" | "generator" {
    return this.plan.emaDecay > 0 && options.weights !== "current" ? "ema" : "generator";
  }

  #program(key: string, make: () => Promise<Program>): Promise<Program> {
    const program = this.#programs.get(key) ?? make();
    this.#programs.set(key, program);
    return program;
  }

  /** Latent vectors as training draws them. */
  latents(count: number, seed: number): Float32Array {
    const { latent } = this.plan.model;
    const z = new Float32Array(count * latent.size);
    latentFill(latent, randomStream(seed, "sample/latent"), z);
    return z;
  }

  /** Generated examples, [count, …shape] in one array. */
  async sample(count: number, options: SampleOptions = {}): Promise<Float32Array> {
    const { model } = this.plan;
    const weights = this.#weights(options);
    const program = await this.#program(`sample/${weights}`, () =>
      compile(
        { image: this.#generatorGraph(SAMPLE_BATCH, weights, "inference") },
        { device: this.#options.device, threads: this.#options.threads, state: Object.keys(this.#sizes) },
      ),
    );
    const z = options.z ?? this.latents(count, options.seed ?? this.#options.seed);
    if (options.z === undefined) setCategories(model.latent, z, (i) => options.labels?.[i] ?? i);
    const { size } = model.latent;
    if (z.length !== count * size) {
      throw new UsageError(`sample: z must be [${count},${size}], ${count * size} values; got ${z.length}`);
    }
    const example = sizeOf(model.shape);
    const sources = model.translates === true ? await this.#sources(count, options) : undefined;
    const out = new Float32Array(count * example);
    await inBatches(count, SAMPLE_BATCH, async (start, now) => {
      const feeds: Record<string, HostData> = {
        z: padded(z, start * size, now * size, SAMPLE_BATCH * size),
        label: this.#labels(start, options.labels),
      };
      if (sources !== undefined) {
        feeds.source = padded(sources, start * example, now * example, SAMPLE_BATCH * example);
      }
      const { image } = await program.run(wanted(program, feeds), this.#state);
      out.set((image as Float32Array).subarray(0, now * example), start * example);
    });
    return out;
  }

  /** A batch of labels from `start` on: those given, or all classes in turn. */
  #labels(start: number, given: Int32Array | undefined): Int32Array {
    const classes = this.plan.model.classes ?? 1;
    return Int32Array.from({ length: SAMPLE_BATCH }, (_, i) => given?.[start + i] ?? (start + i) % classes);
  }

  async #sources(count: number, { sources, seed }: SampleOptions): Promise<Float32Array> {
    const { shape } = this.plan.model;
    const given =
      sources ?? (await this.#options.dataset.draw(seed ?? this.#options.seed, 0, count)).examples;
    if (given.length !== count * sizeOf(shape)) {
      throw new UsageError(
        `sample: sources must be [${[count, ...shape].join(",")}], ${count * sizeOf(shape)} values; got ${given.length}`,
      );
    }
    return given;
  }

  /**
   * What the discriminator says of examples [count, …shape], in inference mode: `scores`, one number each (patch scores
   * are averaged, a pack's score goes to each of it), and the outputs of its other heads, [count, …] in one array each.
   */
  async discriminate(
    examples: Float32Array,
    labels?: Int32Array,
  ): Promise<{ readonly scores: Float32Array; readonly heads: Readonly<Record<string, Float32Array>> }> {
    const { shape, packing = 1 } = this.plan.model;
    const example = sizeOf(shape);
    const count = examples.length / example;
    if (count % packing !== 0) {
      throw new UsageError(
        `scores: the discriminator judges ${packing} examples together, so their number must be a multiple of ${packing}; got ${count}`,
      );
    }
    const program = await this.#program("discriminate", () => this.#discriminator());
    const scores = new Float32Array(count);
    const heads: Record<string, Float32Array> = {};
    await inBatches(count, SAMPLE_BATCH * packing, async (start, now) => {
      const feeds = {
        x: padded(examples, start * example, now * example, SAMPLE_BATCH * packing * example),
        label: this.#labels(start, labels),
      };
      const { scores: patches, ...rest } = await program.run(wanted(program, feeds), this.#state);
      const each = patches.length / SAMPLE_BATCH;
      for (let i = 0; i < now; i++) {
        const first = Math.floor(i / packing) * each;
        let sum = 0;
        for (let j = 0; j < each; j++) sum += patches[first + j];
        scores[start + i] = sum / each;
      }
      for (const [name, values] of Object.entries(rest)) {
        const width = values.length / SAMPLE_BATCH;
        heads[name] ??= new Float32Array(count * width);
        heads[name].set(values.subarray(0, now * width), start * width);
      }
    });
    return { scores, heads };
  }

  /** Discriminator scores of examples [count, …shape], one number each. */
  async scores(examples: Float32Array, labels?: Int32Array): Promise<Float32Array> {
    return (await this.discriminate(examples, labels)).scores;
  }

  #discriminator(): Promise<Program> {
    const { model } = this.plan;
    const { scope } = this.#bind("discriminator", "discriminator", "inference");
    const { packing = 1 } = model;
    const x = toModelRange(model, input("x", [SAMPLE_BATCH * packing, ...model.shape]));
    const label = model.classes === undefined ? undefined : input("label", [SAMPLE_BATCH], "int32");
    const { scores, heads = {} } = model.discriminator({ x, label }, scope);
    return compile(
      { ...heads, scores: reshape(scores, [SAMPLE_BATCH, -1]) },
      { device: this.#options.device, threads: this.#options.threads, state: Object.keys(this.#sizes) },
    );
  }

  /**
   * A function of both networks as they stand, for whatever else one wants to see of them: surfaces, gradients. `build`
   * makes its outputs from inputs of its own. It changes nothing of the run.
   */
  async probe(
    build: (networks: ProbedNetworks) => Readonly<Record<string, Tensor>>,
    { weights, mode = "inference" }: ProbeOptions = {},
  ): Promise<Probe> {
    const { model, loss } = this.plan;
    const bound = new Map<string, Tensor>();
    const bind = (player: "generator" | "discriminator"): BoundScope =>
      this.#bind(player, player === "generator" ? this.#weights({ weights }) : player, mode, bound);
    const outputs = build({
      bind,
      generate: (given) => fromModelRange(model, model.generator(given, bind("generator").scope)),
      discriminate: ({ x, label }) =>
        model.discriminator({ x: toModelRange(model, x), label }, bind("discriminator").scope),
      lossState: loss.state === undefined ? undefined : input("loss", [loss.state.initial.length]),
    });
    const { device, threads } = this.#options;
    const program = await compile(outputs, { device, threads, state: Object.keys(this.#sizes) });
    return {
      inputs: program.inputs,
      run: (feeds) => program.run(feeds, this.#state),
      dispose: () => program.dispose(),
    };
  }

  /**
   * The generator as a standard ONNX model: input `z` [batch, latent] (and `label` [batch], int32, where conditional; of
   * an image-to-image model `source` [batch, …shape] instead), output `image`, any batch size.
   */
  async exportGenerator(options: Pick<SampleOptions, "weights"> = {}): Promise<Uint8Array> {
    const weights = this.#weights(options);
    const { generator } = this.#networks;
    const bound = new Map<string, Tensor>();
    const vectors = generator.bufferCount > 0 ? [weights, `${weights}.buffers`] : [weights];
    for (const name of vectors) bound.set(name, constant(await this.#state.read(name), [this.#sizes[name]]));
    const build = (batch: number): Record<string, Tensor> => {
      const [image] = simplify([this.#generatorGraph(batch, weights, "inference", bound)]);
      return { image };
    };
    const { model } = this.plan;
    return toOnnx(build, {
      name: `${model.name}-generator`,
      metadata: {
        latentDistribution: model.latent.distribution,
        ...(model.latent.parts === undefined ? {} : { latentParts: JSON.stringify(model.latent.parts) }),
        ...(model.classes === undefined ? {} : { classes: String(model.classes) }),
        range: "-1 … 1",
        shape: model.shape.join("x"),
      },
    });
  }

  /** Releases everything on the device. */
  async dispose(): Promise<void> {
    this.#state.dispose();
    for (const { program } of this.#compiled.values()) await program.dispose();
    for (const program of this.#programs.values()) await (await program).dispose();
  }
}

/** Those of the feeds that a program takes: not every network looks at its latent vector, its label or its source. */
const wanted = ({ inputs }: Program, feeds: Readonly<Record<string, HostData>>): Record<string, HostData> =>
  Object.fromEntries(Object.entries(feeds).filter(([name]) => inputs[name] !== undefined));

/** Calls `run` for pieces of at most `size` of `count` examples, one after the other. */
const inBatches = async (
  count: number,
  size: number,
  run: (start: number, now: number) => Promise<void>,
): Promise<void> => {
  for (let start = 0; start < count; start += size) await run(start, Math.min(size, count - start));
};

/** `length` values from `start` on, filled up with zeros to `full`. */
const padded = (values: Float32Array, start: number, length: number, full: number): Float32Array => {
  const out = new Float32Array(full);
  out.set(values.subarray(start, start + length));
  return out;
};

const unlabelled = (name: string): string =>
  `train: a conditional model needs labels; data set "${name}" has none; use an unconditional model or labelled data`;

/** A loss or parameter that is infinite or not a number. The run cannot go on. */
export class NotFiniteError extends RunError {
  readonly step: number;
  readonly metric: string;
  /** The first tensor of the state that is not finite, where there is one. */
  readonly tensor: string | undefined;

  constructor(step: number, metric: string, tensor: string | undefined, lastGood?: number) {
    const where = tensor === undefined ? "" : `, first non-finite tensor ${tensor}`;
    const good =
      lastGood === undefined
        ? ""
        : lastGood === 0
          ? "; no checkpoint yet"
          : `; last good checkpoint: step ${lastGood}`;
    super(
      `step ${step}: ${metric} is not finite${where}${good}; lower the learning rate, or add a penalty or gradient clipping`,
    );
    this.step = step;
    this.metric = metric;
    this.tensor = tensor;
  }

  /** The same error, naming the last checkpoint that was written. */
  withLastGood(step: number): NotFiniteError {
    return new NotFiniteError(this.step, this.metric, this.tensor, step);
  }
}

/** Builds the graph of a plan and puts its initial state on the device. */
export const createTrainer = (options: TrainerOptions): Trainer => new Trainer(options);
