/** Tables of text as people have them, and what is made of them: points, classes of pictures, and rows to learn. */
export { isTable, type TableDataset, tableDataset, tableFacts } from "./dataset.ts";
export { type Cell, type RowReader, rowReader } from "./decode.ts";
export { decodeText } from "./decode-text.ts";
export { describeColumn, describeSchema } from "./describe.ts";
export { type Dialect, dialectOf, eachRow } from "./dialect.ts";
export { type EncodedColumn, type FittedTable, fitTable } from "./fit.ts";
export {
  type CategoryColumn,
  type Frame,
  type FrameColumn,
  frameOfRows,
  frameOfTable,
  type NumberColumn,
} from "./frame.ts";
export { labelsOfTable } from "./labels-of-table.ts";
export { gaussianMixture, type MixtureOptions, type Normal } from "./mixture.ts";
export { type DecimalMark, isMissingText, parseNumber } from "./number-text.ts";
export { rowsFromCsv, rowsOfTable } from "./open.ts";
export { arrange, type ColumnPlan, type TablePlan } from "./plan.ts";
export { pointsFromCsv, pointsOfTable } from "./points.ts";
export { isMixed, recognise } from "./recognise.ts";
export { type MakeRows, type SampleRowsOptions, STRETCH, sampleRows } from "./sample.ts";
export {
  type ColumnSchema,
  overridden,
  parseSchema,
  type TableSchema,
} from "./schema.ts";
export { type Column, describeTable, readTable, type Table, type TableOptions } from "./table.ts";
export { type Condition, parseCondition } from "./where.ts";
export { headerLine, type RowFormat, rowLine } from "./write.ts";
