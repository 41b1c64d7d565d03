/** The menu by which a chart is had as PNG, SVG or CSV. */
import { type ChartData, chartCsv, chartFigure } from "./chart-data.ts";
import { download } from "./download.ts";
import { Menu } from "./menu.tsx";
import { svgToPng } from "./svg-png.ts";

/** Pixels of the SVG that is downloaded, and how many times as many the PNG has. */
const FIGURE_WIDTH = 800;
const PNG_SCALE = 2;

const svgOf = async (chart: ChartData, dark: boolean): Promise<string> => {
  const { figure } = await import("tsgan/figure");
  return figure(chartFigure(chart), { width: FIGURE_WIDTH, theme: dark ? "dark" : "light" });
};

const KINDS = ["png", "svg", "csv"] as const;

export const SaveMenu = ({
  chart,
  fileName,
  dark,
}: {
  /** What is saved: the series that are shown. */
  readonly chart: ChartData;
  /** Without extension. */
  readonly fileName: string;
  readonly dark: boolean;
}) => {
  const save = async (kind: (typeof KINDS)[number]): Promise<void> => {
    if (kind === "csv") return download(`${fileName}.csv`, chartCsv(chart), "text/csv");
    const svg = await svgOf(chart, dark);
    if (kind === "svg") download(`${fileName}.svg`, svg, "image/svg+xml");
    else download(`${fileName}.png`, await svgToPng(svg, PNG_SCALE), "image/png");
  };
  return (
    <Menu label="Save" name={`Download ${chart.title ?? chart.yLabel}`}>
      {(closing) =>
        KINDS.map((kind) => (
          <button key={kind} type="button" onClick={closing(() => void save(kind))}>
            {kind.toUpperCase()}
          </button>
        ))
      }
    </Menu>
  );
};
