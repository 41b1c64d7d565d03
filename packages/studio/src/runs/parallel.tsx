/** Runs as lines across the settings in which they differ and the figures that they reached: which setting goes with which figure. */
import { useState } from "preact/hooks";
import { seriesColor } from "../ui/colors.ts";
import { axisOf, type Dimension } from "./parallel-axes.ts";

const HEIGHT = 220;
const TOP = 40;
const BOTTOM = 16;
const APART = 130;
const SIDE = 90;
/** Characters of a name or a word; the whole stands in its title. */
const LONGEST = 17;

const short = (text: string): string => (text.length <= LONGEST ? text : `…${text.slice(1 - LONGEST)}`);

export const ParallelCoordinates = ({
  ids,
  dimensions,
}: {
  readonly ids: readonly string[];
  readonly dimensions: readonly Dimension[];
}) => {
  const [marked, setMarked] = useState<number>();
  if (dimensions.length < 2) return null;
  const axes = dimensions.map(axisOf);
  const colors = ids.map((_, run) => seriesColor(run));
  const width = 2 * SIDE + APART * (axes.length - 1);
  const x = (axis: number): number => SIDE + APART * axis;
  const y = (place: number): number => TOP + (1 - place) * (HEIGHT - TOP - BOTTOM);
  /** Where a value is missing the line is broken. */
  const path = (run: number): string =>
    axes
      .flatMap(({ places }, i) => {
        const place = places[run];
        if (place === undefined) return [];
        return `${i === 0 || axes[i - 1].places[run] === undefined ? "M" : "L"}${x(i)} ${y(place)}`;
      })
      .join(" ");
  return (
    <section aria-labelledby="parallel">
      <h2 id="parallel">Settings and what came of them</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section class="scroll parallel" aria-label="Parallel coordinates" tabIndex={0}>
        <svg
          role="img"
          aria-label={`A line for each of ${ids.length} runs across ${axes.map(({ name }) => name).join(", ")}; the tables say the same in numbers`}
          width={width}
          height={HEIGHT}
          viewBox={`0 0 ${width} ${HEIGHT}`}
        >
          {axes.map(({ name, ticks, isFigure }, i) => (
            <g key={name} class={isFigure ? "axis figure" : "axis"}>
              <line x1={x(i)} x2={x(i)} y1={TOP} y2={HEIGHT - BOTTOM} />
              <text x={x(i)} y={16} text-anchor="middle" class="title">
                <title>{name}</title>
                {short(name)}
              </text>
              {ticks.map(({ at, text }) => (
                <text key={text} x={x(i) + 6} y={y(at) - 5}>
                  <title>{text}</title>
                  {short(text)}
                </text>
              ))}
            </g>
          ))}
          {ids.map((id, run) => (
            <path
              key={id}
              class={marked === undefined ? "run" : marked === run ? "run marked" : "run faded"}
              d={path(run)}
              stroke={colors[run]}
              onPointerEnter={() => setMarked(run)}
              onPointerLeave={() => setMarked(undefined)}
            >
              <title>{id}</title>
            </path>
          ))}
        </svg>
      </section>
      <ul class="legend">
        {ids.map((id, run) => (
          <li key={id}>
            <button
              type="button"
              aria-pressed={marked === run}
              onPointerEnter={() => setMarked(run)}
              onPointerLeave={() => setMarked(undefined)}
              onFocus={() => setMarked(run)}
              onBlur={() => setMarked(undefined)}
            >
              <span class="swatch" style={{ background: colors[run] }} /> {id}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
};
