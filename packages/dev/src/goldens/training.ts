/**
 * Checks `training.json`: whole runs, batch by batch, through the very step that the trainer runs. Each run is done
 * twice: one program for each player's step, which shows every loss, and one program for a whole iteration, which is
 * what training uses.
 */
import type { Dataset } from "tsgan/data";
import {
  buildProgram,
  type FeedSpec,
  type Game,
  type StateVector,
  scalarFeeds,
  stateVectors,
} from "tsgan/game";
import { type Gan, ganGame } from "tsgan/gan";
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
import { compile, type HostData, type Program, State } from "tsgan/runtime";
import { ema, type Technique } from "tsgan/techniques";
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
  const learningRate = number(golden.learningRate);
  switch (golden.kind) {
    case "adam":
      return adam({
        learningRate,
        beta1: number(golden.beta1),
        beta2: number(golden.beta2),
        epsilon: number(golden.epsilon),
      });
    case "rmsprop":
      return rmsProp({ learningRate, alpha: number(golden.alpha), epsilon: number(golden.epsilon) });
    case "sgd":
      return sgd({ learningRate });
    default:
      throw new UnknownKind(`no optimizer "${String(golden.kind)}"`);
  }
};

/** The golden averages keep the same share from the first step on: ours do after a long run. */
const steadyEma = (decay: number): Technique => {
  const technique = ema({ decay });
  const t = Number.MAX_SAFE_INTEGER;
  return {
    ...technique,
    after: (at) =>
      technique.after?.({
        ...at,
        scalar: (name, value) => at.scalar(name, (moment) => value({ ...moment, t })),
      }),
  };
};

const ganOf = (golden: JsonRecord): Gan => {
  const network = String(golden.network);
  if (!Object.hasOwn(networks, network)) throw new UnknownKind(`no network "${network}"`);
  const optimizer = optimizerOf(record(golden.optimizer));
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
    adversarialWeight: 1,
    techniques: golden.emaDecay === null ? [] : [steadyEma(number(golden.emaDecay))],
    optimizer: { generator: optimizer, discriminator: optimizer },
    criticSteps: number(golden.criticSteps),
    generatorSteps: 1,
    batch,
    generatorBatch: batch,
  };
};

/** The examples are fed by hand. */
const nothing = (shape: readonly number[]): Dataset => ({
  name: "golden",
  shape,
  size: Number.POSITIVE_INFINITY,
  draw: () => {
    throw new Error("goldens: the examples of a run are those of the file");
  },
});

const initialState = (game: Game, vectors: readonly StateVector[], initial: JsonRecord): State => {
  const state = new State();
  for (const vector of vectors) state.set(vector.name, vector.initial(0));
  for (const player of ["generator", "discriminator"] as const) {
    const given = record(initial[player]);
    const { parameters, parameterCount } = game.variables[player];
    const flat = new Float32Array(parameterCount);
    for (const { name, offset } of parameters) flat.set(tensor(given[name]).data, offset);
    for (const name of [player, `ema.${player}`]) {
      if (vectors.some((vector) => vector.name === name)) state.set(name, flat);
    }
  }
  return state;
};

/** What a golden iteration feeds: its own tensors, under the names that the step gives them. */
const feedsOf = (
  specs: readonly FeedSpec[],
  program: Program,
  critic: readonly JsonRecord[],
  generator: JsonRecord,
): Record<string, HostData> => {
  const feeds: Record<string, HostData> = {};
  for (const { name, player, index, source, shape } of specs) {
    if (program.inputs[name] === undefined) continue;
    const given = player === "discriminator" ? critic[index] : generator;
    const perExample = sizeOf(shape) === shape[0];
    const fields = {
      latent: "noise",
      examples: "real",
      uniform: perExample ? "epsilon" : "perturbation",
      normal: perExample ? "epsilon" : "perturbation",
      labels: "labels",
    };
    feeds[name] = Float32Array.from(tensor(given[fields[source.kind]]).data);
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
  const gan = ganOf(golden);
  const game = ganGame(gan, { real: nothing(gan.model.shape) });
  const vectors = stateVectors(game);
  const comparison = new Comparison();
  const initial = record(golden.initial);
  const still = new Set(list(golden.shiftInvariant).map(String));
  const iterations = list(golden.iterations).map(record);
  const criticSteps = number(golden.criticSteps);

  const program = async (moves: Readonly<Record<"discriminator" | "generator", number>>) => {
    const graph = buildProgram(
      game,
      vectors,
      Object.entries(moves).map(([player, count]) => ({ player, count })),
    );
    const compiled = await compile(graph.outputs, { device: "cpu", state: vectors.map(({ name }) => name) });
    const run = async (
      state: State,
      counts: Record<string, number>,
      critic: readonly JsonRecord[],
      generator: JsonRecord,
    ): Promise<Record<string, number>> => {
      // Rates do not change over a run, whatever its length.
      const scalars = scalarFeeds(graph.scalars, ({ player, index, value }) =>
        value({ step: 0, steps: 1, t: counts[player] + index + 1 }),
      );
      for (const [player, count] of Object.entries(moves)) counts[player] += count;
      const feeds = feedsOf(graph.feeds, compiled, critic, generator);
      const needed = Object.entries(scalars).filter(([name]) => compiled.inputs[name] !== undefined);
      const { figures } = await compiled.run({ ...feeds, ...Object.fromEntries(needed) }, state);
      return Object.fromEntries(graph.figureNames.map((name, i) => [name, figures[i]]));
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
        game.variables[player].parameters,
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
        "ema.generator",
        game.variables.generator.parameters,
        want,
        context,
      );
    }
    state.dispose();
  };

  const critic = await program({ discriminator: 1, generator: 0 });
  const generator = await program({ discriminator: 0, generator: 1 });
  const single = initialState(game, vectors, initial);
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

  const whole = await program({ discriminator: criticSteps, generator: 1 });
  const chained = initialState(game, vectors, initial);
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
