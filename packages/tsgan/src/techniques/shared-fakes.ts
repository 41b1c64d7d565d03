import { choice } from "../define/index.ts";
import { UsageError } from "../errors.ts";
import { defineTechnique, type Game } from "../game/index.ts";

/** The players who follow another, each with whom it follows. */
const pairsOf = ({ players }: Game) =>
  Object.values(players).flatMap((own) => (own.follows ? [{ own, other: players[own.follows] }] : []));

/** What the players whom others follow train. */
const followed = (game: Game): string[] => [...new Set(pairsOf(game).flatMap(({ other }) => other.trains))];

/**
 * The generator's step takes the fakes of the discriminator's last step, so that one pass of the generator serves both.
 * Alternating: against the discriminator after that step. Simultaneous: against the one before it, so that both descend from one
 * point, and one pass of the discriminator over the fakes serves both, too, unless it has noise of its own. Without this technique
 * steps alternate, and the generator draws fakes of its own (Goodfellow et al. 2014, algorithm 1).
 */
export const sharedFakes = defineTechnique({
  name: "shared-fakes",
  title: "a generator's step on the fakes of the discriminator's, alternating or simultaneous",
  formulas: [
    {
      of: "generator",
      text: "θ − η ∇_θ L_G(θ, ψ'; z) alternating, θ − η ∇_θ L_G(θ, ψ; z) simultaneous",
      latex: "\\theta - \\eta\\nabla_\\theta L_G(\\theta, \\psi'; z)",
    },
  ],
  symbols: "ψ, ψ': the discriminator before and after its last step; z: latent vectors of that step",
  papers: [
    {
      authors: "Mescheder, Geiger, Nowozin",
      year: 2018,
      title: "Which training methods for GANs do actually converge?",
      arxiv: "1801.04406",
    },
  ],
  options: {
    updates: choice(["alternating", "simultaneous"], {
      default: "alternating",
      means: "whether the generator meets the discriminator after its step, or before",
    }),
  },
  create: ({ updates }) => ({
    sharesLatents: true,
    ...(updates === "simultaneous" && {
      state: (game) =>
        Object.fromEntries(
          followed(game).map((network) => {
            const { parameters, parameterCount } = game.variables[network];
            const initial = { network, part: "parameters" as const };
            return [network, { size: parameterCount, pieces: parameters, initial }];
          }),
        ),
      opponents: ({ game, player, state, own }) =>
        game.players[player].follows === undefined
          ? undefined
          : { ...state, ...Object.fromEntries(followed(game).map((network) => [network, own(network)])) },
      after: ({ game, trains, before, set }) => {
        for (const network of followed(game)) if (trains.includes(network)) set(network, before(network));
      },
    }),
    check: (game) => {
      const batches = pairsOf(game).map(({ own, other }) => own.batch - other.batch);
      if (batches.length > 0 && !batches.some(Boolean)) return;
      throw new UsageError(
        "shared-fakes: expected a player who follows another, of one batch; got none; leave generatorBatch or the technique out",
      );
    },
  }),
});
