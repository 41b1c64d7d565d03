/** What the next run trains. */
import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import { type DeviceChoice, deviceChoices, deviceLabels, unavailable } from "../engine/index.ts";
import { filesOf, MOST_IMAGES } from "./own-images.ts";
import {
  addOwnImages,
  busy,
  change,
  chooseDeviceAs,
  deleteOwnImages,
  deviceChoice,
  environment,
  hasSprites,
  isChanged,
  ownImages,
  ownNotice,
  run,
  settings,
} from "./session.ts";
import {
  batches,
  latents,
  losses,
  type Settings,
  type Source,
  sizesOf,
  sources,
  usualSettings,
  widths,
} from "./settings.ts";

const Field = ({
  label,
  note,
  children,
}: {
  label: string;
  note?: ComponentChildren;
  children: (id: string, noteId: string | undefined) => ComponentChildren;
}) => {
  const id = useId();
  const noteId = note === undefined ? undefined : `${id}-note`;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children(id, noteId)}
      {note !== undefined && (
        <small id={noteId} class="muted">
          {note}
        </small>
      )}
    </div>
  );
};

type NumberKey = Exclude<keyof Settings, "data" | "loss">;

const Choice = ({
  label,
  name,
  values,
  note,
  unit = "",
}: {
  label: string;
  name: NumberKey;
  values: readonly number[];
  note?: string;
  unit?: string;
}) => (
  <Field label={label} note={note}>
    {(id, noteId) => (
      <select
        id={id}
        aria-describedby={noteId}
        value={settings.value[name]}
        onChange={({ currentTarget }) => change({ [name]: Number(currentTarget.value) })}
      >
        {values.map((value) => (
          <option key={value} value={value}>
            {value}
            {unit}
          </option>
        ))}
      </select>
    )}
  </Field>
);

const Rate = ({ label, name }: { label: string; name: "generatorRate" | "discriminatorRate" }) => (
  <Field label={label}>
    {(id) => (
      <input
        id={id}
        type="number"
        min="0"
        max="1"
        step="any"
        required
        value={settings.value[name]}
        onChange={({ currentTarget }) => {
          const value = currentTarget.valueAsNumber;
          if (value > 0 && value <= 1) change({ [name]: value });
          else currentTarget.value = String(settings.peek()[name]);
        }}
      />
    )}
  </Field>
);

/** Why a data set cannot be chosen. */
const missing = (source: Source): string | undefined => {
  if (source === "pokemon" && hasSprites.value === false) return "only with tsgan studio";
  return undefined;
};

const DataChoice = () => (
  <Field
    label="Data"
    note={
      hasSprites.value === false
        ? [
            "Pokémon sprites may not be redistributed: they are there when ",
            <code key="command">tsgan studio</code>,
            " serves this page.",
          ]
        : undefined
    }
  >
    {(id, noteId) => (
      <select
        id={id}
        aria-describedby={noteId}
        value={settings.value.data}
        onChange={({ currentTarget }) => {
          const { width, latent, batch, seed, loss } = settings.peek();
          change({ ...usualSettings(currentTarget.value as Source, loss), width, latent, batch, seed });
        }}
      >
        {(Object.keys(sources) as Source[]).map((source) => {
          const reason = missing(source);
          return (
            <option key={source} value={source} disabled={reason !== undefined}>
              {sources[source]}
              {reason === undefined ? "" : ` (${reason})`}
            </option>
          );
        })}
      </select>
    )}
  </Field>
);

const OwnImages = () => {
  const [isOver, setIsOver] = useState(false);
  const id = useId();
  const own = ownImages.value;
  return (
    <fieldset
      class={`drop${isOver ? " over" : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setIsOver(false);
        if (event.dataTransfer !== null) void filesOf(event.dataTransfer).then(addOwnImages);
      }}
    >
      <legend>Your own images</legend>
      <label for={id}>Drop images or folders here, or choose files</label>
      <input
        id={id}
        type="file"
        accept="image/*"
        multiple
        onChange={({ currentTarget }) => {
          const { files } = currentTarget;
          if (files !== null && files.length > 0) void addOwnImages([...files]);
        }}
      />
      <small class="muted">
        {ownNotice.value ??
          (own === undefined
            ? `At most ${MOST_IMAGES.toLocaleString("en")}, cut to squares. They stay in this page.`
            : `${own.count.toLocaleString("en")} images are kept in this browser.`)}
      </small>
      {own !== undefined && (
        <button type="button" disabled={busy.value !== undefined} onClick={() => void deleteOwnImages()}>
          Delete these images
        </button>
      )}
    </fieldset>
  );
};

const DeviceSelect = () => (
  <Field label="Device">
    {(id) => (
      <select
        id={id}
        value={deviceChoice.value}
        disabled={busy.value !== undefined}
        onChange={({ currentTarget }) => void chooseDeviceAs(currentTarget.value as DeviceChoice)}
      >
        {deviceChoices.map((choice) => {
          const reason = environment.value && unavailable(choice, environment.value);
          return (
            <option key={choice} value={choice} disabled={reason !== undefined} title={reason}>
              {deviceLabels[choice]}
            </option>
          );
        })}
      </select>
    )}
  </Field>
);

export const SettingsForm = () => {
  const { data, loss } = settings.value;
  return (
    <form class="panel settings" aria-label="Settings" onSubmit={(event) => event.preventDefault()}>
      <h2>Settings</h2>
      <DataChoice />
      {data === "own" && <OwnImages />}
      <div class="pair">
        <Choice label="Image size" name="size" values={sizesOf(data)} unit=" px" />
        <Choice label="Width" name="width" values={widths} unit=" filters" />
        <Choice label="Latent size" name="latent" values={latents} />
        <Choice label="Batch" name="batch" values={batches} />
      </div>
      <Field label="Loss">
        {(id) => (
          <select
            id={id}
            value={loss}
            onChange={({ currentTarget }) => {
              const { generatorRate, discriminatorRate } = usualSettings(data, currentTarget.value);
              change({ loss: currentTarget.value, generatorRate, discriminatorRate });
            }}
          >
            {losses.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <div class="pair">
        <Rate label="Learning rate G" name="generatorRate" />
        <Rate label="Learning rate D" name="discriminatorRate" />
        <Field label="Seed">
          {(id) => (
            <input
              id={id}
              type="number"
              min="0"
              step="1"
              required
              value={settings.value.seed}
              onChange={({ currentTarget }) => {
                const value = currentTarget.valueAsNumber;
                if (Number.isInteger(value) && value >= 0 && value < 2 ** 32) change({ seed: value });
                else currentTarget.value = String(settings.peek().seed);
              }}
            />
          )}
        </Field>
        <DeviceSelect />
      </div>
      {isChanged.value && (
        <p class="notice">
          These are for a new run, which drops the one at step {run.value?.step.toLocaleString("en")}: save a
          checkpoint to keep that.
        </p>
      )}
    </form>
  );
};
