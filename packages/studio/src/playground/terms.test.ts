import { describe, expect, it } from "vitest";
import { typesetTerms } from "../lessons/formulas-plugin.ts";
import { lessons } from "../lessons/list.ts";
import { type Term, terms } from "./terms.ts";

const all: readonly (readonly [string, Term])[] = Object.entries(terms);

describe("the terms", () => {
  it.each(all)("%s is told in two sentences, with a formula that can be set", (name, { text }) => {
    expect(text.match(/[.?!](?= [A-Z]|$)/g)).toHaveLength(2);
    expect(typesetTerms()[name]).toContain("<math");
  });

  it.each(all)("%s links to a lesson that there is", (_, term) => {
    expect(lessons.map(({ name }) => name)).toContain(term.lesson);
  });
});
