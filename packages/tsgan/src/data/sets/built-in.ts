/** The built-in data sets, in the order in which they are listed. */
import type { DatasetFactory } from "../definition.ts";
import { fashionMnist } from "./fashion-mnist.ts";
import { grid } from "./grid.ts";
import { line } from "./line.ts";
import { mnist } from "./mnist.ts";
import { mnistInverted } from "./mnist-inverted.ts";
import { moons } from "./moons.ts";
import { pokemon } from "./pokemon.ts";
import { pokemonOutlines } from "./pokemon-outlines.ts";
import { polygonsData } from "./polygons.ts";
import { ring } from "./ring.ts";
import { spiral } from "./spiral.ts";
import { stackedMnist } from "./stacked-mnist.ts";

export const builtIn: readonly DatasetFactory[] = [
  mnist,
  fashionMnist,
  stackedMnist,
  pokemon,
  polygonsData,
  mnistInverted,
  pokemonOutlines,
  ring,
  grid,
  spiral,
  moons,
  line,
];
