/** Classes of pictures from a table that names them. */

import { labelsOfNames, type PathLabels } from "../data/labels-of-paths.ts";
import { RunError, UsageError } from "../errors.ts";
import { isMissingText } from "./number-text.ts";
import { type Column, columnsOption, type Table } from "./table.ts";

const LABEL_NAMES = /^(?:label|labels|class|classes|class_?name|category|target|y)$/i;
const EXTENSION = /\.[a-z0-9]{1,5}$/i;

/** All ends of a path by which a table may name it: a/b/c.png, b/c.png, c.png, and each without the extension. */
const namesOf = (path: string): string[] => {
  const parts = path.split("/");
  const ends = parts.map((_, i) => parts.slice(i).join("/"));
  return ends.flatMap((end) => (EXTENSION.test(end) ? [end, end.replace(EXTENSION, "")] : [end]));
};

const tidyName = (text: string): string =>
  text
    .normalize("NFC")
    .replaceAll("\\", "/")
    .replace(/^(?:\.\/)+/, "");

/** Which picture each name means; -1 where several could be meant. A whole path wins over an end. */
const picturesByName = (paths: readonly string[]): Map<string, number> => {
  const found = new Map<string, number>();
  paths.forEach((path, i) => {
    for (const name of namesOf(path)) {
      const other = found.get(name);
      found.set(name, other === undefined || other === i ? i : -1);
    }
  });
  for (const [i, path] of paths.entries()) found.set(path, i);
  return found;
};

const known = (pictures: ReadonlyMap<string, number>, { values }: Column): number =>
  [...values].reduce((sum, value) => sum + ((pictures.get(tidyName(value)) ?? -1) >= 0 ? 1 : 0), 0);

/** The column of labels: the only other one, or one that is called so. */
const labelColumn = (table: Table, files: Column): Column => {
  const others = table.columns.filter((column) => column !== files);
  if (others.length === 1) return others[0];
  const called = others.filter(({ name }) => LABEL_NAMES.test(name));
  if (called.length === 1) return called[0];
  const names = others.map(({ name }) => name).join(", ");
  throw new UsageError(
    `${table.name}: expected one column of labels beside ${files.name}; got ${others.length === 0 ? "none" : names}; choose with ${columnsOption([files.name, others[0]?.name ?? "LABEL"])}`,
  );
};

/**
 * Classes of pictures from a table with a column of file names (or ends of paths, with or without extension) and one of
 * labels. Pictures without a row are left out.
 *
 * @param paths of the pictures, with `/` between parts
 * @throws RunError where no column names the pictures, or fewer than two classes are left
 */
export const labelsOfTable = (paths: readonly string[], table: Table): PathLabels => {
  const pictures = picturesByName(paths);
  const files = table.columns.reduce((best, column) =>
    known(pictures, column) > known(pictures, best) ? column : best,
  );
  if (known(pictures, files) === 0) {
    throw new RunError(
      `${table.name}: expected a column with the names of the pictures, such as ${paths[0]}; got "${table.columns[0].values.at(0)}" in column ${table.columns[0].name}`,
    );
  }
  const labels = labelColumn(table, files);
  const labelOf: (string | undefined)[] = paths.map(() => undefined);
  let strangers = 0;
  [...files.values].forEach((name, row) => {
    const picture = pictures.get(tidyName(name)) ?? -1;
    const label = labels.values.at(row);
    if (picture < 0) strangers++;
    else if (!isMissingText(label)) labelOf[picture] = label.normalize("NFC");
  });
  const { counts, ...found } = labelsOfNames(labelOf);
  const { classes, chosen } = found;
  if (classes.length < 2) {
    throw new RunError(
      `${table.name}: expected at least 2 different labels in column ${labels.name}; got ${classes.length === 0 ? "none" : classes[0]}`,
    );
  }
  const leftOut: string[] = [];
  const unlabelled = paths.length - chosen.length;
  if (unlabelled > 0)
    leftOut.push(`left out: ${unlabelled} of ${paths.length} pictures, without a label in ${table.name}`);
  if (strangers > 0) leftOut.push(`${strangers} of ${table.rows} rows of ${table.name} name no picture`);
  return { ...found, labelling: { from: "table", counts, ...(leftOut.length > 0 && { leftOut }) } };
};
