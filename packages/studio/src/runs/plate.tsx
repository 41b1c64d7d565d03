/** A picture of samples. Plots of points are drawn for a light page: a dark one turns them over, their hues stay. */
import type { RunSummary, Sample } from "../api.ts";
import { isDark } from "../theme.ts";
import { sampleAddress } from "./addresses.ts";

export const Plate = ({
  run,
  sample,
  alt,
  small = false,
}: {
  readonly run: RunSummary;
  readonly sample: Sample | undefined;
  readonly alt: string;
  readonly small?: boolean;
}) => (
  <div class={small ? "thumbnail" : "picture"}>
    {sample !== undefined && (
      <img
        class={run.isPoints === true && isDark() ? "turned" : undefined}
        src={sampleAddress(run.id, sample)}
        alt={alt}
        loading={small ? "lazy" : undefined}
        width={small ? 64 : undefined}
        height={small ? 64 : undefined}
      />
    )}
  </div>
);
