/** The latent space of a generator: of the run, or of a file. */
import { useSignalEffect } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { integer } from "tsgan/define";
import { FieldControl, SelectControl } from "../ui/controls.tsx";
import { fieldsOf } from "../ui/fields.ts";
import { FileButton } from "../ui/file-button.tsx";
import {
  chosen,
  classOf,
  directions,
  facts,
  firstComponent,
  follow,
  images,
  label,
  mode,
  nextSlot,
  offsets,
  origin,
  pick,
  places,
  position,
  resetOffsets,
  SAMPLES,
  SLIDERS,
  STEPS,
  seed,
  slots,
} from "./explorer.ts";
import { openGenerator } from "./files.ts";
import { ImageCanvas, ImagePicker } from "./image-canvas.tsx";
import { wake } from "./session.ts";
import { busy, file, run } from "./state.ts";

const COLUMNS = 8;

/** Offsets of a latent number, and of a unit direction across all of them. */
const REACH = { components: 3, directions: 6 } as const;

const signed = (value: number): string => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(1)}`;

const Origin = () => (
  <fieldset class="inline">
    <legend class="visually-hidden">Generator</legend>
    <label>
      <input
        type="radio"
        name="origin"
        checked={origin.value === "run"}
        onChange={() => {
          origin.value = "run";
        }}
      />{" "}
      of the run
    </label>
    <label>
      <input
        type="radio"
        name="origin"
        checked={origin.value === "file"}
        disabled={file.value === undefined}
        onChange={() => {
          origin.value = "file";
        }}
      />{" "}
      {file.value?.name ?? "of a file"}
    </label>
    <FileButton
      label="Open generator.onnx"
      accept=".onnx"
      disabled={busy.value !== undefined}
      onChoose={(opened) =>
        void openGenerator(opened).then((isOpen) => {
          if (isOpen) origin.value = "file";
        })
      }
    />
  </fieldset>
);

const seedField = fieldsOf({
  seed: integer({ default: 1, least: 0, most: 2 ** 32 - 1, means: "Seed" }),
}).seed;
const classField = fieldsOf({ label: integer({ default: 0, least: 0, means: "Class" }) }).label;

/** Which of the latent numbers has the first slider, counted from 1. */
const firstField = (size: number) =>
  fieldsOf({ first: integer({ default: 1, least: 1, most: Math.max(1, size - SLIDERS + 1), means: "from" }) })
    .first;

const LabelChoice = () => {
  const { labelled = false, classes, classNames } = facts.value ?? {};
  if (!labelled) return null;
  return classes === undefined ? (
    <FieldControl
      label={classField.label}
      field={classField}
      value={label.value ?? 0}
      onChange={(value) => {
        label.value = value;
      }}
    />
  ) : (
    <SelectControl
      label="Class"
      value={label.value === undefined ? "all" : `class ${label.value}`}
      choices={{
        all: "all in turn",
        ...Object.fromEntries(
          Array.from({ length: classes }, (_, i) => [`class ${i}`, String(classNames?.[i] ?? i)]),
        ),
      }}
      onChange={(name) => {
        label.value = name === "all" ? undefined : Number(name.slice("class ".length));
      }}
    />
  );
};

const Samples = () => {
  const marks = new Map<number, string>();
  for (const slot of slots) {
    const at = chosen.value[slot];
    marks.set(at, `${marks.get(at) ?? ""}${slot}`);
  }
  return (
    <div class="panel">
      <div class="heading">
        <h3>Samples</h3>
        <FieldControl
          label={seedField.label}
          field={seedField}
          value={seed.value}
          onChange={(value) => {
            seed.value = value;
          }}
        />
        <LabelChoice />
      </div>
      <fieldset class="inline">
        <legend>A click, or Enter, makes a sample</legend>
        {slots.map((slot) => (
          <label key={slot}>
            <input
              type="radio"
              name="slot"
              checked={nextSlot.value === slot}
              onChange={() => {
                nextSlot.value = slot;
              }}
            />{" "}
            {slot}
          </label>
        ))}
      </fieldset>
      <ImagePicker
        pixels={images.value}
        count={SAMPLES}
        columns={COLUMNS}
        label={`${SAMPLES} samples of seed ${seed.value}`}
        marks={marks}
        nameOf={classOf}
        onPick={pick}
      />
    </div>
  );
};

const Sliders = () => {
  const { size } = facts.value!.latent;
  const byDirection = mode.value === "directions";
  const reach = REACH[mode.value];
  const first = firstField(size);
  const isWaiting = byDirection && directions.value === undefined;
  return (
    <div class="panel">
      <h3>Around A</h3>
      <div class="around">
        <ImageCanvas pixels={images.value} first={places.moved} label="A, moved by the sliders" />
        <div class="sliders">
          <div class="heading">
            <SelectControl
              label="Sliders"
              value={mode.value}
              choices={{ components: "components of z", directions: "principal directions at A" }}
              onChange={(name) => {
                mode.value = name;
                resetOffsets();
              }}
            />
            {!byDirection && (
              <FieldControl
                label={first.label}
                field={first}
                value={firstComponent.value + 1}
                onChange={(value) => {
                  firstComponent.value = value - 1;
                  resetOffsets();
                }}
              />
            )}
            <button type="button" onClick={resetOffsets}>
              Reset
            </button>
          </div>
          {offsets.value.map((offset, k) => {
            const name = byDirection ? `Direction ${k + 1}` : `z ${firstComponent.value + k + 1}`;
            const exists = byDirection || firstComponent.value + k < size;
            return (
              <label key={k} class="slider">
                <span>{name}</span>
                <input
                  type="range"
                  min={-reach}
                  max={reach}
                  step="0.1"
                  value={offset}
                  disabled={isWaiting || !exists}
                  onInput={({ currentTarget }) => {
                    offsets.value = offsets
                      .peek()
                      .map((old, i) => (i === k ? currentTarget.valueAsNumber : old));
                  }}
                />
                <output>{signed(offset)}</output>
              </label>
            );
          })}
        </div>
      </div>
      <p class="muted note">
        {byDirection
          ? "Unit eigenvectors of JᵀJ, J the generator's Jacobian at A: the steps that change the image most."
          : "Added to single numbers of A's latent vector."}
      </p>
    </div>
  );
};

const Interpolation = () => (
  <div class="panel">
    <h3>From A to B</h3>
    <ImageCanvas
      pixels={images.value}
      first={places.strip}
      count={STEPS}
      columns={STEPS}
      label={`${STEPS} images from A to B`}
    />
    <div class="between">
      <label class="slider">
        <span>t</span>
        <input
          type="range"
          min="0"
          max="1"
          step="0.01"
          value={position.value}
          onInput={({ currentTarget }) => {
            position.value = currentTarget.valueAsNumber;
          }}
        />
        <output>{position.value.toFixed(2)}</output>
      </label>
      <ImageCanvas
        pixels={images.value}
        first={places.between}
        label={`Between A and B, at ${position.value.toFixed(2)}`}
      />
    </div>
    <p class="muted note">
      {facts.value?.latent.distribution === "normal"
        ? "Spherical: normal latent vectors lie near a sphere, which the straight line would leave."
        : "On the straight line."}
    </p>
  </div>
);

const Arithmetic = () => (
  <div class="panel">
    <h3>A − B + C</h3>
    <div class="sum">
      {slots.map((slot, i) => (
        <>
          {i > 0 && (
            <span class="sign" aria-hidden="true">
              {["−", "+"][i - 1]}
            </span>
          )}
          <figure>
            <ImageCanvas pixels={images.value} first={chosen.value[slot]} label={slot} />
            <figcaption>{slot}</figcaption>
          </figure>
        </>
      ))}
      <span class="sign" aria-hidden="true">
        =
      </span>
      <figure>
        <ImageCanvas pixels={images.value} first={places.sum} label="A − B + C" />
        <figcaption>result</figcaption>
      </figure>
    </div>
    <p class="muted note">
      In the latent space, brought back to{" "}
      {facts.value?.latent.distribution === "normal" ? "the length of A" : "its range"}.
    </p>
  </div>
);

export const ExplorerView = () => {
  useEffect(follow, []);
  // A file that is closed with its worker leaves the run.
  useSignalEffect(() => {
    if (file.value === undefined) origin.value = "run";
  });
  const isOpen = facts.value !== undefined;
  return (
    <section class="explorer" aria-labelledby="explorer-title">
      <div class="heading">
        <h2 id="explorer-title">Latent space</h2>
        <Origin />
      </div>
      {!isOpen && (
        <p class="panel muted">
          Train a run, or open the generator.onnx of one: its samples appear here, to walk between them.{" "}
          {run.value !== undefined && (
            <button type="button" disabled={busy.value !== undefined} onClick={() => void wake()}>
              Explore the kept run
            </button>
          )}
        </p>
      )}
      {isOpen && (
        <div class="exhibits">
          <Samples />
          <Sliders />
          <Interpolation />
          <Arithmetic />
        </div>
      )}
    </section>
  );
};
