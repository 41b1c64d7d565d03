/** The layers that models of several kinds are made of. */
import type { Layer } from "../nn/index.ts";

export interface Backbone {
  /** [N, any length] → [N, …shape]. */
  readonly generator: Layer;
  /** Examples → features [N, F]. */
  readonly body: Layer;
  /** A linear layer that reads features: [N, F] → [N, units]. */
  head(units: number): Layer;
}
