/** Lengths of examples: all axes but the first taken together. */
import type { Tensor } from "../tensor.ts";
import { add } from "./arithmetic.ts";
import { flatten, sum } from "./broadcast.ts";
import { sqrt, square } from "./functions.ts";

/**
 * Σ x² of each example over all axes but the first: [N, …] → [N].
 *
 * @param x [N, …]
 */
export const sumSquares = (x: Tensor): Tensor => sum(square(flatten(x)), 1);

/**
 * Euclidean norm of each example over all axes but the first, √(Σ x² + ε): [N, …] → [N]. ε stands under the root, so
 * that the derivative at x = 0 is 0 and finite.
 *
 * @param epsilon ε > 0
 */
export const exampleNorm = (x: Tensor, epsilon: number): Tensor => sqrt(add(sumSquares(x), epsilon));
