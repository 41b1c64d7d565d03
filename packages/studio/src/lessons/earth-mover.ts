import { earthMover } from "@tsgan/theory";
import { integer } from "tsgan/define";
import type { Mark } from "tsgan/figure";
import { slider, snap } from "../ui/fields.ts";
import { defineLesson, type Handle, type State } from "./lesson.ts";

/**
 * Raises or lowers pile `index`; the earth comes from, or goes to, the nearest piles, those to the right first. The amount
 * of earth stays the same, without which there is nothing to transport.
 */
export const moveEarth = (piles: readonly number[], index: number, height: number): number[] => {
  const moved = [...piles];
  const others = piles
    .map((_, i) => i)
    .filter((i) => i !== index)
    .sort((a, b) => Math.abs(a - index) - Math.abs(b - index) || b - a);
  let needed = height - piles[index];
  if (needed < 0) {
    moved[others[0]] -= needed;
    needed = 0;
  }
  for (const i of others) {
    const taken = Math.min(needed, moved[i]);
    moved[i] -= taken;
    needed -= taken;
  }
  moved[index] = height - needed;
  return moved;
};

const PILES = 4;
const TOTAL = 10;

const { options } = earthMover.definition;

const HEIGHTS = { from: 0, to: TOTAL, step: 1 };

const fields = {
  p: slider(options.p, { ...HEIGHTS, set: moveEarth, label: "piles P" }),
  q: slider(options.q, { ...HEIGHTS, set: moveEarth, label: "wanted Q" }),
  done: slider(integer({ default: 0, least: 0, most: PILES - 1, means: "steps done" })),
};

const COLOR = { p: 0, q: 1, potential: 2 } as const;

const places = Array.from({ length: PILES }, (_, i) => i + 1);
const ticks = places.map((place) => ({ value: place, label: String(place) }));

/** Tops of piles that can be dragged. */
const tops = (name: "p" | "q", state: State, x: (place: number) => number): Handle[] => {
  const pilesIn = (from: State) => from[name] as readonly number[];
  const set = (from: State, i: number, height: number): State => ({
    ...from,
    [name]: moveEarth(pilesIn(from), i, snap(HEIGHTS, height)),
  });
  return pilesIn(state).map((height, i) => ({
    label: `${name === "p" ? "pile" : "wanted pile"} ${i + 1}`,
    figure: 0,
    panel: 0,
    x: x(places[i]),
    y: height,
    color: COLOR[name],
    shape: "tall",
    value: { now: height, min: 0, max: TOTAL, text: `${height} of ${TOTAL} units of earth` },
    drag: (from, at) => set(from, i, at.y),
    nudge: (from, steps) => set(from, i, pilesIn(from)[i] + steps),
  }));
};

export const lesson = defineLesson({
  fields,
  look: [
    "P are piles of earth, Q is how high they should be. The earth mover's distance is the least work that makes Q of P: " +
      "units of earth times places carried. Drag the tops of the piles (or use the buttons): the nearest piles give or take " +
      "what is needed, so that the amount of earth stays the same. Then take the steps one by one.",
  ],
  tries: [
    {
      text: "Take all steps: from left to right, each pile passes on what it has too much of, or takes what it lacks.",
      state: { done: 3 },
    },
    {
      text: "All earth at one end, wanted at the other: 10 units, 3 places each.",
      state: { p: [10, 0, 0, 0], q: [0, 0, 0, 10] },
    },
    {
      text: "The same two piles side by side: a third of the work. No f-divergence sees that difference.",
      state: { p: [10, 0, 0, 0], q: [0, 10, 0, 0] },
    },
    {
      text: "Nothing to do: work 0, and any flat potential will do.",
      state: { p: [3, 2, 1, 4], q: [3, 2, 1, 4] },
    },
  ],
  question: {
    text: "The same ten units are carried one place instead of three. What becomes of W, and what would JS say?",
    state: { p: [10, 0, 0, 0], q: [0, 10, 0, 0] },
    answer:
      "The work is 10 instead of 30. JS is log 2 in both cases: the piles do not overlap, and how far apart they are it does not see.",
  },
  means: [
    "The plan is what has to be found for every pair of places, which no one can do for images. The dual asks for no plan: it " +
      "looks for heights f that change by at most one from place to place and make Σ f (P − Q) as large as possible. Its " +
      "value is the same. That f is what the critic of a Wasserstein GAN learns, and the bound on its slope is why " +
      "the critic must be 1-Lipschitz.",
  ],
  papers: [
    {
      text: "Rubner et al. 2000, “The earth mover's distance as a metric for image retrieval”",
      url: "https://doi.org/10.1023/A:1026543900054",
    },
    { text: "Arjovsky et al. 2017, “Wasserstein GAN”, eq. 1 and 2", arxiv: "1701.07875" },
    { text: "The piles: Weng 2019, “From GAN to WGAN”", arxiv: "1904.08994" },
  ],
  playground: [
    {
      text: "A critic that looks for f: WGAN-GP on the ring, beside the exact distance",
      query: "loss=wasserstein&pen=gradient-penalty*weight*0.1&k=5",
    },
  ],
  picture: [0, 0],
  async show(state) {
    const { p, q, done } = state;
    const data = await earthMover({ p, q }).run();
    const piles = done === 0 ? p : data.steps[done - 1].piles;
    const last = data.steps[done - 1];
    const arrow: Mark[] =
      last === undefined || last.carried === 0
        ? []
        : (() => {
            const [from, to] = last.carried > 0 ? [done, done + 1] : [done + 1, done];
            const y = TOTAL * 1.04;
            return [
              { type: "arrows", x: [from], y: [y], toX: [to], toY: [y], color: "ink", width: 2 },
              { type: "text", x: (from + to) / 2, y, text: String(Math.abs(last.carried)), offset: [0, -12] },
            ];
          })();
    return {
      figures: [
        {
          title: "Piles of earth",
          panels: [
            {
              wide: true,
              aspect: 0.42,
              title: done === 0 ? "Start" : `After step ${done}`,
              x: { label: "place", ticks, domain: [0.4, PILES + 0.6] },
              y: { label: "earth", unit: "units", domain: [0, TOTAL * 1.16] },
              marks: [
                { type: "bars", x: places, y: piles, width: 0.7, label: "piles", color: COLOR.p },
                {
                  type: "line",
                  x: places.flatMap((place) => [place - 0.42, place + 0.42, Number.NaN]),
                  y: q.flatMap((height) => [height, height, Number.NaN]),
                  label: "wanted",
                  color: COLOR.q,
                  width: 3,
                },
                ...arrow,
              ],
            },
            {
              title: "Plan: what goes where",
              x: { label: "to place", ticks },
              y: { label: "from place", ticks },
              aspect: "equal",
              marks: [
                {
                  type: "heatmap",
                  x: [0.5, PILES + 0.5],
                  y: [0.5, PILES + 0.5],
                  values: data.primal.plan,
                  domain: [0, TOTAL],
                  label: "earth",
                  annotate: true,
                },
              ],
            },
            {
              title: "Dual: the critic",
              x: { label: "place", ticks, domain: [0.4, PILES + 0.6] },
              y: { label: "f, slope at most 1", domain: [-3.2, 3.2] },
              marks: [
                { type: "rule", y: 0 },
                { type: "line", x: places, y: data.dual.potential, color: COLOR.potential },
                { type: "scatter", x: places, y: data.dual.potential, color: COLOR.potential, radius: 5 },
              ],
            },
          ],
        },
      ],
      readouts: [
        {
          label: "Work, by hand",
          value: data.distance,
          unit: "units × places",
          decimals: 2,
          note: "Σ |carried|, from left to right",
        },
        {
          label: "Work of the plan",
          value: data.primal.cost,
          unit: "units × places",
          decimals: 2,
          note: "a linear programme",
        },
        {
          label: "Σ f (P − Q)",
          value: data.dual.value,
          unit: "units × places",
          decimals: 2,
          note: "its dual",
        },
        {
          label: "W_{1} of the shares",
          value: data.distance / TOTAL,
          unit: "places",
          decimals: 3,
          note: "work per unit of earth",
        },
      ],
      handles:
        done === 0
          ? [...tops("p", state, (place) => place), ...tops("q", state, (place) => place + 0.42)]
          : tops("q", state, (place) => place + 0.42),
    };
  },
});
