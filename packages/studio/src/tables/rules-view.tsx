/** What synthetic rows must keep: ranges of columns, one column below another, sums. Seen, guessed, added, changed and removed. */
import { useRef, useState } from "preact/hooks";
import type { ColumnSchema } from "tsgan/tables";
import { messageOf } from "../engine/message-of.ts";
import { SelectControl, TextControl } from "../ui/controls.tsx";
import type { RuleView } from "./inspect.ts";
import { boundOf, isBounded, type Rule } from "./rules.ts";
import { dropRule, keepRule } from "./session.ts";
import { inspection, problem } from "./state.ts";

const KINDS = {
  range: "A range",
  positive: "Not negative",
  below: "At most another column",
  sum: "The sum of other columns",
} as const;
type Kind = keyof typeof KINDS;

/** What a form says, of any kind. */
interface Draft {
  readonly kind: Kind;
  readonly column: string;
  readonly other: string;
  readonly low: string;
  readonly high: string;
  readonly parts: readonly string[];
}

const shown = (bound: number | string | undefined): string => (bound === undefined ? "" : String(bound));

const draftOf = (rule: Rule | undefined, column: string): Draft => {
  const empty: Draft = { kind: "range", column, other: "", low: "", high: "", parts: [] };
  if (rule === undefined) return empty;
  if ("range" in rule) {
    const { low, high } = rule.range;
    const kind = low === 0 && high === undefined ? "positive" : "range";
    return { ...empty, kind, column: rule.range.column, low: shown(low), high: shown(high) };
  }
  const { below, sum: [total = "", ...parts] = [] } = rule.constraint;
  return below === undefined
    ? { ...empty, kind: "sum", column: total, parts }
    : { ...empty, kind: "below", column: below[0], other: below[1] };
};

/** @throws Error for what is not said yet, or is no bound */
const ruleOf = (draft: Draft, columns: readonly ColumnSchema[]): Rule => {
  const { kind, column, other, parts } = draft;
  const own = columns.filter(isBounded).find(({ name }) => name === column)!;
  switch (kind) {
    case "positive":
      return { range: { column, low: 0 } };
    case "range": {
      const [low, high] = [boundOf(draft.low, own), boundOf(draft.high, own)];
      if (low === undefined && high === undefined) {
        throw new Error(`column ${column}: expected a least or a greatest value; got neither`);
      }
      return { range: { column, low, high } };
    }
    case "below":
      return { constraint: { below: [column, other] } };
    case "sum":
      if (parts.length < 2) {
        throw new Error(`${column}: expected two columns or more that it is the sum of; got ${parts.length}`);
      }
      return { constraint: { sum: [column, ...parts] } };
  }
};

const choicesOf = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, name]));

/** The fields of a rule, and what takes it. */
const RuleForm = ({
  rule,
  save,
  onCancel,
}: {
  rule?: Rule;
  save: (rule: Rule) => Promise<boolean>;
  onCancel?: () => void;
}) => {
  const { columns } = inspection.value!.schema;
  const bounded = columns.filter(isBounded);
  const numbers = bounded.filter(({ kind }) => kind === "number").map(({ name }) => name);
  const [draft, setDraft] = useState(() => draftOf(rule, bounded[0].name));
  const change = (part: Partial<Draft>): void => setDraft({ ...draft, ...part });
  const { kind } = draft;

  const isOfNumbers = kind === "positive" || kind === "sum";
  const names = isOfNumbers ? numbers : bounded.map(({ name }) => name);
  const column = names.includes(draft.column) ? draft.column : names[0];
  const own = bounded.find(({ name }) => name === column)!;
  const alike = bounded.filter((each) => each.kind === own.kind && each !== own).map(({ name }) => name);
  const other = alike.includes(draft.other) ? draft.other : alike[0];
  const parts = draft.parts.filter((name) => numbers.includes(name) && name !== column);

  const isPaired = bounded.some((a) => bounded.some((b) => a !== b && a.kind === b.kind));
  const offered = Object.fromEntries(
    Object.entries(KINDS).filter(
      ([each]) =>
        each === "range" ||
        (each === "positive" && numbers.length > 0) ||
        (each === "below" && isPaired) ||
        (each === "sum" && numbers.length > 2),
    ),
  ) as Record<Kind, string>;
  return (
    <form
      class="form rule-form"
      onSubmit={(event) => {
        event.preventDefault();
        try {
          const made = ruleOf({ ...draft, column, other, parts }, columns);
          void save(made).then((isSaved) => {
            if (isSaved) setDraft(draftOf(undefined, column));
          });
        } catch (error) {
          problem.value = messageOf(error);
        }
      }}
    >
      <div class="fields">
        <SelectControl
          label="Column"
          value={column}
          choices={choicesOf(names)}
          onChange={(name) => change({ column: name })}
        />
        <SelectControl<Kind>
          label="Is"
          value={kind}
          choices={offered}
          onChange={(next) => change({ kind: next })}
        />
        {kind === "range" && (
          <>
            <TextControl label="Least" value={draft.low} onChange={(low) => change({ low })} />
            <TextControl label="Greatest" value={draft.high} onChange={(high) => change({ high })} />
          </>
        )}
        {kind === "below" && (
          <SelectControl
            label="Which column"
            value={other}
            choices={choicesOf(alike)}
            onChange={(name) => change({ other: name })}
          />
        )}
      </div>
      {kind === "sum" && (
        <fieldset class="parts">
          <legend>Sum of</legend>
          {numbers
            .filter((name) => name !== column)
            .map((name) => (
              <label key={name} class="check">
                <input
                  type="checkbox"
                  checked={parts.includes(name)}
                  onChange={({ currentTarget: { checked } }) =>
                    change({ parts: checked ? [...parts, name] : parts.filter((part) => part !== name) })
                  }
                />
                {name}
              </label>
            ))}
        </fieldset>
      )}
      <div class="buttons">
        <button type="submit">{rule === undefined ? "Add constraint" : "Save"}</button>
        {onCancel !== undefined && (
          <button type="button" onClick={onCancel}>
            Cancel
          </button>
        )}
      </div>
    </form>
  );
};

const keyOf = ({ rule }: RuleView): string => JSON.stringify(rule);

const beyondOf = (count: number): string =>
  count === 1
    ? " 1 row of the table lies beyond; no synthetic one will."
    : ` ${count.toLocaleString("en")} rows of the table lie beyond; no synthetic one will.`;

/** Words of the button for those who do not see what it stands beside. */
const About = ({ says }: { says: string }) => <span class="visually-hidden"> {says}</span>;

export const RulesView = () => {
  const { rules, held, schema } = inspection.value!;
  const [edited, setEdited] = useState<string>();
  const title = useRef<HTMLHeadingElement>(null);
  if (!schema.columns.some(isBounded)) return null;
  /** Where the button that was pressed is gone, the keyboard goes on from here. */
  const stay = async (changed: Promise<boolean>): Promise<boolean> => {
    const isSo = await changed;
    if (isSo) setEdited(undefined);
    requestAnimationFrame(() => {
      if (document.activeElement === document.body) title.current?.focus();
    });
    return isSo;
  };
  return (
    <section class="rules" aria-labelledby="rules-title">
      <h3 id="rules-title" tabIndex={-1} ref={title}>
        Constraints
      </h3>
      <div class="panel">
        <p class="muted small">
          {rules.length === 0
            ? "None yet. Numbers and dates stay between the least and the greatest of the table in any case."
            : "All synthetic rows keep these, in the download, in the run and in tsgan sample."}
        </p>
        <ul>
          {rules.map((view) => (
            <li key={keyOf(view)}>
              <p class="rule-says">
                {view.says}.{view.beyond > 0 && <span class="muted">{beyondOf(view.beyond)}</span>}
              </p>
              <div class="buttons">
                <button
                  type="button"
                  aria-expanded={edited === keyOf(view)}
                  onClick={() => setEdited(edited === keyOf(view) ? undefined : keyOf(view))}
                >
                  Change
                  <About says={view.says} />
                </button>
                <button type="button" onClick={() => void stay(dropRule(view.rule))}>
                  Remove
                  <About says={view.says} />
                </button>
              </div>
              {edited === keyOf(view) && (
                <RuleForm
                  rule={view.rule}
                  save={(rule) => stay(keepRule(rule, view.rule))}
                  onCancel={() => setEdited(undefined)}
                />
              )}
            </li>
          ))}
        </ul>
        {held.length > 0 && (
          <>
            <h4 class="held-title">All rows of the table keep these, too</h4>
            <ul class="held">
              {held.map((view) => (
                <li key={keyOf(view)}>
                  <p class="rule-says">{view.says}.</p>
                  <button type="button" onClick={() => void stay(keepRule(view.rule))}>
                    Keep it so
                    <About says={view.says} />
                  </button>
                </li>
              ))}
            </ul>
          </>
        )}
        <details>
          <summary>Add a constraint</summary>
          <RuleForm save={(rule) => stay(keepRule(rule))} />
        </details>
      </div>
    </section>
  );
};
