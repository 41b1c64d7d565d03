/** Fills the feeds of a program: pure functions of the seed and of how many moves have been made. */
import { type Batch, checkBatch } from "../data/index.ts";
import { UsageError } from "../errors.ts";
import { type FeedSpec, type Game, latentFill, type Moves } from "../game/index.ts";
import { sizeOf } from "../graph/index.ts";
import { randomStream } from "../random/index.ts";
import type { HostData } from "../runtime/index.ts";

/** An array for each feed. */
export const feedBuffers = (specs: readonly FeedSpec[]): Record<string, HostData> =>
  Object.fromEntries(
    specs.map(({ name, source, shape }) => [
      name,
      source.kind === "labels" ? new Int32Array(sizeOf(shape)) : new Float32Array(sizeOf(shape)),
    ]),
  );

/** The latest move of a player before the end of a program, counted from 0. */
const latestMove = (
  player: string,
  made: Readonly<Record<string, number>>,
  moves: readonly Moves[],
): number => {
  const inProgram = moves.filter((each) => each.player === player).reduce((n, { count }) => n + count, 0);
  return Math.max(0, made[player] + inProgram - 1);
};

/** Which batch of its data a player looks at in a move: its own next one, or the latest of the player whom it follows. */
const positionOf = (
  game: Game,
  { player, index }: FeedSpec,
  made: Readonly<Record<string, number>>,
  moves: readonly Moves[],
): number => {
  const { follows } = game.players[player];
  return follows === undefined ? made[player] + index : latestMove(follows, made, moves);
};

/**
 * Fills `buffers` for a program of `moves`, before which the players have `made` so many.
 *
 * @throws UsageError for labels that the data do not have
 */
export const fillFeeds = async (
  game: Game,
  seed: number,
  specs: readonly FeedSpec[],
  buffers: Readonly<Record<string, HostData>>,
  made: Readonly<Record<string, number>>,
  moves: readonly Moves[],
): Promise<void> => {
  const batches = new Map<string, Batch>();
  for (const spec of specs) {
    const { name, player, index, purpose, source, shape } = spec;
    const out = buffers[name];
    const { key, follows } = game.players[player];
    const stream = () => randomStream(seed, `${key}/${purpose}`, made[player] + index);
    const followed = (other: string) =>
      randomStream(seed, `${game.players[other].key}/${purpose}`, latestMove(other, made, moves));
    switch (source.kind) {
      case "examples":
      case "labels": {
        const { dataset, batch } = game.streams[source.stream];
        const id = `${player} ${index} ${source.stream}`;
        // A stream with a batch of its own is the player's own; others go on at the pace of the game.
        const position =
          batch === undefined
            ? positionOf(game, spec, made, moves) * game.batch
            : (made[player] + index) * batch;
        let drawn = batches.get(id);
        if (drawn === undefined) {
          drawn = await (dataset.alone ?? dataset).draw(seed, position, shape[0]);
          batches.set(id, checkBatch(dataset, drawn, shape[0]));
        }
        if (source.kind === "examples") out.set(drawn.examples);
        else if (drawn.labels === undefined) {
          throw new UsageError(
            `train: a conditional model needs labels; data set "${dataset.name}" has none; use an unconditional model or labelled data`,
          );
        } else out.set(drawn.labels);
        break;
      }
      case "latent":
        latentFill(
          game.latents[source.latent],
          source.shared === true && follows !== undefined ? followed(follows) : stream(),
          out as Float32Array,
        );
        break;
      case "uniform":
        stream().fillUniform(out as Float32Array);
        break;
      case "normal":
        stream().fillNormal(out as Float32Array);
    }
  }
};
