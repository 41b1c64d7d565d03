/** A run as one self-contained page: samples over time, curves, configuration. Nothing is loaded from anywhere. */
import { hasAdversary, type RunConfig } from "../config/index.ts";
import { escapeText, figure, type Mark, type Panel } from "../figure/index.ts";
import { chartsOf, type MetricChart, metricCharts, type Verdict } from "../metrics/index.ts";
import { shownValue } from "../options.ts";
import { differentialPrivacy } from "../techniques/index.ts";
import { type DataFacts, dataLines } from "./facts.ts";
import { TABLE_STYLE, type TableReport, tableSection } from "./table-report.ts";

/** A line of metrics.jsonl. */
export interface MetricsLine {
  readonly step: number;
  readonly [name: string]: unknown;
}

/** A run in words. */
export interface ReportedRun {
  readonly title: string;
  /** Iterations of the whole run. */
  readonly steps: number;
  /** What it was made with, row by row. */
  readonly settings: readonly (readonly [name: string, value: unknown])[];
  /** What was read of a person's files, line by line. */
  readonly read: readonly string[];
  /** What `tsgan train --config` takes again, where it can. */
  readonly config?: RunConfig;
}

export interface ReportInput {
  readonly run: ReportedRun;
  readonly dataset: DataFacts;
  readonly metrics: readonly MetricsLine[];
  readonly samples: readonly { readonly step: number; readonly png: Uint8Array }[];
  /** Names of the classes in the samples' columns. */
  readonly columns?: readonly string[] | undefined;
  /** What looked wrong with the data, and other warnings. */
  readonly warnings: readonly string[];
  /** What the run looks like to `diagnose`. */
  readonly health?: readonly Verdict[] | undefined;
  /** Of tables: their columns, and what was found of the rows. */
  readonly table?: TableReport | undefined;
  /** Why the run could not go on. */
  readonly failure?: string | undefined;
  /** What the run ran on, by name. */
  readonly environment: object;
  /** Finished steps. */
  readonly step: number;
  /** What was done since the run was begun or last resumed. */
  readonly session: { readonly steps: number; readonly seconds: number };
}

/** Frames of the samples' slider, at most: the page should stay below some megabytes. */
const MOST_FRAMES = 60;

/** At most so many of the frames, `most`, evenly spread, the first and the last included. */
export const chooseFrames = <Frame>(frames: readonly Frame[], most = MOST_FRAMES): Frame[] => {
  if (frames.length <= most) return [...frames];
  return Array.from({ length: most }, (_, i) => frames[Math.round((i * (frames.length - 1)) / (most - 1))]);
};

/** Width at which the text of a chart has its nominal size. */
const CHART_WIDTH = 380;
/** A curve with more points than this gets a moving average over a hundredth of its length. */
const NOISY = 200;

/** Centred moving average; at the ends over what is left of the window. Gaps are passed over. */
const movingAverage = (values: readonly (number | null)[], reach: number): (number | null)[] => {
  const sums = new Float64Array(values.length + 1);
  const counts = new Uint32Array(values.length + 1);
  values.forEach((value, i) => {
    sums[i + 1] = sums[i] + (value ?? 0);
    counts[i + 1] = counts[i] + (value === null ? 0 : 1);
  });
  return values.map((_, i) => {
    const [from, to] = [Math.max(0, i - reach), Math.min(values.length, i + reach + 1)];
    const count = counts[to] - counts[from];
    return count === 0 ? null : (sums[to] - sums[from]) / count;
  });
};

const numberOrGap = (value: unknown): number | null =>
  typeof value === "number" && Number.isFinite(value) ? value : null;

const chartOf = ({ title, scale, series }: MetricChart, metrics: readonly MetricsLine[]): string => {
  const marks: Mark[] = [];
  const single = Object.keys(series).length === 1;
  Object.entries(series).forEach(([name, label]) => {
    const recorded = metrics.filter((line) => numberOrGap(line[name]) !== null);
    if (recorded.length === 0) return;
    // A figure that is taken now and then is drawn from one to the next; a gap in the others is a gap.
    const lines = 2 * recorded.length < metrics.length ? recorded : metrics;
    const values = lines.map((line) => numberOrGap(line[name]));
    const own = {
      type: "line",
      x: lines.map(({ step }) => step),
      ...(single ? {} : { label }),
    } as const;
    if (values.length <= NOISY) marks.push({ ...own, y: values });
    else {
      marks.push({ ...own, y: values, opacity: 0.25, width: 1 });
      marks.push({ ...own, y: movingAverage(values, Math.ceil(values.length / 200)) });
    }
  });
  if (marks.length === 0) return "";
  const panel: Panel = { title, x: { label: "step" }, y: scale === undefined ? {} : { scale }, marks };
  return `<figure>${figure({ title: "", panels: [{ ...panel, aspect: 0.62 }] }, { width: CHART_WIDTH })}</figure>`;
};

const charts = (metrics: readonly MetricsLine[]): string => {
  const names = new Set(metrics.flatMap((line) => Object.keys(line)));
  names.delete("step");
  return chartsOf(names, metricCharts())
    .map((chart) => chartOf(chart, metrics))
    .join("");
};

const duration = (seconds: number): string => {
  if (seconds < 90) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};

const count = (value: number): string => value.toLocaleString("en-GB").replaceAll(",", "\u202f");

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

const text = (value: unknown): string => escapeText(shownValue(value));

/** `adam, learningRate 0.0002, beta1 0.5` */
const phrase = (value: unknown): string => {
  if (Array.isArray(value))
    return value.length === 0 ? "none" : value.map(phrase).join(value.some(Number.isFinite) ? ", " : "; ");
  if (typeof value !== "object" || value === null) return String(value);
  return Object.entries(value)
    .map(([key, inner]) => (key === "name" ? shownValue(inner) : `${key} ${phrase(inner)}`))
    .join(", ");
};

const table = (rows: readonly (readonly [string, unknown])[]): string =>
  `<table>${rows.map(([name, value]) => `<tr><th scope="row">${text(name)}</th><td>${text(phrase(value))}</td></tr>`).join("")}</table>`;

const healthSection = (verdicts: readonly Verdict[]): string => {
  const items = verdicts.map(
    ({ severity, title, evidence, advice }) =>
      `<li${severity === "alarm" ? ' class="failure"' : ""}><strong>${text(title)}</strong>: ${text(evidence)}` +
      `${advice === "" ? "" : `<br>${text(advice)}`}</li>`,
  );
  return `<section aria-labelledby="health"><h2 id="health">Health</h2>
<ul class="health">${items.join("")}</ul>
</section>`;
};

/** What the frames show. */
const captionOf = ({ shape, pairs, table: plan }: DataFacts): string => {
  if (plan !== undefined) {
    return "Distributions of the first columns, in the order of the table, at each step; real rows in blue, generated ones in orange.";
  }
  if (pairs) {
    return "Side by side for each pair: the image to start from, what the generator makes of it, the truth or an image of that kind, and the way back where the model has one.";
  }
  return shape.length === 3
    ? "The same latent vectors at each step."
    : "The same latent vectors at each step; real points in blue, generated ones in orange.";
};

/** Bytes that are turned at a time: arguments of one call have a limit. */
const PIECE = 1 << 15;

const base64 = (bytes: Uint8Array): string => {
  let letters = "";
  for (let i = 0; i < bytes.length; i += PIECE) {
    letters += String.fromCharCode(...bytes.subarray(i, i + PIECE));
  }
  return btoa(letters);
};

const samplesSection = ({ samples, dataset, columns }: ReportInput): string => {
  if (samples.length === 0) return "";
  const last = samples.length - 1;
  const frames = samples.map(({ step, png }) => ({
    step,
    src: `data:image/png;base64,${base64(png)}`,
  }));
  const named = columns === undefined ? "" : ` Columns: ${columns.map(text).join(", ")}.`;
  const caption = `${captionOf(dataset)}${named}`;
  return `<section aria-labelledby="samples"><h2 id="samples">Samples</h2>
<img id="frame" src="${frames[last].src}" alt="Generated samples at step ${frames[last].step}">
<div class="scrub"${last === 0 ? " hidden" : ""}><button type="button" id="play">Play</button><input id="scrub" type="range" min="0" max="${last}" value="${last}" aria-label="Training step of the samples"><output id="at">step ${count(frames[last].step)}</output></div>
<p class="note">${caption}</p>
<script type="application/json" id="frames">${JSON.stringify(frames)}</script>
</section>`;
};

const STYLE = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1b1f24;--muted:#57606a;--line:#d8dde2;--bad:#b3261e}
@media(prefers-color-scheme:dark){:root{--paper:#12161c;--ink:#e8eaed;--muted:#a6adb6;--line:#2a313a;--bad:#ff8a80}}
*{box-sizing:border-box}
body{margin:0 auto;padding:24px 16px 64px;max-width:1080px;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 4px}
h2{font-size:1.15rem;margin:40px 0 12px}
.note,.lead{color:var(--muted);margin:8px 0}
.failure{border-left:4px solid var(--bad);padding:4px 12px;overflow-wrap:anywhere}
#frame{display:block;max-width:100%;height:auto;image-rendering:pixelated;background:#fff}
.scrub{display:flex;gap:12px;align-items:center;margin-top:12px;max-width:560px}
.scrub[hidden]{display:none}
.scrub input{flex:1;min-width:0;accent-color:currentColor}
.scrub output{min-width:6.5em;text-align:right;font-variant-numeric:tabular-nums}
button{font:inherit;min-width:4.5em;padding:4px 12px;border:1px solid var(--line);border-radius:6px;background:none;color:inherit;cursor:pointer}
.health{list-style:none;padding:0;margin:0}
.health li{margin:8px 0}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,400px),1fr));gap:16px}
figure{margin:0}
figure svg{display:block;width:100%;height:auto}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:6px 12px 6px 0;border-bottom:1px solid var(--line);font-weight:400;overflow-wrap:anywhere}
th{width:11em;color:var(--muted);overflow-wrap:normal}
@media(max-width:480px){th{width:8.5em}}
details summary{cursor:pointer;margin:16px 0 8px}
pre{overflow-x:auto;font-size:.85rem;line-height:1.45}`;

const SCRIPT = `
const frames=JSON.parse(document.getElementById("frames").textContent),[frame,scrub,at,play]=["frame","scrub","at","play"].map(id=>document.getElementById(id));
let timer;
const show=()=>{const{step,src}=frames[scrub.value];frame.src=src;frame.alt="Generated samples at step "+step;at.value="step "+step.toLocaleString("en-GB").replaceAll(",","\\u202f")};
const stop=()=>{clearInterval(timer);timer=undefined;play.textContent="Play"};
scrub.addEventListener("input",()=>{stop();show()});
play.addEventListener("click",()=>{
if(timer)return stop();
if(+scrub.value===frames.length-1)scrub.value=0;
play.textContent="Stop";show();
timer=setInterval(()=>{scrub.value=+scrub.value+1;show();if(+scrub.value===frames.length-1)stop()},Math.max(80,4000/frames.length));
});`;

const parameterText = (parameters: Readonly<Record<string, number>>): string =>
  Object.entries(parameters)
    .map(([network, number]) => `${network} ${count(number)}`)
    .join(", ");

const dataText = ({ name, size, shape }: DataFacts): string =>
  `${name}: ${size === undefined ? "sampled afresh" : `${count(size)} examples`}, each [${shape.join(", ")}]`;

/** Without the seed of a private run: who knows it can take the noise away, and reports are passed on. */
const withoutSecrets = ({ seed, ...rest }: RunConfig): RunConfig =>
  (rest.techniques.some(({ name }) => name === differentialPrivacy.definition.name)
    ? rest
    : { ...rest, seed }) as RunConfig;

/** The words of a run that a configuration describes: `whole`, the facts of its `dataset`, and the trained `parameters` of each network. */
export const reportedRun = (
  whole: RunConfig,
  dataset: DataFacts,
  parameters: Readonly<Record<string, number>>,
): ReportedRun => {
  const config = withoutSecrets(whole);
  const { data, model, loss, penalties, optimizer, ...settings } = config;
  return {
    title: `${dataset.name}: ${hasAdversary(config) ? `${loss.name}, ` : ""}${model.name}`,
    steps: config.steps,
    settings: [
      ["data", dataText({ ...dataset, name: data })],
      ["model", model],
      ...(hasAdversary(config)
        ? ([
            ["loss", loss],
            ["penalties", penalties],
          ] as const)
        : []),
      ["parameters", parameterText(parameters)],
      ["generator's optimizer", optimizer.generator],
      ...(hasAdversary(config) ? ([["discriminator's optimizer", optimizer.discriminator]] as const) : []),
      ...Object.entries(settings),
    ],
    read: dataLines(dataset, config),
    config,
  };
};

/**
 * The words of a run of a game of one's own.
 *
 * @param game name of the game, its `steps`, and its other settings, row by row
 * @param dataset the facts of its data
 * @param parameters numbers that are trained, of each network
 */
export const reportedGame = (
  { game, steps, ...settings }: Readonly<Record<string, unknown>> & { readonly steps: number },
  dataset: DataFacts,
  parameters: Readonly<Record<string, number>>,
): ReportedRun => ({
  title: `${dataset.name}: ${shownValue(game)}`,
  steps,
  settings: [
    ["data", dataText(dataset)],
    ["parameters", parameterText(parameters)],
    ...Object.entries(settings),
  ],
  read: [],
});

/**
 * The report of a run as one self-contained page: losses and metrics as figures, samples as pictures.
 *
 * @param input configuration, records, samples, and what the end of the run was
 */
export const reportHtml = (input: ReportInput): string => {
  const { run, metrics, samples, warnings, failure, environment, session } = input;
  const { title, settings: rows } = run;
  const speed = session.seconds > 0 ? session.steps / session.seconds : 0;
  const tested = numberOrGap(metrics.at(-1)?.testAccuracy);
  const lead =
    `${count(input.step)} of ${count(run.steps)} steps` +
    (session.steps > 0
      ? `; the last ${count(session.steps)} in ${duration(session.seconds)}, ${speed.toFixed(speed < 10 ? 1 : 0)} steps/s`
      : "") +
    (tested === null ? "" : `; test accuracy of the classifier ${percent(tested)}`);
  const read =
    run.read.length === 0
      ? ""
      : `<section aria-labelledby="read"><h2 id="read">What was read</h2>
<ul>${run.read.map((line) => `<li>${text(line)}</li>`).join("")}</ul>
</section>
`;
  const findings =
    warnings.length === 0
      ? `<p class="note">Nothing looked wrong: range, constant or repeated examples, size.</p>`
      : `<ul>${warnings.map((message) => `<li>${text(message)}</li>`).join("")}</ul>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${text(title)} · tsgan</title>
<style>${STYLE}${input.table === undefined ? "" : TABLE_STYLE}
</style>
</head>
<body>
<main>
<h1>${text(title)}</h1>
<p class="lead">${lead}</p>
${failure === undefined ? "" : `<p class="failure" role="alert">The run stopped: ${text(failure)}</p>`}
${input.table === undefined ? "" : tableSection(input.table)}
${samplesSection(input)}
${input.health === undefined ? "" : healthSection(input.health)}
<section aria-labelledby="curves"><h2 id="curves">Curves</h2>
${metrics.length === 0 ? `<p class="note">No step has been recorded.</p>` : `<div class="charts">${charts(metrics)}</div>`}
</section>
${read}<section aria-labelledby="findings"><h2 id="findings">Data check</h2>
${findings}
</section>
<section aria-labelledby="configuration"><h2 id="configuration">Configuration</h2>
${table(rows)}
${run.config === undefined ? "" : `<details><summary>As JSON, for <code>tsgan train --config</code></summary><pre>${text(JSON.stringify(run.config, null, 2))}</pre></details>`}
</section>
<section aria-labelledby="environment"><h2 id="environment">Environment</h2>
${table(Object.entries(environment))}
</section>
</main>
${samples.length > 1 ? `<script>${SCRIPT}\n</script>` : ""}
</body>
</html>
`;
};
