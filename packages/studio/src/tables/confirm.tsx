/** Asks before work is thrown away. */
import { useEffect, useRef } from "preact/hooks";
import { question } from "./state.ts";

export const Confirm = () => {
  const dialog = useRef<HTMLDialogElement>(null);
  const asked = question.value;
  useEffect(() => {
    if (asked === undefined) return;
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      dialog.current?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, [asked]);
  return (
    <dialog
      ref={dialog}
      class="confirm"
      aria-labelledby="confirm-title"
      onCancel={(event) => {
        event.preventDefault();
        asked?.answer(false);
      }}
    >
      {asked !== undefined && (
        <>
          <h2 id="confirm-title">{asked.title}</h2>
          <p>{asked.text}</p>
          <div class="buttons">
            <button type="button" onClick={() => asked.answer(false)}>
              Keep the run
            </button>
            <button type="button" class="primary" onClick={() => asked.answer(true)}>
              {asked.yes}
            </button>
          </div>
        </>
      )}
    </dialog>
  );
};
