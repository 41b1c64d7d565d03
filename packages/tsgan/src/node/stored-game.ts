/** Settings of games of one's own, from outside. What checks them is loaded when there are any, since zod is large. */
import type { StoredGame } from "./check-stored-game.ts";

export type { StoredGame } from "./check-stored-game.ts";

/**
 * The settings of a game of one's own; as text, the first thing for which they are none.
 *
 * @param stored what JSON gave of a config.json
 */
export const parseStoredGame = async (stored: unknown): Promise<StoredGame | string> =>
  (await import("./check-stored-game.ts")).checkStoredGame(stored);
