/** What is read of a chart: a table beside the cursor, and the same in words. */
import { shortNumber } from "./chart-data.ts";

export interface Reading {
  readonly x: number;
  /** Pixels from the left edge of the chart. */
  readonly left: number;
  readonly values: readonly {
    readonly name: string;
    readonly color: string;
    /** None where the series has a gap, or has no value there. */
    readonly value: number | null | undefined;
  }[];
}

/** `step 100, generator 0.7, discriminator –` */
export const readingText = (xLabel: string, { x, values }: Reading): string =>
  [
    `${xLabel} ${shortNumber(x)}`,
    ...values.map(({ name, value }) => `${name} ${shortNumber(value ?? Number.NaN)}`),
  ].join(", ");

export const Tip = ({
  xLabel,
  reading: { x, left, values },
  width,
}: {
  readonly xLabel: string;
  readonly reading: Reading;
  /** Of the chart, in pixels. */
  readonly width: number;
}) => (
  <div
    class="tip"
    style={
      left > width / 2
        ? { right: `${width - left + 10}px`, top: "4px" }
        : { left: `${left + 10}px`, top: "4px" }
    }
  >
    <table>
      <tbody>
        <tr>
          <th scope="row">{xLabel}</th>
          <td>{shortNumber(x)}</td>
        </tr>
        {values.map(
          ({ name, color, value }) =>
            value != null && (
              <tr key={name}>
                <th scope="row">
                  <span class="swatch" style={{ background: color }} /> {name}
                </th>
                <td>{shortNumber(value)}</td>
              </tr>
            ),
        )}
      </tbody>
    </table>
  </div>
);
