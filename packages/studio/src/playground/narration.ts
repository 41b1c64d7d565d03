/** Slow motion in words: an iteration is a discriminator's step in three phases, then a generator's in three. */
import type { SurfaceKind } from "./picture.ts";
import { short } from "./short.ts";

export type Player = "discriminator" | "generator";

/** Where an iteration is. */
export interface Phase {
  readonly player: Player;
  /** 0: points are drawn; 1: they are judged; 2: the player's weights have moved. */
  readonly part: 0 | 1 | 2;
  /** Which of the discriminator's steps of this iteration, from 0. */
  readonly critic: number;
}

/** Figures of the step that a phase is part of, as the library has recorded them. */
export interface Notes {
  readonly discriminatorLoss?: number;
  readonly generatorLoss?: number;
  /** Means of the raw scores of a batch. */
  readonly realScore?: number;
  readonly fakeScore?: number;
}

/** The parts of the model graph. */
export const PARTS = [
  "noise",
  "generator",
  "samples",
  "real",
  "discriminator",
  "losses",
  "gradients",
] as const;
export type Part = (typeof PARTS)[number];

/** All phases of an iteration, in order. */
export const phasesOf = (criticSteps: number): readonly Phase[] => [
  ...Array.from({ length: criticSteps }, (_, critic) =>
    ([0, 1, 2] as const).map((part): Phase => ({ player: "discriminator", part, critic })),
  ).flat(),
  ...([0, 1, 2] as const).map((part): Phase => ({ player: "generator", part, critic: 0 })),
];

/** What acts in a phase. */
export const actingIn = ({ player, part }: Phase): readonly Part[] => {
  if (player === "discriminator") {
    return (
      [
        ["noise", "generator", "samples", "real"],
        ["samples", "real", "discriminator", "losses"],
        ["gradients", "discriminator"],
      ] as const
    )[part];
  }
  return (
    [
      ["noise", "generator", "samples", "discriminator", "losses"],
      ["losses", "gradients", "samples"],
      ["gradients", "generator", "samples"],
    ] as const
  )[part];
};

/** A mean score as the surface shows scores: a probability of logits. */
const scoreText = (kind: SurfaceKind, value: number | undefined): string | undefined => {
  if (value === undefined || !Number.isFinite(value)) return undefined;
  return short(kind === "probability" ? 1 / (1 + Math.exp(-value)) : value);
};

const shades: Readonly<Record<SurfaceKind, string>> = {
  probability: "bluer",
  score: "bluer",
  energy: "bluer",
  embedding: "different",
};

/** What happens in a phase: the name of the step, and a sentence. */
export const captionOf = (
  { player, part, critic }: Phase,
  {
    kind,
    batch,
    criticSteps,
    notes = {},
  }: {
    readonly kind: SurfaceKind;
    readonly batch: number;
    readonly criticSteps: number;
    readonly notes?: Notes | undefined;
  },
): { readonly title: string; readonly text: string } => {
  const ofMany = criticSteps > 1 ? ` ${critic + 1} of ${criticSteps}` : "";
  const real = scoreText(kind, notes.realScore);
  const fake = scoreText(kind, notes.fakeScore);
  if (player === "discriminator") {
    const title = `D’s step${ofMany}, ${part + 1} of 3`;
    if (part === 0) {
      return {
        title,
        text: `G turns ${batch} random vectors into points, and ${batch} real points are drawn beside them.`,
      };
    }
    if (part === 1) {
      const scores =
        real === undefined || fake === undefined
          ? "D judges them"
          : `D gives the real points ${real} on average and the generated ones ${fake}`;
      return { title, text: `${scores}; its loss is ${short(notes.discriminatorLoss)}.` };
    }
    return {
      title,
      text: `D’s weights take a step that lowers its loss: its surface turns ${shades[kind]} where real points are.`,
    };
  }
  const title = `G’s step, ${part + 1} of 3`;
  if (part === 0) {
    return {
      title,
      text: `G turns ${batch} new random vectors into points, and D judges them; G’s loss is ${short(notes.generatorLoss)}.`,
    };
  }
  if (part === 1) {
    return {
      title,
      text: "The loss pulls at each point: an arrow shows where it would have to move to fool D.",
    };
  }
  return {
    title,
    text: "G’s weights take a step: its points follow the arrows, each along the line that is drawn.",
  };
};
