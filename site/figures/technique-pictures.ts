/** Pictures of techniques that act on what the discriminator sees, or on its gradient: each calls the technique's own functions. */
import { totalVariation } from "tsgan/distances";
import { type FigureSpec, histogram, type Panel } from "tsgan/figure";
import { constant, input, interpret, reshape, type Shape, sizeOf, type Tensor } from "tsgan/graph";
import { instanceNoiseSigma } from "tsgan/nn";
import { randomStream } from "tsgan/random";
import { ada, diffAugment, imagePool, instanceNoise, privacyNoise, privacySpent } from "tsgan/techniques";
import { face, SIDE } from "./face.ts";
import { choice, type Figure, plot, range, remembered, short, steps } from "./kit.ts";

/** Random numbers of a graph, drawn when it is built. */
const drawn = (seed: number, purpose: string) => {
  let nth = 0;
  return (kind: "uniform" | "normal", shape: Shape): Tensor => {
    const out = new Float32Array(sizeOf(shape));
    const random = randomStream(seed, purpose, nth++);
    if (kind === "uniform") random.fillUniform(out);
    else random.fillNormal(out);
    return constant(out, shape);
  };
};

/** What techniques are given, of which each of these looks at a little. */
const contextOf = <Context>(given: Readonly<Record<string, unknown>>): Context => given as Context;

const COLUMNS = 4;
/** Pictures in rows of four, with a pixel between them. */
const sheetOf = (pictures: readonly ArrayLike<number>[]): Panel => {
  const [cell, rows] = [SIDE + 1, Math.ceil(pictures.length / COLUMNS)];
  const [width, height] = [COLUMNS * cell - 1, rows * cell - 1];
  const values = Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => {
      const [column, row] = [Math.floor(x / cell), Math.floor((height - 1 - y) / cell)];
      const [px, py] = [x % cell, (height - 1 - y) % cell];
      return px === SIDE || py === SIDE ? null : pictures[row * COLUMNS + column][py * SIDE + px];
    }),
  );
  return {
    aspect: "equal",
    x: { ticks: [] },
    y: { ticks: [], label: "the picture, and what the discriminator sees" },
    marks: [{ type: "heatmap", picture: true, x: [0, width], y: [0, height], domain: [-1, 1], values }],
  };
};

const augmented: Figure = {
  alt: "A picture of a face, and seven random changes of it, as the discriminator sees them.",
  controls: [
    choice(
      "policy",
      "policy",
      ["color,translation,cutout", "color", "translation", "cutout"],
      "color,translation,cutout",
    ),
    range("seed", "draw", [1, 20, 1], 1, { plays: true }),
  ],
  draw: ({ policy, seed }) => {
    const COUNT = 7;
    const x = input("x", [COUNT, 1, SIDE, SIDE]);
    const random = drawn(Number(seed), "augment");
    const seen = diffAugment({ policy: String(policy) }).sees?.(x, contextOf({ random })) ?? x;
    const all = Float32Array.from({ length: COUNT * SIDE * SIDE }, (_, i) => face[i % face.length]);
    const [values] = interpret([seen], { x: all });
    const differs = Math.sqrt(
      values.reduce((total, value, i) => total + (value - all[i]) ** 2, 0) / values.length,
    );
    const pictures = Array.from({ length: COUNT }, (_, i) =>
      values.subarray(i * face.length, (i + 1) * face.length),
    );
    return plot(
      `Policy ${policy}: pixels differ by ${short(differs)}, root mean square, on a scale from −1 to 1.`,
      {
        panels: [sheetOf([face, ...pictures])],
      },
    );
  },
};

const noisy: Figure = {
  alt: "Histograms of real points at −1 and of generated ones at 1 with the noise of instance noise added: they overlap at first, and part as the noise fades.",
  controls: [
    range("sigma", "σ", [0, 2, 0.1], 1),
    range("step", "step of 1,000", [0, 1000, 50], 200, { plays: true }),
  ],
  draw: ({ sigma, step }) => {
    const COUNT = 4000;
    const [deviation, at] = [Number(sigma), Number(step)];
    const random = drawn(1, "noise");
    const scalar = (
      _: string,
      value: (moment: { step: number; steps: number; t: number }) => number,
    ): Tensor => constant([value({ step: at, steps: 1000, t: at + 1 })], [1]);
    const technique = instanceNoise({ sigma: deviation, steps: 1000 });
    const seen = [-1, 1].map((centre, i) => {
      const points = new Float32Array(COUNT);
      randomStream(1, "points", i).fillNormal(points, centre, 0.15);
      const x = constant(points, [COUNT, 1]);
      return interpret([technique.sees?.(x, contextOf({ random, scalar })) ?? x])[0];
    });
    const [real, fake] = seen.map((values) => histogram(values, { bins: 60, range: [-5, 5], density: true }));
    const overlap = real.heights.reduce(
      (total, height, i) => total + Math.min(height, fake.heights[i]) / 6,
      0,
    );
    return plot(
      `Step ${at} of 1,000: noise of deviation ${short(instanceNoiseSigma(at, deviation, 1000))}; ${short(100 * overlap)} % of the two distributions overlap.`,
      {
        panels: [
          {
            aspect: 0.4,
            x: { label: "x + σ(1 − t/T) ε", domain: [-5, 5] },
            y: { label: "density" },
            marks: [real, fake].map((bins, i) => ({
              type: "histogram" as const,
              ...bins,
              label: i === 0 ? "real" : "generated",
              color: i === 0 ? 0 : 1,
              opacity: 0.6,
            })),
          },
        ],
      },
    );
  },
};

const adaptive: Figure = {
  alt: "The probability p of adaptive augmentation over the images that were seen: it rises where the discriminator is surer of real images than the target says, and falls where it is less sure.",
  controls: [
    range("sure", "mean sign of D(x)", [-1, 1, 0.25], 0.75),
    range("target", "target", [0, 1, 0.1], 0.6),
  ],
  draw: ({ sure, target }) => {
    const [BATCH, STEPS, IMAGES] = [64, 200, 50_000];
    const positive = Math.round((BATCH * (Number(sure) + 1)) / 2);
    const signs = Float32Array.from({ length: BATCH }, (_, i) => (i < positive ? 1 : -1));
    let next: Tensor | undefined;
    ada({ target: Number(target), images: IMAGES }).after?.(
      contextOf({
        game: { players: { discriminator: { batch: BATCH } } },
        player: "discriminator",
        own: () => input("p", [1]),
        set: (_: string, value: Tensor) => {
          next = value;
        },
        observed: () => input("scores", [BATCH, 1]),
      }),
    );
    let p = 0.1;
    const path = [p];
    for (let step = 0; step < STEPS; step++) {
      [[p]] = interpret([reshape(next as Tensor, [1])], { p: [p], scores: signs });
      path.push(p);
    }
    const mean = (2 * positive) / BATCH - 1;
    return plot(
      `The mean sign of real scores is ${short(mean)}, the target ${short(Number(target))}: after ${STEPS * BATCH} images p has gone from 0.1 to ${short(p)}.`,
      {
        panels: [
          {
            aspect: 0.4,
            x: { label: "images that the discriminator has seen" },
            y: { label: "p", domain: [0, 0.5] },
            marks: [{ type: "line", x: path.map((_, i) => i * BATCH), y: path }],
          },
        ],
      },
    );
  },
};

/** Ages, in batches, of the samples that the discriminator is shown. */
const agesOf = remembered((size: number): readonly number[] => {
  const [BATCH, STEPS] = [8, 160];
  const technique = imagePool({ size });
  const game = {
    players: { discriminator: { trains: ["discriminator"], batch: BATCH } },
    judges: ["discriminator"],
    streams: { real: { dataset: { shape: [1] } } },
  };
  const length = technique.state?.(game as never)?.[""].size ?? 0;
  let next: Tensor | undefined;
  const random = (_: string, shape: Shape): Tensor => input(`u${asked++}`, shape);
  let asked = 0;
  const x = input("x", [BATCH, 1]);
  const own = () => input("pool", [length]);
  const shown = technique.shows?.(
    "fake",
    x,
    contextOf({
      ...{ game, own, random },
      set: (_: string, value: Tensor) => {
        next = value;
      },
    }),
  );
  let pool: ArrayLike<number> = new Float32Array(length);
  const ages: number[] = [];
  for (let step = 0; step < STEPS; step++) {
    const feeds: Record<string, ArrayLike<number>> = { x: new Float32Array(BATCH).fill(step), pool };
    for (let i = 0; i < asked; i++) {
      feeds[`u${i}`] = new Float32Array(BATCH);
      randomStream(step, `pool${i}`).fillUniform(feeds[`u${i}`] as Float32Array);
    }
    const [seen, kept] = interpret([shown as Tensor, next as Tensor], feeds);
    pool = kept;
    if (step >= STEPS / 2) ages.push(...Array.from(seen, (made) => Math.round(step - made)));
  }
  return ages;
});

const pooled: Figure = {
  alt: "How many batches ago the samples were made that the discriminator is shown, as a histogram: half are new, the others are from the pool.",
  controls: [range("size", "samples in the pool", [8, 128, 8], 48)],
  draw: ({ size }) => {
    const ages = agesOf(Number(size));
    const mean = ages.reduce((a, b) => a + b, 0) / ages.length;
    const fresh = ages.filter((age) => age === 0).length / ages.length;
    const most = 40;
    const counts = Array.from(
      { length: most + 1 },
      (_, age) => ages.filter((each) => each === age).length / ages.length,
    );
    return plot(
      `A pool of ${size} samples, batches of 8: ${short(100 * fresh)} % of what the discriminator sees is new, the rest is ${short(mean / (1 - fresh))} batches old on the average.`,
      {
        panels: [
          {
            aspect: 0.4,
            x: { label: "age of a sample that is shown, in batches", domain: [-0.5, most] },
            y: { label: "share", domain: [0, 0.7] },
            marks: [{ type: "bars", x: counts.map((_, age) => age), y: counts }],
          },
        ],
      },
    );
  },
};

const STEPS = 3000;
const hidden: Figure = {
  alt: "What of ε a private run has spent after each of its moves, and below the noise that keeps it, by ε.",
  controls: [
    range("epsilon", "ε", [-0.5, 1.5, 0.25], 0.5, { log: true }),
    choice("rows", "rows", ["2000", "20000", "200000"], "20000"),
  ],
  draw: ({ epsilon, rows }) => {
    const size = Number(rows);
    const terms = { epsilon: Number(epsilon), delta: 1e-6 };
    const run = { size, expected: 356, moves: STEPS };
    const noise = privacyNoise(terms, run);
    const made = steps(0, STEPS, 13).map(Math.round);
    const spent = made.map((moves) => (moves === 0 ? 0 : privacySpent(terms, run, moves)));
    return plot(
      `ε = ${short(terms.epsilon)} over ${STEPS} moves of 356 of ${size} rows, δ = 10⁻⁶: noise of ${short(noise)} times the most that one row adds.`,
      {
        panels: [
          {
            aspect: 0.4,
            x: { label: "moves of the discriminator" },
            y: { label: "ε spent" },
            marks: [
              { type: "rule", y: terms.epsilon },
              { type: "line", x: made, y: spent },
            ],
          },
        ],
      },
    );
  },
};

/** Probabilities of all packs of `count` independent samples. */
const packsOf = (shares: readonly number[], count: number): number[] =>
  count === 0 ? [1] : packsOf(shares, count - 1).flatMap((pack) => shares.map((share) => pack * share));

const packed: Figure = {
  alt: "Total variation between packs of real and packs of generated samples, by the size of a pack: for a generator that drops modes it grows faster than for one that has all modes in wrong shares, though both are equally far from the data one by one.",
  controls: [
    range("dropped", "modes dropped of 8", [1, 6, 1], 2),
    range("count", "examples in a pack", [2, 5, 1], 2),
  ],
  draw: ({ dropped, count }) => {
    const lost = Number(dropped);
    const share = lost / 8;
    const uniform = new Array<number>(8).fill(1 / 8);
    const dropping = uniform.map((_, i) => (i < lost ? 0 : 1 / (8 - lost)));
    // As far from the data one by one: half of the modes have more, half less.
    const uneven = uniform.map((p, i) => p + (i < 4 ? share : -share) / 4).map((p) => Math.max(p, 0));
    const curve = (generated: readonly number[]) =>
      [1, 2, 3, 4, 5].map((packs) => totalVariation(packsOf(uniform, packs), packsOf(generated, packs)));
    const [drops, shifts] = [curve(dropping), share <= 0.5 ? curve(uneven) : undefined];
    const at = Number(count);
    const spec: FigureSpec = {
      panels: [
        {
          aspect: 0.4,
          x: {
            label: "examples in a pack",
            ticks: [1, 2, 3, 4, 5].map((value) => ({ value, label: String(value) })),
          },
          y: { label: "total variation, as a discriminator of packs may see it", domain: [0, 1] },
          marks: [
            { type: "rule", x: at },
            { type: "line", x: [1, 2, 3, 4, 5], y: drops, label: `${lost} of 8 modes dropped`, color: 3 },
            ...(shifts === undefined
              ? []
              : [
                  {
                    type: "line" as const,
                    x: [1, 2, 3, 4, 5],
                    y: shifts,
                    label: "all modes, in wrong shares",
                    color: 4,
                  },
                ]),
          ],
        },
      ],
    };
    return plot(
      `${lost} of 8 modes dropped: total variation ${short(drops[0])} one by one, ${short(drops[at - 1])} in packs of ${at}${shifts === undefined ? "" : `; ${short(shifts[at - 1])} where all modes are there in wrong shares`}.`,
      spec,
    );
  },
};

export const stillFigures: Readonly<Record<string, Figure>> = {
  ada: adaptive,
  "diff-augment": augmented,
  "differential-privacy": hidden,
  "image-pool": pooled,
  "instance-noise": noisy,
  packing: packed,
};
