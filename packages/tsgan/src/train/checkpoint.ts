/** Checkpoints: the whole state of a run as one safetensors file. */
import { RunError } from "../errors.ts";
import { NotFiniteError } from "./not-finite.ts";
import { oldNames } from "./old-checkpoint.ts";
import { decodeSafetensors, encodeSafetensors, type Safetensors } from "./safetensors.ts";
import type { Progress, Trainer } from "./trainer.ts";

const FORMAT = "tsgan-checkpoint-2";
/** That of 0.1, which had two players and called some vectors otherwise. */
const OLD_FORMAT = "tsgan-checkpoint-1";

/**
 * The trainer's state as the bytes of a safetensors file. Equal states give equal bytes.
 *
 * @throws NotFiniteError for a state to which nobody would want to return: a step's losses are those before its update,
 * so that they can be finite when the parameters no longer are
 */
export const saveCheckpoint = async (trainer: Trainer): Promise<Uint8Array> => {
  const { step, moves } = trainer.progress;
  const tensors = await trainer.tensors();
  const broken = Object.keys(tensors).find((name) => !tensors[name].data.every(Number.isFinite));
  if (broken !== undefined) throw new NotFiniteError(step, "the state", broken);
  const metadata = {
    format: FORMAT,
    model: trainer.game.name,
    step: String(step),
    ...Object.fromEntries(Object.entries(moves).map(([player, count]) => [movesKey(player), String(count)])),
  };
  return encodeSafetensors(tensors, metadata, { digest: true });
};

const movesKey = (player: string): string => `moves.${player}`;

const progressOf = (
  players: readonly string[],
  metadata: Readonly<Record<string, string>>,
  file: string,
): Progress => {
  const isOld = metadata.format === OLD_FORMAT;
  const count = (name: string): number => {
    const value = Number(metadata[name]);
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new RunError(`${file}: the metadata must hold ${name}, a whole number; got ${metadata[name]}`);
    }
    return value;
  };
  return {
    step: count("step"),
    moves: Object.fromEntries(
      players.map((player) => [player, count(isOld ? `${player}Steps` : movesKey(player))]),
    ),
  };
};

/**
 * Puts the state of a checkpoint file into a trainer of the same model. `file` is what errors call it.
 *
 * @param bytes what `checkpoint` gave
 * @throws RunError as `restoreCheckpoint` does, and for bytes that are damaged
 */
export const loadCheckpoint = (trainer: Trainer, bytes: Uint8Array, file = "checkpoint"): void =>
  restoreCheckpoint(trainer, decodeSafetensors(bytes, file), file);

/**
 * The same with the file's content, where that has been read already. The `tensors` and the `metadata` are those of the
 * file.
 *
 * @param trainer one of the same game, at any step
 * @throws RunError for a state of another format, model or shape, or with numbers that are not finite: nothing has changed
 * then
 */
export const restoreCheckpoint = (
  trainer: Trainer,
  { tensors, metadata }: Safetensors,
  file = "checkpoint",
): void => {
  const isOld = metadata.format === OLD_FORMAT;
  if (metadata.format !== FORMAT && !isOld) {
    throw new RunError(
      `${file}: expected a checkpoint written by tsgan (format ${FORMAT}); got ${metadata.format ?? "none"}`,
    );
  }
  const { game } = trainer;
  if (metadata.model !== game.name) {
    throw new RunError(`${file}: it belongs to a ${metadata.model} model; this run trains ${game.name}`);
  }
  const broken = Object.keys(tensors).find((name) => !tensors[name].data.every(Number.isFinite));
  if (broken !== undefined) {
    throw new RunError(
      `${file}: expected finite numbers; tensor ${broken} holds others; take another checkpoint`,
    );
  }
  const progress = progressOf(Object.keys(game.players), metadata, file);
  trainer.restore(isOld ? oldNames(game, tensors) : tensors, progress, file);
};
