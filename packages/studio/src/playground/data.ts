/** The distributions of the playground, all within the square that is shown. */
import {
  type Dataset,
  fromExamples,
  grid,
  line,
  type MixtureDataset,
  mixture,
  moons,
  ring,
  spiral,
} from "tsgan/data";
import { randomStream } from "tsgan/random";
import type { DataSettings } from "./settings.ts";

const RADIUS = 2;
const GRID_SIDE = 4;
/** Of the distributions that are drawn once, of which batches are then taken. */
const EXAMPLES = 8192;

/** x ↦ factor · x + shift of every point. */
const mapped = (dataset: Dataset, factor: number, [shiftX, shiftY]: readonly [number, number]): Dataset => ({
  name: dataset.name,
  shape: dataset.shape,
  size: dataset.size,
  draw: async (seed, position, count) => {
    const { examples } = await dataset.draw(seed, position, count);
    return {
      examples: examples.map((value, i) => factor * value + (i % 2 === 0 ? shiftX : shiftY)),
    };
  },
});

/** Uniform on two squares that do not touch. */
const disjoint = (): Dataset => {
  const examples = new Float32Array(2 * EXAMPLES);
  const random = randomStream(1, "disjoint squares");
  random.fillUniform(examples, -0.5, 0.5);
  for (let i = 0; i < EXAMPLES; i++) {
    const centre = random.integer(2) === 0 ? -1.25 : 1.25;
    examples[2 * i] += centre;
    examples[2 * i + 1] += centre;
  }
  return fromExamples({ name: "disjoint", shape: [2], examples });
};

/** A drawing is a mixture of a Gaussian at each of its points. */
const drawn = ({ points, noise }: DataSettings): Dataset =>
  mixture(points.length === 0 ? [[0, 0]] : points, noise, "drawing");

export const datasetOf = (settings: DataSettings): Dataset => {
  const { noise, modes, side } = settings;
  switch (settings.data) {
    case "ring":
      return ring({ modes, radius: RADIUS, deviation: noise });
    case "grid":
      return grid({ side, spacing: GRID_SIDE / Math.max(1, side - 1), deviation: noise });
    case "line":
      return mapped(line(), RADIUS, [0, 0]);
    case "disjoint":
      return disjoint();
    case "spiral":
      return spiral({ turns: 2, radius: RADIUS, deviation: noise });
    case "moons":
      return mapped(moons({ deviation: noise }), 1.5, [-0.75, -0.375]);
    case "drawn":
      return drawn(settings);
  }
};

/** The modes that can be counted: those of ring and grid. */
export const mixtureOf = (settings: DataSettings): MixtureDataset | undefined =>
  settings.data === "ring" || settings.data === "grid" ? (datasetOf(settings) as MixtureDataset) : undefined;
