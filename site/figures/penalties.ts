/** Pictures of penalties and constraints: a critic that is trained with one, beside a critic without. */
import { catalogue } from "tsgan/penalties";
import { drawCritic, LAST_STEP, type Training, trainCritic } from "./critic.ts";
import { type Control, choice, type Figure, range, remembered, short, type Values } from "./kit.ts";
import { drawShifts, LAST_STEP as LAST_OF_FACES, trainOnFaces } from "./shifts.ts";

const trained = remembered(async (loss: Training["loss"], name: string, options: Record<string, unknown>) =>
  trainCritic({ loss, penalty: catalogue.get(name).create(options) }),
);
const plain = remembered(async (loss: Training["loss"]) => trainCritic({ loss }));
const normalized = remembered(async (loss: Training["loss"]) => trainCritic({ loss, spectralNorm: true }));

const stepHandle = range("step", "step", [0, LAST_STEP, 1], LAST_STEP, { plays: true });

interface Row {
  readonly loss: Training["loss"];
  readonly symbol: string;
  /** Powers of ten between which the weight is moved, and where it begins. */
  readonly reach: readonly [number, number, number];
  readonly option?: string;
}

const slopeAlt = (what: string) =>
  `Left, the scores of a critic of one number over two clouds of points, real ones at −1 and generated ones at 1; right, the slope of these scores. ${what} is drawn beside a critic without it.`;

const figureOf = (
  name: string,
  { loss, symbol, reach: [low, high, start], option = "weight" }: Row,
): Figure => {
  const handle: Control = range(option, symbol, [low, high, 0.25], start, { log: true });
  return {
    alt: slopeAlt(`A critic with ${name}`),
    controls: [handle, stepHandle],
    draw: async (values: Values) => {
      const strength = Number(values[option]);
      const step = Number(values.step);
      const own = await trained(loss, name, { [option]: strength });
      const without = await plain(loss);
      return drawCritic([own(step), without(step)], {
        step,
        loss,
        what: `${name}, ${symbol} = ${short(strength)}`,
      });
    },
  };
};

const onFaces = remembered((name: string, options: Record<string, unknown>) =>
  trainOnFaces(catalogue.get(name).create({ ...options, policy: "translation" })),
);
const plainOnFaces = remembered(() => trainOnFaces());

/** A penalty on how much a random change of an image changes its score. */
const consistencyFigure = (name: string, options: (weight: number) => Record<string, unknown>): Figure => ({
  alt: `Scores of a picture of a face by how far it is shifted, by a critic with ${name} and by one without: the penalty makes them level.`,
  controls: [
    range("weight", "λ", [-2, 2, 0.25], 1, { log: true }),
    range("step", "step", [0, LAST_OF_FACES, 1], LAST_OF_FACES, { plays: true }),
  ],
  draw: async ({ weight, step: at }) => {
    const step = Number(at);
    const [own, without] = [await onFaces(name, options(Number(weight))), await plainOnFaces()];
    return drawShifts([own(step), without(step)], { step, what: `${name}, λ = ${short(Number(weight))}` });
  },
});

const rows: Readonly<Record<string, Row>> = {
  dragan: { loss: "non-saturating", symbol: "λ", reach: [-2, 2, 0] },
  "gradient-penalty": { loss: "wasserstein", symbol: "λ", reach: [-2, 2, 1] },
  orthogonal: { loss: "wasserstein", symbol: "β", reach: [-4, 1, 0] },
  "weight-clipping": { loss: "wasserstein", symbol: "c", reach: [-2, 0, -1], option: "limit" },
  r1: { loss: "non-saturating", symbol: "γ", reach: [-2, 2, 1] },
  r2: { loss: "non-saturating", symbol: "γ", reach: [-2, 2, 1] },
  "wgan-div": { loss: "wasserstein", symbol: "k", reach: [-2, 2, 0.25] },
  "wgan-lp": { loss: "wasserstein", symbol: "λ", reach: [-2, 2, 1] },
  "zero-centred": { loss: "non-saturating", symbol: "λ", reach: [-2, 2, 0] },
  "lazy-r1": { loss: "non-saturating", symbol: "γ", reach: [-2, 2, 1] },
};

export const figures: Readonly<Record<string, Figure>> = {
  ...Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, figureOf(name, row)])),
  consistency: consistencyFigure("consistency", (weight) => ({ weight })),
  "balanced-consistency": consistencyFigure("balanced-consistency", (weight) => ({
    realWeight: weight,
    fakeWeight: weight,
  })),
  "spectral-norm": {
    alt: slopeAlt("A critic whose layers are divided by their largest singular value"),
    controls: [choice("loss", "loss", ["wasserstein", "non-saturating"]), stepHandle],
    draw: async ({ loss: given, step: at }) => {
      const loss = given as Training["loss"];
      const step = Number(at);
      const [own, without] = [await normalized(loss), await plain(loss)];
      return drawCritic([own(step), without(step)], { step, loss, what: "spectral norm" });
    },
  },
};
export { valuesOf } from "./kit.ts";
