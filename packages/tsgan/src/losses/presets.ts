/** Losses with all that their authors train them with, by name. */
import type { Settings } from "../define/index.ts";
import { catalogue } from "./catalogue.ts";
import type { LossPreset } from "./loss.ts";

/** A preset whose settings name their loss too, as a configuration does. */
export interface Preset extends LossPreset {
  readonly name: string;
}

/** The presets of all losses, built in and registered. */
export const presets = (): readonly Preset[] =>
  catalogue.all.flatMap(({ definition }) => {
    const withLoss = ({ loss, ...rest }: Settings): Settings => ({
      loss: { name: definition.name, ...(loss as Settings | undefined) },
      ...rest,
    });
    return Object.entries(definition.presets ?? {}).map(([name, { images, points, source }]) => ({
      name,
      ...(images !== undefined && { images: withLoss(images) }),
      ...(points !== undefined && { points: withLoss(points) }),
      ...(source !== undefined && { source }),
    }));
  });

/** What `--loss` takes: a preset brings all that its authors train with, a plain loss only itself. */
export const lossNames = (): readonly string[] => [
  ...new Set([...presets().map(({ name }) => name), ...catalogue.names]),
];
