/** Whether synthetic rows may be shared, in plain words, from the figures of an evaluation. */
import type { Figure } from "./evaluate.ts";

export interface Sharing {
  /** "no": something gives rows away; "look": it cannot be ruled out; "open": nothing was found. */
  readonly level: "no" | "look" | "open";
  readonly sentence: string;
  readonly reasons: readonly string[];
  /** What no figure can say. */
  readonly limits: readonly string[];
}

export interface SharingFacts {
  /** Rows held out of training; 0 without. */
  readonly heldOut: number;
  /** Rows that were looked at. */
  readonly samples: number;
  /** What differential privacy promises of the run, in words, where it was trained so. */
  readonly guarantee?: string | undefined;
}

/** A share of copies, beyond that of held-out rows, which is no chance. */
const COPIES = 0.02;
const RARE = 0.02;
/** Distance to the closest training row, in units of a held-out row's, below which rows are copies, and below which they may be. */
const CLOSE = { no: 0.5, look: 0.8 };
/** Accuracy of the attack that its interval must exceed. */
const TOLD = { no: 0.6, look: 0.5 };
/** Share of rows closer to training that is more than chance: rows that are alike are closer to one table together. */
const CLOSER = 0.65;
/** Below so many held-out rows nothing that rests on them is proof. */
const FEW = 50;

const percent = (share: number): string => `${Number((100 * share).toFixed(share < 0.1 ? 1 : 0))} %`;

/** How much a share of `count` rows may be beyond another by chance: three standard errors. */
const slack = (share: number, count: number): number =>
  count === 0 ? 0 : 3 * Math.sqrt(Math.max(share * (1 - share), 1 / count) / count);

/** Whether more rows are copies than chance has it: held-out rows are nobody's copies. */
export const areCopies = (copies: number, byChance: number | undefined, heldOut: number): boolean =>
  copies - (byChance ?? 0) > COPIES + slack(byChance ?? 0, byChance === undefined ? 0 : heldOut);

const SENTENCES = {
  no: "Do not share these rows: they give rows of the table away.",
  look: "Look closely before you share these rows: that they give rows of the table away cannot be ruled out.",
  open: "Nothing was found that gives single rows of the table away; whether the rows may be shared is for you to decide.",
} as const;

/**
 * Whether rows may be shared, why, and what that does not say.
 *
 * @param figures those of `table-privacy`
 * @param facts how many rows were held out and how many looked at, and what the run promises
 */
export const sharingOf = (
  figures: readonly Pick<Figure, "key" | "value">[],
  facts: SharingFacts,
): Sharing => {
  const { heldOut, samples, guarantee } = facts;
  const value = (key: string): number | undefined => figures.find((figure) => figure.key === key)?.value;
  const [copies = 0, byChance, rare = 0, rareByChance] = [
    value("exactCopies"),
    value("copiesHeldOut"),
    value("rareLeaks"),
    value("rareHeldOut"),
  ];
  const [ratio, closer, attack] = [
    value("closestRatio"),
    value("closerToTraining"),
    value("membershipAccuracy"),
  ];
  const no: string[] = [];
  const look: string[] = [];
  const chance = (share: number | undefined): string =>
    share === undefined ? "" : `, of held-out rows ${percent(share)}`;
  if (areCopies(copies, byChance, heldOut))
    no.push(`${percent(copies)} of the rows are rows of the table${chance(byChance)}`);
  else if (copies > 0 && byChance === undefined)
    look.push(`${percent(copies)} of the rows are rows of the table`);
  if (rare - (rareByChance ?? 0) > RARE + slack(rareByChance ?? 0, heldOut)) {
    no.push(
      `${percent(rare)} of the rows hold a value that only one or two rows of the table have${chance(rareByChance)}`,
    );
  } else if (rare > 0 && rareByChance === undefined) {
    look.push(`${percent(rare)} of the rows hold a value that only one or two rows of the table have`);
  }
  const isEnough = heldOut >= FEW;
  if (ratio !== undefined && ratio < CLOSE.look) {
    const far = `rows are ${ratio.toFixed(2)} times as far from the closest row of the table as rows are that it never saw`;
    (ratio < CLOSE.no && isEnough ? no : look).push(far);
  }
  if (attack !== undefined) {
    const reach = 1.96 * Math.sqrt(0.25 / (2 * Math.max(1, Math.min(heldOut, samples))));
    const told = `an attack tells ${percent(attack)} of rows rightly to have been learnt or not, guessing tells 50 %`;
    if (attack - reach > TOLD.no && isEnough) no.push(told);
    else if (attack - reach > TOLD.look) look.push(told);
  }
  if (closer !== undefined && closer > CLOSER && isEnough) {
    look.push(
      `${percent(closer)} of the rows are closer to the table than to as many rows that it never saw`,
    );
  }
  if (heldOut === 0) look.push("no rows were held out of training to compare with");
  else if (!isEnough) look.push(`${heldOut} held-out rows are too few to compare with`);
  const level = no.length > 0 ? "no" : look.length > 0 ? "look" : "open";
  const found =
    level === "open"
      ? [
          "no more copies, rare values or close rows than among rows that training never saw",
          "a membership attack does no better than guessing",
        ]
      : [...no, ...look];
  return {
    level,
    sentence: SENTENCES[level],
    reasons: found,
    limits: [
      `judged by ${samples.toLocaleString("en-US")} rows of this checkpoint and by one simple attack: others may find more`,
      "what is true of groups stays true of them: shares, ranges and how columns go together are those of the table",
      guarantee ??
        "trained without differential privacy: nothing is promised of what an attacker may find out",
    ],
  };
};
