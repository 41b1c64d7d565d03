/** The judgement: whether the rows are good, whether they may be shared, and every figure of `tsgan evaluate`. */
import type { Figure } from "tsgan/metrics";
import type { Judged } from "./protocol.ts";
import { judge } from "./session.ts";
import { busy, judged, run } from "./state.ts";

/** The figures that say most, each from 0 to 1. */
const HEADLINES: readonly (readonly [key: string, name: string])[] = [
  ["columnShapes", "Columns are alike"],
  ["pairTrends", "Pairs are alike"],
  ["detection", "A classifier cannot tell"],
  ["usefulness", "As useful as real rows"],
];

const text = (value: number): string => value.toFixed(3);

const FigureRow = ({ figure }: { figure: Figure }) => {
  const { label, value, note, unreliable, details } = figure;
  return (
    <div class="figure">
      <dt>{label}</dt>
      <dd>
        <b>{text(value)}</b>
        <details>
          <summary>
            <span aria-hidden="true">?</span>
            <span class="visually-hidden">What {label} is</span>
          </summary>
          <p class="muted">
            {note}
            {unreliable !== undefined && `; not to be relied on: ${unreliable}`}
          </p>
          {details !== undefined && (
            <ul>
              {[...details]
                .sort((a, b) => a.value - b.value)
                .map(({ name, value: part }) => (
                  <li key={name}>
                    <span>{name}</span> <b>{text(part)}</b>
                  </li>
                ))}
            </ul>
          )}
        </details>
      </dd>
    </div>
  );
};

const Headlines = ({ quality }: Pick<Judged, "quality">) => (
  <dl class="tiles">
    {HEADLINES.flatMap(([key, name]) => {
      const figure = quality.find((each) => each.key === key);
      if (figure === undefined) return [];
      return [
        <div key={key} title={figure.note}>
          <dt>{name}</dt>
          <dd>
            <b>{figure.value.toFixed(2)}</b>
            <meter min={0} max={1} value={figure.value} aria-label={name} />
          </dd>
        </div>,
      ];
    })}
  </dl>
);

const SharingView = ({ sharing }: Pick<Judged, "sharing">) => (
  <div class={`sharing ${sharing.level}`}>
    <p>
      <b>{sharing.sentence}</b>
    </p>
    <ul>
      {sharing.reasons.map((reason) => (
        <li key={reason}>{reason}</li>
      ))}
    </ul>
    <details>
      <summary>What this does not say</summary>
      <ul>
        {sharing.limits.map((limit) => (
          <li key={limit}>{limit}</li>
        ))}
      </ul>
    </details>
  </div>
);

const AllFigures = ({ quality, privacy, leftOut }: Judged) => (
  <details class="all-figures">
    <summary>All figures, as tsgan evaluate has them</summary>
    <h3>Quality</h3>
    <dl>
      {quality.map((figure) => (
        <FigureRow key={figure.key} figure={figure} />
      ))}
    </dl>
    <h3>Privacy</h3>
    <dl>
      {privacy.map((figure) => (
        <FigureRow key={figure.key} figure={figure} />
      ))}
    </dl>
    {leftOut.map(({ metric, reason }) => (
      <p key={metric} class="muted small">
        {metric}: {reason}
      </p>
    ))}
  </details>
);

export const ResultsView = () => {
  const result = judged.value;
  const hasRun = (run.value?.step ?? 0) > 0;
  return (
    <section class="panel results" aria-labelledby="results-title">
      <div class="row">
        <h2 id="results-title">Are they good, and safe?</h2>
        <button type="button" disabled={!hasRun || busy.value !== undefined} onClick={() => void judge()}>
          Judge
        </button>
      </div>
      {result === undefined ? (
        <p class="muted">
          {hasRun
            ? "At the end of training, or now: 10,000 rows are compared with the real ones."
            : "Once there are rows, they are compared with the real ones: how alike and how useful they are, and whether they give anybody away."}
        </p>
      ) : (
        <>
          <Headlines quality={result.quality} />
          <SharingView sharing={result.sharing} />
          <AllFigures {...result} />
          <p class="muted small">
            {result.samples.toLocaleString("en")} rows of step {result.step.toLocaleString("en")}.
          </p>
        </>
      )}
    </section>
  );
};
