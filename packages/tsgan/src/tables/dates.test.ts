import { describe, expect, it } from "vitest";
import { randomStream } from "../random/index.ts";
import { dateFormatOf, dateFormats, formatDate, parseDate, resolutionOf } from "./dates.ts";

describe("a date", () => {
  it.each([...dateFormats])("of the format %s is read as it was written", (format) => {
    const random = randomStream(1, format);
    const texts = Array.from({ length: 200 }, () => {
      const day = format.includes("YY") ? 86_400 * random.integer(25_000) : 0;
      const text = formatDate(day + 86_400 * random.uniform(), format);
      const seconds = parseDate(text, format)!;
      expect(formatDate(seconds, format)).toBe(text);
      expect(parseDate(text, format)).toBe(seconds);
      // Within a float64's reach of a whole number of the format's units, but for months, which differ.
      const units = seconds / resolutionOf(format);
      expect(Math.abs(units - Math.round(units))).toBeLessThan(0.3);
      return text;
    });
    const found = dateFormatOf(texts)!;
    for (const text of texts) expect(formatDate(parseDate(text, found)!, found)).toBe(text);
  });

  it.each<[string, string[], string | undefined]>([
    [
      "of one time zone",
      ["2020-01-31T10:20:30+02:00", "2021-12-01T00:00:00+02:00"],
      "YYYY-MM-DDThh:mm:ss+02:00",
    ],
    ["of two", ["2020-01-31T10:20:30+02:00", "2021-12-01T00:00:00+01:00"], undefined],
    ["with microseconds", ["2020-01-31 10:20:30.000001"], "YYYY-MM-DD hh:mm:ss.ssssss"],
    ["in the afternoon", ["1/2/2020 12:05 AM", "1/2/2020 12:05 PM"], "M/D/YYYY h:mm A"],
    ["with the names of months", ["May 1, 2020", "December 31, 1999"], "MMMM D, YYYY"],
    ["whose days come first, as one tells", ["01/02/2020", "13/02/2020"], "DD/MM/YYYY"],
    ["that are none", ["2020-02-30"], undefined],
    ["of hours that have no half", ["1/2/2020 13:05 AM"], undefined],
    ["in two ways", ["2020-01-02", "02.01.2020"], undefined],
  ])("%s is told by its format", (_, texts, format) => {
    expect(dateFormatOf(texts)).toBe(format);
  });

  it("has midnight and noon at 12", () => {
    expect(parseDate("1/1/1970 12:00 AM", "M/D/YYYY h:mm A")).toBe(0);
    expect(parseDate("1/1/1970 12:00 PM", "M/D/YYYY h:mm A")).toBe(43_200);
    expect(formatDate(43_200, "h:mm A")).toBe("12:00 PM");
  });
});
