import { describe, expect, it } from "vitest";
import { techniquesPage } from "../testing/techniques-page.ts";
import { catalogue } from "./index.ts";

describe.each(catalogue.all.map(({ definition }) => [definition.name, definition] as const))(
  "%s",
  (_, { title, formulas = [], symbols, papers = [], options }) => {
    it("has a title, a formula, its symbols, a paper, and words for each option", () => {
      for (const text of [title, symbols, ...Object.values(options).map(({ means }) => means)])
        expect(text).toMatch(/[^.]$/);
      for (const { of, text, latex } of formulas)
        for (const part of [of, text, latex]) expect(part).not.toBe("");
      expect([formulas.length, papers.length].every((count) => count > 0)).toBe(true);
    });
  },
);

it("docs/techniques.md holds the catalogue as it is", async () => {
  await expect(techniquesPage()).toMatchFileSnapshot("../../../../docs/techniques.md");
});
