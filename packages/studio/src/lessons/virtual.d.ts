declare module "virtual:lesson-formulas" {
  const formulas: Readonly<Record<string, import("./formulas.ts").LessonFormulas>>;
  export default formulas;
}
