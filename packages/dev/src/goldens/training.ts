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
import { ganGame } from "tsgan/gan";
import { sizeOf } from "tsgan/graph";
import { compile, type HostData, type Program, State } from "tsgan/runtime";
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
import { Comparison } from "./comparison.ts";
import { ganOf } from "./training-gan.ts";

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
