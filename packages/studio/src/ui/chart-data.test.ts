import { figure } from "tsgan/figure";
import { describe, expect, it } from "vitest";
import {
  alignSeries,
  type ChartData,
  chartCsv,
  chartFigure,
  chartSummary,
  shortNumber,
} from "./chart-data.ts";

const chart: ChartData = {
  title: "Losses",
  xLabel: "step",
  yLabel: "loss",
  series: [
    { name: "D, real", x: [0, 10, 20], y: [1, Number.NaN, 0.5] },
    { name: "G", x: [10, 30], y: [-2, 4] },
  ],
};

describe("alignSeries", () => {
  it("brings series over the union of their x, gaps apart from what is not there", () => {
    expect(alignSeries(chart.series)).toEqual({
      x: [0, 10, 20, 30],
      columns: [
        [1, null, 0.5, undefined],
        [undefined, -2, undefined, 4],
      ],
    });
  });

  it("leaves gaps on a log scale where values are not positive", () => {
    const x = [1, 2, 3];
    expect(alignSeries([{ name: "norm", x, y: [0, -1, 2] }], true)).toEqual({
      x,
      columns: [[null, null, 2]],
    });
  });

  it("takes no series for an empty chart", () => {
    expect(alignSeries([])).toEqual({ x: [], columns: [] });
  });
});

it("a chart as CSV has a column a series, empty where it has no value", () => {
  expect(chartCsv(chart)).toBe('step,"D, real",G\n0,1,\n10,,-2\n20,0.5,\n30,,4\n');
});

it("a chart in words names ends and extremes of each series", () => {
  expect(chartSummary(chart)).toBe(
    "Losses: loss against step. D, real: 2 values, from 1 at 0 to 0.5 at 20; lowest 0.5, highest 1. " +
      "G: 2 values, from −2 at 10 to 4 at 30; lowest −2, highest 4.",
  );
});

it("a chart as a figure is one that the library draws, on a log scale too", () => {
  for (const logY of [false, true]) expect(figure(chartFigure({ ...chart, logY }))).toContain("<path");
});

it("short numbers keep four digits and a true minus sign", () => {
  expect([0, 1234.56, -0.5, 2.5e-5, -3e7, 1e6, Number.NaN].map(shortNumber)).toEqual([
    "0",
    "1235",
    "−0.5",
    "2.5e−5",
    "−3e7",
    "1e6",
    "–",
  ]);
});
