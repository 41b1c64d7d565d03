import { integer } from "../define/index.ts";
import { UsageError } from "../errors.ts";
import { defineTechnique, type Game } from "../game/index.ts";
import {
  add,
  cast,
  concat,
  constant,
  less,
  mul,
  reshape,
  sizeOf,
  slice,
  sub,
  sum,
  where,
} from "../graph/index.ts";

/** What is kept for each place of the batch: the number of slots, the batch, and the size of an example. */
const layout = (game: Game, size: number) => {
  const player = Object.values(game.players).find(({ trains }) =>
    trains.some((name) => game.judges.includes(name)),
  );
  if (player === undefined) {
    throw new UsageError(
      "image-pool: it shows past samples to a player who judges; the game has none; leave it out",
    );
  }
  const [{ dataset }] = Object.values(game.streams);
  return {
    slots: Math.max(1, Math.round(size / player.batch)),
    batch: player.batch,
    example: sizeOf(dataset.shape),
  };
};

/**
 * A pool of past fakes that the discriminator is shown half of the time: until the pool is full each fake goes in and is
 * shown; after that half of them are shown, and half change places with a random past one. Each place in the batch has slots
 * of its own, so that no two fakes meet in one. Shrivastava et al. 2017, arXiv:1612.07828, §2.3.
 */
export const imagePool = defineTechnique({
  name: "image-pool",
  title: "past samples among those that the discriminator is shown",
  formulas: [
    {
      of: "shown",
      text: "G(z), or with probability ½ a past G(z′), which it takes the place of",
      latex: "G(z)\\ \\text{or, with probability}\\ \\tfrac12,\\ G(z')",
    },
  ],
  symbols: "z′: latent vectors of one of the last batches; to the discriminator only",
  papers: [
    {
      authors: "Shrivastava et al.",
      year: 2017,
      title: "Learning from simulated and unsupervised images through adversarial training",
      arxiv: "1612.07828",
      where: "§2.3",
    },
  ],
  options: { size: integer({ default: 50, least: 1, means: "past samples that are kept" }) },
  create: ({ size: kept }) => ({
    // Slots × batch × example, and one number for how many batches the pool has seen.
    state: (game) => {
      const { slots, batch, example } = layout(game, kept);
      return { "": { size: slots * batch * example + 1 } };
    },
    shows: (name, x, { game, own, set, random }) => {
      if (name !== "fake") return x;
      const { slots, batch: n, example: size } = layout(game, kept);
      const pool = own("");
      const length = slots * n * size;
      const stored = reshape(slice(pool, [0], [length]), [slots, n, size]);
      const seen = slice(pool, [length], [length + 1]);
      const fresh = reshape(x, [1, n, size]);

      const filling = less(seen, slots);
      const swaps = where(filling, 0, cast(less(random("uniform", [1, n, 1]), 0.5), "float32"));
      const enters = where(filling, 1, swaps);
      // The next free slot while the pool fills, a random one afterwards.
      const place = where(filling, seen, mul(random("uniform", [1, n, 1]), slots));
      const number = constant(
        Float32Array.from({ length: slots }, (_, i) => i),
        [slots, 1, 1],
      );
      const chosen = sub(cast(less(place, add(number, 1)), "float32"), cast(less(place, number), "float32"));

      const past = sum(mul(stored, chosen), 0, true);
      const shown = add(mul(fresh, sub(1, swaps)), mul(past, swaps));
      const replaced = mul(chosen, enters);
      const next = add(mul(stored, sub(1, replaced)), mul(fresh, replaced));
      set("", concat([reshape(next, [length]), add(seen, 1)], 0));
      return reshape(shown, x.shape);
    },
  }),
});
