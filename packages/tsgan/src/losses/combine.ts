/** Mixing an adversarial loss with others. */
import { UsageError } from "../errors.ts";
import { add, div, grad, mul, sqrt, square, stopGradient, sum, type Tensor } from "../graph/index.ts";
import { checkNumber } from "../options.ts";

/**
 * Another loss and its share: a weight, or the length of its gradient relative to the adversarial one's. Either may be a
 * scalar of the graph, such as one that changes over the run.
 */
export type WeightedLoss =
  | { readonly loss: Tensor; readonly weight: number | Tensor }
  | { readonly loss: Tensor; readonly gradientRatio: number | Tensor };

/** Added to the length of a gradient that divides: a loss that is flat is left as it is. */
const LENGTH_EPSILON = 1e-12;

const gradientLength = (loss: Tensor, parameters: readonly Tensor[]): Tensor =>
  sqrt(
    add(
      grad(loss, parameters)
        .map((g) => sum(square(g)))
        .reduce(add),
      LENGTH_EPSILON,
    ),
  );

/**
 * adversarial + Σ wᵢ lossᵢ. A loss with a `weight` has wᵢ = weight; one with a `gradientRatio` ρ has
 * wᵢ = ρ ‖∇ adversarial‖ / ‖∇ lossᵢ‖, a constant in the gradient, so that ‖wᵢ ∇ lossᵢ‖ = ρ ‖∇ adversarial‖.
 *
 * @param parameters what the gradients of a ratio are taken with respect to; any tensors of both losses' graphs, such
 *   as the generated batch (cheap) or all of the generator's parameters
 * @throws UsageError for a weight that is not finite, a negative ratio, or a ratio without parameters
 * @example
 * ```ts
 * import { input } from "tsgan/graph";
 * import { combine, hinge, l1 } from "tsgan/losses";
 *
 * const [scores, fake, target] = [input("scores", [8, 1]), input("fake", [8, 2]), input("target", [8, 2])];
 * const adversarial = hinge().generator(scores, scores);
 * const total = combine(adversarial, [{ loss: l1(fake, target), weight: 10 }]);
 * ```
 */
export const combine = (
  adversarial: Tensor,
  losses: readonly WeightedLoss[],
  parameters: readonly Tensor[] = [],
): Tensor => {
  let total = adversarial;
  for (const weighted of losses) {
    const { loss } = weighted;
    if ("weight" in weighted) {
      if (typeof weighted.weight === "number") checkNumber("combine", "weight", weighted.weight);
      total = add(total, weighted.weight === 1 ? loss : mul(loss, weighted.weight));
      continue;
    }
    if (typeof weighted.gradientRatio === "number") {
      checkNumber("combine", "gradientRatio", weighted.gradientRatio, { least: 0 });
    }
    if (parameters.length === 0) {
      throw new UsageError("combine: a gradientRatio needs the parameters of the gradients; got none");
    }
    const ratio = div(gradientLength(adversarial, parameters), gradientLength(loss, parameters));
    total = add(total, mul(loss, stopGradient(mul(ratio, weighted.gradientRatio))));
  }
  return total;
};
