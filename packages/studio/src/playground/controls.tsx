/** Controls of the playground: things with their options, and what is known of them. */
import { type ControlProps, FieldControls, SelectControl } from "../ui/controls.tsx";
import { type Choice, type Choices, describeOptions, type Named, named } from "./named.ts";

/** Chooses a thing by name, and its options. */
export const NamedControl = ({
  label,
  value,
  onChange,
  choices,
}: ControlProps<Named> & { readonly choices: Choices }) => {
  const changed = describeOptions(choices, value);
  return (
    <div class="named">
      <SelectControl
        label={label}
        value={value.name}
        choices={Object.fromEntries(choices.all.map(({ name, title }) => [name, title]))}
        onChange={(name) => onChange(named(choices, name))}
      />
      {Object.keys(choices.get(value.name).fields).length > 0 && (
        <details class="more">
          <summary>Options{changed === "" ? "" : `: ${changed}`}</summary>
          <Options choices={choices} value={value} onChange={onChange} />
        </details>
      )}
    </div>
  );
};

/** All options of a thing. */
export const Options = ({
  choices,
  value,
  onChange,
}: {
  readonly choices: Choices;
  readonly value: Named;
  readonly onChange: (value: Named) => void;
}) => (
  <div class="options">
    <FieldControls
      key={value.name}
      fields={choices.get(value.name).fields}
      values={value.options}
      onChange={(options) => onChange(named(choices, value.name, options))}
      labelOf={({ name, takes, meaning }) => (
        <>
          {name}{" "}
          <span class="muted" title={takes}>
            {meaning}
          </span>
        </>
      )}
    />
  </div>
);

/** What the catalogue says of a loss or penalty. */
export const About = ({ choice }: { readonly choice: Choice }) => {
  const { formulas = [], symbols, approximates, failure, papers = [] } = choice.definition;
  const facts = Object.entries({ Symbols: symbols, Approximates: approximates, Fails: failure }).filter(
    ([, text]) => text !== undefined,
  );
  if (formulas.length + facts.length + papers.length === 0) return null;
  return (
    <details class="about">
      <summary>About {choice.title}</summary>
      <dl>
        {formulas.map(({ of, text }) => (
          <div key={of}>
            <dt>{of}</dt>
            <dd class="formula">{text}</dd>
          </div>
        ))}
        {facts.map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
        {papers.map(({ authors, year, title, arxiv, where }) => (
          <div key={title}>
            <dt>Paper</dt>
            <dd>
              {authors} {year}, <cite>{title}</cite>
              {where === undefined ? "" : `, ${where}`}
              {arxiv !== undefined && (
                <>
                  , <a href={`https://arxiv.org/abs/${arxiv}`}>arXiv:{arxiv}</a>
                </>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
};
