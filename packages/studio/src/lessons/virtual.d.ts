declare module "virtual:lesson-formulas" {
  const formulas: Readonly<Record<string, import("./formulas.ts").LessonFormulas>>;
  export default formulas;
}

declare module "virtual:term-formulas" {
  /** MathML by name of the term. */
  const formulas: Readonly<Record<string, string>>;
  export default formulas;
}
