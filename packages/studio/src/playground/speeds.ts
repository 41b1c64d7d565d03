/** How fast training is shown: from phase by phase, each with its words, to as fast as the machine can. */

export interface Speed {
  /** Milliseconds from one phase, or one iteration, to the next. */
  readonly pause: number;
  /** Whether each phase of an iteration is shown and told. */
  readonly narrated: boolean;
  readonly text: string;
}

export const speeds: readonly Speed[] = [
  { pause: 5000, narrated: true, text: "slow motion, a phase every 5 seconds" },
  { pause: 2500, narrated: true, text: "slow motion, a phase every 2.5 seconds" },
  { pause: 1200, narrated: true, text: "slow motion, a phase every 1.2 seconds" },
  { pause: 500, narrated: true, text: "slow motion, two phases a second" },
  { pause: 250, narrated: false, text: "4 iterations a second at most" },
  { pause: 50, narrated: false, text: "20 iterations a second at most" },
  { pause: 0, narrated: false, text: "as fast as it goes" },
];

export const FASTEST = speeds.length - 1;
