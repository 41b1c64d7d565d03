/** Sets the lessons' formulas when the page is built: TeX in, MathML out. The page has no typesetter. */
import temml from "temml";
import type { Plugin } from "vite";
import { formulas, type LessonFormulas } from "./formulas.ts";

const VIRTUAL = "virtual:lesson-formulas";

const set = (tex: string, displayMode: boolean): string =>
  temml.renderToString(tex, { displayMode, throwOnError: true, wrap: "tex" });

/** The formulas with MathML in place of TeX. */
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

export const lessonFormulas = (): Plugin => ({
  name: "tsgan-lesson-formulas",
  resolveId: (id) => (id === VIRTUAL ? `\0${VIRTUAL}` : undefined),
  load: (id) => (id === `\0${VIRTUAL}` ? `export default ${JSON.stringify(typeset())}` : undefined),
});
