/** What the next run trains. */
import { useId, useRef, useState } from "preact/hooks";
import { type DeviceChoice, deviceLabels, reasonsAgainst } from "../engine/index.ts";
import { href } from "../route.ts";
import { FieldControl, SelectControl } from "../ui/controls.tsx";
import { byData, wordsOf } from "./by-data.ts";
import { expectation, recallSpeed, speedOf } from "./expectation.ts";
import { addOwnImages, deleteOwnImages, THUMBNAILS } from "./files.ts";
import { chosenFiles, filesOf } from "./given.ts";
import { ImageCanvas } from "./image-canvas.tsx";
import { MOST_IMAGES } from "./own-images.ts";
import { environment } from "./run-worker.ts";
import { chooseDeviceAs } from "./session.ts";
import {
  type Chooser,
  choosers,
  fieldsFor,
  type ModelName,
  models,
  type Settings,
  type Source,
  sources,
  usualSettings,
} from "./settings.ts";
import {
  busy,
  change,
  chosenData,
  deviceChoice,
  hasSprites,
  imagesFacts,
  isChanged,
  isWorth,
  ownImages,
  ownNotice,
  previews,
  rate,
  run,
  settings,
} from "./state.ts";
import { Webcam } from "./webcam.tsx";

type Setting = Exclude<keyof Settings, "data" | "by" | "model" | "loss">;

/** A setting that changes nothing else. */
const Plain = ({ name }: { name: Setting }) => {
  const field = fieldsFor(settings.value.data, settings.value.loss)[name];
  return (
    <FieldControl
      label={field.label}
      field={field}
      value={settings.value[name]}
      onChange={(value) => change({ [name]: value })}
    />
  );
};

const WITH_SERVER = "only with tsgan studio";

const DataChoice = () => {
  const isMissing = hasSprites.value === false;
  return (
    <SelectControl
      label="Data"
      note={
        isMissing
          ? [
              "Pokémon sprites may not be redistributed: they are there when ",
              <code key="command">tsgan studio</code>,
              " serves this page.",
            ]
          : undefined
      }
      value={settings.value.data}
      choices={{ ...sources, ...(isMissing && { pokemon: `${sources.pokemon} (${WITH_SERVER})` }) }}
      reasons={isMissing ? { pokemon: WITH_SERVER } : {}}
      onChange={(data: Source) => {
        const { by, model, width, latent, batch, seed, loss } = settings.peek();
        change({ ...usualSettings(data, loss), by, model, width, latent, batch, seed });
      }}
    />
  );
};

/** Classes that are named, at most. */
const NAMED = 12;

const namesOf = (classes: readonly string[]): string => {
  const named = classes.slice(0, NAMED).join(", ");
  return `${classes.length} classes: ${named}${classes.length > NAMED ? ", …" : ""}`;
};

/** Who chooses networks, loss and rates; where the data do, what they have chosen. */
const ChooserChoice = () => {
  const current = settings.value;
  const facts = imagesFacts.value;
  const classes = chosenData.value?.classes;
  const note = (): string | undefined => {
    if (current.by === "hand") return undefined;
    if (facts === undefined)
      return "They go by how many images there are, their colours and their class names.";
    const words = `${wordsOf(byData(current, facts).config)}.`;
    return classes === undefined ? words : `${words} ${namesOf(classes)}`;
  };
  return (
    <SelectControl
      label={fieldsFor(current.data, current.loss).by.label}
      value={current.by}
      choices={choosers}
      note={note()}
      onChange={(by: Chooser) => change({ by })}
    />
  );
};

/** Whether the networks are told class names, which only some data have. */
const ModelChoice = () => {
  const { data, model } = settings.value;
  const known = chosenData.value;
  const classes = known?.classes;
  const why =
    data === "own"
      ? "your images have no class names: put those of each class into a folder of its own"
      : "these data have no class names";
  const isMissing = known !== undefined && classes === undefined;
  const { dcgan: _, ...conditional } = models;
  const note = (): string | undefined => {
    if (isMissing && (model !== "dcgan" || data === "own")) return `${why[0].toUpperCase()}${why.slice(1)}.`;
    return classes && namesOf(classes);
  };
  return (
    <SelectControl
      label="Model"
      value={model}
      choices={models}
      reasons={isMissing ? Object.fromEntries(Object.keys(conditional).map((name) => [name, why])) : {}}
      note={note()}
      onChange={(chosen: ModelName) => change({ model: chosen })}
    />
  );
};

const LossChoice = () => {
  const { data, loss } = settings.value;
  const field = fieldsFor(data, loss).loss;
  return (
    <FieldControl
      label={field.label}
      field={field}
      value={loss}
      onChange={(chosen) => {
        const { generatorRate, discriminatorRate } = usualSettings(data, chosen);
        change({ loss: chosen, generatorRate, discriminatorRate });
      }}
    />
  );
};

const THUMBNAIL_COLUMNS = 8;

/** What was dropped, at once: the files as they are, and once they are read what is trained on. */
const Thumbnails = () => {
  const [urls, own] = [previews.value, ownImages.value];
  if (urls.length > 0) {
    return (
      <div class="thumbnails">
        {urls.map((url) => (
          <img key={url} src={url} alt="" />
        ))}
      </div>
    );
  }
  if (own === undefined) return null;
  const count = Math.min(THUMBNAILS, own.count);
  const size = own.shape[0] * own.shape[1] * own.shape[2];
  const bytes = new Uint8ClampedArray(own.pixels.slice(0, count * size));
  return (
    <ImageCanvas
      pixels={{ shape: own.shape, bytes }}
      count={count}
      columns={Math.min(count, THUMBNAIL_COLUMNS)}
      label="Your images"
    />
  );
};

/** What may be expected, before anything is trained. */
const Expectation = () => {
  const current = settings.value;
  const facts = imagesFacts.value;
  // While it is asked for its place is kept, so that nothing jumps.
  if (facts === undefined) {
    const isOwn = current.data === "own";
    return (
      <p class="expectation muted">
        {isOwn
          ? "What may be expected is said here once there are images."
          : "Asking how many images there are …"}
      </p>
    );
  }
  const isSame = run.value !== undefined && !isChanged.value && rate.value !== undefined;
  const speed = isSame ? speedOf(rate.value!, current, facts) : recallSpeed();
  return <p class="expectation">{expectation(current, facts, speed)}</p>;
};

/** Not yet among the attributes that are typed. */
const A_FOLDER = { webkitdirectory: true };

const OwnImages = () => {
  const [isOver, setIsOver] = useState(false);
  const id = useId();
  const folder = useRef<HTMLInputElement>(null);
  const own = ownImages.value;
  const choose = ({ currentTarget }: { readonly currentTarget: HTMLInputElement }): void => {
    const { files } = currentTarget;
    if (files !== null && files.length > 0) void addOwnImages(chosenFiles([...files]));
  };
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
      <label for={id}>Drop images, folders or a zip here, or choose files</label>
      <input id={id} type="file" accept="image/*,.zip" multiple onChange={choose} />
      <button type="button" onClick={() => folder.current?.click()}>
        Choose a folder
      </button>
      <input ref={folder} type="file" hidden aria-label="Choose a folder" onChange={choose} {...A_FOLDER} />
      <small class="muted">
        {ownNotice.value ??
          (own === undefined
            ? `At most ${MOST_IMAGES.toLocaleString("en")}, cut to squares; sub-folders are class names. They stay in this page.`
            : `${own.count.toLocaleString("en")} images are kept in this browser.`)}
      </small>
      <Thumbnails />
      <Webcam />
      {own !== undefined && (
        <button type="button" disabled={busy.value !== undefined} onClick={() => void deleteOwnImages()}>
          Delete these images
        </button>
      )}
    </fieldset>
  );
};

const DeviceSelect = () => {
  return (
    <SelectControl
      label="Device"
      value={deviceChoice.value}
      disabled={busy.value !== undefined}
      choices={deviceLabels}
      reasons={reasonsAgainst(environment.value)}
      onChange={(choice: DeviceChoice) => chooseDeviceAs(choice)}
      note={<a href={href("speed")}>Measure this machine</a>}
    />
  );
};

export const SettingsForm = () => {
  const { data, by } = settings.value;
  return (
    <form class="panel settings" aria-label="Settings" onSubmit={(event) => event.preventDefault()}>
      <h2>Settings</h2>
      <DataChoice />
      {data === "own" && <OwnImages />}
      <Expectation />
      <ChooserChoice />
      {by === "hand" && (
        <>
          <ModelChoice />
          <LossChoice />
          <div class="pair">
            <Plain name="width" />
            <Plain name="latent" />
            <Plain name="batch" />
            <Plain name="generatorRate" />
            <Plain name="discriminatorRate" />
          </div>
        </>
      )}
      <div class="pair">
        <Plain name="size" />
        <Plain name="seed" />
        <DeviceSelect />
      </div>
      {isChanged.value && isWorth.value && (
        <p class="notice">
          These are for a new run. The one at step {run.value?.step.toLocaleString("en")} stays as it is until
          you train a new one.
        </p>
      )}
    </form>
  );
};
