/** One lesson: what to look at, the controls, the figure, the formula, the papers. */

import formulas from "virtual:lesson-formulas";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { messageOf } from "../engine/message-of.ts";
import { href } from "../route.ts";
import { addressOf } from "../ui/address.ts";
import { FieldControls } from "../ui/controls.tsx";
import { fieldsIn, initialOf } from "../ui/fields.ts";
import { FigureView } from "./figure-view.tsx";
import { formatReadout, type Lesson, type Readout, type Show, type State } from "./lesson.ts";
import { lessons } from "./list.ts";
import { Legend, Text } from "./text.tsx";

const useLesson = (index: number): { lesson?: Lesson; failure?: string } => {
  const [loaded, setLoaded] = useState<{ lesson?: Lesson; failure?: string }>({});
  useEffect(() => {
    lessons[index]
      .load()
      .then(setLoaded, (error) =>
        setLoaded({ failure: `The lesson could not be loaded: ${messageOf(error)}. Reload to try again.` }),
      );
  }, [index]);
  return loaded;
};

/** What the lesson shows for a state; the last one until the next is computed. */
const useShow = (lesson: Lesson, state: State): { show?: Show; failure?: string } => {
  const [result, setResult] = useState<{ show?: Show; failure?: string }>({});
  useEffect(() => {
    let stale = false;
    lesson.show(state).then(
      (show) => stale || setResult({ show }),
      (error) => stale || setResult((before) => ({ ...before, failure: messageOf(error) })),
    );
    return () => {
      stale = true;
    };
  }, [lesson, state]);
  return result;
};

const Readouts = ({ readouts }: { readonly readouts: readonly Readout[] }) => (
  <dl class="readouts">
    {readouts.map((readout) => (
      <div class="readout" key={readout.label}>
        <dt>
          <Text>{readout.label}</Text>
          {readout.note !== undefined && (
            <small class="muted">
              <Text>{readout.note}</Text>
            </small>
          )}
        </dt>
        <dd>
          <data value={readout.value === null ? "Infinity" : String(readout.value)}>
            <Text>{formatReadout(readout)}</Text>
          </data>
          {readout.unit !== undefined && <span class="muted"> {readout.unit}</span>}
        </dd>
      </div>
    ))}
  </dl>
);

const Neighbours = ({ index }: { readonly index: number }) => {
  const link = (at: number, rel: string, words: string) =>
    at >= 0 && at < lessons.length ? (
      <a href={href(`lessons/${lessons[at].name}`)} rel={rel} class={rel}>
        <small>{words}</small>
        <Text>{lessons[at].title}</Text>
      </a>
    ) : (
      <span />
    );
  return (
    <nav class="neighbours" aria-label="Lessons before and after">
      {link(index - 1, "prev", "← Before")}
      {link(index + 1, "next", "Next →")}
    </nav>
  );
};

const Formulas = ({ name }: { readonly name: string }) => {
  const { display, symbols } = formulas[name];
  return (
    <section>
      <h2>In symbols</h2>
      {display.map(({ name: caption, formula }) => (
        <div key={formula} class="formula">
          {caption !== undefined && (
            <span class="muted">
              <Text>{caption}</Text>
            </span>
          )}
          <div dangerouslySetInnerHTML={{ __html: formula }} />
        </div>
      ))}
      <dl class="symbols">
        {symbols.map(([mathml, meaning]) => (
          <div class="symbol" key={meaning}>
            <dt dangerouslySetInnerHTML={{ __html: mathml }} />
            <dd>
              <Text>{meaning}</Text>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
};

const Paragraphs = ({ texts }: { readonly texts: readonly string[] }) => (
  <>
    {texts.map((text) => (
      <p key={text}>
        <Text>{text}</Text>
      </p>
    ))}
  </>
);

const Tries = ({ lesson, onTry }: { readonly lesson: Lesson; readonly onTry: (state: State) => void }) => (
  <section class="tries">
    <h2>Try</h2>
    <ul>
      {lesson.tries.map(({ text, state }) => (
        <li key={text}>
          <button type="button" onClick={() => onTry({ ...initialOf(lesson.fields), ...state })}>
            <Text>{text}</Text>
          </button>
        </li>
      ))}
    </ul>
  </section>
);

/** A question whose answer is an experiment: it is shown after the experiment. */
const Question = ({ lesson, onTry }: { readonly lesson: Lesson; readonly onTry: (state: State) => void }) => {
  const [isShown, setIsShown] = useState(false);
  const { text, state, answer } = lesson.question;
  return (
    <section class="question panel">
      <h2>Question</h2>
      <p>
        <Text>{text}</Text>
      </p>
      <button
        type="button"
        aria-expanded={isShown}
        onClick={() => {
          onTry({ ...initialOf(lesson.fields), ...state });
          setIsShown(true);
        }}
      >
        Make the experiment
      </button>
      <p class="answer" hidden={!isShown} role="status">
        <Text>{answer}</Text>
      </p>
    </section>
  );
};

const Exhibit = ({ lesson, name }: { readonly lesson: Lesson; readonly name: string }) => {
  const address = useMemo(
    () =>
      addressOf({
        isHere: ([page, own]) => page === "lessons" && own === name,
        ...fieldsIn(lesson.fields, "this lesson"),
      }),
    [lesson, name],
  );
  useEffect(() => address.follow(), [address]);
  const { change: move } = address;
  const state: State = address.state.value;
  const notices = address.notices.value;
  const { show, failure } = useShow(lesson, state);
  const figures = useRef<HTMLDivElement>(null);
  const onTry = (next: State) => {
    move(next);
    // On a narrow screen the buttons stand below the figure.
    if (figures.current!.getBoundingClientRect().bottom < 0.3 * innerHeight)
      figures.current!.scrollIntoView();
  };
  return (
    <>
      <div class="look">
        {lesson.look.map((text) => (
          <p key={text}>
            <Legend>{text}</Legend>
          </p>
        ))}
      </div>
      {notices.length > 0 && (
        <p class="notice" role="status">
          {notices.join(" ")}
        </p>
      )}
      <div class="exhibit">
        <div class="side">
          <div class="panel settings">
            <form class="controls" aria-label="Controls" onSubmit={(event) => event.preventDefault()}>
              <FieldControls
                fields={lesson.fields}
                values={state}
                onChange={move}
                labelOf={({ label }) => <Text>{label}</Text>}
                titleOf={(title) => <Text>{title}</Text>}
              />
            </form>
            <button type="button" onClick={() => move(initialOf(lesson.fields))}>
              Reset
            </button>
            <Readouts readouts={show?.readouts ?? []} />
          </div>
          <Question lesson={lesson} onTry={onTry} />
          <Tries lesson={lesson} onTry={onTry} />
        </div>
        <div class="figures" ref={figures}>
          {failure !== undefined && (
            <p class="notice error" role="alert">
              {failure}
            </p>
          )}
          {show === undefined && failure === undefined && (
            <p class="muted" role="status">
              Computing the figure …
            </p>
          )}
          {show?.figures.map((spec, i) => (
            <FigureView
              key={i}
              spec={spec}
              handles={show.handles.filter(({ figure }) => figure === i)}
              fileName={show.figures.length === 1 ? name : `${name}-${i + 1}`}
              onMove={(moved) => move(moved(address.state.peek()))}
            />
          ))}
        </div>
      </div>
      <div class="reading">
        <section>
          <h2>What it means for training</h2>
          <Paragraphs texts={lesson.means} />
          <h2>In the playground</h2>
          <ul>
            {lesson.playground.map(({ text, query }) => (
              <li key={text}>
                <a href={`#/playground?${query}`}>{text}</a>
              </li>
            ))}
          </ul>
        </section>
        <Formulas name={name} />
        <section>
          <h2>Papers</h2>
          <ul>
            {lesson.papers.map(({ text, arxiv, url }) => (
              <li key={text}>
                {text}{" "}
                <a href={url ?? `https://arxiv.org/abs/${arxiv}`}>
                  {arxiv === undefined ? "doi" : `arXiv:${arxiv}`}
                </a>
              </li>
            ))}
          </ul>
          {lesson.origin !== undefined && <p class="muted origin">{lesson.origin}</p>}
        </section>
      </div>
    </>
  );
};

export const LessonPage = ({ index }: { readonly index: number }) => {
  const { name, title } = lessons[index];
  const { lesson, failure } = useLesson(index);
  return (
    <article class="lesson">
      <nav class="crumbs" aria-label="Where you are">
        <a href={href("lessons")}>Lessons</a> <span class="muted">{`${index + 1} of ${lessons.length}`}</span>
        <button type="button" class="print" disabled={lesson === undefined} onClick={() => print()}>
          Print a handout
        </button>
      </nav>
      <h1>
        <Text>{title}</Text>
      </h1>
      {failure !== undefined && (
        <p class="notice error" role="alert">
          {failure}
        </p>
      )}
      {lesson === undefined ? (
        <div class="loading">
          {failure === undefined && (
            <p class="muted" role="status">
              Opening the lesson …
            </p>
          )}
        </div>
      ) : (
        <Exhibit lesson={lesson} name={name} />
      )}
      <Neighbours index={index} />
    </article>
  );
};
