/**
 * What was read: the facts that a reader of people's files hands on, so that nobody has to guess what became of their
 * pictures or points. Plain data, kept in a run's config.json.
 */

export type Counts = Readonly<Record<string, number>>;

/** Something that was taken for data and could not be read. */
export interface Unreadable {
  readonly path: string;
  readonly cause: string;
}

export interface Labelling {
  /** The folders' names, a table, an array of the file, what looks alike, or nothing. */
  readonly from: "folders" | "table" | "array" | "clusters" | "none";
  /** Examples of each class, in the order of the classes. */
  readonly counts?: Counts;
  /** Why there are no labels. */
  readonly reason?: string;
  /** What was left out because of the labels, in words. */
  readonly leftOut?: readonly string[];
}

export type Fit = "cover" | "contain" | "stretch";

export interface PictureFacts {
  /** What all were made to be. */
  readonly width: number;
  readonly height: number;
  readonly fit: Fit;
  /** Sides of the smallest and of the largest by area, as they are seen: turned as the camera says. */
  readonly smallest: readonly [width: number, height: number];
  readonly largest: readonly [width: number, height: number];
  /** Mean share of the area that was cut off. */
  readonly lost: number;
  /** How many were smaller than what they were made to be. */
  readonly enlarged: number;
  /** Lowest and highest value used, in 0 … 255, but for the 0.1 % darkest and brightest. */
  readonly low: number;
  readonly high: number;
}

export interface TableFacts {
  /** How the file is written: `2 columns (x, y) separated by semicolons, decimal comma`. */
  readonly described: string;
  readonly columns: readonly { readonly name: string; readonly low: number; readonly high: number }[];
}

export interface Reading {
  readonly source: "folder" | "zip" | "array" | "table";
  /** As it was given. */
  readonly path: string;
  /** Examples that training sees. */
  readonly examples: number;
  /** What was read, by format: PNG, JPEG … */
  readonly formats?: Counts;
  /** What was not looked at, by extension or kind. */
  readonly passedOver?: Counts;
  /** How many could not be read, and the first of them. */
  readonly unreadable?: { readonly count: number; readonly named: readonly Unreadable[] };
  readonly labels?: Labelling;
  /** Pictures in folders for training, validation and tests, where there are such. */
  readonly splits?: Counts;
  readonly pictures?: PictureFacts;
  /** Whether an example is a pair of pictures. */
  readonly pairs?: true;
  readonly table?: TableFacts;
  /** How a table of mixed columns is written. */
  readonly rows?: string;
  /** What else was done or assumed, in words. */
  readonly notes?: readonly string[];
}

/** Fewer pictures than this are learnt by heart. */
const FEW = 500;
/** Classes that are named; others are only counted. */
const NAMED_CLASSES = 20;
/** A class with so many times the examples of another. */
const IMBALANCE = 10;

export const plural = (count: number, noun: string): string =>
  `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;

const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** `30 PNG, 14 JPEG`, the most first. */
const listCounts = (counts: Counts): string =>
  Object.entries(counts)
    .sort(([x, a], [y, b]) => b - a || (x < y ? -1 : 1))
    .map(
      ([name, count]) =>
        `${count.toLocaleString("en-US")} ${count > 1 ? name.replace(/^link\b/, "links") : name}`,
    )
    .join(", ");

const total = (counts: Counts): number => Object.values(counts).reduce((sum, count) => sum + count, 0);

const SOURCES = { folder: "folder", zip: "zip archive", array: "array", table: "table" } as const;

const sides = ([width, height]: readonly [number, number]): string => `${width} × ${height}`;

const shapeLine = (facts: PictureFacts): string => {
  const { width, height, fit, smallest, largest, lost, enlarged } = facts;
  const made = `${width} × ${height} (width × height)`;
  const alike = sides(smallest) === sides(largest);
  if (alike && sides(smallest) === sides([width, height])) return `all ${made}`;
  const from = alike ? sides(smallest) : `${sides(smallest)} to ${sides(largest)}`;
  const ways = {
    cover:
      lost < 0.005
        ? ""
        : `, cut to the middle: ${percent(lost)} of the area lost${lost > 0.2 ? "; --fit contain keeps all" : ""}`,
    contain: ", whole, with white margins",
    stretch: ", stretched to fit",
  };
  const small = enlarged === 0 ? "" : `; ${enlarged.toLocaleString("en-US")} enlarged`;
  return `made ${made} from ${from}${ways[fit]}${small}`;
};

/** `for training 80; held out: 20 test` */
const splitLine = ({ train = 0, ...others }: Counts): string =>
  `for training ${train.toLocaleString("en-US")}; held out: ${listCounts(others)}`;

const labelLines = (
  { from, counts, reason, leftOut = [] }: Labelling,
  unused: string | undefined,
): string[] => {
  if (counts === undefined) return [`no labels${reason === undefined ? "" : `: ${reason}`}`, ...leftOut];
  const entries = Object.entries(counts);
  const listed = entries
    .slice(0, NAMED_CLASSES)
    .map(([name, count]) => `${name}: ${count.toLocaleString("en-US")}`)
    .join(", ");
  const more = entries.length > NAMED_CLASSES ? ", …" : "";
  const by = {
    folders: "by folder",
    table: "by table",
    array: "by array",
    clusters: "by likeness",
    none: "",
  }[from];
  const use = unused === undefined ? "" : ` (unused: ${unused})`;
  return [`${entries.length} classes ${by}: ${listed}${more}${use}`, ...leftOut];
};

export interface ReadingContext {
  /** Why the labels are not used, where they are not: `model dcgan has no labels`. */
  readonly labelsUnused?: string | undefined;
}

/** What was read, a fact a line; the first names the source. */
export const describeReading = (reading: Reading, { labelsUnused }: ReadingContext = {}): string[] => {
  const {
    source,
    path,
    examples,
    formats,
    passedOver,
    labels,
    splits,
    pictures,
    table,
    rows,
    pairs,
    notes = [],
  } = reading;
  const lines: string[] = [];
  if (rows !== undefined) {
    lines.push(`${path} (${SOURCES[source]}): ${plural(examples, "row")}; ${rows}`);
  } else if (table === undefined) {
    const read = total(formats ?? {});
    const some = read === examples ? "" : ` of ${read.toLocaleString("en-US")} read`;
    const kinds = formats === undefined ? "" : ` (${listCounts(formats)})`;
    const noun = pairs ? "pair" : "picture";
    lines.push(`${path} (${SOURCES[source]}): ${plural(examples, noun)}${pairs ? "" : some}${kinds}`);
  } else {
    lines.push(`${path} (${SOURCES[source]}): ${plural(examples, "point")}; ${table.described}`);
    const ranges = table.columns
      .slice(0, NAMED_CLASSES)
      .map(({ name, low, high }) => `${name} ${tidy(low)} … ${tidy(high)}`);
    lines.push(`ranges: ${ranges.join(", ")}${table.columns.length > NAMED_CLASSES ? ", …" : ""}`);
  }
  if (passedOver !== undefined && total(passedOver) > 0) {
    lines.push(`passed over ${total(passedOver).toLocaleString("en-US")}: ${listCounts(passedOver)}`);
  }
  if (pictures !== undefined) {
    lines.push(shapeLine(pictures), `values used: ${pictures.low} … ${pictures.high} of 0 … 255`);
  }
  if (splits !== undefined) lines.push(splitLine(splits));
  if (labels !== undefined) lines.push(...labelLines(labels, labelsUnused));
  return [...lines, ...notes];
};

const tidy = (value: number): string => String(Number(value.toPrecision(4)));

/** What could not be read, in a sentence; undefined where all could. */
export const unreadableWarning = ({ path, unreadable }: Reading): string | undefined => {
  if (unreadable === undefined || unreadable.count === 0) return undefined;
  const { count, named } = unreadable;
  const listed = named.map((one) => `${one.path} (${one.cause})`).join(", ");
  return `${path}: ${plural(count, "file")} cannot be read and ${count === 1 ? "is" : "are"} left out: ${listed}${count > named.length ? ", …" : ""}`;
};

/** What about the data may disappoint, a sentence each. */
export const readingWarnings = (reading: Reading, { labelsUnused }: ReadingContext = {}): string[] => {
  const { path, examples, labels, pictures } = reading;
  const warnings: string[] = [];
  const unread = unreadableWarning(reading);
  if (unread !== undefined) warnings.push(unread);
  if (pictures !== undefined && examples < FEW) {
    warnings.push(
      `${path}: ${plural(examples, reading.pairs ? "pair" : "picture")} ${examples === 1 ? "is" : "are"} few: expect copies of them; docs/data.md says what helps small sets`,
    );
  }
  if (labels?.counts !== undefined && labelsUnused === undefined) {
    const entries = Object.entries(labels.counts);
    const single = entries.filter(([, count]) => count === 1).map(([name]) => name);
    const counts = entries.map(([, count]) => count).filter((count) => count > 1);
    const [most, least] = [Math.max(...counts), Math.min(...counts)];
    if (single.length > 0) {
      warnings.push(
        `${path}: ${single.length === 1 ? "a class has" : `${single.length} classes have`} a single picture (${single.slice(0, 5).join(", ")}${single.length > 5 ? ", …" : ""}): nothing can be learnt of it but a copy`,
      );
    }
    if (counts.length > 1 && most >= IMBALANCE * least) {
      const name = (count: number) => entries.find(([, n]) => n === count)?.[0];
      warnings.push(
        `${path}: classes differ much in size, from ${name(least)} with ${least} to ${name(most)} with ${most}: small ones are learnt badly`,
      );
    }
  }
  return warnings;
};
