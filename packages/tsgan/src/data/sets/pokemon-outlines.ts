import { defineDataset } from "../definition.ts";
import { mappedPairs, outline, splitOff } from "../pairs.ts";
import { PAIR_SIZE } from "./pair-size.ts";
import { readSprites } from "./pokemon.ts";

/** Outlines, to be coloured in. */
export const pokemonOutlines = defineDataset({
  name: "pokemon-outlines",
  title: "outlines of Pokémon sprites and the sprites",
  holds: "pairs",
  shape: [6, PAIR_SIZE, PAIR_SIZE],
  examples: { train: 1198, test: 134 },
  resizable: true,
  package: "pokesprite-images",
  options: {},
  open: async (_, { split = "train", ...context }) => {
    const source = await readSprites("pokemon-outlines", { ...context, size: context.size ?? PAIR_SIZE });
    return splitOff(mappedPairs({ name: "pokemon-outlines", source, map: outline, from: "mapped" }), split);
  },
});
