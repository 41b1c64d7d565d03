/** Pictures of models: both networks as they are built for data of a size. */
import { input, type Tensor } from "tsgan/graph";
import { catalogue, type ModelFactory } from "tsgan/models";
import { type Control, choice, type Figure, type Values } from "./kit.ts";
import { drawNetworks, layersOf, type NetworkFacts } from "./network.ts";

const BATCH = 20;
const CLASSES = 10;

/** Options that say how wide the networks are. */
const widths = ["base", "width", "generatorWidth", "hidden"] as const;

/** Rows of a table: two numbers, columns of three and of four categories, and, but where rows are taken as they come, what was asked for. */
const rowsOf = (asIs = false) => ({
  shape: [asIs ? 9 : 16],
  layout: { numbers: 2, choices: [3, 4], conditions: asIs ? 0 : 2 },
});

/** Models of points are shown on rows of a table, but for the plainest. */
const isOfRows = ({ definition: { data } }: ModelFactory): boolean => data === "points";
const isOfPoints = (factory: ModelFactory): boolean => isOfRows(factory) || factory.definition.name === "mlp";

const optionsOf = (factory: ModelFactory, { width }: Values): Record<string, unknown> => {
  const { options } = factory.definition;
  const name = widths.find((each) => Object.hasOwn(options, each));
  if (name === undefined) return {};
  const value = Number(width);
  if (name === "hidden" && Array.isArray(options.hidden.default)) return { hidden: [value, value] };
  return {
    [name]: value,
    ...(Object.hasOwn(options, "discriminatorWidth") && { discriminatorWidth: value }),
  };
};

/** The networks of a model for images of a side, or for points. */
const networksOf = (factory: ModelFactory, values: Values): readonly [NetworkFacts, NetworkFacts] => {
  const { data, needsLabels, asIs, together } = factory.definition;
  const side = Number(values.side);
  const image = [data === "pairs" ? 6 : 3, side, side];
  const rows = isOfRows(factory) ? rowsOf(asIs) : undefined;
  const shape = rows?.shape ?? (isOfPoints(factory) ? [2] : image);
  const model = factory.create(optionsOf(factory, values)).for({
    shape,
    ...(needsLabels === true && { classes: CLASSES }),
    ...rows,
  });
  const { latent, classes, translates, given, packing = 1 } = model;
  const z = input("z", [BATCH, latent.size]);
  const x = input("x", [BATCH, ...shape]);
  const label = classes === undefined ? undefined : input("label", [BATCH], "int32");
  const source =
    translates === true
      ? input("source", [BATCH, ...shape])
      : given && input("source", [BATCH, given[1] - given[0]]);
  const labelled: Record<string, Tensor> = label === undefined ? {} : { label };
  const made: Record<string, Tensor> =
    translates === true && source !== undefined
      ? { "pair of images": source }
      : { z, ...labelled, ...(source && { condition: source }) };
  const seen = packing > 1 ? `x, ${packing} together` : "x";
  return [
    layersOf("Generator", made, (scope) => model.generator({ z, label, source } as never, scope)),
    layersOf(together === true ? "Encoder" : "Discriminator", { [seen]: x, ...labelled }, (scope) =>
      model.discriminator({ x, label } as never, scope),
    ),
  ];
};

const controlsOf = (factory: ModelFactory): readonly Control[] => {
  const { options } = factory.definition;
  const wide = widths.find((each) => Object.hasOwn(options, each));
  const starts: Readonly<Record<string, string>> = {
    mlp: "128",
    ctgan: "256",
    tvae: "128",
    "gan-2014": "1200",
  };
  const name = factory.definition.name;
  const start = starts[name] ?? "64";
  return [
    ...(isOfPoints(factory) ? [] : [choice("side", "sides of images", ["16", "28", "32", "64"], "32")]),
    ...(wide === undefined
      ? []
      : [choice("width", wide, [...new Set(["16", "32", "64", "128", start])], start)]),
  ];
};

const figureOf = (factory: ModelFactory): Figure => {
  const { name } = factory.definition;
  return {
    alt: `Layers of both networks of ${name}, from what they are given to what they give, with the shape of what each layer gives for one example.`,
    controls: controlsOf(factory),
    draw: (values) => {
      const networks = networksOf(factory, values);
      const says = networks.map(({ title, parameters, rows }) => {
        const layers = rows.reduce(
          (total, { count, what }) => total + (/conv|dense/.test(what) ? count : 0),
          0,
        );
        return `${title}: ${parameters.toLocaleString("en")} parameters in ${layers} layers`;
      });
      return { says: `${says.join("; ")}.`, svg: (look) => drawNetworks(networks, look) };
    },
  };
};

export const figures: Readonly<Record<string, Figure>> = Object.fromEntries(
  catalogue.all.map((factory) => [factory.definition.name, figureOf(factory)]),
);
export { valuesOf } from "./kit.ts";
