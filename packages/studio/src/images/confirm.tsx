/** Asks before work is thrown away. */
import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

export type Decision = "save" | "drop" | "cancel";

interface Question {
  readonly text: string;
  readonly answer: (decision: Decision) => void;
}

const question = signal<Question | undefined>(undefined);

export const ask = (text: string): Promise<Decision> =>
  new Promise((resolve) => {
    question.value = {
      text,
      answer: (decision) => {
        question.value = undefined;
        resolve(decision);
      },
    };
  });

const ANSWERS: readonly (readonly [Decision, string])[] = [
  ["save", "Save a checkpoint first"],
  ["drop", "Go on without"],
  ["cancel", "Cancel"],
];

const Open = ({ text, answer }: Question) => {
  const dialog = useRef<HTMLDialogElement>(null);
  const decided = useRef<Decision>("cancel");
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      class="confirm"
      ref={dialog}
      aria-label="Before the run is dropped"
      // Answered once it is closed, which gives the focus back.
      onClose={() => answer(decided.current)}
    >
      <p>{text}</p>
      <div class="row">
        {ANSWERS.map(([decision, words]) => (
          <button
            key={decision}
            type="button"
            class={decision === "save" ? "primary" : undefined}
            onClick={() => {
              decided.current = decision;
              dialog.current?.close();
            }}
          >
            {words}
          </button>
        ))}
      </div>
    </dialog>
  );
};

export const Confirm = () => (question.value === undefined ? null : <Open {...question.value} />);
