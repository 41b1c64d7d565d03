/** The layers of a network, read from the graph that it builds, and a drawing of two networks side by side. */
import { escapeText, seriesColors } from "tsgan/figure";
import { type Tensor, topologicalOrder } from "tsgan/graph";
import { recordVariables, type Scope } from "tsgan/nn";
import type { Look } from "./kit.ts";

export interface LayerRow {
  readonly what: string;
  /** Of one example. */
  readonly shape: readonly number[];
  /** How many layers of that kind and shape there are in a row. */
  readonly count: number;
}

export interface NetworkFacts {
  readonly title: string;
  readonly rows: readonly LayerRow[];
  readonly parameters: number;
}

const tensorsOf = (value: unknown): readonly Tensor[] => {
  if (typeof value !== "object" || value === null) return [];
  return "op" in value && "shape" in value ? [value as Tensor] : Object.values(value).flatMap(tensorsOf);
};

const sizes = (weight: readonly number[] | undefined): string =>
  weight?.length === 4 ? ` ${weight[2]}×${weight[3]}` : "";

/** What a node is called, where it is a layer of its own. */
const nameOf = (node: Tensor, weight: readonly number[] | undefined): string | undefined => {
  switch (node.op.name) {
    case "matmul":
      return weight === undefined ? undefined : "dense";
    case "conv2d":
      return weight === undefined ? undefined : `conv${sizes(weight)}`;
    case "conv_input":
      return weight === undefined ? undefined : `up-conv${sizes(weight)}`;
    default: {
      const [, way] = /^(upsample|avg_pool|max_pool|sum_pool)/.exec(node.op.name) ?? [];
      return way === "upsample" ? "upsample" : way?.replace("_", " ");
    }
  }
};

/**
 * Runs a network to see what it builds.
 *
 * @param examples the tensors that an example is made of, from which layers come
 */
export const layersOf = (
  title: string,
  examples: Readonly<Record<string, Tensor>>,
  apply: (scope: Scope) => unknown,
): NetworkFacts => {
  const { scope, variables } = recordVariables();
  const outputs = tensorsOf(apply(scope()));
  const given = new Set(Object.values(examples));
  const fromData = new Set<Tensor>(given);
  /** The weight that a tensor is made of, where it is made of one and nothing else. */
  const weights = new Map<Tensor, readonly number[]>();
  const isWeight = new Map(
    variables()
      .parameters.filter(({ shape }) => shape.length > 1)
      .map(({ name, shape }) => [name, shape]),
  );
  const rows: LayerRow[] = [];
  for (const node of topologicalOrder(outputs)) {
    if (given.has(node)) continue;
    if (node.inputs.some((input) => fromData.has(input))) {
      fromData.add(node);
      const weight = node.inputs.flatMap((input) => weights.get(input) ?? []);
      const what = nameOf(node, weight.length > 0 ? weight : undefined);
      if (what === undefined) continue;
      const shape = node.shape.slice(1);
      const last = rows.at(-1);
      if (last?.what === what && last.shape.join() === shape.join())
        rows[rows.length - 1] = { ...last, count: last.count + 1 };
      else rows.push({ what, shape, count: 1 });
    } else {
      const own = node.inputs.length === 0 ? isWeight.get(String(node.attributes.name)) : undefined;
      const passed = node.inputs.map((input) => weights.get(input)).find((shape) => shape !== undefined);
      const shape = own ?? passed;
      if (shape !== undefined) weights.set(node, shape);
    }
  }
  const inputs = Object.entries(examples).map(([what, { shape }]) => ({
    what,
    shape: shape.slice(1),
    count: 1,
  }));
  return { title, rows: [...inputs, ...rows], parameters: variables().parameterCount };
};

const themes = {
  light: { paper: "#ffffff", ink: "#1b1f24", muted: "#57606a" },
  dark: { paper: "#12161c", ink: "#e8eaed", muted: "#a6adb6" },
} as const;

const FONT = "system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif";
const [ROW, HEAD, LABEL, SHAPE] = [22, 34, 112, 104];

const amount = (count: number): string =>
  count >= 1e6
    ? `${(count / 1e6).toFixed(1)} million`
    : count >= 1e4
      ? `${Math.round(count / 1e3)} thousand`
      : String(count);

const column = (
  { title, rows, parameters }: NetworkFacts,
  {
    x,
    width,
    color,
    theme,
  }: { readonly x: number; readonly width: number; readonly color: string; readonly theme: Look["theme"] },
  most: number,
): string => {
  const { ink, muted } = themes[theme];
  const reach = width - LABEL - SHAPE;
  const text = (at: number, y: number, words: string, fill: string, more = ""): string =>
    `<text x="${at}" y="${y}" fill="${fill}" font-size="12" ${more}>${escapeText(words)}</text>`;
  const lines = rows.map(({ what, shape, count }, i) => {
    const y = HEAD + i * ROW;
    const size = shape.reduce((a, b) => a * b, 1);
    const bar = Math.max(3, Math.round((reach * Math.log2(size + 1)) / Math.log2(most + 1)));
    return (
      text(x, y + 15, count > 1 ? `${count} × ${what}` : what, ink) +
      `<rect x="${x + LABEL}" y="${y + 3}" width="${bar}" height="${ROW - 6}" rx="2" fill="${color}"/>` +
      text(x + LABEL + bar + 6, y + 15, shape.join(" × ") || "1", muted)
    );
  });
  return (
    text(x, 20, title, ink, 'font-weight="600"') +
    text(x + width - 8, 20, `${amount(parameters)} parameters`, muted, 'text-anchor="end"') +
    lines.join("")
  );
};

/** Generator and discriminator: a line a layer, with a bar as long as the logarithm of what it gives, and its shape. */
export const drawNetworks = (networks: readonly NetworkFacts[], { width, theme }: Look): string => {
  const side = width >= 600;
  const own = side ? (width - 24 - 24) / 2 : width - 24;
  const most = Math.max(
    ...networks.flatMap(({ rows }) => rows.map(({ shape }) => shape.reduce((a, b) => a * b, 1))),
  );
  const heights = networks.map(({ rows }) => HEAD + rows.length * ROW + 12);
  const colors = seriesColors(theme);
  let top = 8;
  const parts = networks.map((network, i) => {
    const place = { x: side ? 12 + i * (own + 24) : 12, width: own, color: colors[i + 1], theme };
    const part = `<g transform="translate(0 ${top})">${column(network, place, most)}</g>`;
    if (!side) top += heights[i];
    return part;
  });
  const height = 16 + (side ? Math.max(...heights) : heights.reduce((a, b) => a + b, 0));
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
    `style="max-width:100%;height:auto" font-family="${FONT}" role="img" aria-label="Networks">` +
    `<rect width="100%" height="100%" fill="${themes[theme].paper}"/>${parts.join("")}</svg>\n`
  );
};
