/** Controls of one field each, all labelled. */
import "./controls.css";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { type Field, type Fields, snap } from "./fields.ts";

export interface ControlProps<T> {
  readonly label: ComponentChildren;
  readonly value: T;
  readonly onChange: (value: T) => void;
}

type FieldProps<T> = ControlProps<T> & { readonly field: Field<T> };

/**
 * A text field that keeps what is typed until it can be read. `parse` throws with what is allowed. What cannot be read goes when
 * the field is left, but not in a form that is sent: there it stays, and the form is not sent before it is seen to.
 */
export const ParsedControl = <T,>({
  label,
  value,
  onChange,
  parse,
  format,
  inputMode = "decimal",
  placeholder,
}: ControlProps<T> & {
  readonly parse: (text: string) => T;
  readonly format: (value: T) => string;
  readonly inputMode?: "decimal" | "numeric" | "text";
  readonly placeholder?: string | undefined;
}) => {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const shown = format(value);
  const [text, setText] = useState(shown);
  const [problem, setProblem] = useState<string>();
  /** What was wrong with what was left there, beside what holds instead. */
  const [left, setLeft] = useState<string>();
  useEffect(() => {
    setText(shown);
    setProblem(undefined);
    setLeft(undefined);
  }, [shown]);
  const onInput = (typed: string): void => {
    setText(typed);
    setLeft(undefined);
    try {
      const parsed = parse(typed);
      setProblem(undefined);
      onChange(parsed);
    } catch (error) {
      setProblem(`Expected: ${error instanceof Error ? error.message : error}.`);
    }
  };
  useEffect(() => input.current?.setCustomValidity(problem ?? ""), [problem]);
  return (
    <div class="control">
      <label for={id}>{label}</label>
      <input
        ref={input}
        id={id}
        type="text"
        inputMode={inputMode}
        autocomplete="off"
        spellcheck={false}
        value={text}
        placeholder={placeholder}
        aria-invalid={problem !== undefined}
        aria-describedby={(problem ?? left) === undefined ? undefined : `${id}-problem`}
        onInput={(event) => onInput(event.currentTarget.value)}
        onBlur={({ currentTarget: { form } }) => {
          if (form?.querySelector("[type=submit]")) return;
          if (problem !== undefined)
            setLeft(`“${text}” is not taken, it stays ${shown || "empty"}. ${problem}`);
          setText(shown);
          setProblem(undefined);
        }}
      />
      {(problem ?? left) !== undefined && (
        <p class="problem" id={`${id}-problem`} role={problem === undefined ? "status" : undefined}>
          {problem ?? left}
        </p>
      )}
    </div>
  );
};

/** Any text, which counts once it is complete: when the field is left, or by Enter. What is wrong with it says who takes it. */
export const TextControl = ({
  label,
  value,
  onChange,
  placeholder,
  disabled = false,
  longest,
}: ControlProps<string> & {
  readonly placeholder?: string | undefined;
  readonly disabled?: boolean;
  /** Letters at most. */
  readonly longest?: number;
}) => {
  const id = useId();
  return (
    <div class="control">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="text"
        autocomplete="off"
        spellcheck={false}
        disabled={disabled}
        value={value}
        placeholder={placeholder}
        maxLength={longest}
        onChange={({ currentTarget }) => onChange(currentTarget.value.trim())}
      />
    </div>
  );
};

/** A menu. What cannot be chosen now stands there with its reason. */
export const SelectControl = <T extends string>({
  label,
  value,
  onChange,
  choices,
  reasons,
  disabled = false,
  note,
}: ControlProps<T> & {
  readonly choices: Readonly<Record<T, string>>;
  readonly reasons?: Readonly<Partial<Record<T, string>>>;
  readonly disabled?: boolean;
  readonly note?: ComponentChildren;
}) => {
  const id = useId();
  return (
    <div class="control">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={value}
        disabled={disabled}
        aria-describedby={note === undefined ? undefined : `${id}-note`}
        onChange={(event) => onChange(event.currentTarget.value as T)}
      >
        {(Object.entries(choices) as [T, string][]).map(([name, title]) => (
          <option key={name} value={name} disabled={reasons?.[name] !== undefined} title={reasons?.[name]}>
            {title}
          </option>
        ))}
      </select>
      {note !== undefined && (
        <small id={`${id}-note`} class="muted">
          {note}
        </small>
      )}
    </div>
  );
};

const CheckControl = ({ label, value, onChange }: ControlProps<boolean>) => (
  <label class="check">
    <input type="checkbox" checked={value} onChange={(event) => onChange(event.currentTarget.checked)} />
    {label}
  </label>
);

/** Words side by side. */
const RadioControl = <T,>({ label, field, value, onChange, titleOf }: FieldProps<T> & TitleProps) => {
  const group = useId();
  const chosen = field.format(value);
  return (
    <fieldset class="radios">
      <legend>{label}</legend>
      <div class="words">
        {Object.entries(field.titles).map(([word, title]) => (
          <label key={word} class={word === chosen ? "chosen" : undefined}>
            <input
              type="radio"
              name={group}
              value={word}
              checked={word === chosen}
              onChange={() => onChange(field.parse(word))}
            />
            <span>{titleOf(title)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
};

/** Milliseconds of a frame while a time is played. */
const FRAME = 60;

/** Plays a value to its end; from the start, if it is there already. */
const PlayButton = ({ field, value, onChange }: Omit<FieldProps<number>, "label">) => {
  const slider = field.slider!;
  const [playing, setPlaying] = useState(false);
  const change = useRef(onChange);
  change.current = onChange;
  useEffect(() => {
    if (!playing) return;
    if (value >= slider.to) {
      setPlaying(false);
      return;
    }
    const timer = setTimeout(() => change.current(snap(slider, value + slider.play!)), FRAME);
    return () => clearTimeout(timer);
  }, [slider, playing, value]);
  return (
    <button
      type="button"
      class="play"
      onClick={() => {
        if (!playing && value >= slider.to) onChange(slider.from);
        setPlaying(!playing);
      }}
    >
      {playing ? "Pause" : "Play"}
    </button>
  );
};

const SliderControl = ({ label, field, value, onChange }: FieldProps<number>) => {
  const id = useId();
  const { from, to, step, play } = field.slider!;
  return (
    <div class={`control slider${play === undefined ? "" : " played"}`}>
      <label for={id}>{label}</label>
      <output for={id}>{field.describe(value)}</output>
      <input
        id={id}
        type="range"
        min={from}
        max={to}
        step={step}
        value={value}
        aria-valuetext={field.describe(value)}
        onInput={(event) => onChange(snap(field.slider!, event.currentTarget.valueAsNumber))}
      />
      {play !== undefined && <PlayButton field={field} value={value} onChange={onChange} />}
    </div>
  );
};

/** Buttons for each entry of a list. */
const ListControl = ({ label, field, value, onChange }: FieldProps<readonly number[]>) => {
  const { from, to, step } = field.slider!;
  const move = (i: number, by: number) => onChange(field.set(value, i, snap(field.slider!, value[i] + by)));
  return (
    <fieldset class="list">
      <legend>{label}</legend>
      <div class="entries">
        {value.map((entry, i) => (
          <div key={i} class="entry">
            <button
              type="button"
              aria-label={`${field.label} ${i + 1}: more`}
              disabled={entry >= to}
              onClick={() => move(i, step)}
            >
              +
            </button>
            <output name={`${field.name}-${i}`}>{entry}</output>
            <button
              type="button"
              aria-label={`${field.label} ${i + 1}: less`}
              disabled={entry <= from}
              onClick={() => move(i, -step)}
            >
              −
            </button>
          </div>
        ))}
      </div>
    </fieldset>
  );
};

/** A text for each entry of a list, which grows and shrinks at its end. */
const EntriesControl = ({ label, field, value, onChange }: FieldProps<readonly number[]>) => {
  const { least, most, label: name, one: what, field: entry } = field.entries!;
  return (
    <fieldset class="widths">
      <legend>{label}</legend>
      {value.map((one, i) => (
        <ParsedControl
          key={i}
          label={
            <span class="visually-hidden">
              {name} {i + 1}
            </span>
          }
          value={one}
          parse={entry.parse}
          format={entry.format}
          inputMode={entry.inputMode}
          onChange={(next) => onChange(field.set(value, i, next))}
        />
      ))}
      <button
        type="button"
        aria-label={`Remove ${what}`}
        disabled={value.length === least}
        onClick={() => onChange(value.slice(0, -1))}
      >
        −
      </button>
      <button
        type="button"
        aria-label={`Add ${what}`}
        disabled={value.length === most}
        onClick={() => onChange([...value, value[value.length - 1] ?? entry.initial])}
      >
        +
      </button>
    </fieldset>
  );
};

interface TitleProps {
  /** How titles of words are shown. */
  readonly titleOf: (title: string) => ComponentChildren;
}

/** The control that a field asks for. */
export const FieldControl = <T,>({
  titleOf = (title) => title,
  placeholder,
  ...props
}: FieldProps<T> & Partial<TitleProps> & { readonly placeholder?: string | undefined }) => {
  const { label, field, value, onChange } = props;
  switch (field.control) {
    case "check":
      return <CheckControl {...(props as unknown as ControlProps<boolean>)} />;
    case "select":
      return (
        <SelectControl
          label={label}
          value={field.format(value)}
          choices={field.titles}
          onChange={(text) => onChange(field.parse(text))}
        />
      );
    case "radio":
      return <RadioControl {...props} titleOf={titleOf} />;
    case "slider":
      return <SliderControl {...(props as unknown as FieldProps<number>)} />;
    case "list":
      return <ListControl {...(props as unknown as FieldProps<readonly number[]>)} />;
    case "entries":
      return <EntriesControl {...(props as unknown as FieldProps<readonly number[]>)} />;
    case "text":
      return (
        <ParsedControl
          label={label}
          value={value}
          parse={field.parse}
          format={field.format}
          inputMode={field.inputMode}
          placeholder={placeholder}
          onChange={onChange}
        />
      );
  }
};

/** A control for each field. */
export const FieldControls = ({
  fields,
  values,
  onChange,
  labelOf = ({ label }) => label,
  titleOf,
}: {
  readonly fields: Fields;
  readonly values: Readonly<Record<string, unknown>>;
  readonly onChange: (values: Readonly<Record<string, unknown>>) => void;
  readonly labelOf?: (field: Field) => ComponentChildren;
} & Partial<TitleProps>) => (
  <>
    {Object.entries(fields).map(([name, field]) => (
      <FieldControl
        key={name}
        label={labelOf(field)}
        field={field}
        {...(titleOf && { titleOf })}
        value={Object.hasOwn(values, name) && values[name] !== undefined ? values[name] : field.initial}
        onChange={(value) => onChange({ ...values, [name]: value })}
      />
    ))}
  </>
);
