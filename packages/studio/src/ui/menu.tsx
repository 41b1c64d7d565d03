/** A button with a list of what can be done, or chosen, under it. Escape and leaving it close it. */
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";

export const Menu = ({
  label,
  name,
  class: own,
  children,
}: {
  readonly label: string;
  /** What it is called, where the label says too little. */
  readonly name?: string;
  readonly class?: string;
  /** `closing(act)` is `act` after the menu has closed, with the focus back on its button. */
  readonly children: (closing: (act: () => void) => () => void) => ComponentChildren;
}) => {
  const menu = useRef<HTMLDetailsElement>(null);
  const close = (): void => {
    if (menu.current === null) return;
    menu.current.querySelector("summary")?.focus();
    menu.current.open = false;
  };
  const closing = (act: () => void) => (): void => {
    close();
    act();
  };
  return (
    <details
      class={own === undefined ? "menu" : `menu ${own}`}
      ref={menu}
      onKeyDown={(event) => {
        if (event.key === "Escape" && menu.current?.open === true) close();
      }}
      onFocusOut={({ relatedTarget }) => {
        // Without a target it went to what takes none, such as a label within.
        if (relatedTarget instanceof Node && menu.current?.contains(relatedTarget) === false)
          menu.current.open = false;
      }}
    >
      <summary aria-label={name}>{label}</summary>
      <div>{children(closing)}</div>
    </details>
  );
};
