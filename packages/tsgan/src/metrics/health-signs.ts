/** The signs that rules of health look for in a run, with their levels, and the wording that several rules share. */
import { digits, type Run, SPECTRAL } from "./health-run.ts";

/** Samples farther from the data than both, in units of the data's spread and of their own distance, are nowhere near. */
const FAR = { spread: 0.5, own: 1.75 };
/** Share of the data without samples that is a collapse: of images only where samples are of little variety, too. */
const MISSING = 0.2;
const IMAGES_MISSING = { missing: 0.5, spread: 0.6 };
const TWINS = 0.2;
/** Spread of images, in units of the data's, below which they are all but one image. */
const ONE_IMAGE = 0.1;
/** Share of the loss at equilibrium below which the discriminator has won beyond doubt, whatever samples look like. */
const BEYOND_DOUBT = 0.005;
/** Share of its norm after the warm-up below which a gradient leads nowhere, and the norm above which it does not. */
const VANISHED = { share: 0.01, norm: 1 };
/** The share of a run that is its warm-up, and where its history begins. */
export const WARM_UP = [0.05, 0.2] as const;

/** "a, b or c", of those that are not false. */
export const either = (...parts: readonly (string | false)[]): string => {
  const said = parts.filter((part) => part !== false);
  const last = said.pop() ?? "";
  return said.length === 0 ? last : `${said.join(", ")}, or ${last}`;
};

export const isFar = ({ samples }: Run): boolean =>
  samples !== undefined && samples.distance > Math.max(FAR.spread, FAR.own * samples.ownDistance);

/** Whether samples leave out a good part of the data. */
export const leavesOut = ({ samples, images }: Run): boolean =>
  samples !== undefined &&
  (images
    ? samples.missing >= IMAGES_MISSING.missing && samples.spread < IMAGES_MISSING.spread
    : samples.missing >= MISSING);

/** Whether samples are copies of each other. */
export const repeats = ({ samples }: Run): boolean =>
  samples !== undefined && samples.duplicates >= TWINS && samples.duplicates > 2 * samples.dataDuplicates;

/** Whether samples are of the data's kind, but few of it: easy to tell from the data, which is no failing of who does. */
export const isMonotonous = (run: Run): boolean =>
  repeats(run) || (run.samples !== undefined && run.images && run.samples.spread < ONE_IMAGE && !isFar(run));

/** Whose gradients are looked at: the generator's, or those of all players of a game of one's own. */
export const playersOf = ({ players = ["generator"] }: Run): readonly string[] => players;

/** The norm of a player's gradient after the warm-up and at the end. */
export const gradients = (run: Run, player: string): readonly [first: number, last: number] | undefined => {
  const [first, last] = [
    run.figure(`${player}Gradient`, ...WARM_UP),
    run.figure(`${player}Gradient`, 0.9, 1),
  ];
  return first === undefined || last === undefined ? undefined : [first, last];
};

/** Whether so little is left of a norm that was `before`. */
export const isVanished = (before: number, norm: number, share = VANISHED.share): boolean =>
  before > 0 && norm < share * before && norm < VANISHED.norm;

export const hasVanished = (run: Run): boolean => {
  const norms = gradients(run, "generator");
  return norms !== undefined && isVanished(...norms);
};

/** Losses whose generator has no slope left where the discriminator is sure. */
const saturates = ({ loss }: Run): boolean => loss.name === "minimax" || loss.name === "least-squares";

/**
 * Whether a discriminator that is ahead does harm: good samples, or a gradient to follow, say that it does not. Without
 * samples to look at, a loss that leaves no doubt says that it does.
 */
export const suffers = (run: Run, loss: number, level: number): boolean => {
  if (hasVanished(run)) return true;
  if (run.samples !== undefined) return isFar(run) || leavesOut(run);
  return saturates(run) || (level > 0 && loss < BEYOND_DOUBT * level);
};

export const isBound = ({ settings }: Run): boolean => settings.limits.length > 0;

/** How a discriminator that is too steep is held, as a clause: by more of what limits it, or by something that does. */
export const tighter = (
  { settings: { limits } }: Run,
  remedy = "limit the slope (gradient-penalty or r1)",
): string => {
  if (limits.length === 0) return remedy;
  if (limits.includes("weight-clipping")) return "lower the limit of weight-clipping";
  const weighed = limits.filter((name) => name !== SPECTRAL);
  return weighed.length === 0
    ? "add r1 to the spectral norm"
    : `raise the weight of ${weighed.join(" and ")}`;
};

/** How a discriminator that is held too tightly is let go, where there is a way. */
export const looser = ({ settings: { limits } }: Run): string | false => {
  if (limits.includes("weight-clipping")) return "raise the limit of weight-clipping";
  const weighed = limits.filter((name) => name !== SPECTRAL);
  return weighed.length > 0 && `lower the weight of ${weighed.join(" and ")}`;
};

/** How a gradient penalty is asked for. */
export const gradientPenalty = ({ loss }: Run): string =>
  loss.name === "wasserstein" ? "--loss wgan-gp" : "gradient-penalty";

export const lossText = ({ loss }: Run, value: number): string =>
  `discriminator loss ${digits(value)}${loss.equilibrium === undefined ? "" : ` (equilibrium of ${loss.name}: ${loss.equilibrium.text})`}`;
