/** What models of a table's rows share: choices, each a stretch of a row, and the noise that draws them. */
import { clip, concat, log, neg, reshape, sliceAxis, type Tensor } from "../graph/index.ts";
import type { Layout } from "../layout.ts";
import { MOST_LAYERS } from "./any-data.ts";

/** The layout of points that have none: numbers in [−1, 1]. */
export const plainLayout = (size: number): Layout => ({ numbers: size, choices: [], conditions: 0 });

/** Widths of hidden layers, as options. */
export const widthsOf = (widths: readonly number[]) =>
  ({ default: widths, least: 1, integer: true, length: { most: MOST_LAYERS } }) as const;

/** Choices of one size that stand side by side: one softmax for all of them. */
interface Group {
  readonly size: number;
  readonly count: number;
}

const groupsOf = (choices: readonly number[]): readonly Group[] => {
  const groups: Group[] = [];
  for (const size of choices) {
    const last = groups.at(-1);
    if (last?.size === size) groups[groups.length - 1] = { size, count: last.count + 1 };
    else groups.push({ size, count: 1 });
  }
  return groups;
};

/** `change` along each of the choices that x [N, their lengths together] consists of. */
export const alongChoices = (
  x: Tensor,
  choices: readonly number[],
  change: (x: Tensor) => Tensor,
): Tensor => {
  const [n] = x.shape;
  let begin = 0;
  const parts = groupsOf(choices).map(({ size, count }) => {
    const part = sliceAxis(x, 1, begin, begin + size * count);
    begin += size * count;
    return reshape(change(reshape(part, [n, count, size])), [n, size * count]);
  });
  return parts.length === 1 ? parts[0] : concat(parts, 1);
};

/** Uniform numbers nearer to 0 or 1 have no finite Gumbel number in float32. */
const EDGE = 1e-6;

/** −log(−log u): Gumbel numbers of uniform ones. */
export const gumbel = (u: Tensor): Tensor => neg(log(neg(log(clip(u, EDGE, 1 - EDGE)))));
