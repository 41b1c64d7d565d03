/** The run: its controls, the grid of samples with its past, the losses. */
import { deviceLabels, unavailable } from "../engine/index.ts";
import { FileButton } from "../ui/file-button.tsx";
import { LineChart } from "../ui/line-chart.tsx";
import { Menu } from "../ui/menu.tsx";
import { number } from "../ui/words.ts";
import { loadCheckpointFile, saveCheckpointFile, saveGenerator, saveGrid, saveSamples } from "./files.ts";
import type { Frame } from "./history.ts";
import { ImageCanvas } from "./image-canvas.tsx";
import { countOf } from "./pixels.ts";
import { device, environment, pause, runtimeProgress } from "./run-worker.ts";
import { deleteRun, goOn, startAnew, step, train } from "./session.ts";
import { GRID_COLUMNS, MOST_COLUMNS, REAL, sources } from "./settings.ts";
import {
  busy,
  curves,
  frame,
  frames,
  isChanged,
  isTraining,
  isWorth,
  progress,
  rate,
  run,
  viewedStep,
} from "./state.ts";

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** What is going on, in a line of its own that is always there. */
const Progress = () => {
  const now = progress.value ?? runtimeProgress.value;
  if (now === undefined)
    return <p class="progress muted">{busy.value === undefined ? "" : `${busy.value} …`}</p>;
  const { what, loaded, total } = now;
  const isCount = what === "files";
  const amount = (value: number): string => (isCount ? String(value) : megabytes(value));
  return (
    <p class="progress">
      <progress aria-label={`Loading ${what}`} value={loaded} max={total ?? undefined} /> {what}:{" "}
      {amount(loaded)}
      {total === undefined ? "" : ` of ${amount(total)}`}
    </p>
  );
};

const FilesMenu = () => {
  const isDisabled = busy.value !== undefined || run.value === undefined;
  return (
    <Menu label="Files">
      {(closing) => {
        const item = (label: string, act: () => Promise<unknown>) => (
          <button type="button" disabled={isDisabled} onClick={closing(() => void act())}>
            {label}
          </button>
        );
        return (
          <>
            {item("Save generator.onnx", saveGenerator)}
            {item("Save checkpoint", saveCheckpointFile)}
            <FileButton
              label="Load checkpoint"
              accept=".safetensors"
              disabled={busy.value !== undefined}
              onChoose={(chosen) => closing(() => void loadCheckpointFile(chosen))()}
            />
            {item("Save picture", saveGrid)}
            {item("Save samples and their z", saveSamples)}
            {item("Delete the run", deleteRun)}
          </>
        );
      }}
    </Menu>
  );
};

/** What Train does now: a click must not be a surprise. */
const trainLabel = (): string => {
  if (!isWorth.value) return "Train";
  return isChanged.value ? "Train a new run" : `Continue from step ${number(run.value!.step)}`;
};

const Controls = () => {
  const isBusy = busy.value !== undefined;
  const hasRun = run.value !== undefined;
  return (
    <div class="controls">
      {isTraining.value ? (
        <button type="button" class="primary wide" onClick={() => void pause()}>
          Pause
        </button>
      ) : (
        <button type="button" class="primary wide train" disabled={isBusy} onClick={() => void train()}>
          {trainLabel()}
        </button>
      )}
      {isWorth.value && isChanged.value && !isTraining.value && (
        <button type="button" disabled={isBusy} onClick={() => void goOn()}>
          Continue the old one
        </button>
      )}
      <button type="button" disabled={isBusy || isTraining.value} onClick={() => void step()}>
        Step
      </button>
      <button type="button" disabled={isBusy || !hasRun} onClick={() => void startAnew()}>
        New run
      </button>
      <FilesMenu />
    </div>
  );
};

const Facts = () => {
  const current = run.value;
  const counts = current?.facts?.parameters;
  const speed = rate.value;
  return (
    <dl class="facts">
      <div>
        <dt>Step</dt>
        <dd>{(current?.step ?? 0).toLocaleString("en")}</dd>
      </div>
      <div>
        <dt>Speed</dt>
        <dd>{speed === undefined ? "–" : `${speed.toFixed(speed < 10 ? 2 : 1)} it/s`}</dd>
      </div>
      <div>
        <dt>Weights G, D</dt>
        <dd>
          {counts === undefined
            ? "–"
            : `${counts.generator.toLocaleString("en")}, ${counts.discriminator.toLocaleString("en")}`}
        </dd>
      </div>
    </dl>
  );
};

/** Where it runs, and what keeps it from more. */
const SpeedNote = () => {
  const [found, chosen] = [environment.value, device.value];
  if (found === undefined || chosen === undefined || found.wasmProblem !== undefined) return null;
  const { choice, threads } = chosen;
  const name = choice === "webgpu" ? `${deviceLabels.webgpu} (${found.gpu})` : deviceLabels[choice];
  const missing = choice === "single" ? unavailable("threads", found) : undefined;
  return (
    <p class="muted note">
      {name}
      {threads > 1 && ` (${threads})`}. {missing} In Node.js the same run is several times faster on the same
      processor; no GPU was measured.
    </p>
  );
};

const Scrubber = () => {
  const all = frames.value;
  const shown = frame.value;
  const index = shown === undefined ? 0 : all.indexOf(shown);
  return (
    <div class="scrubber">
      <label>
        <span class="visually-hidden">Samples at step</span>
        <input
          type="range"
          min="0"
          max={Math.max(0, all.length - 1)}
          value={index}
          disabled={all.length < 2}
          aria-valuetext={shown && `Step ${shown.step}`}
          onInput={({ currentTarget }) => {
            const at = currentTarget.valueAsNumber;
            viewedStep.value = at === all.length - 1 ? undefined : all[at].step;
          }}
        />
      </label>
      <output>Step {(shown?.step ?? 0).toLocaleString("en")}</output>
    </div>
  );
};

/** The samples of a step; with classes a column for each. */
const Grid = ({ step, samples, classes }: Frame) => {
  const count = countOf(samples);
  const columns = classes?.length ?? GRID_COLUMNS;
  const of = classes === undefined ? "" : `, in columns ${classes.join(", ")}`;
  return (
    <>
      {classes !== undefined && (
        <div
          class="class-names"
          aria-hidden="true"
          style={{ gridTemplateColumns: `repeat(${columns}, 1fr)` }}
        >
          {classes.map((name) => (
            <span key={name} title={name}>
              {name}
            </span>
          ))}
        </div>
      )}
      <ImageCanvas
        pixels={samples}
        count={count}
        columns={columns}
        label={`${count} samples at step ${step}${of}`}
      />
    </>
  );
};

export const RunView = () => {
  const shown = frame.value;
  const { step: steps, discriminator, generator } = curves.value;
  const current = run.value;
  const real = current?.facts?.real;
  return (
    <section class="panel run" aria-labelledby="run-title">
      <h2 id="run-title">Run{current === undefined ? "" : `: ${sources[current.settings.data]}`}</h2>
      <div class="transport">
        <Controls />
        <Progress />
      </div>
      <Facts />
      <div class="results">
        <figure class="samples">
          {shown === undefined ? (
            <p class="empty muted">Samples appear here. Choose data and press Train.</p>
          ) : (
            <Grid {...shown} />
          )}
          <figcaption>
            <Scrubber />
            {shown?.classes !== undefined && (
              <p class="muted note">
                A column for each class
                {current?.facts?.classes !== undefined &&
                  current.facts.classes > MOST_COLUMNS &&
                  ` (the first ${MOST_COLUMNS} of ${current.facts.classes})`}
                ; the images of a row are made of the same noise.
              </p>
            )}
          </figcaption>
        </figure>
        <div class="losses">
          <LineChart
            series={[
              { name: "discriminator", x: steps, y: discriminator, color: "var(--disc)" },
              { name: "generator", x: steps, y: generator, color: "var(--fake)" },
            ]}
            title="Losses"
            xLabel="step"
            yLabel="loss"
            height={260}
            fileName="losses"
          />
          <figure class="real">
            <figcaption>
              <span class="real-word">Images of the data</span>
            </figcaption>
            {real === undefined ? (
              <p class="empty muted">What it learns from appears here with the first step.</p>
            ) : (
              <ImageCanvas
                pixels={real}
                count={Math.min(REAL, countOf(real))}
                columns={GRID_COLUMNS}
                label="Images of the data"
              />
            )}
          </figure>
          <SpeedNote />
        </div>
      </div>
    </section>
  );
};
