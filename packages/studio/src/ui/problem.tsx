/** What went wrong, until it is dismissed. */
import type { Signal } from "@preact/signals";

export const Problem = ({ of, ...box }: { of: Signal<string | undefined>; class: string }) =>
  of.value === undefined ? null : (
    <div {...box}>
      <p class="notice error" role="alert">
        {of.value}
      </p>
      <button
        type="button"
        onClick={() => {
          of.value = undefined;
        }}
      >
        Dismiss
      </button>
    </div>
  );
