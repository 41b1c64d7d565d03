import { Trainer, type TrainerOptions } from "./trainer.ts";

/**
 * A trainer of a game, at its first step. `options` are the game, its seed, the number of steps, device and threads.
 *
 * @example
 * ```ts
 * import { adam, createTrainer, data } from "tsgan";
 * import { gameOf } from "tsgan/game";
 * import { mean, square, sub } from "tsgan/graph";
 * import { layers } from "tsgan/nn";
 *
 * const middle = layers.dense(2);
 * const game = gameOf({
 *   data: { x: data.ring() },
 *   networks: { guess: middle },
 *   players: { guess: { loss: ({ x, guess }) => mean(square(sub(x, guess(x)))) } },
 *   optimizer: adam({ learningRate: 1e-2 }),
 * });
 * const trainer = createTrainer({ game, seed: 1, steps: 10 });
 * for (let i = 0; i < 10; i++) console.log(await trainer.iterate());
 * await trainer.dispose();
 * ```
 */
export const createTrainer = (options: TrainerOptions): Trainer => new Trainer(options);
