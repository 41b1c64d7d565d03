/** The samples of runs over time, beside each other at the same step. */
import { useEffect, useState } from "preact/hooks";
import type { RunDetail } from "../api.ts";
import { Plate } from "./plate.tsx";
import { sampleAt } from "./records.ts";
import { count } from "./run-parts.tsx";

/** Milliseconds between two pictures. */
const FRAME = 250;

export const Samples = ({ runs }: { runs: readonly RunDetail[] }) => {
  const steps = [...new Set(runs.flatMap(({ samples }) => samples.map(({ step }) => step)))].sort(
    (a, b) => a - b,
  );
  /** undefined: the newest, whatever that is. */
  const [chosen, setChosen] = useState<number>();
  const [playing, setPlaying] = useState(false);
  const last = steps.length - 1;
  const at =
    chosen === undefined
      ? last
      : Math.max(
          0,
          steps.findLastIndex((step) => step <= chosen),
        );

  useEffect(() => {
    if (!playing) return;
    const timer = setTimeout(() => {
      if (at >= last) {
        setPlaying(false);
        setChosen(undefined);
      } else setChosen(steps[at + 1]);
    }, FRAME);
    return () => clearTimeout(timer);
  }, [playing, at, last]);

  if (last < 0) return null;
  const step = steps[at];
  return (
    <section aria-labelledby="samples">
      <h2 id="samples">Samples</h2>
      <div class="pictures">
        {runs.map((run) => {
          const sample = sampleAt(run.samples, step);
          return (
            <figure key={run.id}>
              <Plate
                run={run}
                sample={sample}
                alt={sample === undefined ? "" : `Samples of ${run.id} at step ${sample.step}`}
              />
              <figcaption>
                {runs.length > 1 && `${run.id}, `}
                {sample === undefined ? "no samples" : `step ${count(sample.step)}`}
              </figcaption>
            </figure>
          );
        })}
      </div>
      {last > 0 && (
        <div class="scrub">
          <button
            type="button"
            onClick={() => {
              if (!playing && at === last) setChosen(steps[0]);
              setPlaying(!playing);
            }}
          >
            {playing ? "Pause" : "Play"}
          </button>
          <input
            type="range"
            min="0"
            max={last}
            value={at}
            aria-label="Step of the samples"
            aria-valuetext={`step ${step}`}
            onInput={({ currentTarget }) => {
              setPlaying(false);
              const index = currentTarget.valueAsNumber;
              setChosen(index === last ? undefined : steps[index]);
            }}
          />
          <output>step {count(step)}</output>
        </div>
      )}
    </section>
  );
};
