import { experiments, generatorGradients, nashOscillation, optimalDiscriminator } from "@tsgan/theory";
import { gaussianJensenShannon1d, gaussianKl, matrix, wasserstein1d } from "tsgan/distances";
import { figure, frames } from "tsgan/figure";
import { describe, expect, it } from "vitest";
import { parseState } from "../playground/address.ts";
import { fieldsIn, initialOf } from "../ui/fields.ts";
import { moveEarth } from "./earth-mover.ts";
import { figureCsv } from "./figure-data.ts";
import { formulas } from "./formulas.ts";
import { typeset } from "./formulas-plugin.ts";
import { formatReadout, type Lesson, type State } from "./lesson.ts";
import { lessons } from "./list.ts";
import { spread } from "./spread.ts";

const loaded = await Promise.all(
  lessons.map(async ({ name, load }): Promise<[string, Lesson]> => [name, (await load()).lesson]),
);
const lessonNamed = (name: string): Lesson => loaded.find(([known]) => known === name)![1];

/** The readouts of a lesson by their labels. */
const read = async (name: string, state: State): Promise<Record<string, number | null>> => {
  const lesson = lessonNamed(name);
  const { readouts } = await lesson.show({ ...initialOf(lesson.fields), ...state });
  return Object.fromEntries(readouts.map(({ label, value }) => [label, value]));
};

it("there is a lesson for every experiment", () => {
  expect(lessons.map(({ name }) => name).sort()).toEqual([...experiments.names].sort());
});

describe.each(loaded)("lesson %s", (name, lesson) => {
  const states = [{}, ...lesson.tries.map(({ state }) => state), lesson.question.state].map((state) => ({
    ...initialOf(lesson.fields),
    ...state,
  }));

  const { read, write } = fieldsIn(lesson.fields, "this lesson");

  it("comes back from the address as it was written there", () => {
    for (const state of states) expect(read(write(state))).toEqual({ state, notices: [] });
    expect(write(initialOf(lesson.fields)).toString()).toBe("");
  });

  it("reads an address that makes no sense as its defaults", () => {
    const nonsense = new URLSearchParams(Object.keys(lesson.fields).map((key) => [key, "<nonsense>"]));
    const { state, notices } = read(nonsense);
    expect(state).toEqual(initialOf(lesson.fields));
    expect(notices).toHaveLength(Object.keys(lesson.fields).length);
  });

  it("shows figures and finite numbers for all that it says to try", async () => {
    for (const state of states) {
      const { figures, readouts } = await lesson.show(state);
      for (const spec of figures) {
        expect(figure(spec, { width: 340 })).not.toMatch(/NaN|undefined|Infinity/);
        expect(figureCsv(spec)).not.toMatch(/NaN|undefined|Infinity/);
      }
      for (const { value } of readouts) expect(value === null || Number.isFinite(value)).toBe(true);
    }
  });

  it("has handles that move the state within its bounds, however far they are dragged", async () => {
    const initial = initialOf(lesson.fields);
    const { handles } = await lesson.show(initial);
    for (const { drag, nudge, value } of handles) {
      expect(value.now).toBeGreaterThanOrEqual(value.min);
      expect(value.now).toBeLessThanOrEqual(value.max);
      for (const state of [
        drag(initial, { x: 1e3, y: 1e3 }),
        drag(initial, { x: -1e3, y: -1e3 }),
        nudge(initial, 1, "x"),
        nudge(initial, -1e6, "y"),
      ]) {
        expect(read(write(state))).toEqual({ state, notices: [] });
        await lesson.show(state);
      }
    }
  });

  it("asks a question whose answer is an experiment, and not what is there anyway", () => {
    const { text, answer } = lesson.question;
    expect(text).toMatch(/\?$/);
    expect(answer).not.toBe("");
    const made = { ...initialOf(lesson.fields), ...lesson.question.state };
    expect(write(made).toString()).not.toBe("");
  });

  it("names in each panel what is drawn there", async () => {
    const { figures } = await lesson.show(initialOf(lesson.fields));
    for (const { legend } of figures) expect(legend).toBe("panels");
  });

  it("keeps blue for what is real, orange for what is generated, teal for the discriminator", async () => {
    const meant: Readonly<Record<number, RegExp>> = {
      0: /^(real|data p|modes of the data|P|piles)/,
      1: /^(generated|samples|Q|wanted|x$)/,
      2: /^(D\*|what the loss says|potential|y$)/,
    };
    const { figures } = await lesson.show(initialOf(lesson.fields));
    for (const mark of figures.flatMap(({ panels }) => panels.flatMap(({ marks }) => marks))) {
      if (
        !("label" in mark) ||
        mark.type === "heatmap" ||
        typeof (mark as { color?: unknown }).color !== "number"
      )
        continue;
      const { label, color } = mark as { readonly label: string; readonly color: number };
      if (color in meant) expect(label).toMatch(meant[color]);
      else for (const name of [/^real$/, /^generated$/]) expect(label).not.toMatch(name);
    }
  });

  it("lets every curve be seen: of two that lie on each other one is dashed or wider", async () => {
    for (const state of states) {
      for (const { panels } of (await lesson.show(state)).figures) {
        for (const { marks, title } of panels) {
          const lines = marks.flatMap((mark) => (mark.type === "line" ? [mark] : []));
          for (const [i, a] of lines.entries()) {
            for (const b of lines.slice(i + 1)) {
              const at = new Map(Array.from(b.x, (x, k) => [x, b.y[k]]));
              const pairs = Array.from(a.x, (x, k) => [a.y[k], at.get(x)] as const).filter(
                (pair): pair is readonly [number, number] =>
                  pair.every((y) => typeof y === "number" && Number.isFinite(y)),
              );
              const all = pairs.flat();
              const reach = Math.max(...all) - Math.min(...all) || 1;
              const same = pairs.filter(([y, other]) => Math.abs(y - other) < 1e-3 * reach);
              if (pairs.length < 3 || same.length < 0.9 * pairs.length) continue;
              const look = ({ dash, width }: typeof a): string => `${dash} ${width}`;
              expect(look(a), `${title}: ${a.label} and ${b.label}`).not.toBe(look(b));
            }
          }
        }
      }
    }
  });

  it("has handles that stand apart, on a telephone too", async () => {
    for (const state of states) {
      const { figures, handles } = await lesson.show(state);
      for (const [i, spec] of figures.entries()) {
        const placed = frames(spec, { width: 320 });
        const places = handles
          .filter(({ figure }) => figure === i)
          .map(({ panel, x, y }) => ({ x: placed[panel].x(x), y: placed[panel].y(y) }));
        const seen = spread(places).map((aside, k) => ({ x: places[k].x, y: places[k].y + aside.y }));
        for (const [k, a] of seen.entries())
          for (const b of seen.slice(k + 1)) expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(20);
      }
    }
  });

  it("links to settings that the playground takes without a complaint", () => {
    expect(lesson.playground.length).toBeGreaterThan(0);
    for (const { query } of lesson.playground)
      expect(parseState(new URLSearchParams(query)).notices).toEqual([]);
  });

  it("names its papers and sets its formulas", () => {
    for (const { arxiv, url } of lesson.papers)
      expect(url ?? arxiv).toMatch(/^(https:\/\/doi\.org\/10\.|\d{4}\.\d{4,5}$)/);
    expect(formulas[name].display.length).toBeGreaterThan(0);
  });
});

it("formulas are set without an error, for lessons that exist", () => {
  const set = typeset();
  expect(Object.keys(set).sort()).toEqual(lessons.map(({ name }) => name).sort());
  for (const { display, symbols } of Object.values(set)) {
    for (const mathml of [...display.map(({ formula }) => formula), ...symbols.map(([symbol]) => symbol)]) {
      expect(mathml).toMatch(/^<math/);
      expect(mathml).not.toMatch(/temml-error|merror/);
    }
  }
});

describe("the numbers of a lesson are the library's", () => {
  it("divergences: closed forms of KL, quadrature of JS, quantiles for W", async () => {
    const found = await read("divergences", { meanP: -1, deviationP: 0.5, meanQ: 2, deviationQ: 1.5 });
    const law = (mean: number, deviation: number) => ({
      mean: [mean],
      covariance: matrix(1, 1, [deviation ** 2]),
    });
    expect(found["KL(P‖Q)"]).toBeCloseTo(gaussianKl(law(-1, 0.5), law(2, 1.5)), 7);
    expect(found["KL(Q‖P)"]).toBeCloseTo(gaussianKl(law(2, 1.5), law(-1, 0.5)), 7);
    expect(found.JS).toBeCloseTo(gaussianJensenShannon1d(-1, 0.5, 2, 1.5), 8);
    // Equal widths: W₁ is the distance of the means, and TV = erf(Δ / 2√2 σ).
    const moved = await read("divergences", { meanP: 0, meanQ: 2, deviationP: 1, deviationQ: 1 });
    expect(moved["W_{1}"]).toBeCloseTo(2, 6);
    expect(moved.TV).toBeCloseTo(0.6826894921, 4);
  });

  it("optimal discriminator: V(D*) and its theorem", async () => {
    const found = await read("optimal-discriminator", {
      meanGenerated: 1,
      deviationGenerated: 0.5,
      confidence: 2,
    });
    const data = await optimalDiscriminator({
      meanGenerated: 1,
      deviationGenerated: 0.5,
      steps: 0,
    }).run();
    expect(found["V(D*), integrated"]).toBe(data.value);
    expect(found["2 JS − 2 log 2"]).toBe(data.expected);
    expect(found["V of your discriminator"]).toBe(data.confidence.value[data.confidence.scale.indexOf(2)]);
  });

  it("x·y: growth and distance of the chosen rule", async () => {
    const { optimistic } = await nashOscillation({ learningRate: 0.3 }).run();
    const found = await read("nash-oscillation", { rule: "optimistic", learningRate: 0.3 });
    expect(found["Factor of each step"]).toBe(optimistic.growth.measured);
    expect(found["Distance at the end"]).toBe(optimistic.distance.at(-1));
  });

  it("generator's gradients: the derivatives of the losses are those of the experiment", async () => {
    const kinds = {
      minimax: "saturating",
      "non-saturating": "nonSaturating",
      "least-squares": "leastSquares",
      hinge: "hinge",
      wasserstein: "hinge",
    } as const;
    for (const s of [-6, -0.5, 3]) {
      const data = await generatorGradients({ score: Math.abs(s), points: 2 }).run();
      const at = s < 0 ? 0 : 1;
      for (const [loss, kind] of Object.entries(kinds)) {
        const found = await read("generator-gradients", { loss, score: s });
        expect(found["D(G(z))"]).toBeCloseTo(data.discriminator[at], 12);
        expect(found.Cost).toBeCloseTo(data[kind].cost[at], 12);
        expect(found["Slope ∂ cost / ∂ s"]).toBeCloseTo(data[kind].gradient[at], 12);
      }
    }
  });

  it("piles of earth: the work is the Wasserstein distance of the piles, times the earth", async () => {
    const [p, q] = [
      [0, 7, 1, 2],
      [4, 0, 0, 6],
    ];
    const found = await read("earth-mover", { p, q });
    const places = [1, 2, 3, 4];
    const expected = 10 * wasserstein1d(places, places, { xWeights: p, yWeights: q });
    for (const label of ["Work, by hand", "Work of the plan", "Σ f (P − Q)"])
      expect(found[label]).toBeCloseTo(expected, 10);
  });

  it("parallel lines: KL infinite, JS log 2, W the distance; all 0 in the end", async () => {
    expect(await read("parallel-lines", { theta: -0.4 })).toMatchObject({
      "KL(P‖Q)": null,
      TV: 1,
      "W_{1}": expect.closeTo(0.4, 12),
      JS: expect.closeTo(Math.LN2, 12),
      "Slope of W_{1}": expect.closeTo(-1, 10),
    });
    expect(await read("parallel-lines", { theta: 0 })).toMatchObject({
      "KL(P‖Q)": 0,
      JS: 0,
      TV: 0,
      "W_{1}": 0,
    });
  });
});

describe("moved earth", () => {
  it("is never lost, and no pile is below the ground", () => {
    const piles = [3, 2, 1, 4];
    for (let i = 0; i < piles.length; i++) {
      for (let height = 0; height <= 10; height++) {
        const moved = moveEarth(piles, i, height);
        expect(moved[i]).toBe(height);
        expect(moved.reduce((a, b) => a + b)).toBe(10);
        expect(Math.min(...moved)).toBeGreaterThanOrEqual(0);
      }
    }
  });

  it("comes from the nearest pile that has some, the right one first, and goes there", () => {
    expect(moveEarth([3, 2, 1, 4], 1, 3)).toEqual([3, 3, 0, 4]);
    expect(moveEarth([3, 2, 0, 4], 1, 3)).toEqual([2, 3, 0, 4]);
    expect(moveEarth([3, 2, 1, 4], 3, 2)).toEqual([3, 2, 3, 2]);
  });
});

it("readouts show small and large numbers as powers of ten", () => {
  expect(formatReadout({ label: "", value: -0.25 })).toBe("−0.2500");
  expect(formatReadout({ label: "", value: 3e-7 })).toBe("3.00×10^{−7}");
  expect(formatReadout({ label: "", value: -1.5e6 })).toBe("−1.50×10^{6}");
  expect(formatReadout({ label: "", value: 0 })).toBe("0.0000");
  expect(formatReadout({ label: "", value: null })).toBe("∞");
});

describe("curves of a lesson", () => {
  const lineNamed = async (state: State, panel: number, name: string) => {
    const { figures } = await lessonNamed("divergences").show({
      ...initialOf(lessonNamed("divergences").fields),
      ...state,
    });
    return figures[0].panels[panel].marks.find((mark) => mark.type === "line" && mark.label === name);
  };

  it("that lie on each other are told apart: the upper one dashed, the lower one wide", async () => {
    // Both directions of KL are the same for equal widths, and not for others.
    expect(await lineNamed({}, 3, "KL(Q‖P)")).toMatchObject({ dash: "dashed" });
    expect(await lineNamed({}, 3, "KL(P‖Q)")).toMatchObject({ width: 5 });
    expect(await lineNamed({ deviationQ: 0.4 }, 3, "KL(Q‖P)")).not.toHaveProperty("dash");
  });

  it("have no corners: KL is drawn at gaps of 0.05, each with the library's value", async () => {
    const line = await lineNamed({ deviationQ: 0.5 }, 3, "KL(P‖Q)");
    if (line?.type !== "line") throw new Error("no line");
    const [x, y] = [Array.from(line.x), Array.from(line.y)] as number[][];
    expect(x).toHaveLength(241);
    const at = x.findIndex((each) => Math.abs(each - 1.25) < 1e-9);
    const law = (mean: number, deviation: number) => ({
      mean: [mean],
      covariance: matrix(1, 1, [deviation ** 2]),
    });
    expect(y[at]).toBeCloseTo(gaussianKl(law(0, 1), law(1.25, 0.5)), 9);
  });
});
