/** An "i" beside a term: two sentences, its formula, its lesson. What it says is loaded when it is first asked for. */
import type { ComponentChildren } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import { href } from "../route.ts";
import type { Term, TermName } from "./terms.ts";

interface Known extends Term {
  readonly mathml: string;
}

const load = async (name: TermName): Promise<Known> => {
  const [{ terms }, formulas] = await Promise.all([import("./terms.ts"), import("virtual:term-formulas")]);
  return { ...terms[name], mathml: formulas.default[name] };
};

/** Pixels between the button and what it says, and to the edge of the window. */
const GAP = 6;
const EDGE = 8;

export const Info = ({ term, name }: { readonly term: TermName; readonly name: ComponentChildren }) => {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const [known, setKnown] = useState<Known>();

  const place = (): void => {
    const [from, own] = [button.current, box.current];
    if (from === null || own === null) return;
    const { left, bottom, top } = from.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = own;
    const below = bottom + GAP + height + EDGE <= innerHeight;
    own.style.left = `${Math.max(EDGE, Math.min(left, innerWidth - width - EDGE))}px`;
    own.style.top = `${Math.max(EDGE, below ? bottom + GAP : top - GAP - height)}px`;
  };
  const show = async (): Promise<void> => {
    setKnown(await load(term));
    requestAnimationFrame(place);
  };

  return (
    <>
      <button ref={button} type="button" class="info" popovertarget={id} aria-label={`What is ${name}?`}>
        <span aria-hidden="true">i</span>
      </button>
      <div
        ref={box}
        id={id}
        class="term"
        popover="auto"
        onToggle={(event) => {
          if ((event as unknown as { newState: string }).newState === "open") void show();
        }}
      >
        {known === undefined ? (
          <p class="muted">…</p>
        ) : (
          <>
            <h3>{known.title}</h3>
            <p>{known.text}</p>
            {/* biome-ignore lint/security/noDangerouslySetInnerHtml: set from the page's own TeX when it was built */}
            <div class="formula" dangerouslySetInnerHTML={{ __html: known.mathml }} />
            <a href={href(`lessons/${known.lesson}`)}>The lesson about it</a>
          </>
        )}
      </div>
    </>
  );
};
