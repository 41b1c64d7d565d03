/** Controls of one setting each, all labelled. */
import type { ComponentChildren } from "preact";
import { useEffect, useId, useState } from "preact/hooks";
import type { OptionField } from "../ui/option-field.ts";
import { type Choice, type Choices, describeOptions, type Named, named, optionOf } from "./named.ts";
import { type Field, MOST_LAYERS, WIDEST } from "./settings.ts";

interface ControlProps<T> {
  readonly label: ComponentChildren;
  readonly value: T;
  readonly onChange: (value: T) => void;
}

/** A text field that keeps what is typed until it can be read. `parse` throws with what is allowed. */
export const ParsedControl = <T,>({
  label,
  value,
  onChange,
  parse,
  format,
  inputMode = "decimal",
}: ControlProps<T> & {
  readonly parse: (text: string) => T;
  readonly format: (value: T) => string;
  readonly inputMode?: "decimal" | "numeric" | "text";
}) => {
  const id = useId();
  const shown = format(value);
  const [text, setText] = useState(shown);
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    setText(shown);
    setProblem(undefined);
  }, [shown]);
  const onInput = (typed: string): void => {
    setText(typed);
    try {
      const parsed = parse(typed);
      setProblem(undefined);
      onChange(parsed);
    } catch (error) {
      setProblem(`Expected: ${error instanceof Error ? error.message : error}.`);
    }
  };
  return (
    <div class="control">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="text"
        inputMode={inputMode}
        autocomplete="off"
        spellcheck={false}
        value={text}
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : `${id}-problem`}
        onInput={(event) => onInput(event.currentTarget.value)}
        onBlur={() => {
          setText(shown);
          setProblem(undefined);
        }}
      />
      {problem !== undefined && (
        <p class="problem" id={`${id}-problem`}>
          {problem}
        </p>
      )}
    </div>
  );
};

export const FieldControl = <T,>({ field, ...rest }: ControlProps<T> & { readonly field: Field<T> }) => (
  <ParsedControl {...rest} parse={field.parse} format={field.format} />
);

export const SelectControl = <T extends string>({
  label,
  value,
  onChange,
  choices,
}: ControlProps<T> & { readonly choices: Readonly<Record<T, string>> }) => {
  const id = useId();
  return (
    <div class="control">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.currentTarget.value as T)}>
        {(Object.entries(choices) as [T, string][]).map(([name, title]) => (
          <option key={name} value={name}>
            {title}
          </option>
        ))}
      </select>
    </div>
  );
};

/** A width for each hidden layer. */
export const WidthsControl = ({ label, value, onChange }: ControlProps<readonly number[]>) => {
  const width = (text: string): number => {
    const read = Number(text);
    if (!Number.isInteger(read) || read < 1 || read > WIDEST) {
      throw new Error(`a whole number from 1 to ${WIDEST}`);
    }
    return read;
  };
  return (
    <fieldset class="widths">
      <legend>{label}</legend>
      {value.map((one, i) => (
        <ParsedControl
          key={i}
          label={<span class="visually-hidden">Width of layer {i + 1}</span>}
          value={one}
          parse={width}
          format={String}
          inputMode="numeric"
          onChange={(next) => onChange(value.map((other, j) => (j === i ? next : other)))}
        />
      ))}
      <button
        type="button"
        aria-label="Remove a layer"
        disabled={value.length === 1}
        onClick={() => onChange(value.slice(0, -1))}
      >
        −
      </button>
      <button
        type="button"
        aria-label="Add a layer"
        disabled={value.length === MOST_LAYERS}
        onClick={() => onChange([...value, value[value.length - 1]])}
      >
        +
      </button>
    </fieldset>
  );
};

const OptionControl = ({
  field,
  value,
  onChange,
}: {
  readonly field: OptionField;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}) => {
  const { name, meaning, takes, control, choices, inputMode, parse, format } = field;
  const label = (
    <>
      {name}{" "}
      <span class="muted" title={takes}>
        {meaning}
      </span>
    </>
  );
  if (control === "check") {
    return (
      <label class="check">
        <input
          type="checkbox"
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
        {label}
      </label>
    );
  }
  if (control === "select") {
    return (
      <SelectControl
        label={label}
        value={format(value)}
        choices={choices}
        onChange={(text) => onChange(parse(text))}
      />
    );
  }
  return (
    <ParsedControl
      label={label}
      value={value}
      parse={parse}
      format={format}
      inputMode={inputMode}
      onChange={onChange}
    />
  );
};

/** Chooses a thing by name, and its options. */
export const NamedControl = ({
  label,
  value,
  onChange,
  choices,
}: ControlProps<Named> & { readonly choices: Choices }) => {
  const changed = describeOptions(choices, value);
  return (
    <div class="named">
      <SelectControl
        label={label}
        value={value.name}
        choices={Object.fromEntries(choices.all.map(({ name, title }) => [name, title]))}
        onChange={(name) => onChange(named(choices, name))}
      />
      {choices.get(value.name).fields.length > 0 && (
        <details class="more">
          <summary>Options{changed === "" ? "" : `: ${changed}`}</summary>
          <Options choices={choices} value={value} onChange={onChange} />
        </details>
      )}
    </div>
  );
};

/** All options of a thing. */
export const Options = ({
  choices,
  value,
  onChange,
}: {
  readonly choices: Choices;
  readonly value: Named;
  readonly onChange: (value: Named) => void;
}) => (
  <div class="options">
    {choices.get(value.name).fields.map((field) => (
      <OptionControl
        key={`${value.name} ${field.name}`}
        field={field}
        value={optionOf(field, value)}
        onChange={(next) => onChange(named(choices, value.name, { ...value.options, [field.name]: next }))}
      />
    ))}
  </div>
);

/** What the catalogue says of a loss or penalty. */
export const About = ({ choice }: { readonly choice: Choice }) => {
  const { formulas = [], symbols, approximates, failure, papers = [] } = choice.definition;
  const facts = Object.entries({ Symbols: symbols, Approximates: approximates, Fails: failure }).filter(
    ([, text]) => text !== undefined,
  );
  if (formulas.length + facts.length + papers.length === 0) return null;
  return (
    <details class="about">
      <summary>About {choice.title}</summary>
      <dl>
        {formulas.map(({ of, text }) => (
          <div key={of}>
            <dt>{of}</dt>
            <dd class="formula">{text}</dd>
          </div>
        ))}
        {facts.map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
        {papers.map(({ authors, year, title, arxiv, where }) => (
          <div key={title}>
            <dt>Paper</dt>
            <dd>
              {authors} {year}, <cite>{title}</cite>
              {where === undefined ? "" : `, ${where}`}
              {arxiv !== undefined && (
                <>
                  , <a href={`https://arxiv.org/abs/${arxiv}`}>arXiv:{arxiv}</a>
                </>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
};
