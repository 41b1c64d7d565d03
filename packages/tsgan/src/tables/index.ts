/** Tables of text as people have them, and what is made of them: points, classes of pictures, and rows to learn. */

export { labelsOfPaths } from "../data/labels-of-paths.ts";
export { byteSink, type Sink } from "./bytes.ts";
export { checkPlan, parsePlan, type ZodModule } from "./check-plan.ts";
export { brokenConstraints, type Constraint, checkConstraints, heldConstraints } from "./constraints.ts";
export { conditionPlaces, isTable, type TableDataset, tableDataset, tableFacts } from "./dataset.ts";
export { columnNumber, formatDate, isDateFormat } from "./dates.ts";
export { type Cell, type DecodedRows, type RowReader, rowReader } from "./decode.ts";
export { decodeText } from "./decode-text.ts";
export { describeColumn, describeConstraint, describeSchema } from "./describe.ts";
export { type Dialect, dialectOf, eachRow } from "./dialect.ts";
export { drawnRows, type EncodedRows, rowsOfSamples } from "./encoded.ts";
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
export { LONGEST_PATTERN } from "./patterns.ts";
export { arrange, type ColumnPlan, LARGEST, type NumberPlan, type TablePlan } from "./plan.ts";
export { pointsFromCsv, pointsOfTable } from "./points.ts";
export { isMixed, recognise } from "./recognise.ts";
export {
  inOrder,
  type MakeRows,
  type SampleRowsOptions,
  STRETCH,
  type StretchReader,
  sampleRows,
  stretchReader,
} from "./sample.ts";
export {
  type ColumnSchema,
  overridden,
  parseSchema,
  type TableSchema,
} from "./schema.ts";
export {
  type Column,
  columnsOption,
  describeTable,
  readTable,
  type Table,
  type TableOptions,
} from "./table.ts";
export { type Texts, textsOf } from "./texts.ts";
export { type Condition, parseCondition } from "./where.ts";
export { type RowFormat, rowWriter, type Written } from "./write.ts";
