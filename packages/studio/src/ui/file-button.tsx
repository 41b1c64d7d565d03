/** A button that opens the browser's choice of a file. */
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";

export const FileButton = ({
  label,
  children = label,
  accept,
  disabled,
  primary = false,
  onChoose,
}: {
  /** What it is called; what it shows, where nothing else is given. */
  label: string;
  children?: ComponentChildren;
  accept: string;
  disabled?: boolean;
  primary?: boolean;
  onChoose: (file: File) => void;
}) => {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        class={primary ? "primary" : undefined}
        disabled={disabled}
        onClick={() => input.current?.click()}
      >
        {children}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={label}
        accept={accept}
        onChange={({ currentTarget }) => {
          const chosen = currentTarget.files?.[0];
          if (chosen !== undefined) onChoose(chosen);
          // So that the same file can be chosen again.
          currentTarget.value = "";
        }}
      />
    </>
  );
};
