/** Figures of the site's catalogue draw something, wherever the reader puts their handles. */
import { join } from "node:path";
import { losses, models, penalties, techniques } from "tsgan";
import { repository } from "tsgan/testing";
import { describe, expect, it } from "vitest";

type Values = Readonly<Record<string, number | string>>;

interface Control {
  readonly name: string;
  readonly min?: number;
  readonly max?: number;
  readonly options?: readonly string[];
  readonly start: number | string;
}

interface Figure {
  readonly alt: string;
  readonly controls: readonly Control[];
  draw(values: Values): Promise<{
    readonly says: string;
    svg(look: { readonly width: number; readonly theme: "light" | "dark" }): string;
  }>;
}

interface Group {
  readonly figures: Readonly<Record<string, Figure>>;
  valuesOf(controls: readonly Control[], places?: Values): Values;
}

const groupOf = (name: string): Promise<Group> =>
  import(/* @vite-ignore */ join(repository, `site/figures/${name}.ts`));

/** The places of its handles that a figure is tried with: where they begin, and each at its ends. */
const placesOf = (controls: readonly Control[]): readonly Values[] => {
  const start = Object.fromEntries(controls.map((control) => [control.name, control.start]));
  const ends = controls.flatMap(({ name, min = 0, max = 0, options = [min, max] }) =>
    options.map((end) => ({ ...start, [name]: end })),
  );
  return [start, ...ends];
};

const groups = await Promise.all(
  ["losses", "penalties", "techniques", "models", "metrics"].map(
    async (name) => [name, await groupOf(name)] as const,
  ),
);

describe.each(groups)("a figure of %s", (_, { figures, valuesOf }) => {
  it.each(Object.entries(figures))(
    "draws %s, in words and numbers, at the ends of its handles",
    async (_, figure) => {
      expect(figure.alt).toMatch(/^[A-Z].{40,}\.$/s);
      for (const places of placesOf(figure.controls)) {
        const { says, svg } = await figure.draw(valuesOf(figure.controls, places));
        expect(says, JSON.stringify(places)).toMatch(/^[A-Zp0-9‖ε].*\d.*\.$/);
        expect(says).not.toMatch(/NaN|undefined|Infinity/);
        for (const width of [340, 680]) expect(svg({ width, theme: "light" })).not.toContain("NaN");
      }
    },
  );
});

it("there is one for each penalty, technique and model, and for each loss of scores one by one", () => {
  const drawn = groups.flatMap(([name, { figures }]) => Object.keys(figures).map((own) => `${name}/${own}`));
  /** Of these a score alone says nothing: they compare batches of vectors. */
  const ofBatches = ["mmd-gan", "sinkhorn"];
  const wanted = [
    ...losses.catalogue.names.filter((name) => !ofBatches.includes(name)).map((name) => `losses/${name}`),
    ...penalties.catalogue.names.map((name) => `penalties/${name}`),
    ...techniques.catalogue.names.map((name) => `techniques/${name}`),
    ...models.catalogue.names.map((name) => `models/${name}`),
  ];
  expect(wanted.filter((name) => !drawn.includes(name))).toEqual([]);
});
