/** Checkpoints of 0.1: the names that some vectors had. */
import type { Game } from "../game/index.ts";
import type { TensorData } from "./safetensors.ts";

/** The vector's name today. */
const renamed = (game: Game, vector: string): string => {
  const slot = /^(\w+)\.slot(\d+)$/.exec(vector);
  if (slot !== null) {
    const [, player, index] = slot;
    return `${player}.${game.players[player]?.optimizer.slots[Number(index)]?.name ?? vector}`;
  }
  const history = /^(\w+)\.history$/.exec(vector);
  if (history !== null) return `historical-averaging.${history[1]}`;
  const names: Readonly<Record<string, string>> = {
    ema: "ema.generator",
    "ema.buffers": "ema.generator.buffers",
    augment: "ada.p",
    pool: "image-pool",
  };
  return Object.hasOwn(names, vector) ? names[vector] : vector;
};

/** The tensors of a checkpoint of 0.1 under today's names. */
export const oldNames = (
  game: Game,
  tensors: Readonly<Record<string, TensorData>>,
): Record<string, TensorData> =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => {
      const [vector, ...rest] = name.split("/");
      return [[renamed(game, vector), ...rest].join("/"), tensor];
    }),
  );
