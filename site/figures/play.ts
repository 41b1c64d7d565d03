/** Plays a small game by the reference interpreter: the same graph that a device runs, without a device. */
import {
  buildProgram,
  type Game,
  latentFill,
  type ProgramGraph,
  scalarFeeds,
  stateVectors,
} from "tsgan/game";
import { interpret, sizeOf } from "tsgan/graph";
import { randomStream } from "tsgan/random";

type State = Record<string, ArrayLike<number>>;

export interface Moment {
  /** Finished iterations. */
  readonly step: number;
  readonly state: Readonly<State>;
}

/** The state of a game before its first and after each iteration. */
export const play = async (game: Game, steps: number, seed = 1): Promise<readonly Moment[]> => {
  const vectors = stateVectors(game);
  const state: State = Object.fromEntries(vectors.map(({ name, initial }) => [name, initial(seed)]));
  const programs = new Map<string, ProgramGraph>();
  /** What acts in every n-th move makes other programs of these. */
  const asked: Record<string, ReadonlySet<number>> = {};
  const programOf = (player: string, t: number): ProgramGraph => {
    const key = [player, ...[...(asked[player] ?? [])].map((n) => t % n === 0)].join();
    const known = programs.get(key);
    if (known !== undefined) return known;
    const program = buildProgram(game, vectors, [{ player, count: 1 }], { [player]: t });
    asked[player] = program.asked;
    programs.set([player, ...[...program.asked].map((n) => t % n === 0)].join(), program);
    return program;
  };
  const made: Record<string, number> = Object.fromEntries(Object.keys(game.players).map((name) => [name, 0]));
  const moments: Moment[] = [{ step: 0, state: { ...state } }];
  for (let step = 0; step < steps; step++) {
    for (const player of Object.keys(game.players)) {
      for (let nth = 0; nth < game.players[player].moves(step); nth++) {
        const t = made[player]++;
        const program = programOf(player, t);
        const { outputs, scalars } = program;
        const feeds: Record<string, ArrayLike<number>> = {
          ...state,
          ...scalarFeeds(scalars, ({ value }) => value({ step, steps, t: t + 1 })),
          ...(await feedsOf(game, program, seed, t)),
        };
        const names = Object.keys(outputs).filter((name) => Object.hasOwn(state, name));
        interpret(
          names.map((name) => outputs[name]),
          feeds,
        ).forEach((value, i) => {
          state[names[i]] = value;
        });
      }
    }
    moments.push({ step: step + 1, state: { ...state } });
  }
  return moments;
};

/** Examples, latent vectors and random numbers of a player's move t. */
const feedsOf = async (
  game: Game,
  { feeds }: ProgramGraph,
  seed: number,
  t: number,
): Promise<Record<string, ArrayLike<number>>> => {
  const filled: Record<string, ArrayLike<number>> = {};
  for (const { name, player, purpose, source, shape } of feeds) {
    const out = new Float32Array(sizeOf(shape));
    const random = randomStream(seed, `${game.players[player].key}/${purpose}`, t);
    if (source.kind === "uniform") random.fillUniform(out);
    else if (source.kind === "normal") random.fillNormal(out);
    else if (source.kind === "latent") latentFill(game.latents[source.latent], random, out);
    else if (source.kind === "examples") {
      out.set((await game.streams[source.stream].dataset.draw(seed, t * shape[0], shape[0])).examples);
    }
    filled[name] = out;
  }
  return filled;
};
