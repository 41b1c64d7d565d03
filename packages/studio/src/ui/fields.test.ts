import { auto, flag, integer, number, numbers } from "tsgan";
import { describe, expect, expectTypeOf, it } from "vitest";
import { addressReader, fieldsOf, initialOf, slider, titled, type ValuesOf, writeFields } from "./fields.ts";

const fields = fieldsOf({
  batch: { key: "b", label: "Batch", option: integer({ default: 64, least: 2, most: 1024, means: "batch" }) },
  widths: numbers({ default: [8, 8], least: 1, integer: true, means: "widths", length: { most: 3 } }),
  blur: flag({ default: false, means: "whether it is blurred" }),
  margin: auto(number({ default: 1, least: 0, means: "margin", symbol: "m" }), "worked out"),
  kind: titled({ a: "The first", b: "The second" }, { default: "a", means: "kind", control: "radio" }),
  angle: slider(number({ default: 30, means: "angle" }), { from: -180, to: 180, step: 5 }),
  piles: slider(numbers({ default: [3, 1], least: 0, means: "piles" }), { to: 10 }),
});

const written = (values: ValuesOf<typeof fields>): string => {
  const query = new URLSearchParams();
  writeFields(query, fields, values);
  return query.toString();
};

describe("fields", () => {
  it("have the control, the words and the value that the schema and the page give them", () => {
    expect(Object.values(fields).map(({ control }) => control)).toEqual([
      "text",
      "text",
      "check",
      "text",
      "radio",
      "slider",
      "list",
    ]);
    expect([fields.batch.label, fields.angle.label]).toEqual(["Batch", "angle"]);
    expect(fields.margin.meaning).toBe("m: margin (empty: worked out)");
    expect(fields.kind.describe("b")).toBe("The second");
    expect(fields.angle.describe(-5)).toBe("−5");
    expectTypeOf<ValuesOf<typeof fields>["kind"]>().toEqualTypeOf<"a" | "b">();
    expectTypeOf<ValuesOf<typeof fields>["piles"]>().toEqualTypeOf<readonly number[]>();
  });

  it("read what they write", () => {
    const values = {
      batch: 8,
      widths: [1, 2, 3],
      blur: true,
      margin: undefined,
      kind: "b",
      angle: -15,
      piles: [0, 10],
    } as const;
    const address = addressReader(new URLSearchParams(written(values)));
    expect(address.all(fields)).toEqual(values);
    expect(address.notices("this page")).toEqual([]);
  });

  it("write nothing of what is as it is anyway", () => {
    expect(written(initialOf(fields))).toBe("");
    expect(written({ ...initialOf(fields), batch: 8 })).toBe("b=8");
  });

  it("of sliders take the nearest place, and of lists those with as many entries as there are controls", () => {
    expect(fields.angle.parse("1000")).toBe(180);
    expect(fields.angle.parse("-12.4")).toBe(-10);
    expect(fields.piles.parse("2,4")).toEqual([2, 4]);
    for (const wrong of ["2,4,1", "2,11", "2", "x"])
      expect(() => fields.piles.parse(wrong)).toThrow("such as 3,1");
  });

  it("of lists that are written entry by entry hold each entry to the bounds of the list", () => {
    const { layers } = fieldsOf({
      layers: {
        option: numbers({ default: [8, 8], least: 1, most: 64, integer: true, means: "layers" }),
        entries: { least: 1, most: 3, label: "Width of layer", one: "a layer" },
      },
    });
    expect(layers.control).toBe("entries");
    const { field } = layers.entries!;
    expect(field.parse("12")).toBe(12);
    for (const wrong of ["0", "65", "1.5", ""])
      expect(() => field.parse(wrong)).toThrow("a whole number at least 1, at most 64");
  });

  it("say which number of an address a slider cannot show, and which it shows", () => {
    const address = addressReader(new URLSearchParams("angle=1000"));
    expect(address.all(fields).angle).toBe(180);
    expect(address.notices("this page")).toEqual([
      "angle=1000 in the address: expected a number from -180 to 180; using 180.",
    ]);
  });

  it("say what was expected of a part that cannot be read, and what is not a setting", () => {
    const address = addressReader(
      new URLSearchParams("b=1&widths=4-x&kind=c&angle=&blur=yes&margin=-1&more=1"),
    );
    expect(address.all(fields)).toEqual(initialOf(fields));
    expect(address.notices("this page")).toEqual([
      "b=1 in the address: expected a whole number at least 2, at most 1024; using 64.",
      "widths=4-x in the address: expected a list of numbers at least 1, such as 8-8; using 8-8.",
      "blur=yes in the address: expected true or false; using false.",
      "margin=-1 in the address: expected a number at least 0; using worked out.",
      "kind=c in the address: expected one of a, b; using The first.",
      "angle= in the address: expected a number from -180 to 180; using 30.",
      "more in the address is not a setting of this page; it is left out.",
    ]);
  });
});
