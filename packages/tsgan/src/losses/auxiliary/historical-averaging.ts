import { type FunctionFacts, withFacts } from "../../define/index.ts";
import { mean, square, stopGradient, sub, sum, type Tensor } from "../../graph/index.ts";
import { improvedTechniques } from "./shared-facts.ts";

const facts: FunctionFacts = {
  name: "historical-averaging",
  title: "historical averaging",
  formulas: [
    {
      of: "both",
      text: "w ‖θ − mean of past θ‖²",
      latex: "w\\lVert\\theta - \\tfrac1t\\sum_i\\theta_i\\rVert^2",
    },
  ],
  symbols: "θ: the player's own parameters",
  papers: [{ ...improvedTechniques, where: "§3.3" }],
  approximates: "players that stop circling each other",
  failure: "slows both players; the first parameters weigh in the mean for good",
  use: "`--set historicalAveraging=0.1`",
};

/** Mean of past values θ[1] … θ[t], along the first axis of the history. A constant in the gradient. */
export const historicalMean = withFacts((history: Tensor): Tensor => stopGradient(mean(history, 0)), facts);

/** ‖θ − average‖², the average over past values held constant. Salimans et al. 2016, arXiv:1606.03498, §3.3. */
export const historicalAveraging = withFacts(
  (parameters: Tensor, average: Tensor): Tensor => sum(square(sub(parameters, stopGradient(average)))),
  facts,
);
