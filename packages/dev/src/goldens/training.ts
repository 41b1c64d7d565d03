/**
 * Checks `training.json`: whole runs, batch by batch, through the very step that the trainer runs. Each run is done
 * twice: one program for each player's step, which shows every loss, and one program for a whole iteration, which is
 * what training uses.
 */
import { reshape, sizeOf } from "tsgan/graph";
import { defineModel, type Model } from "tsgan/models";
import {
  adam,
  type Layer,
  layers,
  type Optimizer,
  rmsProp,
  type Scope,
  sgd,
  type VariableSpec,
} from "tsgan/nn";
import { weightClipping } from "tsgan/penalties";
import { compile, type HostData, State } from "tsgan/runtime";
import {
  buildIteration,
  type Iteration,
  type Networks,
  networksOf,
  type Plan,
  scalarVector,
  stateSizes,
} from "tsgan/train";
import {
  type CaseResult,
  caseId,
  type JsonRecord,
  list,
  number,
  record,
  tensor,
  UnknownKind,
} from "./case.ts";
import { lossOf } from "./losses.ts";
import { penaltyOf } from "./penalties.ts";

const TOLERANCE = 1e-4;
const FLOOR = 0.1;
/** Largest change of a parameter whose gradient is zero but for rounding. */
const STILL = 1e-2;

const LATENT = 4;

/** A model whose layers are numbered as the golden's parameters are: `0.weight`, `1.gamma` … */
const model = (
  shape: readonly number[],
  generator: (
    at: (i: number) => Scope,
    z: Parameters<Model["generator"]>[0]["z"],
  ) => ReturnType<Model["generator"]>,
  discriminator: (
    at: (i: number) => Scope,
    x: ReturnType<Model["generator"]>,
  ) => ReturnType<Model["generator"]>,
): Model => {
  const numbered = (scope: Scope) => (i: number) => scope.child(String(i));
  const golden = defineModel({
    name: "golden",
    title: "the networks of training.json",
    data: "any",
    options: {},
    create: () => ({
      latent: { size: LATENT, distribution: "normal" },
      scores: "logit",
      generator: ({ z }, scope) => generator(numbered(scope), z),
      discriminator: ({ x }, scope) => ({ scores: discriminator(numbered(scope), x) }),
    }),
  });
  return golden().for({ shape });
};

const half = { kernel: 4, stride: 2, padding: 1 } as const;

const convolutional = (batchNorm: boolean): Model =>
  model(
    [1, 16, 16],
    (at, z) => {
      const normalized = (i: number): Layer => (batchNorm ? (x) => layers.batchNorm()(x, at(i)) : (x) => x);
      const bias = !batchNorm;
      const start = reshape(layers.dense(128, { bias })(z, at(0)), [z.shape[0], 8, 4, 4]);
      const low = layers.relu()(normalized(0)(start, at(0)), at(0));
      const middle = layers.convTranspose2d(4, { ...half, bias })(low, at(1));
      const high = layers.relu()(normalized(1)(middle, at(1)), at(1));
      return layers.tanh()(layers.convTranspose2d(1, half)(high, at(2)), at(2));
    },
    (at, x) => {
      const slope = layers.leakyRelu(0.2);
      const fine = slope(layers.conv2d(4, half)(x, at(0)), at(0));
      const coarse = slope(layers.conv2d(8, half)(fine, at(1)), at(1));
      return layers.dense(1)(layers.flatten()(coarse, at(1)), at(2));
    },
  );

const networks: Readonly<Record<string, () => Model>> = {
  mlp: () =>
    model(
      [2],
      (at, z) => {
        const hidden = [0, 1].reduce((h, i) => layers.relu()(layers.dense(16)(h, at(i)), at(i)), z);
        return layers.dense(2)(hidden, at(2));
      },
      (at, x) => {
        const hidden = [0, 1].reduce((h, i) => layers.leakyRelu(0.2)(layers.dense(16)(h, at(i)), at(i)), x);
        return layers.dense(1)(hidden, at(2));
      },
    ),
  conv: () => convolutional(false),
  "conv-batch-norm": () => convolutional(true),
};

const optimizerOf = (golden: JsonRecord): Optimizer => {
  switch (golden.kind) {
    case "adam":
      return adam({
        beta1: number(golden.beta1),
        beta2: number(golden.beta2),
        epsilon: number(golden.epsilon),
      });
    case "rmsprop":
      return rmsProp({ alpha: number(golden.alpha), epsilon: number(golden.epsilon) });
    case "sgd":
      return sgd();
    default:
      throw new UnknownKind(`no optimizer "${String(golden.kind)}"`);
  }
};

const planOf = (golden: JsonRecord): Plan => {
  const network = String(golden.network);
  if (!Object.hasOwn(networks, network)) throw new UnknownKind(`no network "${network}"`);
  const optimizer = record(golden.optimizer);
  const training = { optimizer: optimizerOf(optimizer), learningRate: number(optimizer.learningRate) };
  const penalties = list(golden.penalties).map((item) => {
    const { penalty, options } = record(item);
    return penaltyOf(String(penalty), record(options));
  });
  const [first] = list(golden.iterations);
  const [step] = list(record(first).discriminator);
  const batch = tensor(record(step).real).shape[0];
  return {
    model: networks[network](),
    loss: lossOf(String(golden.loss), record(golden.lossOptions)),
    penalties:
      golden.clip === null ? penalties : [...penalties, weightClipping({ limit: number(golden.clip) })],
    terms: [],
    discriminator: training,
    generator: training,
    batch,
    generatorBatch: batch,
    emaDecay: golden.emaDecay === null ? 0 : number(golden.emaDecay),
  };
};

const initialState = (plan: Plan, nets: Networks, initial: JsonRecord): State => {
  const state = new State();
  for (const [name, size] of Object.entries(stateSizes(plan, nets))) state.set(name, new Float32Array(size));
  for (const player of ["generator", "discriminator"] as const) {
    const given = record(initial[player]);
    const { parameters, parameterCount, buffers, bufferCount } = nets[player];
    const flat = new Float32Array(parameterCount);
    for (const { name, offset } of parameters) flat.set(tensor(given[name]).data, offset);
    state.set(player, flat);
    if (player === "generator" && plan.emaDecay > 0) state.set("ema", flat);
    const variances = new Float32Array(bufferCount);
    for (const { name, shape, offset } of buffers) {
      if (name.endsWith("variance")) variances.fill(1, offset, offset + sizeOf(shape));
    }
    if (bufferCount > 0) state.set(`${player}.buffers`, variances);
  }
  return state;
};

/** What a golden iteration feeds: its own tensors, under the names that the step gives them. */
const feedsOf = (
  iteration: Iteration,
  critic: readonly JsonRecord[],
  generator: JsonRecord,
): Record<string, HostData> => {
  const feeds: Record<string, HostData> = {};
  for (const { name, kind, shape } of iteration.feeds) {
    // A generator that looks at no real examples is given none.
    if (kind === "real" && name.startsWith("g") && generator.real === undefined) continue;
    const [owner] = name.split(".");
    const source = owner.startsWith("d") ? critic[Number(owner.slice(1))] : generator;
    const perExample = sizeOf(shape) === shape[0];
    const field =
      kind === "latent" ? "noise" : kind === "real" ? "real" : perExample ? "epsilon" : "perturbation";
    feeds[name] = Float32Array.from(tensor(source[field]).data);
  }
  return feeds;
};

/** Collects the errors of a case, in units of what is allowed. */
class Comparison {
  worst = 0;
  where = "";

  note(where: string, error: number): void {
    if (error > this.worst || Number.isNaN(error)) {
      this.worst = Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
      this.where = where;
    }
  }

  compare(where: string, got: ArrayLike<number>, want: readonly number[]): void {
    if (got.length !== want.length) {
      this.note(where, Number.POSITIVE_INFINITY);
      return;
    }
    const scale = Math.max(FLOOR, ...want.map(Math.abs));
    for (let i = 0; i < want.length; i++) this.note(where, Math.abs(got[i] - want[i]) / (TOLERANCE * scale));
  }

  async compareState(
    where: string,
    state: State,
    vector: string,
    specs: readonly VariableSpec[],
    want: JsonRecord,
    still: { readonly names: ReadonlySet<string>; readonly initial: JsonRecord; readonly player: string },
  ): Promise<void> {
    const flat = await state.read(vector);
    for (const [name, expected] of Object.entries(want)) {
      const spec = specs.find((s) => s.name === name);
      if (spec === undefined) throw new UnknownKind(`no parameter "${name}"`);
      const got = flat.subarray(spec.offset, spec.offset + sizeOf(spec.shape));
      if (still.names.has(`${still.player}/${name}`)) {
        const before = tensor(still.initial[name]).data;
        got.forEach((v, i) => {
          this.note(`${where}/${name}`, Math.abs(v - before[i]) / STILL);
        });
      } else {
        this.compare(`${where}/${name}`, got, [...tensor(expected).data]);
      }
    }
  }
}

const checkRun = async (golden: JsonRecord): Promise<Comparison> => {
  const plan = planOf(golden);
  const nets = networksOf(plan);
  const comparison = new Comparison();
  const initial = record(golden.initial);
  const still = new Set(list(golden.shiftInvariant).map(String));
  const iterations = list(golden.iterations).map(record);
  const criticSteps = number(golden.criticSteps);
  const learningRate = plan.generator.learningRate as number;
  const sizes = stateSizes(plan, nets);

  const program = async (discriminatorSteps: number, generatorSteps: number) => {
    const iteration = buildIteration(plan, nets, discriminatorSteps, generatorSteps);
    const compiled = await compile(iteration.outputs, { device: "cpu", state: Object.keys(sizes) });
    const run = async (
      state: State,
      counts: { discriminator: number; generator: number },
      critic: readonly JsonRecord[],
      generator: JsonRecord,
    ): Promise<Record<string, number>> => {
      const scalars = scalarVector(iteration.scalars, ({ player, index, kind, position }) => {
        const t = counts[player] + index + 1;
        return kind === "emaKeep" ? plan.emaDecay : plan[player].optimizer.scalars(t, learningRate)[position];
      });
      counts.discriminator += discriminatorSteps;
      counts.generator += generatorSteps;
      const feeds = { ...feedsOf(iteration, critic, generator), scalars };
      const { metrics } = await compiled.run(feeds, state);
      return Object.fromEntries(iteration.metricNames.map((name, i) => [name, metrics[i]]));
    };
    return { run, dispose: () => compiled.dispose() };
  };

  const compareAll = async (where: string, state: State, want: JsonRecord): Promise<void> => {
    for (const player of ["generator", "discriminator"] as const) {
      const context = { names: still, initial: record(initial[player]), player };
      await comparison.compareState(
        `${where}/${player}`,
        state,
        player,
        nets[player].parameters,
        record(want[player]),
        context,
      );
    }
  };
  const finish = async (where: string, state: State): Promise<void> => {
    await compareAll(`${where}/final`, state, record(golden.final));
    if (golden.finalEma !== undefined) {
      const want = record(record(golden.finalEma).generator);
      const context = { names: still, initial: record(initial.generator), player: "generator" };
      await comparison.compareState(
        `${where}/finalEma`,
        state,
        "ema",
        nets.generator.parameters,
        want,
        context,
      );
    }
    state.dispose();
  };

  const critic = await program(1, 0);
  const generator = await program(0, 1);
  const single = initialState(plan, nets, initial);
  const singleCounts = { discriminator: 0, generator: 0 };
  for (const [i, iteration] of iterations.entries()) {
    const goldenGenerator = record(iteration.generator);
    for (const step of list(iteration.discriminator).map(record)) {
      const got = await critic.run(single, singleCounts, [step], goldenGenerator);
      const penalty = step.penalty === undefined ? 0 : number(step.penalty);
      comparison.compare(`${i}/total`, [got.discriminatorLoss], [number(step.total)]);
      if (step.penalty !== undefined) comparison.compare(`${i}/penalty`, [got.penalty], [penalty]);
      comparison.compare(
        `${i}/adversarial`,
        [got.discriminatorLoss - (got.penalty ?? 0)],
        [number(step.adversarial)],
      );
    }
    const got = await generator.run(single, singleCounts, [], goldenGenerator);
    comparison.compare(`${i}/generator`, [got.generatorLoss], [number(goldenGenerator.loss)]);
    if (i === 0) await compareAll("afterFirstIteration", single, record(golden.afterFirstIteration));
  }
  await finish("step by step", single);
  await critic.dispose();
  await generator.dispose();

  const whole = await program(criticSteps, 1);
  const chained = initialState(plan, nets, initial);
  const chainedCounts = { discriminator: 0, generator: 0 };
  for (const iteration of iterations) {
    const steps = list(iteration.discriminator).map(record);
    if (steps.length !== criticSteps)
      throw new UnknownKind(`${steps.length} critic steps; expected ${criticSteps}`);
    await whole.run(chained, chainedCounts, steps, record(iteration.generator));
  }
  await finish("in one graph", chained);
  await whole.dispose();
  return comparison;
};

const KNOWN = new Set([
  "id",
  "network",
  "loss",
  "lossOptions",
  "optimizer",
  "criticSteps",
  "penalties",
  "clip",
  "emaDecay",
  "shiftInvariant",
  "initial",
  "iterations",
  "afterFirstIteration",
  "final",
  "finalEma",
]);

/** Checks every case of a parsed `training.json`. */
export const checkTraining = async (json: unknown): Promise<CaseResult[]> => {
  const results: CaseResult[] = [];
  for (const [index, value] of list(json).entries()) {
    const golden = record(value);
    const id = typeof golden.id === "string" ? golden.id : caseId("training", golden, index);
    try {
      const strange = Object.keys(golden).find((key) => !KNOWN.has(key));
      if (strange !== undefined) throw new UnknownKind(`no check for field "${strange}"`);
      const { worst, where } = await checkRun(golden);
      results.push(
        worst <= 1
          ? { id, status: "passed", error: worst }
          : {
              id,
              status: "failed",
              error: worst,
              detail: `${where} is off by ${worst.toPrecision(3)} of what is allowed`,
            },
      );
    } catch (problem) {
      const detail = problem instanceof Error ? problem.message : String(problem);
      const status = problem instanceof UnknownKind ? "unknown" : "failed";
      results.push({ id, status, error: status === "failed" ? Number.POSITIVE_INFINITY : 0, detail });
    }
  }
  return results;
};
