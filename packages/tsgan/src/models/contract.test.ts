import { describe, expect, it } from "vitest";
import { register } from "../define/index.ts";
import { UsageError } from "../errors.ts";
import { input } from "../graph/index.ts";
import { collectVariables, layers, type Variables } from "../nn/index.ts";
import { type ModelRow, modelRows } from "../testing/model-rows.ts";
import { modelsPage } from "../testing/models-page.ts";
import { catalogue, defineModel, latentOf, latentOptions, type Model, type ModelData } from "./index.ts";

const N = 4;

const make = (name: string, options: ModelRow["options"], data: ModelData): Model =>
  catalogue.get(name).create(options).for(data);

const variablesOf = (model: Model): readonly Variables[] => {
  const { latent, shape, classes, translates, given, packing = 1 } = model;
  const z = input("z", [N, latent.size]);
  const x = input("x", [N * packing, ...shape]);
  const label = classes === undefined ? undefined : input("label", [N], "int32");
  const source = translates === true ? x : given && input("source", [N, given[1] - given[0]]);
  return [
    collectVariables((scope) => {
      expect(model.generator({ z, label, source }, scope).shape).toEqual([N, ...shape]);
    }),
    collectVariables((scope) => model.discriminator({ x, label }, scope)),
  ];
};

const layoutOf = (model: Model): string =>
  JSON.stringify(
    variablesOf(model).flatMap(({ parameters, buffers }) =>
      [...parameters, ...buffers].map(({ name, shape }) => [name, shape]),
    ),
  );

const asJson = (value: unknown): Record<string, unknown> => JSON.parse(JSON.stringify(value));

const rows = Object.entries(modelRows).flatMap(([name, list]) =>
  list.flatMap((row) =>
    [false, true].map((perExample) => {
      const { shape, classes, layout } = row;
      const data: ModelData = { shape, classes, perExample, layout };
      return [`${name} ${JSON.stringify(row.options)} for ${JSON.stringify(data)}`, name, row, data] as const;
    }),
  ),
);

it("every model has a row, and every row a model", () => {
  expect(Object.keys(modelRows).sort()).toEqual([...catalogue.names].sort());
});

describe("is made again from its own options as they are written down:", () => {
  it.each(rows)("%s", (_, name, { options }, data) => {
    const model = make(name, options, data);
    const again = make(name, asJson(model.options), { ...data, perExample: false });
    expect(asJson(again.options)).toEqual(asJson(model.options));
    expect(layoutOf(again)).toBe(layoutOf(model));
    expect(again.latent).toEqual(model.latent);
    expect(again.scores).toBe(model.scores);
  });
});

describe.each(catalogue.all.map((factory) => [factory.definition.name, factory] as const))(
  "%s",
  (name, factory) => {
    const { options, papers = [], data, needsLabels } = factory.definition;
    const [{ options: given, shape, classes }] = modelRows[name];

    it("has a title, papers, and words for each option", () => {
      expect(factory.definition.title).not.toMatch(/\.$|^$/);
      for (const { arxiv } of papers) expect(arxiv).toMatch(/^\d{4}\.\d{4,5}$/);
      expect(papers.length > 0 || name === "mlp").toBe(true);
      for (const { means } of Object.values(options)) expect(means).not.toMatch(/\.$|^$/);
    });

    it("has every option with its value, but for those that are for other data", () => {
      const values = make(name, given, { shape, classes }).options;
      expect(Object.keys(values).sort()).toEqual(Object.keys(options).sort());
      const open = Object.keys(values).filter((option) => values[option] === undefined);
      for (const option of open) {
        expect(options[option].otherwise).toMatch(/images|points|none/);
      }
    });

    it("names the nearest option where there is none of that name", () => {
      for (const option of Object.keys(options)) {
        expect(() => factory.create({ [`${option}x`]: 1 })).toThrow(
          `unknown option of ${name} "${option}x"; did you mean "${option}"?`,
        );
      }
    });

    it("refuses data that it is not for", () => {
      const architecture = factory.create(given);
      if (data === "images" || data === "pairs") {
        expect(() => architecture.for({ shape: [2] })).toThrow(
          `model ${name} is for images [channels, height, width]; got data of shape [2]; use mlp`,
        );
      }
      if (needsLabels === true) {
        expect(() => architecture.for({ shape })).toThrow(`model ${name} needs labels`);
        expect(() => architecture.for({ shape, classes: 1 })).toThrow(
          `${name}: classes must be an integer of at least 2; got 1`,
        );
      }
    });

    it.skipIf(data === "points")("makes images of any sides, or names the nearest that it makes", () => {
      const small = modelRows[name].find((row) => row.shape.length === 3)?.options ?? given;
      const channels = data === "pairs" ? 2 : 1;
      const build = (height: number, width: number): unknown =>
        variablesOf(make(name, small, { shape: [channels, height, width], classes }));
      const sides = [
        ...Array.from({ length: 40 }, (_, i) => [i + 1, i + 1] as const),
        ...[8, 10, 12, 28, 30].flatMap((height) => [4, 13, 16, 36].map((width) => [height, width] as const)),
      ];
      for (const [height, width] of sides) {
        try {
          build(height, width);
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
          const { message } = error as Error;
          expect(message).toContain(`${name}: sides of images must be multiples of`);
          expect(message).toContain(`got ${width}×${height} (width × height); resize them to `);
          const nearest = [...message.split("resize them to ")[1].matchAll(/(\d+)×(\d+)/g)];
          expect(nearest.length).toBeGreaterThan(0);
          for (const [, w, h] of nearest) build(Number(h), Number(w));
        }
      }
    });
  },
);

it("options for images are refused for points, and the other way round", () => {
  const data = { shape: [2], classes: 3 };
  const image = { shape: [1, 16, 16], classes: 3 };
  for (const name of ["cgan", "acgan", "sgan", "infogan"]) {
    expect(() => make(name, { base: 2 }, data)).toThrow(
      `${name}: base is for images, and the data are points; leave it out`,
    );
    expect(() => make(name, { hidden: [2] }, image)).toThrow(
      `${name}: hidden is for points, and the data are images; leave it out`,
    );
  }
  expect(() => make("infogan", { networks: "dcgan" }, data)).toThrow("infogan: networks is for images");
});

it.each<[unknown, string]>([
  [{ shape: [1, 28, 28], clases: 3 }, 'unknown option of dcgan.for "clases"; did you mean "classes"?'],
  [
    { shape: [1, 0, 28] },
    "dcgan.for: shape must be a list of whole numbers of at least 1, such as [1,28,28]; got [1,0,28]",
  ],
  [{}, "dcgan.for: shape must be a list of whole numbers"],
])("refuses data that say it wrongly: %j", (data, message) => {
  expect(() => make("dcgan", {}, data as ModelData)).toThrow(message);
});

describe("the norm of a discriminator that nobody chose", () => {
  const norms = (perExample: boolean, shape: readonly number[] = [1, 16, 16]) =>
    Object.fromEntries(
      catalogue.all.map((factory) => {
        const { name, data } = factory.definition;
        const example = data === "pairs" ? [2, 16, 16] : data === "points" ? [2] : shape;
        return [
          name,
          factory.create().for({ shape: example, classes: 3, perExample }).options.discriminatorNorm,
        ];
      }),
    );

  it("is batch norm, and none where a penalty asks for the slope at each example", () => {
    expect(asJson(norms(false))).toEqual({
      ...Object.fromEntries(
        ["dcgan", "study-net", "cgan", "acgan", "infogan"].map((name) => [name, "batch"]),
      ),
      fastgan: "spectral",
      resnet: "spectral",
      sgan: "layer",
    });
    expect(asJson(norms(true))).toEqual({
      ...Object.fromEntries(["dcgan", "study-net", "cgan", "acgan", "infogan"].map((name) => [name, "none"])),
      fastgan: "spectral",
      resnet: "spectral",
      sgan: "layer",
    });
  });

  it("is not changed where it was chosen", () => {
    const dcgan = catalogue.get("dcgan").create({ discriminatorNorm: "batch" });
    expect(dcgan.for({ shape: [1, 16, 16], perExample: true }).options.discriminatorNorm).toBe("batch");
  });
});

describe("a model of one's own", () => {
  const tiny = defineModel({
    name: "tiny",
    title: "one layer each",
    data: "points",
    options: latentOptions(2),
    create: (options, { shape }) => ({
      latent: latentOf(options),
      scores: "logit",
      generator: ({ z }, scope) => layers.dense(shape[0])(z, scope),
      discriminator: ({ x }, scope) => ({ scores: layers.dense(1)(x, scope) }),
    }),
  });

  it("is made as built-in ones are, and found among them once it is registered", () => {
    const undo = register(tiny);
    expect(catalogue.names).toContain("tiny");
    const model = make("tiny", { latent: 3 }, { shape: [2] });
    undo();
    expect(catalogue.names).not.toContain("tiny");
    expect(model).toMatchObject({
      name: "tiny",
      shape: [2],
      options: { latent: 3, latentDistribution: "normal" },
      latent: { size: 3, distribution: "normal" },
    });
    expect(model.definition).toBe(tiny.definition);
    expect(layoutOf(model)).toBe('[["weight",[2,3]],["bias",[2]],["weight",[1,2]],["bias",[1]]]');
  });

  it("is refused data that it does not say it is for", () => {
    expect(() => tiny().for({ shape: [1, 4, 4] })).toThrow(
      "model tiny is for points [length]; got data of shape [1,4,4]; use mlp, or dcgan for images",
    );
  });
});

it("docs/models.md holds the definitions as they are", async () => {
  await expect(modelsPage()).toMatchFileSnapshot("../../../../docs/models.md");
});
