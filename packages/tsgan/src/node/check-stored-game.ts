/** What config.json of a run of a game of one's own holds: it may have been made, or changed, by anybody. Loaded with zod. */
import * as z from "zod";

const named = z.looseObject({ name: z.string() });
const often = z.int().min(1);

const settings = z.looseObject({
  game: z.string(),
  batch: often,
  players: z.record(
    z.string(),
    z.looseObject({
      trains: z.array(z.string()),
      optimizer: z.looseObject({ links: z.array(named).optional() }),
    }),
  ),
  techniques: z.array(named),
  samples: z.looseObject({ network: z.string() }).optional(),
  steps: often.optional(),
  logEvery: often.optional(),
});

export type StoredGame = z.infer<typeof settings>;

/** The settings of a game of one's own; as text, the first thing for which they are none. */
export const checkStoredGame = (stored: unknown): StoredGame | string => {
  const { success, data, error } = settings.safeParse(stored);
  if (success) return data;
  const [{ path, message }] = error.issues;
  return `${path.map(String).join(".")}: ${message}`;
};
