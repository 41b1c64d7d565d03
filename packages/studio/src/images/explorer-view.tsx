/** The latent space of a generator: of the run, or of a file. */
import { useSignalEffect } from "@preact/signals";
import { useEffect } from "preact/hooks";
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

const LabelChoice = () => {
  const { labelled = false, classes, classNames } = facts.value ?? {};
  if (!labelled) return null;
  return classes === undefined ? (
    <label class="field">
      Class
      <input
        type="number"
        min="0"
        step="1"
        value={label.value ?? 0}
        onChange={({ currentTarget }) => {
          label.value = Math.max(0, Math.trunc(currentTarget.valueAsNumber) || 0);
        }}
      />
    </label>
  ) : (
    <label class="field">
      Class
      <select
        value={label.value ?? "all"}
        onChange={({ currentTarget }) => {
          label.value = currentTarget.value === "all" ? undefined : Number(currentTarget.value);
        }}
      >
        <option value="all">all in turn</option>
        {Array.from({ length: classes }, (_, i) => (
          <option key={i} value={i}>
            {classNames?.[i] ?? i}
          </option>
        ))}
      </select>
    </label>
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
        <label class="field">
          Seed
          <input
            type="number"
            min="0"
            step="1"
            value={seed.value}
            onChange={({ currentTarget }) => {
              const value = currentTarget.valueAsNumber;
              if (Number.isInteger(value) && value >= 0 && value < 2 ** 32) seed.value = value;
              else currentTarget.value = String(seed.peek());
            }}
          />
        </label>
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
  const isWaiting = byDirection && directions.value === undefined;
  return (
    <div class="panel">
      <h3>Around A</h3>
      <div class="around">
        <ImageCanvas pixels={images.value} first={places.moved} label="A, moved by the sliders" />
        <div class="sliders">
          <div class="heading">
            <label class="field">
              Sliders
              <select
                value={mode.value}
                onChange={({ currentTarget }) => {
                  mode.value = currentTarget.value as keyof typeof REACH;
                  resetOffsets();
                }}
              >
                <option value="components">components of z</option>
                <option value="directions">principal directions at A</option>
              </select>
            </label>
            <label class="field" hidden={byDirection}>
              from
              <input
                type="number"
                min="1"
                max={Math.max(1, size - SLIDERS + 1)}
                step="1"
                value={firstComponent.value + 1}
                onChange={({ currentTarget }) => {
                  const wanted = Math.trunc(currentTarget.valueAsNumber) || 1;
                  firstComponent.value = Math.min(Math.max(1, wanted), Math.max(1, size - SLIDERS + 1)) - 1;
                  resetOffsets();
                }}
              />
            </label>
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
