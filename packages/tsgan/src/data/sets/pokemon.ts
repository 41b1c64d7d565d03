import { type DataContext, defineDataset, filesOf } from "../definition.ts";
import type { FiniteDataset } from "../finite.ts";

const PACKAGE = "pokesprite-images";

/** The sprites, whole, on white. */
export const readSprites = (name: string, context: DataContext): Promise<FiniteDataset> => {
  const { size, channels } = context;
  return filesOf(name, context).package(PACKAGE).pictures("pokemon-gen8/regular", { size, channels });
};

/** Sprites of the games' eighth generation. */
export const pokemon = defineDataset({
  name: "pokemon",
  title: "Pokémon sprites on white",
  holds: "images",
  shape: [3, 32, 32],
  examples: { train: 1332 },
  resizable: true,
  package: PACKAGE,
  options: {},
  open: (_, context) => readSprites("pokemon", context),
});
