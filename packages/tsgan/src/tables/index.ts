/** Tables of text as people have them, and what is made of them: points, and classes of pictures. */
export { decodeText } from "./decode-text.ts";
export { type Dialect, dialectOf, eachRow } from "./dialect.ts";
export { labelsOfTable } from "./labels-of-table.ts";
export { type DecimalMark, isMissingText, parseNumber } from "./number-text.ts";
export { pointsFromCsv, pointsOfTable } from "./points.ts";
export { type Column, describeTable, readTable, type Table, type TableOptions } from "./table.ts";
