/** What a person says about a column, against what was recognised: what `schema.json` can say of it. */
import type { ColumnSchema } from "tsgan/tables";
import { SelectControl, TextControl } from "../ui/controls.tsx";
import type { ColumnView } from "./inspect.ts";
import { correctColumn } from "./session.ts";
import { busy, inspection } from "./state.ts";

type Kind = ColumnSchema["kind"];

const KINDS: Readonly<Record<Kind, string>> = {
  number: "Number",
  date: "Date or time",
  category: "Category",
  boolean: "Two values",
  constant: "Always the same",
  identifier: "Identifier: made anew",
  text: "Free text: left out",
  omit: "Left out",
};

/** A column as another kind: as it was recognised, where it was that, else with what has to be said of it. */
const ofKind = ({ schema, examples }: ColumnView, kind: Kind, guessed: ColumnSchema): ColumnSchema => {
  const { name } = schema;
  if (guessed.kind === kind) return guessed;
  switch (kind) {
    case "date":
      return { name, kind, format: "YYYY-MM-DD" };
    case "constant":
      return { name, kind, value: examples[0] ?? "" };
    case "identifier":
      return { name, kind, pattern: "counter" };
    default:
      return { name, kind };
  }
};

/** A part of the schema. */
const Entry = ({
  value,
  onCommit,
  ...props
}: {
  label: string;
  value: string | number | undefined;
  placeholder?: string | undefined;
  onCommit: (text: string) => void;
}) => (
  <TextControl
    {...props}
    value={String(value ?? "")}
    disabled={busy.value !== undefined}
    onChange={onCommit}
  />
);

/** As a number where it is one: what is wrong with another text is said by whoever checks the schema. */
const numberOf = (text: string): number | undefined => {
  if (text === "") return undefined;
  const number = Number(text.replace(",", "."));
  return Number.isNaN(number) ? (text as unknown as number) : number;
};

const Details = ({ view }: { view: ColumnView }) => {
  const { schema, drawn } = view;
  switch (schema.kind) {
    case "number":
      return (
        <div class="fields">
          <Entry
            label="Least"
            value={schema.low}
            placeholder={drawn?.range?.[0]}
            onCommit={(text) => void correctColumn({ ...schema, low: numberOf(text) })}
          />
          <Entry
            label="Greatest"
            value={schema.high}
            placeholder={drawn?.range?.[1]}
            onCommit={(text) => void correctColumn({ ...schema, high: numberOf(text) })}
          />
          <Entry
            label="Decimals"
            value={schema.decimals}
            placeholder="as needed"
            onCommit={(text) => void correctColumn({ ...schema, decimals: numberOf(text) })}
          />
        </div>
      );
    case "date":
      return (
        <div class="fields">
          <Entry
            label="Format"
            value={schema.format}
            onCommit={(format) => void correctColumn({ ...schema, format })}
          />
          <Entry
            label="First"
            value={schema.low}
            placeholder={drawn?.range?.[0]}
            onCommit={(text) => void correctColumn({ ...schema, low: text || undefined })}
          />
          <Entry
            label="Last"
            value={schema.high}
            placeholder={drawn?.range?.[1]}
            onCommit={(text) => void correctColumn({ ...schema, high: text || undefined })}
          />
        </div>
      );
    case "identifier":
      return (
        <Entry
          label="Pattern: counter, email, url, uuid, or letters A, a and digits 9"
          value={schema.pattern}
          onCommit={(pattern) => void correctColumn({ ...schema, pattern })}
        />
      );
    case "constant":
      return (
        <Entry
          label="Value"
          value={schema.value}
          onCommit={(value) => void correctColumn({ ...schema, value })}
        />
      );
    default:
      return null;
  }
};

export const ColumnEditor = ({ view }: { view: ColumnView }) => {
  const { schema } = view;
  const guessed = inspection.value!.guessed.columns.find(({ name }) => name === schema.name)!;
  const isOffered = (kind: Kind): boolean =>
    (kind !== "boolean" && kind !== "text") || [schema.kind, guessed.kind].includes(kind);
  const choices = Object.fromEntries(
    Object.entries(KINDS).filter(([kind]) => isOffered(kind as Kind)),
  ) as Record<Kind, string>;
  return (
    <details class="editor">
      <summary>
        Correct<span class="visually-hidden"> {schema.name}</span>
      </summary>
      <div class="form">
        <SelectControl<Kind>
          label={
            <>
              Kind<span class="visually-hidden"> of {schema.name}</span>
            </>
          }
          value={schema.kind}
          choices={choices}
          disabled={busy.value !== undefined}
          onChange={(kind) => void correctColumn(ofKind(view, kind, guessed))}
        />
        <Details view={view} />
      </div>
    </details>
  );
};
