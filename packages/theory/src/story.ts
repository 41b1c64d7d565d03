/** The experiments told in order on one page. */

import { escapeText, type FigureSpec, figure, markup, plainText } from "tsgan/figure";
import { type Experiment, sourceOf } from "./experiment.ts";

export interface StoryItem {
  /** Also the anchor of the section. */
  name: string;
  title: string;
  explanation: string;
  source: string;
  figure: FigureSpec;
}

/**
 * What the story tells of an experiment with its data. Its `name`, and the title, explanation and source of its
 * `definition`.
 */
export const storyItem = <Data>({ name, definition, figure }: Experiment<Data>, data: Data): StoryItem => ({
  name,
  title: definition.title,
  explanation: definition.explanation ?? "",
  source: sourceOf(definition),
  figure: figure(data),
});

/** Figures are laid out twice, and the page shows the one that fits. */
const WIDTHS = { wide: 800, narrow: 340 } as const;
const NARROW_BELOW = 640;

const STYLE = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1b1f24;--muted:#57606a;--line:#d5d9de;--link:#0072b2}
@media(prefers-color-scheme:dark){:root{--paper:#12161c;--ink:#e8eaed;--muted:#a6adb6;--line:#3a424d;--link:#6cb1f5}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:832px;padding:16px 16px 64px;background:var(--paper);color:var(--ink);font:17px/1.55 system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif;overflow-wrap:break-word}
h1{font-size:1.8rem;line-height:1.2;margin:24px 0 8px}
h2{font-size:1.3rem;line-height:1.3;margin:0 0 4px}
a{color:var(--link)}
nav ol{padding-left:1.4em}
section{border-top:1px solid var(--line);padding-top:24px;margin-top:40px}
figure{margin:12px -16px}
svg{display:block;width:100%;height:auto}
.source{color:var(--muted);font-size:.88rem}
sub,sup{line-height:0;font-size:.75em}
.narrow{display:none}
@media(max-width:${NARROW_BELOW}px){.wide{display:none}.narrow{display:block}}
@media print{section{break-inside:avoid}}
`;

const section = (item: StoryItem): string => {
  // The section has the title already.
  const { title: _, ...untitled } = item.figure;
  const drawn = (["wide", "narrow"] as const)
    .map((kind) => `<div class="${kind}">${figure(untitled, { width: WIDTHS[kind] })}</div>`)
    .join("\n");
  return `<section id="${escapeText(item.name)}">
<h2>${markup(item.title)}</h2>
<p>${markup(item.explanation)}</p>
<figure aria-label="${escapeText(plainText(item.title))}">
${drawn}
</figure>
${item.source === "" ? "" : `<p class="source">Source: ${markup(item.source)}</p>\n`}</section>`;
};

/**
 * A self-contained HTML page that tells experiments in the given order: title, what to see, figure, source. It follows
 * the reader's preference for light or dark and can be read on a telephone.
 *
 * @param items in the order in which they are told
 */
export const story = (items: readonly StoryItem[]): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>GANs, explained by experiments</title>
<style>${STYLE}</style>
</head>
<body>
<h1>GANs, explained by experiments</h1>
<p>Each figure is computed, and each names the paper whose argument it follows.</p>
<nav aria-label="Experiments">
<ol>
${items.map((item) => `<li><a href="#${escapeText(item.name)}">${markup(item.title)}</a></li>`).join("\n")}
</ol>
</nav>
${items.map(section).join("\n")}
</body>
</html>
`;
