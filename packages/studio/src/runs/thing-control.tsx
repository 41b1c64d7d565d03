/** Chooses a thing of a kind, or several, and sets their options. */
import type { Thing } from "../api.ts";
import { FieldControls, SelectControl } from "../ui/controls.tsx";
import { type Chosen, fieldsOfThing } from "./start-request.ts";

interface OptionsProps {
  readonly thing: Thing;
  readonly chosen: Chosen;
  readonly onChange: (chosen: Chosen) => void;
  /** Takes it out again, where there may be several. */
  readonly onRemove: (() => void) | undefined;
}

const ThingOptions = ({ thing, chosen, onChange, onRemove }: OptionsProps) => {
  const fields = fieldsOfThing(thing);
  if (Object.keys(fields).length === 0 && onRemove === undefined) return null;
  return (
    <fieldset class="thing">
      <legend title={thing.title}>{thing.name}</legend>
      <FieldControls
        fields={fields}
        values={chosen.options}
        onChange={(options) => onChange({ ...chosen, options })}
      />
      {onRemove !== undefined && (
        <button type="button" aria-label={`Remove ${thing.name}`} onClick={onRemove}>
          Remove
        </button>
      )}
    </fieldset>
  );
};

interface ThingProps {
  readonly label: string;
  readonly many: boolean;
  /** What there is where nothing is chosen; undefined where something must be. */
  readonly usual: string | undefined;
  readonly things: readonly Thing[];
  readonly chosen: readonly Chosen[];
  readonly onChange: (chosen: readonly Chosen[]) => void;
}

export const ThingControl = ({ label, many, usual, things, chosen, onChange }: ThingProps) => {
  const choose = (name: string): void => {
    const added = name === "" ? [] : [{ name, options: {} }];
    onChange(many ? [...chosen, ...added] : added);
  };
  const choices: Readonly<Record<string, string>> = {
    ...(usual !== undefined && { "": many && chosen.length > 0 ? "add" : usual }),
    ...Object.fromEntries(things.map(({ name }) => [name, name])),
  };
  return (
    <div class="things">
      <SelectControl
        label={label}
        value={many ? "" : (chosen[0]?.name ?? "")}
        choices={choices}
        note={many ? undefined : things.find(({ name }) => name === chosen[0]?.name)?.title}
        onChange={choose}
      />
      {chosen.map((each, i) => {
        const thing = things.find(({ name }) => name === each.name);
        return thing === undefined ? null : (
          <ThingOptions
            key={`${i} ${each.name}`}
            thing={thing}
            chosen={each}
            onChange={(changed) => onChange(chosen.map((old, at) => (at === i ? changed : old)))}
            onRemove={many ? () => onChange(chosen.filter((_, at) => at !== i)) : undefined}
          />
        );
      })}
    </div>
  );
};
