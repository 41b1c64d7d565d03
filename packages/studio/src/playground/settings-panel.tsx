/** All settings in a drawer: of the data, of the GAN that is selected, and of what is shown. */
import type { ComponentChildren } from "preact";
import { FieldControl, SelectControl } from "../ui/controls.tsx";
import { About, NamedControl, Options } from "./controls.tsx";
import { Drawing } from "./drawing.tsx";
import { Info } from "./info.tsx";
import { lossChoices, named, optimizerChoices, penaltyChoices } from "./named.ts";
import { begun, experiment, selected, setExperiment } from "./session.ts";
import {
  anyField,
  type DataField,
  type DataSettings,
  dataFields,
  differences,
  type GanField,
  type GanSettings,
  ganFields,
  gansOf,
  letterOf,
  withSetting,
} from "./settings.ts";
import type { TermName } from "./terms.ts";
import { opened, type Section } from "./viewing.ts";

/** A part of the settings, with its terms and with what a change does. */
export const Panel = ({
  section,
  title,
  terms = [],
  change,
  children,
}: {
  readonly section: Section;
  readonly title: string;
  readonly terms?: readonly (readonly [TermName, string])[];
  readonly change?: string;
  readonly children: ComponentChildren;
}) => (
  <details open data-section={section} data-asked={opened.value === section}>
    <summary>{title}</summary>
    {terms.length > 0 && (
      <p class="terms muted">
        {terms.map(([term, name]) => (
          <span key={term}>
            {name} <Info term={term} name={name} />
          </span>
        ))}
      </p>
    )}
    {change !== undefined && begun.value && <p class="change muted">{change}</p>}
    {children}
  </details>
);

const RESTARTS = "A change here begins training again, from iteration 0.";

const setData = <Name extends DataField>(name: Name, value: DataSettings[Name]): void => {
  const current = experiment.peek();
  setExperiment({ ...current, data: { ...current.data, [name]: value } });
};

const DataPanel = () => {
  const { data } = experiment.value;
  const has = { noise: data.data !== "line" && data.data !== "disjoint" };
  return (
    <Panel
      section="data"
      title="Data"
      terms={[
        ["real", "Real points"],
        ["modes", "Modes"],
      ]}
      change={RESTARTS}
    >
      <FieldControl
        label={dataFields.data.label}
        field={dataFields.data}
        value={data.data}
        onChange={(value) => setData("data", value)}
      />
      {data.data === "ring" && (
        <FieldControl
          label={dataFields.modes.label}
          field={dataFields.modes}
          value={data.modes}
          onChange={(value) => setData("modes", value)}
        />
      )}
      {data.data === "grid" && (
        <FieldControl
          label={dataFields.side.label}
          field={dataFields.side}
          value={data.side}
          onChange={(value) => setData("side", value)}
        />
      )}
      {has.noise && (
        <FieldControl
          label={dataFields.noise.label}
          field={dataFields.noise}
          value={data.noise}
          onChange={(value) => setData("noise", value)}
        />
      )}
      {data.data === "drawn" && (
        <Drawing points={data.points} onChange={(points) => setData("points", points)} />
      )}
    </Panel>
  );
};

/** The settings of one GAN, as one of the page's controls sees them. */
const useGan = () => {
  const index = selected.value;
  const settings = gansOf(experiment.value)[index];
  const different = differences(experiment.value, index);
  const set = <Name extends GanField>(name: Name, value: GanSettings[Name]): void =>
    setExperiment(withSetting(experiment.peek(), index, name, value));
  /** The label of a setting, marked where the first GAN has another. */
  const label = (name: GanField, text: string = ganFields[name].label): ComponentChildren =>
    different.includes(name) ? (
      <>
        {text}{" "}
        <span class="differs" title={`A has ${anyField(name).describe(experiment.value.base[name])}`}>
          differs from A
        </span>
      </>
    ) : (
      text
    );
  return { settings, set, label };
};

const NetworksPanel = () => {
  const { settings, set, label } = useGan();
  return (
    <Panel
      section="networks"
      title="Networks"
      terms={[
        ["noise", "Noise"],
        ["generator", "G"],
        ["discriminator", "D"],
        ["spectral", "Spectral norm"],
      ]}
      change={RESTARTS}
    >
      <div class="pair">
        <FieldControl
          label={label("latentSize")}
          field={ganFields.latentSize}
          value={settings.latentSize}
          onChange={(value) => set("latentSize", value)}
        />
        <FieldControl
          label={label("latentDistribution")}
          field={ganFields.latentDistribution}
          value={settings.latentDistribution}
          onChange={(value) => set("latentDistribution", value)}
        />
      </div>
      {(["generator", "discriminator"] as const).map((player) => (
        <FieldControl
          key={player}
          label={label(player)}
          field={ganFields[player]}
          value={settings[player]}
          onChange={(value) => set(player, value)}
        />
      ))}
      <div class="pair">
        <FieldControl
          label={label("activation")}
          field={ganFields.activation}
          value={settings.activation}
          onChange={(value) => set("activation", value)}
        />
        <FieldControl
          label={label("spectralNorm", "Spectral norm of D")}
          field={ganFields.spectralNorm}
          value={settings.spectralNorm}
          onChange={(value) => set("spectralNorm", value)}
        />
      </div>
    </Panel>
  );
};

const LossPanel = () => {
  const { settings, set, label } = useGan();
  const { loss, penalties } = settings;
  const choice = lossChoices.get(loss.name);
  const { scores } = choice.definition;
  const readsVector = scores === "energy" || scores === "embedding";
  return (
    <Panel
      section="loss"
      title="Loss and penalties"
      terms={[
        ["losses", "Losses"],
        ["penalty", "Penalties"],
      ]}
      change={
        "Weights of penalties change while it runs; another loss or penalty begins again, from iteration 0."
      }
    >
      <NamedControl
        label={label("loss")}
        value={loss}
        choices={lossChoices}
        onChange={(value) => set("loss", value)}
      />
      {readsVector && (
        <FieldControl
          label={label("code")}
          field={ganFields.code}
          value={settings.code}
          onChange={(value) => set("code", value)}
        />
      )}
      <About choice={choice} />
      <fieldset class="penalties">
        <legend>{label("penalties")}</legend>
        {penalties.map((penalty, i) => {
          const own = penaltyChoices.get(penalty.name);
          return (
            <div key={penalty.name} class="penalty">
              <div class="row">
                <span>{own.title}</span>
                <button
                  type="button"
                  aria-label={`Remove ${own.title}`}
                  onClick={() =>
                    set(
                      "penalties",
                      penalties.filter((_, j) => j !== i),
                    )
                  }
                >
                  ×
                </button>
              </div>
              <Options
                choices={penaltyChoices}
                value={penalty}
                onChange={(value) =>
                  set(
                    "penalties",
                    penalties.map((other, j) => (j === i ? value : other)),
                  )
                }
              />
              <About choice={own} />
            </div>
          );
        })}
        <SelectControl
          label={<span class="visually-hidden">Add a penalty</span>}
          value=""
          choices={{
            "": "Add a penalty …",
            ...Object.fromEntries(
              penaltyChoices.all
                .filter(({ name }) => !penalties.some((penalty) => penalty.name === name))
                .map(({ name, title }) => [name, title]),
            ),
          }}
          onChange={(name) => name !== "" && set("penalties", [...penalties, named(penaltyChoices, name)])}
        />
      </fieldset>
    </Panel>
  );
};

const TrainingPanel = () => {
  const { settings, set, label } = useGan();
  return (
    <Panel
      section="training"
      title="Training"
      terms={[
        ["rate", "Learning rate"],
        ["critic", "Discriminator steps"],
        ["ema", "EMA"],
        ["samples", "Samples"],
        ["gradients", "Gradients"],
      ]}
      change={
        "Learning rates and discriminator steps change while it runs; the others begin again, from iteration 0."
      }
    >
      {(["generator", "discriminator"] as const).map((player) => (
        <fieldset key={player} class="optimizer">
          <legend>{player === "generator" ? "Generator" : "Discriminator"}</legend>
          <FieldControl
            label={label(`${player}Rate`, "Learning rate")}
            field={ganFields[`${player}Rate`]}
            value={settings[`${player}Rate`]}
            onChange={(value) => set(`${player}Rate`, value)}
          />
          <NamedControl
            label={label(`${player}Optimizer`, "Optimiser")}
            value={settings[`${player}Optimizer`]}
            choices={optimizerChoices}
            onChange={(value) => set(`${player}Optimizer`, value)}
          />
        </fieldset>
      ))}
      {(["criticSteps", "batch", "ema", "decay"] as const).map((name) => (
        <FieldControl
          key={name}
          label={label(name)}
          field={ganFields[name]}
          value={settings[name]}
          onChange={(value) => set(name, value)}
        />
      ))}
    </Panel>
  );
};

export const SettingsPanel = () => {
  const count = experiment.value.variants.length + 1;
  return (
    <>
      <DataPanel />
      {count > 1 && (
        <fieldset class="tabs">
          <legend>Settings of</legend>
          {Array.from({ length: count }, (_, i) => (
            <label key={letterOf(i)}>
              <input
                type="radio"
                name="gan"
                checked={selected.value === i}
                onChange={() => {
                  selected.value = i;
                }}
              />
              {letterOf(i)}
            </label>
          ))}
          <p class="muted">
            {selected.value === 0
              ? "What is changed here changes the others too, except where they differ."
              : `What is changed here is changed for ${letterOf(selected.value)} alone.`}
          </p>
        </fieldset>
      )}
      <NetworksPanel />
      <LossPanel />
      <TrainingPanel />
    </>
  );
};
