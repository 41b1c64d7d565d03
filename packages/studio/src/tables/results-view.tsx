/** The judgement: the figures of `tsgan evaluate`, quality first, then what they say of privacy. */
import type { Figure } from "tsgan/metrics";
import { judge } from "./session.ts";
import { busy, judged, run } from "./state.ts";

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

export const ResultsView = () => {
  const result = judged.value;
  const hasRun = (run.value?.step ?? 0) > 0;
  return (
    <section class="panel results" aria-labelledby="results-title">
      <div class="row">
        <h2 id="results-title">Judgement</h2>
        <button type="button" disabled={!hasRun || busy.value !== undefined} onClick={() => void judge()}>
          Judge now
        </button>
      </div>
      {result === undefined ? (
        <p class="muted">
          {hasRun
            ? "At the end of training, or now: 10,000 rows are compared with the real ones."
            : "How good the rows are, and whether they give anybody away, is measured once there are some."}
        </p>
      ) : (
        <>
          <dl>
            {result.quality.map((figure) => (
              <FigureRow key={figure.key} figure={figure} />
            ))}
          </dl>
          <h3>Privacy</h3>
          <dl>
            {result.privacy.map((figure) => (
              <FigureRow key={figure.key} figure={figure} />
            ))}
          </dl>
          {result.leftOut.map(({ metric, reason }) => (
            <p key={metric} class="muted small">
              {metric}: {reason}
            </p>
          ))}
          <p class="muted small">
            {result.samples.toLocaleString("en")} rows of step {result.step.toLocaleString("en")}; the same
            figures as tsgan evaluate.
          </p>
        </>
      )}
    </section>
  );
};
