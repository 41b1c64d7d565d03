import { describe, expect, it } from "vitest";
import { UsageError } from "../errors.ts";
import { type FigureSpec, figure, frames, type Mark } from "./index.ts";

const draw = (...marks: Mark[]) => figure({ panels: [{ marks }] });

const everyMark: Mark[] = [
  { type: "line", x: [0, 1, 2], y: [1, Number.NaN, 3], label: "line", dash: "dashed" },
  { type: "area", x: [0, 1, 2], y: [1, 2, 3], base: [0, 1, 0], label: "area" },
  { type: "scatter", x: [0, 1], y: [1, 2], symbol: "cross", label: "scatter" },
  { type: "bars", x: [0, 1], y: [1, 2], label: "bars" },
  { type: "histogram", edges: [0, 1, 2], heights: [3, 4], label: "histogram" },
  {
    type: "heatmap",
    x: [0, 2],
    y: [0, 2],
    values: [
      [0, 1],
      [2, Number.NaN],
    ],
    label: "heat",
  },
  { type: "arrows", x: [0], y: [0], toX: [1], toY: [1], label: "arrows" },
  { type: "rule", y: 1, label: "rule" },
  { type: "text", x: 1, y: 1, text: "text" },
];

describe("figure", () => {
  it("gives the same bytes for the same specification, also after a trip through JSON", () => {
    const spec: FigureSpec = { title: "All", panels: [{ marks: everyMark }, { marks: [] }] };
    expect(figure(spec)).toBe(figure(spec));
    expect(figure(JSON.parse(JSON.stringify(spec)))).toBe(figure(spec));
  });

  it.each(everyMark.filter(({ type }) => type !== "heatmap"))(
    "draws a $type on linear and log axes without a stray NaN",
    (mark) => {
      for (const scale of ["linear", "log"] as const) {
        const svg = figure({ panels: [{ x: { scale }, y: { scale }, marks: [mark] }] });
        expect(svg).not.toMatch(/NaN|undefined|Infinity/);
      }
    },
  );

  it("draws a heat map, its missing cells left out", () => {
    expect(draw(...everyMark.filter(({ type }) => type === "heatmap"))).not.toMatch(/NaN|undefined|Infinity/);
  });

  it("shows a picture in shades of grey, with neither axes nor a colour bar", () => {
    const cells = { type: "heatmap", x: [0, 2], y: [0, 1], values: [[0, 7]], domain: [0, 7] } as const;
    const hidden = { ticks: [] };
    const draw = (picture: boolean): string =>
      figure({ panels: [{ x: hidden, y: hidden, marks: [{ ...cells, picture }] }] });
    expect(draw(true)).toContain('fill="#000000"');
    expect(draw(true)).toContain('fill="#ffffff"');
    expect(draw(true)).not.toContain("<text");
    expect(draw(true)).not.toContain('class="axis"');
    expect(draw(false)).toContain("<text");
  });

  it("writes the values of a heat map into its cells on request", () => {
    const svg = draw({ type: "heatmap", x: [0, 2], y: [0, 1], values: [[-0.25, 7]], annotate: true });
    expect(svg).toMatch(/class="on-dark"[^>]*>−0.25</);
    expect(svg).toMatch(/class="on-light"[^>]*>7</);
  });

  it("draws an empty panel", () => {
    expect(draw()).toContain("</svg>");
    expect(draw({ type: "line", x: [], y: [] })).not.toMatch(/NaN|Infinity/);
  });

  it("escapes every text", () => {
    const text = `<b>&"`;
    const svg = figure({
      title: text,
      panels: [
        {
          title: text,
          x: { label: text, unit: text, ticks: [{ value: 0, label: text }] },
          y: { label: text },
          marks: [
            { type: "line", x: [0, 1], y: [0, 1], label: text },
            { type: "heatmap", x: [0, 1], y: [0, 1], values: [[1]], label: text },
            { type: "text", x: 0, y: 0, text },
            { type: "rule", y: 0, label: text },
          ],
        },
      ],
    });
    expect(svg).not.toContain("<b>");
    expect(svg.match(/&lt;b&gt;&amp;&quot;/g)).toHaveLength(11);
  });

  it("keeps long names of categories in a narrow panel, in two rows", () => {
    const names = ["non-saturating", "least squares", "Wasserstein"];
    const ticks = names.map((label, value) => ({ value, label }));
    const bars: Mark = { type: "bars", x: [0, 1, 2], y: [1, 2, 3] };
    const rowsAt = (width: number): string[] => {
      const svg = figure({ panels: [{ x: { ticks }, marks: [bars] }] }, { width });
      return names.map((name) => new RegExp(` y="([\\d.]+)"[^>]*>${name}<`).exec(svg)?.[1] ?? "absent");
    };
    const [first, second, third] = rowsAt(280);
    expect(Number(second)).toBeGreaterThan(Number(first));
    expect(third).toBe(first);
    expect(new Set(rowsAt(800)).size).toBe(1);
  });

  it("has no ids, which could collide with another figure in the page", () => {
    expect(draw(...everyMark)).not.toMatch(/\bid=|url\(#/);
  });

  it("has a legend above each panel, of its own series alone, where that is asked for", () => {
    const line = (label: string, color: number) =>
      ({ type: "line", x: [0, 1], y: [0, 1], label, color }) as const;
    const panels = [
      { title: "first", marks: [line("both", 0), line("one", 1)] },
      { title: "second", marks: [line("both", 0), line("other", 2)] },
    ];
    const texts = (svg: string) =>
      [...svg.matchAll(/>(both|one|other|first|second)</g)].map(([, text]) => text);
    expect(texts(figure({ legend: "panels", panels }))).toEqual([
      "first",
      "both",
      "one",
      "second",
      "both",
      "other",
    ]);
    expect(texts(figure({ panels })).filter((text) => text === "both")).toHaveLength(1);
    const [top] = frames({ legend: "panels", panels });
    const [without] = frames({ legend: "none", panels });
    expect(top.top - without.top).toBeGreaterThan(15);
  });

  it("names a label once in the legend and draws it in one colour in all panels", () => {
    const line = (label: string): Mark => ({ type: "line", x: [0, 1], y: [0, 1], label });
    const svg = figure({ panels: [{ marks: [line("a"), line("b")] }, { marks: [line("b")] }] });
    expect(svg.match(/>b<\/text>/g)).toHaveLength(1);
    expect(svg.match(/<path class="c4"/g)).toHaveLength(3);
  });

  it("names lines at their ends on request, no two on top of each other", () => {
    const lines = ["a", "b", "c"].map((label): Mark => ({ type: "line", x: [0, 1], y: [0, 1], label }));
    const svg = figure({ legend: "direct", panels: [{ marks: lines }] });
    const heights = [...svg.matchAll(/y="([\d.]+)"[^>]*>[abc]<\/text>/g)].map((match) => Number(match[1]));
    expect(heights).toHaveLength(3);
    heights.sort((a, b) => a - b);
    expect(heights[1] - heights[0]).toBeGreaterThanOrEqual(13);
    expect(heights[2] - heights[1]).toBeGreaterThanOrEqual(13);
  });

  it("puts panels below one another where they would be too narrow", () => {
    const spec: FigureSpec = { panels: [{ marks: [] }, { marks: [] }] };
    const tops = (svg: string) =>
      [...svg.matchAll(/<g transform="translate\(\S+ (\S+)\)"/g)].map((match) => match[1]);
    expect(new Set(tops(figure(spec, { width: 800 }))).size).toBe(1);
    expect(new Set(tops(figure(spec, { width: 380 }))).size).toBe(2);
  });

  it("keeps a long training curve small", () => {
    const steps = Array.from({ length: 200_000 }, (_, i) => i);
    const svg = draw({ type: "line", x: steps, y: steps.map((i) => Math.sin(i * 12.9898)) });
    expect(svg.length).toBeLessThan(60_000);
  });

  it("makes a unit of x as long as a unit of y on request", () => {
    const corners: Mark = { type: "line", x: [0, 4, 4, 0], y: [0, 0, 1, 1] };
    const svg = figure({ panels: [{ aspect: "equal", marks: [corners] }] });
    const path = /stroke-width="2"[^>]*d="M(\S+) (\S+)L(\S+) (\S+)L(\S+) (\S+)L/
      .exec(svg)!
      .slice(1)
      .map(Number);
    expect((path[2] - path[0]) / (path[3] - path[5])).toBeCloseTo(4, 2);
  });

  it("follows the theme asked for", () => {
    const spec: FigureSpec = { panels: [{ marks: [] }] };
    expect(figure(spec, { theme: "dark" })).toContain('class="tsgan-dark"');
    expect(figure(spec)).toContain("prefers-color-scheme:dark");
  });

  it("refuses what it cannot draw", () => {
    expect(() => figure({ panels: [] })).toThrow(UsageError);
    expect(() => figure({ panels: [{ marks: [] }] }, { width: 10 })).toThrow("at least 200 pixels; got 10");
    expect(() => draw({ type: "line", x: [1, 2], y: [1] })).toThrow(
      "figure: the columns of a line mark must be equally long; got 2 for x and 1 for y",
    );
    expect(() => figure({ panels: [{ x: { scale: "log" }, marks: [everyMark[5]] }] })).toThrow("linear axes");
    expect(() => draw({ type: "pie" } as unknown as Mark)).toThrow('figure: unknown mark "pie"');
  });
});

describe("frames", () => {
  const dot: Mark = { type: "scatter", x: [1], y: [1] };
  const spec: FigureSpec = {
    title: "Two panels",
    panels: [
      { x: { domain: [0, 10] }, y: { domain: [-1, 1] }, marks: [dot] },
      { x: { scale: "log", domain: [1, 1000] }, y: { scale: "log", domain: [0.01, 1] }, marks: [dot] },
      { aspect: "equal", x: { domain: [-1, 1] }, y: { domain: [-1, 1] }, marks: [dot] },
    ],
  };

  it.each([340, 800])("give back the values of a place, on linear and log axes, %i pixels wide", (width) => {
    for (const frame of frames(spec, { width })) {
      for (const [x, y] of [
        [2, 0.5],
        [7, 0.02],
      ]) {
        const found = frame.valuesAt(frame.x(x), frame.y(y));
        expect(found.x).toBeCloseTo(x, 10);
        expect(found.y).toBeCloseTo(y, 10);
      }
    }
  });

  it("are where the figure draws: an axis along the left and the lower edge of each", () => {
    const svg = figure(spec);
    const round = (value: number) => String(Math.round(value * 100) / 100);
    for (const { left, top, width, height } of frames(spec)) {
      expect(svg).toContain(`<g transform="translate(${round(left)} ${round(top)})">`);
      expect(svg).toContain(`<path class="axis" d="M0 0V${round(height)}H${round(width)}"`);
    }
  });

  it("have units of the same length where a panel asks for it", () => {
    const equal = frames(spec)[2];
    expect(equal.x(1) - equal.x(0)).toBeCloseTo(equal.y(0) - equal.y(1), 10);
  });
});
