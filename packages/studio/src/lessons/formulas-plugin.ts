/** Sets the page's formulas when it is built: TeX in, MathML out. The page has no typesetter. */
import temml from "temml";
import type { Plugin } from "vite";
import { type Term, terms } from "../playground/terms.ts";
import { formulas, type LessonFormulas } from "./formulas.ts";

const set = (tex: string, displayMode: boolean): string =>
  temml.renderToString(tex, { displayMode, throwOnError: true, wrap: "tex" });

/** The formulas of the lessons with MathML in place of TeX. */
export const typeset = (): Record<string, LessonFormulas> =>
  Object.fromEntries(
    Object.entries(formulas).map(([name, { display, symbols }]) => [
      name,
      {
        display: display.map(({ name, formula }) => ({ name, formula: set(formula, true) })),
        symbols: symbols.map(([tex, meaning]) => [set(tex, false), meaning] as const),
      },
    ]),
  );

/** Those of the playground's terms. */
export const typesetTerms = (): Record<string, string> =>
  Object.fromEntries(Object.entries<Term>(terms).map(([name, { formula }]) => [name, set(formula, true)]));

const modules: Readonly<Record<string, () => unknown>> = {
  "virtual:lesson-formulas": typeset,
  "virtual:term-formulas": typesetTerms,
};

export const lessonFormulas = (): Plugin => ({
  name: "tsgan-lesson-formulas",
  resolveId: (id) => (Object.hasOwn(modules, id) ? `\0${id}` : undefined),
  load: (id) => {
    const make = modules[id.replace(/^\0/, "")];
    return make === undefined ? undefined : `export default ${JSON.stringify(make())}`;
  },
});
