import { number } from "../../define/index.ts";
import { UsageError } from "../../errors.ts";
import {
  add,
  cast,
  clip,
  constant,
  cos,
  gather,
  matmul,
  minimum,
  mul,
  reshape,
  sin,
  sizeOf,
  sub,
  type Tensor,
} from "../../graph/index.ts";
import { defineAugmentation, perImage } from "../augmentation.ts";

/** Whole numbers up to this are exact in float32, in which places are worked out. */
const EXACT = 2 ** 24;

/** The whole numbers below and above p, limited to 0 … last, and how far p is from the lower. */
const around = (p: Tensor, last: number): readonly [below: Tensor, above: Tensor, share: Tensor] => {
  const inside = clip(p, 0, last);
  const below = cast(cast(inside, "int32"), "float32");
  return [below, minimum(add(below, 1), last), sub(inside, below)];
};

const between = (a: Tensor, b: Tensor, share: Tensor): Tensor => add(a, mul(sub(b, a), share));

/**
 * x [N, C, H, W] at places between its pixels, by the four around each; beyond the border, the border's. `rows` and `columns`
 * [N, 1, H, W]: the place of each new pixel.
 */
export const sampledAt = (x: Tensor, rows: Tensor, columns: Tensor): Tensor => {
  const [n, channels, height, width] = x.shape;
  const size = sizeOf(x.shape);
  if (size > EXACT) {
    throw new UsageError(`warp: expected at most ${EXACT} numbers; got ${size}; take a smaller batch`);
  }
  const pixels = reshape(x, [size]);
  const planes = constant(
    Float32Array.from({ length: n * channels }, (_, i) => i * height * width),
    [n, channels, 1, 1],
  );
  const [top, bottom, down] = around(rows, height - 1);
  const [left, right, across] = around(columns, width - 1);
  const row = (y: Tensor): Tensor => {
    const start = add(planes, mul(y, width));
    const at = (column: Tensor): Tensor => gather(pixels, cast(add(start, column), "int32"));
    return between(at(left), at(right), across);
  };
  return between(row(top), row(bottom), down);
};

/** Sides of the grid whose random points bend an image. */
const GRID = 5;

/** [size, GRID]: how much each point of a line of the grid says about each of `size` pixels. */
const weights = (size: number): Tensor => {
  const place = (i: number): number => (i * (GRID - 1)) / Math.max(1, size - 1);
  return constant(
    Float32Array.from({ length: size * GRID }, (_, at) =>
      Math.max(0, 1 - Math.abs(place(Math.floor(at / GRID)) - (at % GRID))),
    ),
    [size, GRID],
  );
};

/**
 * Turns, stretches, shears, shifts and bends images, each by numbers of its own. What moves in is the border, so that the background
 * stays. As in Simard et al. 2003 (elastic distortions), with bends between the points of a grid.
 */
export const warp = defineAugmentation({
  name: "warp",
  title: "turned, stretched, sheared, shifted and bent",
  options: {
    turn: number({ default: 15, least: 0, most: 180, means: "largest angle in degrees" }),
    stretch: number({ default: 0.2, least: 0, below: 1, means: "largest change of each side" }),
    shear: number({ default: 0.2, least: 0, most: 1, means: "largest shear" }),
    shift: number({ default: 1 / 12, least: 0, most: 1, means: "longest shift, as a share of the side" }),
    bend: number({
      default: 1 / 32,
      least: 0,
      most: 1,
      means: "deviation of bends, as a share of the side",
    }),
  },
  papers: [
    {
      authors: "Simard, Steinkraus, Platt",
      year: 2003,
      title: "Best practices for convolutional neural networks applied to visual document analysis",
    },
  ],
  create: ({ turn, stretch, shear, shift, bend }) => [
    (x, random) => {
      const [n, , height, width] = x.shape;
      const within = (most: number): Tensor => mul(sub(perImage(x, random), 0.5), 2 * most);
      const angle = within((turn * Math.PI) / 180);
      const [down, across, slant] = [add(within(stretch), 1), add(within(stretch), 1), within(shear)];
      const line = (size: number, shape: readonly number[]): Tensor =>
        constant(
          Float32Array.from({ length: size }, (_, i) => i - (size - 1) / 2),
          shape,
        );
      const y = mul(line(height, [1, 1, height, 1]), down);
      const x0 = mul(line(width, [1, 1, 1, width]), across);
      const sheared = add(x0, mul(y, slant));
      const bent = (size: number): Tensor => {
        const points = mul(random("normal", [n, 1, GRID, GRID]), bend * size);
        return matmul(matmul(weights(height), points), weights(width), { transposeB: true });
      };
      const place = (along: Tensor, size: number): Tensor =>
        add(add(add(along, within(shift * size)), (size - 1) / 2), bent(size));
      const [c, s] = [cos(angle), sin(angle)];
      return sampledAt(
        x,
        place(add(mul(sheared, s), mul(y, c)), height),
        place(sub(mul(sheared, c), mul(y, s)), width),
      );
    },
  ],
});
