/** A lesson's controls: native inputs, one for each field. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { ChoiceField, Field, Fields, ListField, NumberField, State } from "./lesson.ts";
import { formatField, snap } from "./lesson.ts";
import { Text } from "./text.tsx";

interface Props<F extends Field, V> {
  readonly name: string;
  readonly field: F;
  readonly value: V;
  readonly onChange: (value: V) => void;
}

/** Milliseconds of a frame while a time is played. */
const FRAME = 60;

/** Plays a value to its end; from the start, if it is there already. */
const PlayButton = ({ field, value, onChange }: Omit<Props<NumberField, number>, "name">) => {
  const [playing, setPlaying] = useState(false);
  const change = useRef(onChange);
  change.current = onChange;
  useEffect(() => {
    if (!playing) return;
    if (value >= field.max) {
      setPlaying(false);
      return;
    }
    const timer = setTimeout(() => change.current(snap(field, value + field.play!)), FRAME);
    return () => clearTimeout(timer);
  }, [field, playing, value]);
  return (
    <button
      type="button"
      class="play"
      onClick={() => {
        if (!playing && value >= field.max) onChange(field.min);
        setPlaying(!playing);
      }}
    >
      {playing ? "Pause" : "Play"}
    </button>
  );
};

const NumberControl = ({ name, field, value, onChange }: Props<NumberField, number>) => (
  <div class={field.play === undefined ? "control" : "control played"}>
    <label for={`control-${name}`}>
      <Text>{field.label}</Text>
    </label>
    <output for={`control-${name}`}>{formatField(field, value)}</output>
    <input
      id={`control-${name}`}
      type="range"
      min={field.min}
      max={field.max}
      step={field.step}
      value={value}
      aria-valuetext={formatField(field, value)}
      onInput={(event) => onChange(snap(field, event.currentTarget.valueAsNumber))}
    />
    {field.play !== undefined && <PlayButton field={field} value={value} onChange={onChange} />}
  </div>
);

const ChoiceControl = ({ name, field, value, onChange }: Props<ChoiceField, string>) => (
  <fieldset class="choice">
    <legend>{field.label}</legend>
    <div class="choices">
      {Object.entries(field.choices).map(([key, label]) => (
        <label key={key} class={key === value ? "chosen" : undefined}>
          <input
            type="radio"
            name={name}
            value={key}
            checked={key === value}
            onChange={() => onChange(key)}
          />
          <span>
            <Text>{label}</Text>
          </span>
        </label>
      ))}
    </div>
  </fieldset>
);

const ListControl = ({ name, field, value, onChange }: Props<ListField, readonly number[]>) => {
  const set = (i: number, to: number) => {
    const snapped = snap(field, to);
    onChange(field.set?.(value, i, snapped) ?? value.map((old, j) => (j === i ? snapped : old)));
  };
  return (
    <fieldset class="list">
      <legend>{field.label}</legend>
      <div class="entries">
        {value.map((entry, i) => (
          <div key={i} class="entry">
            <button
              type="button"
              aria-label={`${field.label} ${i + 1}: more`}
              disabled={entry >= field.max}
              onClick={() => set(i, entry + field.step)}
            >
              +
            </button>
            <output name={`${name}-${i}`}>{entry}</output>
            <button
              type="button"
              aria-label={`${field.label} ${i + 1}: less`}
              disabled={entry <= field.min}
              onClick={() => set(i, entry - field.step)}
            >
              −
            </button>
          </div>
        ))}
      </div>
    </fieldset>
  );
};

interface ControlsProps {
  readonly fields: Fields;
  readonly state: State;
  readonly onChange: (state: State) => void;
}

const Control = ({ name, field, value, onChange }: Props<Field, State[string]>) => {
  switch (field.kind) {
    case "number":
      return <NumberControl name={name} field={field} value={value as number} onChange={onChange} />;
    case "choice":
      return <ChoiceControl name={name} field={field} value={value as string} onChange={onChange} />;
    case "list":
      return <ListControl name={name} field={field} value={value as readonly number[]} onChange={onChange} />;
  }
};

export const Controls = ({ fields, state, onChange }: ControlsProps) => (
  <form class="controls" aria-label="Controls" onSubmit={(event) => event.preventDefault()}>
    {Object.entries(fields).map(([name, field]) => (
      <Control
        key={name}
        name={name}
        field={field}
        value={state[name]}
        onChange={(value) => onChange({ ...state, [name]: value })}
      />
    ))}
  </form>
);
