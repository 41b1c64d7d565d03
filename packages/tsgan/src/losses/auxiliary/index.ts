/**
 * Losses beside the adversarial game: classes, codes, reconstructions, features. All are means over the batch. Those that any
 * model can be given are defined as terms too.
 */

export { type ClassConsistencyOptions, classConsistency, classConsistencyTerm } from "./class-consistency.ts";
export { classCrossEntropy, classificationTerm } from "./classification.ts";
export { featureMatching, featureMatchingTerm } from "./feature-matching.ts";
export { historicalAveraging, historicalMean } from "./historical-averaging.ts";
export {
  type InformationWeights,
  informationMaximisation,
  informationMaximisationTerm,
} from "./information-maximisation.ts";
export { mutualInformation } from "./mutual-information.ts";
export { pullingAway, pullingAwayTerm } from "./pulling-away.ts";
export { secondMoments, secondMomentsTerm } from "./second-moments.ts";
export { realnessLogit, semiSupervised } from "./semi-supervised.ts";
export { cycleConsistency, l1 } from "./translation.ts";
