/** A lesson's controls: one for each field. */

import { FieldControl } from "../ui/controls.tsx";
import type { Fields } from "../ui/fields.ts";
import type { State } from "./lesson.ts";
import { Text } from "./text.tsx";

interface ControlsProps {
  readonly fields: Fields;
  readonly state: State;
  readonly onChange: (state: State) => void;
}

export const Controls = ({ fields, state, onChange }: ControlsProps) => (
  <form class="controls" aria-label="Controls" onSubmit={(event) => event.preventDefault()}>
    {Object.entries(fields).map(([name, field]) => (
      <FieldControl
        key={name}
        label={<Text>{field.label}</Text>}
        titleOf={(title) => <Text>{title}</Text>}
        field={field}
        value={state[name]}
        onChange={(value) => onChange({ ...state, [name]: value })}
      />
    ))}
  </form>
);
