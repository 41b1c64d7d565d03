/** What the first page asks of its worker. */
export interface Asked {
  readonly loss: "non-saturating" | "hinge" | "wasserstein";
  readonly steps: number;
}

/** What the worker tells it: how far it is, the generator at the end, or what went wrong. */
export type Told =
  | {
      readonly step: number;
      readonly discriminatorLoss: number;
      readonly generatorLoss: number;
      /** Generated points, [n, 2]. */
      readonly points: Float32Array;
    }
  | { readonly generator: Uint8Array }
  | { readonly error: string };
