/** Controls of one setting each, all labelled. */
import type { ComponentChildren } from "preact";
import { useEffect, useId, useState } from "preact/hooks";
import {
  type Choice,
  choiceNamed,
  type Named,
  named,
  type OptionValue,
  optionOf,
  valuesOf,
} from "./named.ts";
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
  choice,
  option,
  value,
  onChange,
}: {
  readonly choice: Choice;
  readonly option: string;
  readonly value: OptionValue;
  readonly onChange: (value: OptionValue) => void;
}) => {
  const meaning = choice.meanings[option];
  const values = valuesOf(choice, option);
  const label = (
    <>
      {option} {meaning !== undefined && values.length === 0 && <span class="muted">{meaning}</span>}
    </>
  );
  if (typeof value === "boolean") {
    return (
      <label class="check">
        <input type="checkbox" checked={value} onChange={(event) => onChange(event.currentTarget.checked)} />
        {label}
      </label>
    );
  }
  if (typeof value === "string") {
    const choices = Object.fromEntries([...new Set([value, ...values])].map((one) => [one, one]));
    return <SelectControl label={label} value={value} choices={choices} onChange={onChange} />;
  }
  const parse = (text: string): number => {
    const read = text.trim() === "" ? Number.NaN : Number(text);
    choice.check({ [option]: read });
    return read;
  };
  return <ParsedControl label={label} value={value} parse={parse} format={String} onChange={onChange} />;
};

/** Chooses a thing by name, and its options. */
export const NamedControl = ({
  label,
  value,
  onChange,
  choices,
}: ControlProps<Named> & { readonly choices: readonly Choice[] }) => {
  const choice = choiceNamed(choices, value.name);
  const changed = Object.entries(value.options)
    .map(([option, one]) => `${option} ${one}`)
    .join(", ");
  return (
    <div class="named">
      <SelectControl
        label={label}
        value={value.name}
        choices={Object.fromEntries(choices.map(({ name, title }) => [name, title]))}
        onChange={(name) => onChange(named(choices, name))}
      />
      {Object.keys(choice.defaults).length > 0 && (
        <details class="more">
          <summary>Options{changed === "" ? "" : `: ${changed}`}</summary>
          <Options choice={choice} choices={choices} value={value} onChange={onChange} />
        </details>
      )}
    </div>
  );
};

/** All options of a thing. */
export const Options = ({
  choice,
  choices,
  value,
  onChange,
}: {
  readonly choice: Choice;
  readonly choices: readonly Choice[];
  readonly value: Named;
  readonly onChange: (value: Named) => void;
}) => {
  return (
    <div class="options">
      {Object.keys(choice.defaults).map((option) => (
        <OptionControl
          key={`${choice.name} ${option}`}
          choice={choice}
          option={option}
          value={optionOf(choice, value, option)}
          onChange={(next) => onChange(named(choices, value.name, { ...value.options, [option]: next }))}
        />
      ))}
    </div>
  );
};

/** What the catalogue says of a loss or penalty. */
export const About = ({ choice }: { readonly choice: Choice }) => {
  const { definition } = choice;
  if (definition === undefined) return null;
  const { formulas = [], symbols, approximates, failure, papers = [] } = definition;
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
        <div>
          <dt>Symbols</dt>
          <dd>{symbols}</dd>
        </div>
        <div>
          <dt>Approximates</dt>
          <dd>{approximates}</dd>
        </div>
        <div>
          <dt>Fails</dt>
          <dd>{failure}</dd>
        </div>
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
