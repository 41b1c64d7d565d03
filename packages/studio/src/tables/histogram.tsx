/** A column as a picture: real values as filled bars, synthetic ones as a line over them; words as pairs of bars. */
import type { Scale, Shares } from "./bins.ts";

interface HistogramProps {
  readonly label: string;
  readonly scale: Scale;
  readonly real: Shares;
  readonly made: Shares | undefined;
  /** The least and the greatest value, as they are written. */
  readonly range?: readonly [low: string, high: string] | undefined;
}

const WIDTH = 240;
const HEIGHT = 72;

const percent = (share: number): string => {
  const value = 100 * share;
  return `${value > 0 && value < 1 ? "<1" : Math.round(value)} %`;
};

const Bins = ({ label, real, made, range }: HistogramProps) => {
  const most = Math.max(1e-9, ...real.shares, ...(made?.shares ?? []));
  const width = WIDTH / real.shares.length;
  const top = (share: number): number => HEIGHT * (1 - share / most);
  const gap = real.shares.length > 12 ? 1 : 3;
  const outline = made?.shares.map((share, i) => `V${top(share).toFixed(1)}H${((i + 1) * width).toFixed(1)}`);
  return (
    <figure class="histogram">
      <svg viewBox={`0 -2 ${WIDTH} ${HEIGHT + 3}`} preserveAspectRatio="none" role="img" aria-label={label}>
        {real.shares.map((share, i) => (
          <rect
            key={i}
            class="real-fill"
            x={i * width + gap / 2}
            y={top(share)}
            width={width - gap}
            height={HEIGHT - top(share)}
          />
        ))}
        {outline !== undefined && <path class="made-line" d={`M0 ${HEIGHT}${outline.join("")}V${HEIGHT}`} />}
        <path class="base" d={`M0 ${HEIGHT}H${WIDTH}`} />
      </svg>
      {range !== undefined && (
        <figcaption class="range">
          <span>{range[0]}</span>
          <span>{range[1]}</span>
        </figcaption>
      )}
    </figure>
  );
};

const Words = ({ label, scale, real, made }: HistogramProps) => {
  if (scale.kind !== "category") return null;
  const words = [
    ...scale.words,
    ...(scale.others > 0 ? [`${scale.others.toLocaleString("en")} others`] : []),
  ];
  const most = Math.max(1e-9, ...real.shares, ...(made?.shares ?? []));
  const bar = (share: number): string => `${(100 * share) / most}%`;
  return (
    <div class="word-bars" role="img" aria-label={label}>
      {words.map((word, i) => (
        <div key={word} class={i < scale.words.length ? undefined : "others"}>
          <span class="word" title={word}>
            {word}
          </span>
          <span class="bars">
            <span class="real-bar" style={{ inlineSize: bar(real.shares[i]) }} />
            <span class="made-bar" style={{ inlineSize: bar(made?.shares[i] ?? 0) }} />
          </span>
          <span class="share">{percent(real.shares[i])}</span>
        </div>
      ))}
    </div>
  );
};

export const Histogram = (props: HistogramProps) =>
  props.scale.kind === "number" ? <Bins {...props} /> : <Words {...props} />;

/** How much of a column is missing, real and synthetic. */
export const Missing = ({ real, made }: { readonly real: number; readonly made: number | undefined }) => {
  if (real === 0 && (made ?? 0) === 0) return null;
  return (
    <p class="missing">
      <span class="real-word">{percent(real)}</span>
      {made !== undefined && <span class="made-word"> {percent(made)}</span>} missing
    </p>
  );
};
